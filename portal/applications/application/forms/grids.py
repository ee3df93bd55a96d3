"""How what was typed is laid out: rows of groups and activities, the grid of the plan, the grid of the budget."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from portal.applications.programme.models import CallFacts, IndicatorFacts
from portal.applications.programme.rules import (
    SECTIONS,
    SOURCE_NAMES,
    SOURCES,
    Activity,
    Budget,
    Figure,
    PlannedIndicator,
    Section,
    activity_fields,
    promised,
    share_shown,
    totals,
)
from portal.applications.programme.rules.sections import with_row
from portal.directory.indicator.models import unit_name
from portal.kit.bilingual import Bilingual
from portal.kit.errors import Problem
from portal.kit.forms import Field, Typed, rows
from portal.kit.i18n import NBSP, Text, amount, money, number, percent, quarter, quarter_short, say
from portal.kit.numbers import Unreadable, read_money


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeated group: its number in the form, its place as the reader counts, what was typed."""

    number: int
    place: int
    typed: Mapping[str, str]
    fields: tuple[Field, ...] = ()


def shown_rows(section: Section, typed: Typed, facts: CallFacts) -> list[Row]:
    """The rows of the section's table; a section that has none yet shows its first, empty one."""
    table = section.table
    if table is None:
        return []
    found = list(rows(typed, table.name)) or list(rows(with_row(Typed([]), table), table.name))
    fields = activity_fields(facts) if section.code == "activities" else table.fields
    return [Row(number_, place, cells, fields) for place, (number_, cells) in enumerate(found, 1)]


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a grid. `label` tells a screen reader its row and column."""

    name: str
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class PlanPeriod:
    """An indicator's cells in one quarter, or at the baseline, with the quotient that the server computed.

    `short` is the title for the head of a column.
    """

    title: str
    short: str
    numerator: Cell
    denominator: Cell | None
    quotient: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One indicator of the plan with what is wrong with it."""

    facts: IndicatorFacts
    unit: Any
    is_required: bool
    periods: list[PlanPeriod]
    problems: list[Problem]


def plan_grid(
    typed: Typed, facts: CallFacts, read: Sequence[PlannedIndicator], problems: Collection[Problem]
) -> list[PlanRow]:
    """Every promised indicator with its cells, baseline first; `read` is the plan as it was read of what was typed."""
    rows_ = zip(promised(typed, facts), read, strict=True)
    return [_plan_row(one, typed, facts, planned, problems) for one, planned in rows_]


def _plan_row(
    one: IndicatorFacts, typed: Typed, facts: CallFacts, read: PlannedIndicator, problems: Collection[Problem]
) -> PlanRow:
    figures, periods = {"base": read.baseline, **dict(read.plan)}, []
    words = {"n": say("numerator"), "d": say("denominator")} if one.is_quotient else {"n": say("value")}
    parts = {part: str(of) for part, of in words.items()}  # Written once for all the cells that they name.
    for period in ("base", *facts.quarters):
        title = str(say("Baseline")) if period == "base" else quarter(period)
        cells = []
        for part, of in parts.items():
            name = f"{one.code}.{period}.{part}"
            label = say("%(code)s, %(period)s, %(part)s", code=one.code, period=title, part=of)
            cells.append(Cell(name, typed.get(name, ""), label))
        below = cells[1] if one.is_quotient else None
        short = title if period == "base" else quarter_short(period)
        figure = figures.get(period)
        quotient = quotient_shown(figure, one.unit) if figure and one.is_quotient else ""
        periods.append(PlanPeriod(title, short, cells[0], below, quotient))
    return PlanRow(
        facts=one,
        unit=unit_name(one.unit),
        is_required=one.code in facts.required,
        periods=periods,
        problems=[problem for problem in problems if problem.field.startswith(f"{one.code}.")],
    )


def quotient_shown(figure: Figure, unit: str) -> str:
    """36,4 % of a share, 2,4 of a mean; nothing where there is nothing to divide by."""
    quotient = figure.quotient
    if quotient is None:
        return ""
    if unit != "percent":
        return number(quotient, 1)
    return number(quotient * 100, 1) + NBSP + "%"


