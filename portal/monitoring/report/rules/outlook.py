"""Status and forecast of an agreed indicator: from what was promised and accepted to what the method reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from portal.applications.call.methods import DEFAULT, Thresholds
from portal.applications.call.models import Call
from portal.directory.indicator.models import Indicator, Kind
from portal.kit.i18n import Text, say
from portal.kit.periods import year_of
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.report.methods import Pace, Status, counts, levels, period_values, shares
from portal.monitoring.report.rules.figures import Figure
from portal.people.person.models import Person
from portal.people.roles import Role

WORDS: Final[dict[Status, tuple[str, Text]]] = {
    Status.ACHIEVED: ("met", say("achieved")),
    Status.ON_TRACK: ("pace", say("on track")),
    Status.UNCLEAR: ("unsure", say("unclear so far")),
    Status.AT_RISK: ("risk", say("at risk")),
    Status.OFF_TRACK: ("behind", say("off track")),
    Status.TOO_EARLY: ("early", say("too early to tell")),
    Status.SMALL_NUMBERS: ("small", say("too few people")),
    Status.NO_DATA: ("none", say("no data")),
}
"""The icon and the word of each status, the same on every page."""

ATTENTION: Final = (
    Status.OFF_TRACK, Status.NO_DATA, Status.AT_RISK, Status.UNCLEAR, Status.SMALL_NUMBERS, Status.TOO_EARLY,
    Status.ON_TRACK, Status.ACHIEVED,
)  # fmt: skip
"""The order in which an officer looks at them."""

STATED: Final = (Status.ACHIEVED, Status.ON_TRACK, Status.UNCLEAR, Status.AT_RISK, Status.OFF_TRACK)
"""What an officer can say of an indicator by herself."""

HIDDEN: Final = "hidden"
"""The word of a public figure that is not shown: what is published is computed from what is published."""


@dataclass(frozen=True, slots=True)
class Promise:
    """An agreed indicator: where the region began, and what it promised for the end of each quarter.

    Counts of a plan that `resets` begin anew every January; `thresholds` are those of the call.
    """

    indicator: Indicator
    baseline: Figure
    plan: Mapping[str, Figure]
    resets: bool = False
    thresholds: Thresholds = DEFAULT


def outlook(promise: Promise, told: Mapping[str, Figure], due: Iterable[str]) -> Pace:
    """Status and forecast from the figures `told` for quarters, cumulative as typed, of those that are `due`.

    A quarter that is due and not told is late. One that was left out in the middle of a count is joined with the next,
    whose figure covers both. Without a status where no direction is better, where the last quarter holds another word
    than "not reported", and where a hidden figure is part of the sum: there is nothing to compare.
    """
    indicator, periods = promise.indicator, sorted(promise.plan)
    asked = sorted(set(due) & set(periods))
    last = told.get(asked[-1]) if asked else None
    if indicator.kind is Kind.CONTEXT or indicator.desired not in ("up", "down") or not periods:
        return Pace(None)
    if last is not None and last.missing not in ("", "not_reported"):
        return Pace(None)
    known = {period: told[period] for period in asked if period in told and told[period].numerator is not None}
    if indicator.accumulates:
        joined = {period for period in asked if period not in known and _follows(period, known, promise)}
        if any(told[period].missing == HIDDEN for period in asked if period in told and period not in joined):
            return Pace(None)
        kept = [period for period in periods if period not in joined]
        found = _flow(promise, known, kept, [period for period in kept if period in asked])
        if found is not None:
            return found
    return _level(promise, known, periods, asked)


def promise_of(agreed: AgreedIndicator, call: Call) -> Promise:
    """The promise as it stands, under the conditions of its call; the plan and the indicator must be loaded."""
    plan = {period: Figure(one.numerator, one.denominator) for period, one in agreed.planned().items()}
    first = Figure(agreed.baseline_numerator, agreed.baseline_denominator)
    return Promise(agreed.indicator, first, plan, call.resets_in_january, call.thresholds)


def standing_now(status: str | None, kind: str, desired: str, *, is_late: bool) -> Status | None:
    """The status as it is shown: `status` of the last forecast, None before the first; `is_late`: a quarter after it.

    A late quarter never improves a status, and takes none away from what has been achieved.
    """
    if status == "" or kind == Kind.CONTEXT or desired not in ("up", "down"):
        return None
    if is_late and status != Status.ACHIEVED:
        return Status.NO_DATA
    return Status(status) if status else Status.TOO_EARLY


def why_not_state(by: Person, computed: str, before: str, status: str, reason: str) -> Text | None:
    """Why the officer's `status` does not come beside the `computed` one; an empty one takes back the one `before`."""
    if Role.OFFICER not in by.roles:
        return say("Only programme officers say how an indicator stands.")
    if not computed:
        return say("This indicator has no computed status that another one could stand beside.")
    if not status:
        return None if before else say("Choose a status.")
    if status == computed:
        return say("The computed status says the same. Choose another one, or leave it as it is.")
    return None if reason.strip() else say("Write why you judge otherwise: the reason is published with the status.")


