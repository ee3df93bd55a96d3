"""The line to the target, of `pace-bayes/1`: shares of people, means and levels, and values that must not fall.

The values go through a link (logit of a share, logarithm or identity of a level) and a straight line is fitted by
weighted least squares; its slope starts halfway between standing still and what the target asks for. Sources: Agresti,
Categorical Data Analysis, 3rd ed. 2013, section 5.3.3 (empirical logit and its variance); Gelman et al., Bayesian Data
Analysis, 3rd ed. 2013, chapter 14 (regression with a prior as an extra row).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt
from typing import Final, NamedTuple

from portal.applications.call.methods import DEFAULT, Thresholds
from portal.monitoring.report.methods.pace import DISCOUNT, NORMAL, TAIL, Pace, Status, judge

Values = Sequence[float | None]
Parts = Sequence[tuple[float, float]]
SLACK: Final = 1e-9
NOISE: Final = 0.05
"""What a mean or level is thought to scatter by at the least: five per cent of itself."""
MOST: Final = 50
"""No mean is expected to grow to more than so many times the largest one known: far out the line means nothing."""
SLOWEST: Final = 0.05
"""The least standard deviation of the slope, per period on the link's scale."""


class Seen(NamedTuple):
    """A value at a time (0 is the baseline) on the link's scale, with its variance."""

    time: int
    value: float
    variance: float


@dataclass(frozen=True, slots=True)
class Link:
    """A scale on which a line is straight, and the way back from it."""

    there: Callable[[float], float]
    back: Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Line:
    """The fitted line with the sums that its uncertainty is made of."""

    base: float
    slope: float
    dispersion: float
    sums: tuple[float, float, float]

    def at(self, time: float) -> tuple[float, float]:
        """Mean and variance of the line at this time."""
        a, b, c = self.sums
        variance = self.dispersion * (c - 2 * time * b + time**2 * a) / (a * c - b * b)
        return self.base + self.slope * time, variance


def fit(seen: Sequence[Seen], slope: float, deviation: float) -> Line:
    """The line through what was seen, recent periods weighing more; its slope starts as N(slope, deviation²)."""
    weights = [DISCOUNT ** (seen[-1].time - one.time) / one.variance for one in seen]
    rows = list(zip(weights, seen, strict=True))
    prior = 1 / deviation**2
    a, b = sum(weights), sum(w * one.time for w, one in rows)
    c = sum(w * one.time**2 for w, one in rows) + prior
    d, e = sum(w * one.value for w, one in rows), sum(w * one.time * one.value for w, one in rows) + prior * slope
    base, rise = (c * d - b * e) / (a * c - b * b), (a * e - b * d) / (a * c - b * b)
    scatter = sum(w * (one.value - base - rise * one.time) ** 2 for w, one in rows) / max(len(seen) - 2, 1)
    return Line(base, rise, max(1.0, scatter), (a, b, c))


def shares(
    numerator: Values, denominator: Values, *, target: float | None = None, periods: int | None = None,
    plan: Parts | None = None, direction: str = "up", thresholds: Thresholds = DEFAULT,
) -> Pace:  # fmt: skip
    """The share of people at the end. The first value is the baseline, the others are single periods that are due.

    None is not reported; a denominator of zero means that there was nobody to count. Either `target` and `periods` are
    given, and the share of the last period is forecast; or `plan`, numerator and denominator of every single period,
    and the share since the beginning is forecast: what has been reported, and the line over the people still planned.
    """
    parts = _parts(numerator, denominator)
    people = [one[1] for one in parts if one is not None and one[1] > 0]
    most = sum(one[1] for one in parts[1:] if one is not None) + sum(one[1] for one in (plan or ())[len(parts) - 1 :])
    half = 0.5 / ((most if plan else people[-1] if people else 1.0) or 1.0)
    link = Link(lambda x: log((held := min(max(x, half), 1 - half)) / (1 - held)), _expit)
    seen = [
        Seen(time, log((one[0] + 0.5) / (one[1] - one[0] + 0.5)), 1 / (one[0] + 0.5) + 1 / (one[1] - one[0] + 0.5))
        for time, one in enumerate(parts)
        if one is not None and one[1] > 0
    ]
    way = _way(parts, target, periods, plan)
    way = replace(way, target=min(max(way.target, half), 1 - half))
    pace = _outlook(seen, link, way, direction, thresholds)
    small = any(one < thresholds.fewest_people for one in people)
    settled = pace.status in (Status.ACHIEVED, Status.NO_DATA, None)
    return replace(pace, status=Status.SMALL_NUMBERS) if small and not settled else pace


