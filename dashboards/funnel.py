"""Regions against what chance alone would do: funnel limits instead of a league table. Rows in, a drawing out; pure.

A share is compared with the share of all regions together by Wilson's interval at the region's own denominator. A
count is compared, as a part of its plan, with the part that all regions have done together, by Byar's approximation to
the Poisson limits at the count to be expected. By chance one region of twenty falls outside 95 %, one of 500 outside
99.8 %.
Sources: Wilson, JASA 22 (1927); Breslow and Day, Statistical Methods in Cancer Research II (1987), for Byar;
Spiegelhalter, Statistics in Medicine 24 (2005), for funnels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Final

from portal.monitoring.published import Indicator, Series

USUAL: Final = 1.959964
RARE: Final = 3.090232
FEWEST: Final = 3
Limits = Callable[[float, float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Point:
    """A region: `size` is its denominator or what its plan lets expect, `level` its share or its part of the plan."""

    region: str
    size: float
    level: float
    side: int
    """0 within the limits of 95 %, 1 above and -1 below them."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """The points, the level of all together, and the limits at a size for a number of standard deviations."""

    points: tuple[Point, ...]
    centre: float
    is_share: bool

    def limits(self, size: float, z: float) -> tuple[float, float]:
        """The lowest and the highest level that chance explains at this size."""
        return (wilson if self.is_share else byar)(self.centre, size, z)


def funnel(rows: Iterable[Series], indicator: Indicator) -> Funnel | None:
    """The funnel of one indicator; None for means and money, and where fewer than three regions can be compared."""
    pairs: list[tuple[str, float, float]] = []
    for one in rows:
        plan = next((point.plan for point in one.points if point.actual == one.latest), None)
        if one.latest.numerator is None:
            continue
        if indicator.kind == "share" and one.latest.denominator:
            pairs.append((one.region_code, float(one.latest.numerator), float(one.latest.denominator)))
        elif indicator.kind == "count" and plan is not None and plan.value:
            pairs.append((one.region_code, float(one.latest.numerator), float(plan.value)))
    expected = sum(size for _, _, size in pairs)
    centre = sum(done for _, done, _ in pairs) / expected if expected else 0.0
    if len(pairs) < FEWEST or centre <= 0 or (indicator.kind == "share" and centre >= 1):
        return None
    bare = Funnel((), centre, indicator.kind == "share")
    return Funnel(tuple(_placed(bare, *pair) for pair in pairs), centre, bare.is_share)


def _placed(bare: Funnel, region: str, done: float, size: float) -> Point:
    low, high = bare.limits(size, USUAL)
    level = done / size
    return Point(region, size, level, (level > high) - (level < low))


def wilson(share: float, size: float, z: float) -> tuple[float, float]:
    """Wilson's score interval of a share of `size` people."""
    if size <= 0:
        return 0.0, 1.0
    middle, spread = share + z * z / (2 * size), z * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max((middle - spread) / (1 + z * z / size), 0.0), min((middle + spread) / (1 + z * z / size), 1.0)


def byar(part: float, size: float, z: float) -> tuple[float, float]:
    """Byar's limits of a count as a part of its plan of `size`, where `part` of the plan is to be expected."""
    due = part * size
    if due <= 0:
        return 0.0, inf
    low = due * max(1 - 1 / (9 * due) - z / (3 * sqrt(due)), 0.0) ** 3
    high = (due + 1) * (1 - 1 / (9 * (due + 1)) + z / (3 * sqrt(due + 1))) ** 3
    return low / size, high / size


def outside(found: Funnel) -> Sequence[Point]:
    """The regions that chance alone does not explain, the farthest from all first."""
    return sorted((one for one in found.points if one.side), key=lambda one: -abs(one.level - found.centre))
