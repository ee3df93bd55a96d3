"""Reading the budget: every sum with its year, source and activity; the limit of the grant, the share of others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from portal.applications.programme.models import CallFacts
from portal.applications.programme.rules.content import (
    SOURCES,
    Activity,
    Budget,
    BudgetLine,
    Cost,
    missing_cofinancing,
    share_shown,
)
from portal.applications.programme.rules.sections import SECTIONS, SOURCE_NAMES, is_blank
from portal.applications.programme.rules.words import named
from portal.kit.errors import Problem
from portal.kit.forms import read_fields, rows
from portal.kit.i18n import Text, Written, money, percent, say
from portal.kit.numbers import MONEY_MOST, Unreadable, read_money

_TABLE = SECTIONS["budget"].table
assert _TABLE is not None
TABLE = _TABLE
SUM = re.compile(rf"([0-9]{{4}})\.({'|'.join(SOURCES)})", re.ASCII)


def read_budget(
    typed: Mapping[str, str], facts: CallFacts, activities: tuple[Activity, ...]
) -> tuple[Budget, list[Problem]]:
    """The budget as far as it can be read, and what is wrong with its lines and with the whole."""
    values, about_text = read_fields(SECTIONS["budget"].fields, typed, prefix="budget#")
    lines: list[BudgetLine] = []
    problems: list[Problem] = []
    keys = {activity.key for activity in activities if activity.key}
    for place, (number_, row) in enumerate(rows(typed, "lines"), 1):
        if is_blank(row):
            continue
        line, wrong = _line(number_, place, row, facts)
        lines.append(line)
        problems += wrong
        if line.activity not in keys:
            reason = _without_activity(place, line)
            problems.append(Problem(f"budget#lines-{number_}-activity", reason))
    budget = Budget(tuple(lines), values["justification"] or "")
    if not lines:
        problems.append(Problem("budget#lines-0-title", say("Write at least one line of the budget.")))
    return budget, [*_whole(budget, facts), *problems, *about_text]


def _line(number_: int, place: int, row: Mapping[str, str], facts: CallFacts) -> tuple[BudgetLine, list[Problem]]:
    problems: list[Problem] = []

    def wrong(column: str, reason: Text, cell: Text | None = None) -> None:
        problems.append(Problem(f"budget#lines-{number_}-{column}", named(TABLE, place, reason, cell)))

    values, about_title = read_fields(TABLE.fields[:1], row, prefix=f"budget#lines-{number_}-")
    for problem in about_title:
        wrong("title", problem.reason)
    costs, unread, years = [], False, facts.years
    for column, typed in sorted(row.items(), key=_by_year_and_source):
        found = SUM.fullmatch(column)
        if found is None or not typed.strip():
            continue
        year, source = int(found[1]), found[2]
        try:
            amount = read_money(typed)
        except Unreadable as unreadable:
            unread = True
            cell = say("%(source)s, %(year)s", source=SOURCE_NAMES[source], year=year)
            wrong(column, unreadable.reason, cell)
            continue
        if amount and year not in years:
            wrong("title", say("There is money in %(year)s, when the programme does not run. Remove the line and write "
                               "it again.", year=year))  # fmt: skip
        if amount:
            costs.append(Cost(year, source, amount))
    if not costs and not unread:
        wrong(f"{years[0]}.foundation", say("There is no sum in this line. Write one, or remove the line."))
    return BudgetLine(row.get("key", ""), values["title"] or "", row.get("activity", ""), tuple(costs)), problems


def _by_year_and_source(cell: tuple[str, str]) -> tuple[str, int]:
    year, _, source = cell[0].partition(".")
    return year, SOURCES.index(source) if source in SOURCES else -1


def _without_activity(place: int, line: BudgetLine) -> Text:
    if line.activity:
        return named(TABLE, place, say("Its activity is not in the programme any more. Choose another."))
    return named(TABLE, place, say("Choose the activity that this money is for."))


def _whole(budget: Budget, facts: CallFacts) -> list[Problem]:
    """What is wrong with the sums of the budget, said with the exact sum that is missing or too much."""
    grant, total, share = budget.grant, budget.total(), budget.share
    found = []
    if total > MONEY_MOST:
        found.append(Problem("budget#total", say("The whole budget is more than can be written down. Check the sums.")))
    if budget.lines and not grant and total:
        found.append(Problem("budget#grant", say("Nothing is asked of the Foundation. Write the sum of the grant.")))
    if grant > facts.grant_limit:
        found.append(Problem("budget#grant", say(
            "The grant of %(grant)s is more than the limit of %(limit)s. Take at least %(over)s off.",
            grant=Written(money, grant), limit=Written(money, facts.grant_limit),
            over=Written(money, grant - facts.grant_limit))))  # fmt: skip
    missing = missing_cofinancing(budget, facts.cofinancing_min)
    if missing and share is not None:
        found.append(Problem("budget#share", say(
            "The co-financing share of %(share)s is less than the required %(minimum)s. Raise regional, municipal or "
            "extra-budgetary money by at least %(missing)s.",
            share=shown(share_shown(share, facts.cofinancing_min)), minimum=shown(facts.cofinancing_min / 100),
            missing=Written(money, missing))))  # fmt: skip
    return found


def shown(fraction: Decimal) -> Written:
    """A share of one as percent, with as many places as it has: 20 %, 19,3 %."""
    value = (fraction * 100).normalize()
    return Written(percent, fraction, max(0, -int(value.as_tuple().exponent)))


def totals(budget: Budget, years: list[int]) -> list[tuple[int, list[Decimal], Decimal]]:
    """For each year its sums by source and their sum, in roubles: the foot of the budget's table."""
    return [(year, [budget.total(year=year, source=one) for one in SOURCES], budget.total(year=year)) for year in years]
