"""Pure questions about calls: what its conditions must be, and when it may be opened, closed or given more places."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.applications.call.methods import DEFAULT, Thresholds
from portal.applications.call.models import Call, Criterion
from portal.applications.call.states import CallState
from portal.kit.errors import Problem
from portal.kit.i18n import Text, Written, day, instant, money, number, say
from portal.kit.periods import is_quarter, year_of

LOWEST, HIGHEST = 1, 6
MOST_PLACES, MOST_READERS = 1000, 20
TIE_RULES = ("cofinancing", "submitted", "vote")
HUNDRED = Decimal(100)


def is_accepting(call: Call, at: datetime) -> bool:
    """Whether an application whose request came at this instant is in time: the closing instant itself is too late.

    A request that came in time stays in time, though the call may have been closed while it was waiting its turn.
    """
    return call.state in (CallState.OPEN, CallState.CLOSED) and call.opens_at <= at < call.closes_at


def why_not_accepting(call: Call, at: datetime) -> Text | None:
    """Why the call takes nothing at this instant."""
    if call.state is CallState.DRAFT or at < call.opens_at:
        return say("This call opens on %(when)s.", when=Written(instant, call.opens_at))
    if not is_accepting(call, at):
        return say(
            "This call closed on %(when)s. Nothing can be submitted any more.", when=Written(instant, call.closes_at)
        )
    return None


def why_not_change(call: Call) -> Text | None:
    """Why the conditions cannot be changed: regions have read them."""
    if call.state is not CallState.DRAFT:
        return say("The call is open: its conditions do not change any more.")
    return None


def why_not_open(
    call: Call, criteria: Sequence[Criterion], required: int, now: datetime, *, is_read: bool
) -> Text | None:
    """Why the call cannot be shown to regions yet; `is_read`: the conditions are those of the newest text."""
    if call.state is not CallState.DRAFT:
        return say("The call has been opened already.")
    if now >= call.closes_at:
        return say("The closing instant has passed. Set a later one.")
    if not is_read:
        return say("Something has been typed that is not in the conditions yet. Open them and save them as a draft.")
    if not criteria:
        return say("The call has no criteria. Add at least one with its weight and levels.")
    weights = sum((criterion.weight for criterion in criteria), Decimal(0))
    if weights != HUNDRED:
        return say("The weights of the criteria add up to %(sum)s, not to 100. Correct them.",
                   sum=Written(number, weights, 0 if weights == weights.to_integral_value() else 2))  # fmt: skip
    for criterion in criteria:
        marks = {level["mark"] for level in criterion.levels}
        if len(marks) < 2 or HIGHEST not in marks or LOWEST not in marks:
            return say("Criterion %(code)s: describe at least the marks 6 and 1.", code=criterion.code)
    if not required:
        return say("Choose at least one indicator that every programme must promise.")
    return None


def why_not_close(call: Call, now: datetime) -> Text | None:
    """Why the call cannot be closed: not before its hour."""
    if call.state is not CallState.OPEN:
        return say("Only an open call is closed.")
    if now < call.closes_at:
        return say("The call takes applications until %(when)s and cannot be closed earlier.",
                   when=Written(instant, call.closes_at))  # fmt: skip
    return None


def why_not_extend(call: Call, closes_at: datetime, reason: str, now: datetime) -> Text | None:
    """Why the closing instant stays: it only moves to a later one, for everybody, and for a reason."""
    if call.state is not CallState.OPEN:
        return say("Only an open call is given more time.")
    if closes_at <= max(call.closes_at, now):
        return say("The call closes on %(when)s. Set a later instant: time already given is not taken away.",
                   when=Written(instant, call.closes_at))  # fmt: skip
    return None if reason.strip() else say("Write why the call is given more time: the journal keeps it.")


def why_not_raise_places(call: Call, places: int, decided_on: date, today: date) -> Text | None:
    """Why the number of places stays: it is only raised, by a decision that has been taken, before the results."""
    if call.state not in (CallState.OPEN, CallState.CLOSED):
        return say("The number of places is raised by the Board between the opening of the call and its results.")
    if places <= call.places:
        return say("There are %(places)s places. The Board may only raise their number.", places=call.places)
    if places > MOST_PLACES:
        return say("The number is too large: at most %(most)s.", most=MOST_PLACES)
    if decided_on > today:
        return say("The decision is dated %(day)s, which has not come yet.", day=Written(day, decided_on))
    return None


def wrong_conditions(values: Mapping[str, Any], known: Collection[str]) -> list[Problem]:
    """What is wrong with the conditions taken together; `known` are the codes of indicators."""
    problems = [*_instants_and_periods(values), *_sums(values), *_judging(replace(DEFAULT, **values["judging"]))]
    codes = [criterion["code"] for criterion in values["criteria"]]
    for place, criterion in enumerate(values["criteria"]):
        if not re.fullmatch(r"[A-Za-z0-9]{1,8}", criterion["code"], re.ASCII) or codes.count(criterion["code"]) > 1:
            reason = say("Give each criterion its own code of Latin letters and digits, at most eight.")
            problems.append(Problem(f"criteria-{place}-code", reason))
        if not 0 < criterion["weight"] <= HUNDRED:
            problems.append(Problem(f"criteria-{place}-weight", say("The weight is above 0 and at most 100.")))
        if any(not LOWEST <= level["mark"] <= HIGHEST for level in criterion["levels"]):
            problems.append(Problem(f"criteria-{place}-levels_ru", say("Marks are whole numbers from 1 to 6.")))
    for place, rule in enumerate(values["tie_breaks"]):
        kind, _, code = rule.partition(":")
        if (kind != "criterion" or code not in codes) and rule not in TIE_RULES:
            problems.append(Problem(f"tie-{place}-rule", say("Choose a rule that the call has.")))
    if len(set(values["tie_breaks"])) < len(values["tie_breaks"]):
        problems.append(Problem("tie-0-rule", say("Name each rule once.")))
    if unknown := set(values["required"]) - set(known):
        reason = say("There is no indicator %(code)s in the catalogue.", code=min(unknown))
        problems.append(Problem("required", reason))
    return problems


def _judging(at: Thresholds) -> list[Problem]:
    """Thresholds under which a status could never be said, or not be told from another."""
    wrong = []
    for name in ("near", "on_track", "at_risk", "off_track", "failed_count", "failed_change", "achieved"):
        if not 0 < getattr(at, name) <= 1:
            wrong.append(Problem(name, say("Write a whole percentage from 1 to 100.")))
    if at.at_risk >= at.on_track:
        reason = say("Write less than %(most)s: from there on an indicator is on track.", most=round(at.on_track * 100))
        wrong.append(Problem("at_risk", reason))
    for name in ("failed_count", "failed_change"):
        if getattr(at, name) >= at.near:
            reason = say("Write less than %(most)s: from there on the target is nearly reached.",
                         most=round(at.near * 100))  # fmt: skip
            wrong.append(Problem(name, reason))
    for name, most in (("fewest_periods", 40), ("fewest_people", 1000)):
        if not 1 <= getattr(at, name) <= most:
            wrong.append(Problem(name, say("Write a number from 1 to %(most)s.", most=most)))
    return wrong


def _instants_and_periods(values: Mapping[str, Any]) -> list[Problem]:
    problems = []
    if values["opens_at"] >= values["closes_at"]:
        problems.append(Problem("closes_at", say("The call closes before it opens. Set a later instant.")))
    first, last = values["first_period"], values["last_period"]
    if not is_quarter(first) or not is_quarter(last):
        problems.append(Problem("first_period", say("Choose the first and the last quarter.")))
    elif last < first:
        problems.append(Problem("last_period", say("The last quarter is earlier than the first. Choose a later one.")))
    elif year_of(last) - year_of(first) > 9:
        problems.append(Problem("last_period", say("A programme lasts ten years at most.")))
    if values.get("number") and not re.fullmatch(r"[0-9A-Za-z-]{1,12}", values["number"], re.ASCII):
        problems.append(Problem("number", say("Use Latin letters, digits and hyphens only, at most twelve.")))
    return problems


def _sums(values: Mapping[str, Any]) -> list[Problem]:
    problems = []
    if values["fund"] <= 0:
        problems.append(Problem("fund", say("The fund is more than zero.")))
    if not 0 < values["grant_limit"] <= values["fund"]:
        problems.append(Problem("grant_limit", say("One grant is more than zero and not more than the whole fund, "
                                                   "%(fund)s.", fund=Written(money, values["fund"]))))  # fmt: skip
    if not 0 <= values["cofinancing_min"] < HUNDRED:
        problems.append(Problem("cofinancing_min", say("Write a percentage from 0 to 99.99.")))
    if not 1 <= values["places"] <= MOST_PLACES:
        problems.append(Problem("places", say("Write a number from 1 to %(most)s.", most=MOST_PLACES)))
    if not 1 <= values["readers"] <= MOST_READERS:
        problems.append(Problem("readers", say("Write a number from 1 to %(most)s.", most=MOST_READERS)))
    return problems