@dataclass(frozen=True, slots=True)
class YearOfLine:
    """One year of one budget line: a cell for each source, and the sum of those that can be read."""

    year: int
    cells: list[Cell]
    total: Decimal


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the budget with what is wrong with it."""

    row: Row
    years: list[YearOfLine]
    problems: list[Problem]


def budget_grid(typed: Typed, facts: CallFacts, problems: Collection[Problem]) -> list[LineRow]:
    """Every line with its cells by year and source."""
    grid = []
    for row in shown_rows(SECTIONS["budget"], typed, facts):
        prefix = f"lines-{row.number}-"
        title = row.typed.get("title") or say("Line %(place)s", place=row.place)
        years = []
        for year in facts.years:
            cells = [
                Cell(f"{prefix}{year}.{source}", row.typed.get(f"{year}.{source}", ""),
                     say("%(line)s, %(year)s, %(source)s", line=title, year=year, source=SOURCE_NAMES[source]))
                for source in SOURCES
            ]  # fmt: skip
            years.append(YearOfLine(year, cells, sum((_readable(cell.value) for cell in cells), Decimal("0.00"))))
        grid.append(LineRow(row, years, [problem for problem in problems if problem.field.startswith(prefix)]))
    return grid


def _readable(text: str) -> Decimal:
    try:
        return read_money(text) or Decimal("0.00")
    except Unreadable:
        return Decimal("0.00")


def budget_head(budget: Budget, facts: CallFacts, problems: Collection[Problem]) -> dict[str, Any]:
    """The computed figures of the budget: the grant and its limit, the share and its minimum, the whole, the years."""
    wrong = {problem.field for problem in problems}
    share = budget.share
    return {
        "grant": budget.grant,
        "grant_wrong": "grant" in wrong,
        "share": None if share is None else share_shown(share, facts.cofinancing_min),
        "share_wrong": "share" in wrong,
        "total": budget.total(),
        "years": totals(budget, facts.years),
        "sources": [budget.total(source=source) for source in SOURCES],
    }


def budget_figures(typed: Typed, budget: Budget, facts: CallFacts) -> dict[str, str]:
    """Every computed sum of the page of the budget by its name there, as it is written there."""
    head = budget_head(budget, facts, ())
    found = {"grant": money(head["grant"]), "total": money(head["total"]), "share": share_words(head["share"], facts)}
    for line in budget_grid(typed, facts, ()):
        found |= {f"lines-{line.row.number}-{year.year}": amount(year.total) for year in line.years}
    for year, sums, together in head["years"]:
        found |= {f"{year}-{source}": amount(sum_) for source, sum_ in zip(SOURCES, sums, strict=True)}
        found[f"{year}-all"] = amount(together)
    found |= {f"all-{source}": amount(sum_) for source, sum_ in zip(SOURCES, head["sources"], strict=True)}
    return found | {"all-all": amount(head["total"])}


def share_words(share: Decimal | None, facts: CallFacts) -> str:
    """The co-financing share with as many places as its minimum has, or that it is not computed yet."""
    if share is None:
        return str(say("not computed yet"))
    return percent(share, 1 if facts.cofinancing_min == int(facts.cofinancing_min) else 2)


def plan_figures(typed: Typed, facts: CallFacts, read: Sequence[PlannedIndicator]) -> dict[str, str]:
    """Every quotient of the page of the plan by its name there."""
    grid = plan_grid(typed, facts, read, ())
    cells = [(cell.numerator.name, cell) for row in grid if row.facts.is_quotient for cell in row.periods]
    return {f"{name}/d": cell.quotient or str(say("not yet")) for name, cell in cells}


def activity_choices(activities: Sequence[Activity]) -> list[tuple[str, Any]]:
    """The activities that a line of the budget may pay for."""
    return [(one.key, one.title or say("Activity %(number)s", number=place)) for place, one in enumerate(activities, 1)]


def offered(facts: CallFacts) -> list[tuple[Bilingual, list[tuple[str, Any]]]]:
    """The indicators that may be promised beside the required ones, by the groups of the catalogue."""
    return [
        (group, [(one.code, say("%(code)s %(name)s", code=one.code, name=one.name)) for one in members])
        for group, members in groupby(facts.offered, key=lambda one: one.group)
    ]