def levels(
    numerator: Values, denominator: Values, *, target: float | None = None, periods: int | None = None,
    plan: Parts | None = None, direction: str = "up", straight: bool = False, thresholds: Thresholds = DEFAULT,
) -> Pace:  # fmt: skip
    """A mean, a ratio of money or a level at the end, like `shares`.

    On the log scale if everything is above zero, unless the level is `straight`: a number of people or things at a
    date, which grows by so many, not so many times. Its denominators are 1.
    """
    parts = _parts(numerator, denominator)
    values = [None if one is None or one[1] <= 0 else one[0] / one[1] for one in parts]
    way = _way(parts, target, periods, plan)
    known = [*(value for value in values if value is not None), way.target, way.goal]
    unit = max(map(abs, known)) or 1.0
    by_log = min(known) > 0 and not straight
    link = Link(log, exp) if by_log else Link(lambda x: x / unit, lambda z: z * unit)
    seen = [Seen(time, link.there(value), NOISE**2) for time, value in enumerate(values) if value is not None]
    if by_log:
        link = Link(lambda x: log(max(x, SLACK * unit)), lambda z: exp(min(z, log(MOST * unit))))
    return _outlook(seen, link, way, direction, thresholds)


def keep(
    numerator: Values, denominator: Values, *, floor: float, direction: str = "up", thresholds: Thresholds = DEFAULT
) -> Pace:
    """Whether a share that must be kept will stand at `floor` or better in the next period; its slope starts at zero.

    The next value scatters like the last one. One probability decides: that of standing is p_target and p_95.
    """
    parts = [one for one in _parts(numerator, denominator) if one is None or one[1] > 0]
    seen = [
        Seen(time, log((one[0] + 0.5) / (one[1] - one[0] + 0.5)), 1 / (one[0] + 0.5) + 1 / (one[1] - one[0] + 0.5))
        for time, one in enumerate(parts)
        if one is not None
    ]
    if not seen or parts[-1] is None:
        return Pace(Status.NO_DATA)
    line = fit(seen, 0.0, SLOWEST)
    mean, variance = line.at(len(parts))
    spread = sqrt(variance + line.dispersion * seen[-1].variance)
    half = 0.5 / max(one[1] for one in parts if one is not None)
    held = min(max(floor, half), 1 - half)
    below = NORMAL.cdf((log(held / (1 - held)) - mean) / spread)
    stands = 1 - below if direction == "up" else below
    status = judge(stands, 1 - stands, thresholds)
    if min(one[1] for one in parts if one is not None) < thresholds.fewest_people:
        status = Status.SMALL_NUMBERS
    elif len(seen) - 1 < thresholds.fewest_periods:
        status = Status.TOO_EARLY
    interval = (_expit(mean - TAIL * spread), _expit(mean + TAIL * spread))
    return Pace(status, _expit(line.base), line.dispersion, _expit(mean), interval, stands, stands, 1 - stands)


@dataclass(frozen=True, slots=True)
class Way:
    """What lies between now and the end: the target, the goal of the last period, and the parts that add up to it."""

    target: float
    goal: float
    periods: int
    due: int
    is_late: bool
    done: tuple[float, float] | None = None
    ahead: tuple[float, ...] = ()

    def total(self, values: Sequence[float]) -> float:
        """The share since the beginning if the periods ahead turn out so; the last value where nothing is added up."""
        if self.done is None:
            return values[-1]
        over = self.done[0] + sum(people * value for people, value in zip(self.ahead, values, strict=True))
        return over / (self.done[1] + sum(self.ahead))


