"""A programme as part of a document: passport, goals, activities, plan of indicators, budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from portal.applications.programme.rules import SOURCE_NAMES, SOURCES, Budget, Figure, PlannedIndicator, Programme
from portal.kit.documents import Block, Column, Row, Said, facts, hash_, heading, ru, table, tally, weight, words
from portal.kit.i18n import amount, day, money, number, percent, quarter, say
from portal.kit.periods import number_of, year_of

NUMERALS = ("I", "II", "III", "IV")


def programme(one: Programme) -> list[Block]:
    """Everything that the region wrote, in the order in which the page shows it."""
    return [*_passport(one), *_goal(one), *_activities(one), *_indicators(one), *_budget(one), *attachments(one)]


def attachments(one: Programme) -> list[Block]:
    """The files that go with the programme, each with its size and hash; nothing where there are none."""
    blocks = [heading(say("Attachments"))] if one.attachments else []
    for file in one.attachments:
        blocks += [heading(ru(file.name), 2), words(weight(file.size), "quiet"), hash_(file.sha256)]
    return blocks


def plan(caption: Any, planned: Mapping[str, Any]) -> Block:
    """One indicator's plan: a row for each year, a column for each quarter of it; `planned` in order of time."""
    outside = Said(say("outside the term"), quiet=True)
    rows = []
    for year, of_year in groupby(planned, year_of):
        named = {number_of(period): planned[period] for period in of_year}
        rows.append(Row([str(year), *(named.get(place, outside) for place in (1, 2, 3, 4))]))
    heads = [Column(say("Year"), 0.6)]
    heads += [Column(say("Quarter %(numeral)s", numeral=numeral), 1, right=True) for numeral in NUMERALS]
    return table(caption, heads, rows)


def baseline(value: Any) -> Block:
    """What stood before the programme, with what it is made of in brackets."""
    parts = f" ({value.sub[0]})" if isinstance(value, Said) and value.sub else ""
    return words(f"{value.text if isinstance(value, Said) else value}{parts}", "leading", label=say("Baseline:"))


def plain(value: Decimal) -> str:
    """A number with as many places as it has."""
    return number(value, max(0, -int(value.as_tuple().exponent)))


def money_columns(names: Iterable[Any]) -> list[Column]:
    """The heads of a budget's table: the year, then sums, then their total."""
    return [Column(say("Year"), 0.7), *(Column(name, 1, right=True) for name in (*names, say("Total")))]


def _written(text: Any) -> Any:
    """What a person wrote, or that nothing stands there."""
    if not text:
        return Said(say("not filled in"), quiet=True)
    return ru(text) if isinstance(text, str) else text


def _passport(one: Programme) -> list[Block]:
    passport = one.passport
    act: Any = Said(say("not filled in"), quiet=True)
    if passport.act_date and passport.act_kind:
        act = say("%(kind)s of %(day)s, No. %(number)s", kind=passport.act_kind, day=day(passport.act_date),
                  number=passport.act_number)  # fmt: skip
    return [
        heading(say("Passport")),
        words(_written(passport.summary)),
        facts([
            (say("Name of the programme"), _written(passport.title)),
            (say("Lead implementing body"), _written(passport.executor)),
            (say("Co-implementing bodies"),
             ru(passport.coexecutors) if passport.coexecutors else Said(say("none"), quiet=True)),
            (say("Approved by"), act),
            (say("Quarters of the programme"),
             say("from %(first)s to %(last)s", first=quarter(one.first_period), last=quarter(one.last_period))),
            (say("Whom to ask about the programme"), _written(passport.contact)),
        ]),
    ]  # fmt: skip


def _goal(one: Programme) -> list[Block]:
    unnamed = Said(say("not named"), quiet=True)
    groups = [
        Row([ru(group.name), *(unnamed if n is None else number(n) for n in (group.families, group.children))])
        for group in one.goal.groups
    ]
    heads = [Column(say("Target group"), 1), Column(say("Families"), right=True), Column(say("Children"), right=True)]
    return [
        heading(say("Goal and target groups")),
        heading(say("What is wrong now"), 2),
        words(_written(one.goal.problem)),
        heading(say("What will change"), 2),
        words(_written(one.goal.goal)),
        *([table(say("Whom the programme reaches"), heads, groups)] if groups else []),
    ]


def _activities(one: Programme) -> list[Block]:
    blocks = [heading(say("Activities by direction"))]
    for place, activity in enumerate(one.activities, 1):
        term = ""
        if activity.first and activity.last:
            said = say("from %(first)s to %(last)s", first=quarter(activity.first), last=quarter(activity.last))
            term = f" · {said}"
        blocks += [
            heading(ru(f"{place}. {activity.title}"), 2),
            words(f"{activity.direction_name}{term}", "quiet"),
            words(_written(activity.description)),
            words(_written(activity.result), label=say("Result:")),
        ]
    return blocks


def _indicators(one: Programme) -> list[Block]:
    blocks = [heading(say("Plan of indicators"))]
    for indicator in one.indicators:
        unit = say("Unit: %(unit)s. By the end of each quarter, since the programme began", unit=indicator.unit_name)
        blocks += [
            heading(f"{indicator.code} {indicator.name}", 2),
            baseline(_figure(indicator, indicator.baseline)),
            plan(unit, {period: _figure(indicator, indicator.planned(period)) for period in one.quarters}),
        ]
    return blocks


def _figure(indicator: PlannedIndicator, value: Figure | None) -> Any:
    if value is None:
        return Said(say("not filled in"), quiet=True)
    if value.denominator is None:
        return plain(value.numerator)
    parts = say("%(part)s of %(whole)s", part=plain(value.numerator), whole=plain(value.denominator))
    if value.quotient is None:
        return parts
    return Said(percent(value.quotient) if indicator.unit == "percent" else number(value.quotient, 1), sub=(parts,))


def _budget(one: Programme) -> list[Block]:
    budget = one.budget
    rows: list[Row] = []
    for line in budget.lines:
        activity = one.activity(line.activity)
        rows.append(Row([Said(line.title, bold=True, sub=(ru(activity.title),) if activity else ())], "group"))
        for year in one.years:
            sums = [line.total(year=year, source=source) for source in SOURCES]
            rows.append(Row([str(year), *map(amount, sums), amount(line.total(year=year))]))
    heads = money_columns(SOURCE_NAMES[source] for source in SOURCES)
    return [
        heading(say("Budget")),
        tally([
            (say("Grant of the Foundation"), money(budget.grant), ""),
            (say("Co-financing share"), say("not filled in") if budget.share is None else percent(budget.share), ""),
            (say("Whole budget"), money(budget.total()), ""),
        ]),
        *([table(say("Sums in roubles"), heads, [*rows, *_totals(one, budget)], size=8.5)] if rows else []),
        heading(say("How the sums were reckoned"), 2),
        words(_written(budget.justification)),
    ]  # fmt: skip


def _totals(one: Programme, budget: Budget) -> list[Row]:
    rows = [Row([Said(say("By year"), bold=True)], "group")]
    for year in one.years:
        sums = [budget.total(year=year, source=source) for source in SOURCES]
        rows.append(Row([str(year), *map(amount, sums), amount(budget.total(year=year))]))
    whole = [budget.total(source=source) for source in SOURCES]
    return [*rows, Row([say("Whole budget"), *map(amount, whole), amount(budget.total())], "total")]
