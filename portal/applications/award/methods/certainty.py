"""How sure the ranking is, `expected-rank/1`: the official formula decides, this advises.

Model: score = mean + theta[application] + nu[reviewer] + e, with theta ~ N(0, tau²), nu ~ N(0, (w/10)²),
e ~ N(0, s1² + s2²), and tau, s1, s2 uniform up to 0.4 w, w being the width of the scale and `mean` that of all scores.
Source: Heyard, Ott, Salanti, Egger, Rethinking the Funding Line at the Swiss National Science Foundation: Bayesian
Ranking and Lottery, Statistics and Public Policy 9(1), 2022 (arXiv 2102.09958).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import erfc, exp, isfinite, pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from portal.applications.award.methods.advice import VERSION
from portal.applications.award.methods.posterior import LENIENCY, Posterior, Readings, posterior
from portal.applications.award.methods.reliability import intraclass_correlation, krippendorff_alpha

HALF: Final = (0.25, 0.75)
MOST: Final = (0.05, 0.95)


class Unrankable(ValueError):
    """The scores cannot be ranked; the message says which one, and why."""


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one reading."""

    application: str
    reviewer: str
    value: float


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one application. Ranks count from 1, the best; intervals are of whole ranks, both ends within.

    `adjusted_mean` is the mean of its scores, each less its reviewer's expected leniency. `gain` is how many marks one
    further reading is expected to win for the choice: Frazier, Powell, Dayanik, The Knowledge-Gradient Policy (2008).
    """

    application: str
    mean: float
    adjusted_mean: float
    expected_rank: float
    rank_50: tuple[int, int]
    rank_90: tuple[int, int]
    p_within: float
    gain: float


@dataclass(frozen=True, slots=True)
class Severity:
    """By how many marks a reviewer scores below the others, as expected, with the interval of 90 %."""

    reviewer: str
    readings: int
    severity: float
    interval_90: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Certainty:
    """The advice on a call, the best application and the severest reviewer first.

    `band` names the applications whose 50 % interval of ranks crosses the line, best first.
    """

    places: int
    seed: int
    standings: tuple[Standing, ...]
    reviewers: tuple[Severity, ...]
    band: tuple[str, ...]
    icc: float | None
    alpha: float | None
    method: str = VERSION


def certainty(scores: Iterable[Score], *, scale: tuple[float, float], places: int, seed: int) -> Certainty:
    """The certainty of the ranking by these scores; neither their order nor anything but `seed` moves it.

    Raises Unrankable for a score outside `scale` or not a number, a reviewer twice on one application, fewer than two
    applications or reviewers, no place, or a scale without width.
    """
    listed = sorted(scores, key=lambda score: (score.application, score.reviewer))
    _check(listed, scale, places)
    applications = sorted({score.application for score in listed})
    reviewers = sorted({score.reviewer for score in listed})
    readings = _readings(listed, applications, reviewers, scale[1] - scale[0])
    known = posterior(readings, seed=seed)
    units: dict[str, list[float]] = {}
    for score in listed:
        units.setdefault(score.application, []).append(score.value)
    standings = _standings(applications, units, readings, known, places)
    return Certainty(
        places=places,
        seed=seed,
        standings=standings,
        reviewers=_severities(reviewers, readings, known),
        band=tuple(one.application for one in standings if one.rank_50[0] <= places < one.rank_50[1]),
        icc=intraclass_correlation(units.values()),
        alpha=krippendorff_alpha(units.values()),
    )


def _check(scores: list[Score], scale: tuple[float, float], places: int) -> None:
    low, high = scale
    if not (isfinite(low) and isfinite(high) and low < high):
        raise Unrankable(f"a scale needs a lower and a higher end: {low:g}:{high:g}")
    if places < 1:
        raise Unrankable(f"there must be a place: {places}")
    for score in scores:
        where = f"application {score.application}, reviewer {score.reviewer}"
        if not isfinite(score.value):
            raise Unrankable(f"{where}: the score is not a number: {score.value}")
        if not low <= score.value <= high:
            raise Unrankable(f"{where}: the score {score.value:g} is outside the scale {low:g}:{high:g}")
    for one, other in pairwise(scores):
        if (one.application, one.reviewer) == (other.application, other.reviewer):
            raise Unrankable(f"application {one.application}: reviewer {one.reviewer} stands twice")
    if len({score.application for score in scores}) < 2:
        raise Unrankable("fewer than two applications have scores")
    if len({score.reviewer for score in scores}) < 2:
        raise Unrankable("fewer than two reviewers gave scores")


def _readings(scores: list[Score], applications: list[str], reviewers: list[str], width: float) -> Readings:
    place = {name: number for number, name in enumerate(applications)}
    seat = {name: number for number, name in enumerate(reviewers)}
    values = np.array([score.value for score in scores], dtype=float)
    return Readings(
        application=np.array([place[score.application] for score in scores]),
        reviewer=np.array([seat[score.reviewer] for score in scores]),
        deviation=values - values.mean(),
        applications=len(applications),
        reviewers=len(reviewers),
        width=float(width),
    )


def _standings(
    applications: list[str], units: dict[str, list[float]], readings: Readings, known: Posterior, places: int
) -> tuple[Standing, ...]:
    times = np.bincount(readings.application)
    lenient = np.bincount(readings.application, known.leniency[readings.reviewer]) / times
    means = [sum(units[name]) / len(units[name]) for name in applications]
    expected = known.ranks.mean(axis=0)
    within = (known.ranks <= places).mean(axis=0)
    half, most = _intervals(known.ranks, HALF), _intervals(known.ranks, MOST)
    gains = _gains(known, places, readings.width)
    found = [
        Standing(
            application=name,
            mean=means[at],
            adjusted_mean=means[at] - float(lenient[at]),
            expected_rank=float(expected[at]),
            rank_50=half[at],
            rank_90=most[at],
            p_within=float(within[at]),
            gain=gains[at],
        )
        for at, name in enumerate(applications)
    ]
    return tuple(sorted(found, key=lambda one: (one.expected_rank, one.application)))


def _intervals(ranks: NDArray[np.uint16], ends: tuple[float, float]) -> list[tuple[int, int]]:
    low, high = np.quantile(ranks, ends, axis=0, method="inverted_cdf")
    return [(int(one), int(other)) for one, other in zip(low, high, strict=True)]


def _gains(known: Posterior, places: int, width: float) -> list[float]:
    """The expected gain of one further reading of each application, by how near its quality lies to the line."""
    best = np.sort(known.quality)[::-1]
    if places >= len(best):
        return [0.0] * len(best)
    line = (best[places - 1] + best[places]) / 2
    variance = known.spread**2
    moved = variance / np.sqrt(variance + known.noise + (LENIENCY * width) ** 2)
    return [float(step * _overshoot(abs(own - line) / step)) for own, step in zip(known.quality, moved, strict=True)]


def _overshoot(distance: float) -> float:
    """The expected excess of a standard normal deviate over `distance`."""
    return exp(-(distance**2) / 2) / sqrt(2 * pi) - distance * erfc(distance / sqrt(2)) / 2


def _severities(reviewers: list[str], readings: Readings, known: Posterior) -> tuple[Severity, ...]:
    loads = np.bincount(readings.reviewer)
    low, high = np.quantile(-known.leniencies, MOST, axis=0)
    found = [
        Severity(name, int(loads[at]), -float(known.leniency[at]), (float(low[at]), float(high[at])))
        for at, name in enumerate(reviewers)
    ]
    return tuple(sorted(found, key=lambda one: (-one.severity, one.reviewer)))