def _parts(numerator: Values, denominator: Values) -> list[tuple[float, float] | None]:
    if len(numerator) != len(denominator) or not numerator:
        raise ValueError("numerators and denominators go together, and begin with the baseline")
    pairs = zip(numerator, denominator, strict=True)
    return [None if over is None or under is None else (float(over), float(under)) for over, under in pairs]


def _way(
    parts: Sequence[tuple[float, float] | None], target: float | None, periods: int | None, plan: Parts | None
) -> Way:
    due, is_late = len(parts) - 1, len(parts) > 1 and parts[-1] is None
    if plan is None:
        if target is None or periods is None or not 0 < periods >= due:
            raise ValueError("a target and the number of periods until it are needed")
        return Way(target, target, periods, due, is_late)
    under = sum(one[1] for one in plan)
    if due > len(plan) or under <= 0:
        raise ValueError("a plan of as many periods, with something to divide by, is needed")
    known = [one for one in parts[1:] if one is not None]
    done = (sum(one[0] for one in known), sum(one[1] for one in known))
    goal = next(one[0] / one[1] for one in reversed(plan) if one[1] > 0)
    ahead = tuple(one[1] for one in plan[due:])
    return Way(sum(one[0] for one in plan) / under, goal, len(plan), due, is_late, done, ahead)


def _outlook(seen: Sequence[Seen], link: Link, way: Way, direction: str, thresholds: Thresholds) -> Pace:
    counted = sum(one.time > 0 for one in seen)
    if way.is_late:
        return Pace(Status.NO_DATA)
    if not seen or (way.done is not None and way.done[1] + sum(way.ahead) <= 0):
        return Pace(Status.TOO_EARLY if way.due < way.periods else Status.NO_DATA)
    asked = (link.there(way.goal) - seen[0].value) / max(way.periods - seen[0].time, 1)
    line = fit(seen, asked / 2, max(abs(asked), SLOWEST))
    times = range(way.due + 1, way.periods + 1) if way.done is not None else [way.periods]
    points = [(mean, sqrt(variance)) for mean, variance in map(line.at, times)]

    def end(deviations: float) -> float:
        return way.total([link.back(mean + deviations * spread) for mean, spread in points])

    base = link.back(line.base)
    bounds = [_bound(base, way.target, part, direction) for part in (1.0, thresholds.near, thresholds.failed_change)]
    p_target, p_95, p_reached = (_chance(end, bound, direction, link, points, way) for bound in bounds)
    status = judge(p_95, 1 - p_reached, thresholds)
    if way.due == way.periods and p_target >= thresholds.achieved:
        status = Status.ACHIEVED
    elif counted < thresholds.fewest_periods and way.due < way.periods:
        status = Status.TOO_EARLY
    return Pace(status, base, line.dispersion, end(0), (end(-TAIL), end(TAIL)), p_target, p_95, 1 - p_reached)


def _bound(base: float, target: float, part: float, direction: str) -> float:
    """The value at which this part of the required change is made; never harder than the target itself."""
    bound = target if part == 1.0 else base + part * (target - base)
    return min(bound, target) if direction == "up" else max(bound, target)


def _chance(
    end: Callable[[float], float], bound: float, direction: str, link: Link, points: Sequence[tuple[float, float]],
    way: Way,
) -> float:  # fmt: skip
    """The probability that the end lies on the right side of the bound: all periods ahead are high or low together."""
    if not any(way.ahead) and way.done is not None:
        return float(end(0) >= bound - SLACK if direction == "up" else end(0) <= bound + SLACK)
    if way.done is None:
        mean, spread = points[-1]
        below = NORMAL.cdf((link.there(bound) - mean) / spread)
    else:
        low, high = -8.0, 8.0
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if end(middle) < bound else (low, middle)
        below = NORMAL.cdf(high)
    return 1 - below if direction == "up" else below


def _expit(value: float) -> float:
    return 1 / (1 + exp(-value)) if value > 0 else exp(value) / (1 + exp(value))
