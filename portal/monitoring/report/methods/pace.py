"""Status and forecast to target, `pace-bayes/1`: whether what was promised will be reached, and how sure that is.

A rule of two points (growth since the start against a cut-off) calls many a region red that is exactly on plan. Here a
region's rate of fulfilment is estimated from all its periods, the recent ones weighing more, and starts from "as
planned"; the forecast carries its own uncertainty, and where nobody can know the status says so. Conjugate
Gamma-Poisson estimation with a quasi-likelihood dispersion (McCullagh and Nelder, Generalized Linear Models, 1989,
chapter 9) and a discount per period (West and Harrison, Bayesian Forecasting and Dynamic Models, 1997, chapter 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt
from statistics import NormalDist
from typing import Any, Final

from portal.applications.call.methods import DEFAULT, Thresholds

VERSION: Final = "pace-bayes/1"
TAIL: Final = 1.2816
"""Standard deviations on either side of the forecast that hold 80 %."""
NORMAL: Final = NormalDist()
DISCOUNT: Final = 0.8
"""What a period weighs beside the one after it."""
PRIOR_PERIODS: Final = 0.5
"""How many periods exactly on plan the rate of a count starts from."""


class Status(StrEnum):
    """How an indicator stands to its target. Each is shown as an icon and a word."""

    ACHIEVED = "achieved"
    ON_TRACK = "on_track"
    UNCLEAR = "unclear"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    TOO_EARLY = "too_early"
    SMALL_NUMBERS = "small_numbers"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Pace:
    """What is expected at the end. Without a status nothing was promised; without numbers nothing can be said.

    `rate` is the share of the plan fulfilled so far (counts) or the fitted baseline; `forecast` and `interval_80` are
    in the unit of the value; `p_target`, `p_95` are the probabilities of reaching the target and 95 % of it (of the
    required change), `p_fail` that of staying below the threshold of failure.
    """

    status: Status | None
    rate: float | None = None
    dispersion: float | None = None
    forecast: float | None = None
    interval_80: tuple[float, float] | None = None
    p_target: float | None = None
    p_95: float | None = None
    p_fail: float | None = None
    method: str = VERSION

    def as_json(self) -> dict[str, Any]:
        """The record as `portal pace` prints it."""
        names = ("rate", "dispersion", "forecast", "interval_80", "p_target", "p_95", "p_fail", "status", "method")
        return {name: getattr(self, name) for name in names}


def counts(
    plan: Sequence[float], actual: Sequence[float | None], *, direction: str = "up", thresholds: Thresholds = DEFAULT
) -> Pace:
    """What a flow adds up to by the end of its plan, from the single periods that are due.

    `plan` holds all periods, `actual` those due so far, None where nothing is accepted: such a period counts as nothing
    delivered, so that being late never helps. A plan of zeros has no status. ValueError for numbers below zero or more
    periods than planned.
    """
    _check(plan, actual)
    target, done = sum(plan), sum(value or 0.0 for value in actual)
    if not target:
        return Pace(None)
    if actual and actual[-1] is None and (direction == "down" or done < target):
        return Pace(Status.NO_DATA)
    due, mean = len(actual), target / len(plan)
    delivered = expected = PRIOR_PERIODS * mean
    for place, (value, planned) in enumerate(zip(actual, plan, strict=False), 1):
        weight = DISCOUNT ** (due - place)
        delivered += weight * (value or 0.0)
        expected += weight * planned
    rate, ahead = delivered / expected, sum(plan[due:])
    dispersion = max(1 + mean / 10, _scatter(plan, actual, rate))
    forecast = done + rate * ahead
    spread = sqrt(dispersion * (rate * ahead + ahead**2 * delivered / expected**2))
    near, failed = thresholds.near, thresholds.failed_count
    cuts = (1.0, near, failed) if direction == "up" else (1.0, 2 - near, 2 - failed)
    p_target, p_95, p_reached = (_reaches(cut * target, done, forecast, spread, direction) for cut in cuts)
    status = judge(p_95, 1 - p_reached, thresholds)
    counted = sum(value is not None and planned > 0 for value, planned in zip(actual, plan, strict=False))
    if (done >= target) if direction == "up" else (due == len(plan) and done <= target):
        status = Status.ACHIEVED
    elif counted < thresholds.fewest_periods and due < len(plan):
        status = Status.TOO_EARLY
    interval = (max(done, forecast - TAIL * spread), forecast + TAIL * spread)
    return Pace(status, rate, dispersion, forecast, interval, p_target, p_95, 1 - p_reached)


def _check(plan: Sequence[float], actual: Sequence[float | None]) -> None:
    if len(actual) > len(plan):
        raise ValueError("more periods are reported than planned")
    if any(planned < 0 for planned in plan) or any(value is not None and value < 0 for value in actual):
        raise ValueError("plan and value of a period are not below zero")


def _scatter(plan: Sequence[float], actual: Sequence[float | None], rate: float) -> float:
    """Pearson's dispersion of the reported periods around the rate; periods without a plan say nothing of it."""
    pairs = zip(actual, plan, strict=False)
    squares = [(value - rate * p) ** 2 / (rate * p) for value, p in pairs if p and value is not None]
    return sum(squares) / max(len(actual) - 1, 1)


def _reaches(bound: float, done: float, forecast: float, spread: float, direction: str) -> float:
    """The probability that the end lies on the right side of the bound; certain where what is done decides it."""
    if done >= bound or not spread:
        return float(forecast >= bound if direction == "up" else forecast <= bound)
    below = NORMAL.cdf((bound - forecast) / spread)
    return 1 - below if direction == "up" else below


def judge(p_95: float, p_fail: float, thresholds: Thresholds = DEFAULT) -> Status:
    """The status of an indicator that has enough periods and is not at its end."""
    if p_95 >= thresholds.on_track:
        return Status.ON_TRACK
    if p_fail >= thresholds.off_track:
        return Status.OFF_TRACK
    return Status.AT_RISK if p_95 < thresholds.at_risk else Status.UNCLEAR


def milestone(due: date, today: date, *, done: date | None = None, expected: date | None = None) -> Pace:
    """Where a dated deed stands, by dates only; nothing is estimated. `expected` is when its owner thinks it done."""
    if done is not None:
        return Pace(Status.ACHIEVED)
    if today > due:
        return Pace(Status.OFF_TRACK)
    if expected is None:
        return Pace(Status.UNCLEAR)
    return Pace(Status.ON_TRACK if expected <= due else Status.AT_RISK)
