"""What the pages of the decision may send, and the council's choices as they are typed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from portal.applications.award import rules
from portal.applications.award.models import Award
from portal.applications.award.rules import Choice, Row
from portal.applications.award.states import Outcome
from portal.applications.call.models import Call
from portal.kit.bilingual import Bilingual
from portal.kit.errors import Invalid, Problem
from portal.kit.forms import Field, Kind, Typed, cleaned
from portal.kit.i18n import Text, Written, amount, money, say
from portal.kit.numbers import Unreadable, read_money

APPROVAL = (
    Field("board_number", say("Number of the Board's decision"), limit=40),
    Field("board_date", say("Day of the Board's decision"), Kind.DATE, hint=say("For example, 20.11.2026")),
)


AT_ONCE = 50
"""Rows that a decision shows at least, where there are so many."""


class Choosing(NamedTuple):
    """A row of the council's form: the application, what is typed for it and what is wrong with that."""

    place: int | None
    number: str
    region: Bilingual
    asked: str
    typed: tuple[str, str, str]
    """Outcome, grant, reason."""
    wrong: tuple[Text | str, Text | str, Text | str]


def choosing(rows: Iterable[Row], values: Typed, problems: Iterable[Problem]) -> list[Choosing]:
    """The rows that the form shows: those in its values, and any other with which something is wrong."""
    wrong: dict[str, Text | str] = {}
    for problem in problems:
        wrong.setdefault(problem.field, problem.reason)
    shown = []
    for row in rows:
        one = row.contestant
        names = [f"{part}.{one.number}" for part in PARTS]
        if names[0] in values or any(name in wrong for name in names):
            grant = values.get(names[1]) if names[1] in values else amount(one.requested)
            typed = (values.get(names[0], ""), grant, values.get(names[2], ""))
            faults = (wrong.get(names[0], ""), wrong.get(names[1], ""), wrong.get(names[2], ""))
            shown.append(Choosing(row.place, one.number, one.region, money(one.requested), typed, faults))
    return shown


PARTS = ("outcome", "amount", "reason")


def kept(typed: Typed) -> Typed:
    """What was chosen and typed for applications, without what else the form sends."""
    return Typed((name, value) for name, value in typed.pairs if name.startswith(tuple(f"{part}." for part in PARTS)))


def chosen(typed: Mapping[str, str]) -> list[Choice]:
    """The winners so far with their grants, as far as these can be read: what the fund is weighed against."""
    found = []
    for name, outcome in typed.items():
        part, _, application = name.partition(".")
        if part == "outcome" and outcome == Outcome.WINNER:
            try:
                sum_ = read_money(typed.get(f"amount.{application}", ""))
            except Unreadable:
                sum_ = None
            found.append(Choice(application, Outcome.WINNER, sum_))
    return found


def weighed(typed: Mapping[str, str], call: Call) -> dict[str, Any]:
    """What the choices so far come to: winners of the places, the sum of their grants, what is left of the fund."""
    winners = chosen(typed)
    grants = sum((one.amount or Decimal(0) for one in winners), Decimal(0))
    return {
        "places": say("%(done)s of %(all)s", done=len(winners), all=call.places),
        "grants": Written(money, grants),
        "fund": Written(money, call.fund - grants),
    }


def told(typed: Mapping[str, str], call: Call) -> dict[str, Any]:
    """What the council's page hears of choices that it saved."""
    return {"problems": rules.beyond(chosen(typed), call), "shown": weighed(typed, call)}


def rest(numbers: Iterable[str]) -> str:
    """What a form says of the applications that it leaves out as not supported, so that none is left out unseen."""
    left = sorted(numbers)
    return hashlib.sha256(" ".join(left).encode()).hexdigest() if left else ""


def read_choices(typed: Mapping[str, str], numbers: Iterable[str]) -> list[dict[str, Any]]:
    """The choices as typed, one for each application; raises Invalid with every field that cannot be read.

    What the form has left out is not supported, if it is exactly what its page had left out.
    """
    numbers = list(numbers)
    left = {number for number in numbers if f"outcome.{number}" not in typed}
    left = left if typed.get("rest") == rest(left) else set()
    choices: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for number in numbers:
        outcome = Outcome.DECLINED if number in left else typed.get(f"outcome.{number}", "")
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


def added(typed: Typed, numbers: Iterable[str]) -> Typed:
    """The form with the application that was asked for by its number; raises Invalid where there is none."""
    number = typed.get("add", "").strip()
    if number not in numbers:
        raise Invalid([Problem("add", say("Write the number of an application of this ranking."))])
    return Typed([*((name, value) for name, value in typed.pairs if name != "add"), (f"outcome.{number}", "")])


def read_approval(typed: Typed) -> dict[str, Any]:
    """The number and the day; raises Invalid."""
    return cleaned(APPROVAL, typed)


def in_question(rows: Sequence[Row], places: int, is_told: Callable[[Row], bool]) -> list[Row]:
    """The rows around the line, twice as many as there are places, and further ones of which something `is_told`.

    Equals are not cut apart: who shares the last place among them is there too.
    """
    near = rows[: max(AT_ONCE, 2 * places)]
    last = near[-1].place if near else None
    return [*near, *(row for row in rows[len(near) :] if (last and row.place == last) or is_told(row))]


def proposed(rows: Sequence[Row], call: Call) -> Typed:
    """The form before anybody has recommended: winners by the exact score as far as places and the fund go."""
    pairs, left, places = [], call.fund, call.places
    for row in in_question(rows, places, lambda _: False):
        contestant = row.contestant
        asked = min(contestant.requested, call.grant_limit)
        wins = bool(row.place and row.place <= places and len(row.tie) == 1 and 0 < asked <= left)
        places, left = (places, left - asked) if wins else (0, left)
        pairs += _pairs(contestant.number, Outcome.WINNER if wins else Outcome.DECLINED, asked, "")
    return Typed(pairs)


def decided(rows: Sequence[Row], places: int, awards: Mapping[int, Award]) -> list[Row]:
    """The rows around the line and whatever else is not plainly declined, or not decided yet."""

    def is_told(row: Row) -> bool:
        award = awards.get(row.contestant.id)
        return award is None or award.outcome is not Outcome.DECLINED or bool(award.reason)

    return in_question(rows, places, is_told)


def recommended(rows: Iterable[Row], awards: Mapping[int, Award]) -> Typed:
    """The form as the council has recommended; what has no award yet is left open."""
    pairs = []
    for row in rows:
        contestant, award = row.contestant, awards.get(row.contestant.id)
        if award is None:
            pairs += _pairs(contestant.number, "", contestant.requested, "")
            continue
        asked = award.amount if award.amount is not None else contestant.requested
        pairs += _pairs(contestant.number, award.outcome, asked, award.reason)
    return Typed(pairs)


def _pairs(number: str, outcome: str, asked: Decimal, reason: str) -> list[tuple[str, str]]:
    return [(f"outcome.{number}", str(outcome)), (f"amount.{number}", amount(asked)), (f"reason.{number}", reason)]
