"""What the pages of the decision may send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from portal.applications.award.models import Award
from portal.applications.award.rules import Row
from portal.applications.award.states import Outcome
from portal.kit.errors import Invalid, Problem
from portal.kit.forms import Field, Kind, Typed, cleaned
from portal.kit.i18n import amount, say
from portal.kit.numbers import Unreadable, read_money

APPROVAL = (
    Field("board_number", say("Number of the Board's decision"), limit=40),
    Field("board_date", say("Day of the Board's decision"), Kind.DATE, hint=say("For example, 20.11.2026")),
)


def read_choices(typed: Mapping[str, str], numbers: Iterable[str]) -> list[dict[str, Any]]:
    """The choices as typed, one for each application; raises Invalid with every field that cannot be read."""
    choices: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for number in numbers:
        outcome = typed.get(f"outcome.{number}", "")
        if outcome not in set(Outcome):
            problems.append(
                Problem(f"outcome.{number}", say("Choose what application %(number)s gets.", number=number))
            )
        sum_ = None
        if outcome == Outcome.WINNER:
            try:
                sum_ = read_money(typed.get(f"amount.{number}", ""))
            except Unreadable as unreadable:
                problems.append(Problem(f"amount.{number}", unreadable.reason))
        reason = typed.get(f"reason.{number}", "")
        choices.append({"application": number, "outcome": outcome, "amount": sum_, "reason": reason})
    if problems:
        raise Invalid(problems)
    return choices


def read_approval(typed: Typed) -> dict[str, Any]:
    """The number and the day; raises Invalid."""
    return cleaned(APPROVAL, typed)


def proposed(rows: Iterable[Row], places: int, fund: Decimal, limit: Decimal) -> Typed:
    """The form before anybody has recommended: winners by the exact score as far as places and the fund go."""
    pairs, left = [], fund
    for row in rows:
        contestant = row.contestant
        asked = min(contestant.requested, limit)
        wins = bool(row.place and row.place <= places and not row.tied_with and 0 < asked <= left)
        places, left = (places, left - asked) if wins else (0, left)
        pairs += _pairs(contestant.number, Outcome.WINNER if wins else Outcome.DECLINED, asked, "")
    return Typed(pairs)


def recommended(rows: Iterable[Row], awards: Mapping[int, Award]) -> Typed:
    """The form as the council has recommended; what has no award yet is left open."""
    pairs = []
    for row in rows:
        contestant, award = row.contestant, awards.get(row.contestant.id)
        if award is None:
            pairs.append((f"amount.{contestant.number}", amount(contestant.requested)))
            continue
        asked = award.amount if award.amount is not None else contestant.requested
        pairs += _pairs(contestant.number, award.outcome, asked, award.reason)
    return Typed(pairs)


def _pairs(number: str, outcome: Outcome, asked: Decimal, reason: str) -> list[tuple[str, str]]:
    return [(f"outcome.{number}", outcome.value), (f"amount.{number}", amount(asked)), (f"reason.{number}", reason)]
