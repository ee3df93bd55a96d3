"""What winners reported, quarter by quarter: composed from what each promised and how its story went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from portal.demo.content import programmes
from portal.demo.marking import winners
from portal.demo.texts import between, pick, read

FALLS = frozenset({"SC-11"})
"""Indicators that ought to be low."""
AS_OF_DATE = frozenset({"ME-02", "AC-01", "IC-01"})
"""Indicators of a day, not of everything since the start: these may fall."""
NEAR = Fraction(1, 10)
Value = Any
"""A count, or a share as [numerator, denominator]."""


@cache
def reports() -> tuple[dict[str, Any], ...]:
    """Every report that was written, in the order of winners and quarters."""
    return tuple(one for region in winners() for one in _of_region(region))


def story(region: str) -> Mapping[str, Any]:
    """How it went: `pace` by quarter (1 is on plan), and what is special about it."""
    told = read("reports")["stories"].get(region, {})
    return told if "pace" in told or told.get("silent") else {**told, "pace": _usual(region)}


def _usual(region: str) -> list[float]:
    """A region that nothing is scripted for: near its plan, a little better or worse, wandering."""
    level, drift = between(0.95, 1.08, region, "level"), between(-0.01, 0.012, region, "drift")
    count = read("call")["time"]["reported_quarters"]
    return [level + drift * step + between(-0.015, 0.015, region, step) for step in range(count)]


def _of_region(region: str) -> Iterator[dict[str, Any]]:
    told = story(region)
    if told.get("silent"):
        return
    before: dict[str, Value] = {}
    for quarter, pace in enumerate(told["pace"]):
        values = {
            one["code"]: _value(one, quarter, pace * told.get("times", {}).get(one["code"], 1.0), region, before)
            for one in plan(region)
        }
        values |= told.get("exactly", {}).get(str(quarter), {})
        submitted = 5 + int(between(0, 6, region, quarter, "day"))
        yield {
            "region": region,
            "quarter": quarter,
            "submitted_days": submitted,
            "accepted_days": submitted + 3,
            "values": values,
            "explanations": _explanations(region, quarter, values),
            **told.get("deeds", {}).get(str(quarter), {}),
        }
        before = values


def amended(region: str) -> dict[str, dict[int, int]]:
    """The plan of the quarters that an amendment changes, by code and quarter: even steps to the lower target."""
    told = story(region).get("amendment")
    if not told:
        return {}
    last = told["after_quarter"]
    plans = {one["code"]: one["plan"] for one in plan(region)}
    return {
        code: {
            quarter: round(plans[code][last] + (target - plans[code][last]) * (quarter - last) / (7 - last))
            for quarter in range(last + 1, 8)
        }
        for code, target in told["targets"].items()
    }


def plan(region: str) -> Sequence[Mapping[str, Any]]:
    """The promised indicators of the region's programme."""
    promised: Sequence[Mapping[str, Any]] = programmes("decided")[region]["indicators"]
    return promised


def _value(one: Mapping[str, Any], quarter: int, pace: float, region: str, before: Mapping[str, Value]) -> Value:
    planned, code = one["plan"][quarter], one["code"]
    own = pace * between(0.985, 1.015, region, code, quarter)
    if not isinstance(planned, list):
        count = round(planned * own)
        return count if code in AS_OF_DATE else max(count, before.get(code, 0))
    lift = between(0.9, 1.2, region, "lift") if code == "SS-01" else 1.0
    return _share(planned, own, code, before.get(code, [0, 0]), lift)


def _share(planned: list[int], own: float, code: str, before: list[int], lift: float) -> list[int]:
    """Both parts move with the work; the part itself half as much as the whole, so that shares wander little."""
    if code == "IC-01":
        return [min(planned[1], max(before[0], round(planned[0] * own))), planned[1]]
    quality = 1 / own**0.5 if code in FALLS else own**0.5
    below = max(1, round(planned[1] * min(own, 1.08)))
    share = planned[0] / planned[1] * quality * lift if planned[1] else 0
    above = min(below, round(below * share))
    if code in AS_OF_DATE:
        return [above, below]
    below = max(below, before[1])
    return [min(below, max(above, before[0])), below]


def _explanations(region: str, quarter: int, values: Mapping[str, Value]) -> dict[str, str]:
    """A sentence wherever a value is clearly worse than planned: the portal asks for one."""
    found = {}
    for one in plan(region):
        code = one["code"]
        agreed = amended(region).get(code, {}).get(quarter, one["plan"][quarter])
        now, planned = _quotient(values[code]), _quotient(agreed)
        if code in FALLS and now > planned * (1 + NEAR):
            found[code] = pick(read("banks/words")["why"]["high"], region, quarter, code)
        elif code not in FALLS and now < planned * (1 - NEAR):
            found[code] = pick(read("banks/words")["why"]["late"], region, quarter, code)
    return found


def _quotient(value: Value) -> Fraction:
    if isinstance(value, list):
        return Fraction(value[0], value[1]) if value[1] else Fraction(0)
    return Fraction(value)