def _follows(period: str, known: Iterable[str], promise: Promise) -> bool:
    """Whether a later figure of the same count covers this quarter too."""
    return any(one > period and (not promise.resets or year_of(one) == year_of(period)) for one in known)


def _flow(promise: Promise, known: Mapping[str, Figure], kept: list[str], due: list[str]) -> Pace | None:
    """By values of single quarters; None where their differences are not parts of each other, as of a fixed whole."""
    indicator, resets = promise.indicator, promise.resets
    planned = [promise.plan[period] for period in kept]
    figures = [known.get(period, Figure()) for period in due]
    plan = [max(one or 0.0, 0.0) for one in _singles([one.numerator for one in planned], kept, resets=resets)]
    over = _singles([one.numerator for one in figures], due, resets=resets)
    if indicator.kind is Kind.COUNT:
        held = [None if one is None else max(one, 0.0) for one in over]
        return counts(plan, held, direction=indicator.desired, thresholds=promise.thresholds)
    wholes = [one or 0.0 for one in _singles([one.denominator for one in planned], kept, resets=resets)]
    under = _singles([one.denominator for one in figures], due, resets=resets)
    promised, is_share = list(zip(plan, wholes, strict=True)), indicator.kind is Kind.SHARE
    reported = [(a, b) for a, b in zip(over, under, strict=True) if a is not None and b is not None]
    if not sum(wholes) or not all(_fits(a, b, is_share=is_share) for a, b in (*promised, *reported)):
        return None
    first = _baseline(promise)
    method = shares if is_share else levels
    whole: dict[str, Any] = {"plan": promised, "direction": indicator.desired, "thresholds": promise.thresholds}
    return method([first[0], *over], [first[1], *under], **whole)


def _level(promise: Promise, known: Mapping[str, Figure], periods: list[str], due: list[str]) -> Pace:
    """By the figures themselves, each as of the end of its quarter."""
    indicator, goal = promise.indicator, promise.plan[periods[-1]]
    target = goal.value(indicator)
    if target is None:
        return Pace(None)
    first = _baseline(promise)
    figures = [known.get(period) for period in due]
    over = [first[0], *(None if one is None else _float(one.numerator) for one in figures)]
    under = [first[1], *(None if one is None else _whole(one, indicator) for one in figures)]
    end: dict[str, Any] = {
        "target": float(target), "periods": len(periods), "direction": indicator.desired,
        "thresholds": promise.thresholds,
    }  # fmt: skip
    if indicator.kind is Kind.SHARE:
        return shares(over, under, **end)
    return levels(over, under, straight=indicator.kind is Kind.COUNT, **end)


def _singles(values: Sequence[Decimal | None], periods: Sequence[str], *, resets: bool) -> list[float | None]:
    return [_float(one) for one in period_values(values, periods, reset_in_january=resets)]


def _fits(over: float, under: float, *, is_share: bool) -> bool:
    return over >= 0 and under >= 0 and (over <= under if is_share else under > 0 or over == 0)


def _baseline(promise: Promise) -> tuple[float | None, float | None]:
    """The region's beginning where it can be divided."""
    over, under = _float(promise.baseline.numerator), _whole(promise.baseline, promise.indicator)
    known = over is not None and under and (promise.indicator.kind is not Kind.SHARE or over <= under)
    return (over, under) if known else (None, None)


def _whole(figure: Figure, indicator: Indicator) -> float | None:
    return _float(figure.denominator) if indicator.is_quotient else 1.0


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
