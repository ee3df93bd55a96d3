"""How the rule of `pace-bayes/1` errs: worlds that fit it and worlds that do not, drawn from a seed.

A region of eight quarters is drawn that is exactly on plan, at half pace, without change, or at a pace drawn from what
the rule supposes before it knows anything (`supposed`: for this population the interval should cover 80 %). It is
judged after three, four and six quarters by what would have been reported then. Told are the shares of each status, and
in how many cases the end, as it will be reported, lies inside the 80 % interval. The worlds: `fits`; `spike` (half of a
year's results come in its fourth quarter, and the plan does not know it); `revision` (of the last two quarters 90 % and
70 % are known at the time); `amended` (after the fifth quarter the plan ahead is cut, and the region follows it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any, Final

import numpy as np

from portal.monitoring.report.methods.pace import PRIOR_PERIODS, VERSION, Pace, Status, counts
from portal.monitoring.report.methods.trend import shares

WORLDS: Final = ("fits", "spike", "revision", "amended")
KINDS: Final = ("count", "share", "share_to_date")
PACES: Final = {"on_plan": 1.0, "half_pace": 0.5, "no_change": 0.0, "supposed": None}
AFTER: Final = (3, 4, 6)
PERIODS: Final = 8
REGIONS: Final = 1000
SEED: Final = 20270101
SEASON: Final = (0.7, 0.9, 1.0, 1.4)
SPIKE: Final = (0.5, 0.6, 0.9, 2.0)
KNOWN: Final = (0.9, 0.7)
AMENDED_AFTER: Final = 5
CUT: Final = 0.7
BASE: Final = 0.3
GOAL: Final = 0.6
LOWERED: Final = 0.51


@dataclass(frozen=True, slots=True)
class Told:
    """A drawn region: how it is judged from what is known, and what comes of it in the end."""

    pace: Pace
    end: float


def simulate(*, regions: int = REGIONS, seed: int = SEED) -> dict[str, Any]:
    """The errors of the rule in every world, as the page on method shows them; the same seed gives the same.

    `cells` holds for each world, kind, number of quarters and true pace the shares of the statuses (sum 1) and
    `covered`, the share of regions whose end lies inside the interval; `coverage` is its mean by world and kind over
    the regions that move.
    """
    cells = [
        cell(world, kind, after, name, regions=regions, seed=seed)
        for world in WORLDS
        for kind in KINDS
        for after in AFTER
        for name in PACES
    ]
    coverage = {world: {kind: _coverage(cells, world, kind) for kind in KINDS} for world in WORLDS}
    told = {"method": VERSION, "seed": seed, "regions": regions, "periods": PERIODS}
    return {**told, "coverage": coverage, "cells": cells}


def _coverage(cells: Sequence[dict[str, Any]], world: str, kind: str) -> float:
    told = [
        one["covered"] for one in cells if (one["world"], one["kind"]) == (world, kind) and one["pace"] != "no_change"
    ]
    return round(float(sum(told)) / len(told), 3)


def cell(world: str, kind: str, after: int, name: str, *, regions: int, seed: int) -> dict[str, Any]:
    """One row of the result: regions of one world, kind and pace, judged after so many quarters."""
    place = (WORLDS.index(world), KINDS.index(kind), after, list(PACES).index(name))
    random = np.random.default_rng([seed, *place])
    drawn: Callable[..., Told] = _count if kind == "count" else _share
    told = [drawn(random, world, after, PACES[name], kind == "share_to_date") for _ in range(regions)]
    statuses = [one.pace.status for one in told]
    spans = [(*one.pace.interval_80, one.end) for one in told if one.pace.interval_80]
    covered = sum(low - 1e-9 <= end <= high + 1e-9 for low, high, end in spans) / len(spans)
    found = {str(status): round(statuses.count(status) / regions, 4) for status in Status if status in statuses}
    return {"world": world, "kind": kind, "after": after, "pace": name, "statuses": found, "covered": round(covered, 4)}


def _count(random: np.random.Generator, world: str, after: int, pace: float | None, _: bool) -> Told:
    """A count of 8 to 60 a quarter whose variance is once to twice the least that the rule supposes.

    In a world of spikes the plan is flat: it does not know the season.
    """
    mean = exp(random.uniform(log(8), log(60)))
    plan = [round(mean * (1.0 if world == "spike" else SEASON[t % 4])) for t in range(PERIODS)]
    amended = [round(one * CUT) if world == "amended" and t >= AMENDED_AFTER else one for t, one in enumerate(plan)]
    shape = SPIKE if world == "spike" else (1.0,) * 4
    dispersion = random.uniform(1, 2) * (1 + mean / 10)
    if pace is None:
        shape_of_prior = PRIOR_PERIODS * mean / dispersion
        pace = random.gamma(shape_of_prior, 1 / shape_of_prior)
    truth = [_overdispersed(random, pace * one * shape[t % 4], dispersion - 1) for t, one in enumerate(amended)]
    known = _known(truth[:after], world)
    return Told(counts(amended if after >= AMENDED_AFTER else plan, known), float(sum(truth)))


def _overdispersed(random: np.random.Generator, mean: float, extra: float) -> int:
    """A count of this mean whose variance is 1 + extra times the mean."""
    return int(random.poisson(random.gamma(mean / extra, extra))) if mean else 0


def _known(truth: Sequence[int], world: str) -> list[float]:
    late = (1.0,) * (len(truth) - 2) + KNOWN if world == "revision" else (1.0,) * len(truth)
    return [float(round(value * part)) for value, part in zip(truth, late, strict=True)]


def _share(random: np.random.Generator, world: str, after: int, pace: float | None, to_date: bool) -> Told:
    """A share of 40 to 200 people a quarter that goes from 30 % to 60 % along a logistic line."""
    people = int(random.integers(40, 201))
    if pace is None:
        pace = random.normal(0.5, 1.0)
    goals = [GOAL, LOWERED if world == "amended" and after >= AMENDED_AFTER else GOAL]
    plan = [(people * _path(t, goals[t > AMENDED_AFTER], 1.0), float(people)) for t in range(1, PERIODS + 1)]
    final = LOWERED if world == "amended" else GOAL
    line = [_path(_moved(t, world), final if t > AMENDED_AFTER else GOAL, pace) for t in range(PERIODS + 1)]
    truth = [int(random.binomial(people, share)) for share in line]
    over = [float(truth[0]), *_known(truth[1 : after + 1], world)]
    under = [float(people)] * len(over)
    if to_date:
        return Told(shares(over, under, plan=plan), sum(truth[1:]) / (people * PERIODS))
    return Told(shares(over, under, target=goals[1], periods=PERIODS), truth[-1] / people)


def _path(time: float, goal: float, pace: float) -> float:
    """The share at this time of a region that makes this part of the way to the goal."""
    rise = (log(goal / (1 - goal)) - log(BASE / (1 - BASE))) * time / PERIODS
    return 1 / (1 + exp(-(log(BASE / (1 - BASE)) + pace * rise)))


def _moved(time: int, world: str) -> float:
    """Where on its line a region is: in a world of spikes most of a year's way is made in its last quarter."""
    if world != "spike":
        return time
    year, quarter = divmod(time, 4)
    return 4 * year + sum(SPIKE[:quarter])
