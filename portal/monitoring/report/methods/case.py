"""A case of `portal pace`: one indicator as a small JSON object, so that anyone can check a published status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from math import isfinite
from typing import Any, Final

from portal.applications.call.methods import DEFAULT, Thresholds
from portal.monitoring.report.methods.pace import Pace, counts, milestone
from portal.monitoring.report.methods.trend import keep, levels, shares

KINDS: Final = ("count", "share", "ratio", "mean", "keep", "milestone", "context")
MOST: Final = 200


def pace_of(case: Mapping[str, Any]) -> Pace:
    """The status and forecast of the case; without a status for context and indicators of no direction.

    ValueError says which field is wrong. Kinds: count (plan, actual); share, ratio and mean (numerator, denominator
    with the baseline first; target and periods, or plan_numerator and plan_denominator); keep (numerator, denominator,
    floor); milestone (due, today, done, expected). `thresholds` names those that a call has set for itself.
    """
    kind, direction = case.get("kind"), case.get("direction", "up")
    if kind not in KINDS:
        raise ValueError(f"kind: one of {', '.join(KINDS)}")
    if direction not in ("up", "down", "neutral"):
        raise ValueError("direction: up, down or neutral")
    if kind == "milestone":
        days = {name: _day(case, name) for name in ("due", "today", "done", "expected")}
        if days["due"] is None or days["today"] is None:
            raise ValueError("due, today: two days are needed")
        return milestone(days["due"], days["today"], done=days["done"], expected=days["expected"])
    if kind == "context" or direction == "neutral":
        return Pace(None)
    at = _thresholds(case)
    if kind == "count":
        plan, actual = _numbers(case, "plan"), _numbers(case, "actual", may_be_missing=True)
        return counts([value or 0.0 for value in plan], actual, direction=direction, thresholds=at)
    return _quotient(case, kind, direction, at)


def _quotient(case: Mapping[str, Any], kind: str, direction: str, at: Thresholds) -> Pace:
    over = _numbers(case, "numerator", may_be_missing=True)
    under = _numbers(case, "denominator", may_be_missing=True)
    if kind in ("share", "keep") and any(
        a is not None and b is not None and a > b for a, b in zip(over, under, strict=False)
    ):
        raise ValueError("numerator: more than the whole")
    if kind == "keep":
        return keep(over, under, floor=_number(case, "floor"), direction=direction, thresholds=at)
    method = shares if kind == "share" else levels
    if "plan_numerator" in case:
        parts = zip(_numbers(case, "plan_numerator"), _numbers(case, "plan_denominator"), strict=True)
        plan = [(a or 0.0, b or 0.0) for a, b in parts]
        return method(over, under, plan=plan, direction=direction, thresholds=at)
    target, periods = _number(case, "target"), _number(case, "periods")
    if periods != int(periods):
        raise ValueError("periods: a whole number")
    if kind == "share" and not 0 <= target <= 1:
        raise ValueError("target: a share from 0 to 1")
    return method(over, under, target=target, periods=int(periods), direction=direction, thresholds=at)


def _thresholds(case: Mapping[str, Any]) -> Thresholds:
    told, known = case.get("thresholds", {}), [one.name for one in fields(Thresholds)]
    if not isinstance(told, Mapping) or not set(told) <= set(known):
        raise ValueError(f"thresholds: any of {', '.join(known)}")
    own: dict[str, Any] = {name: _number(told, name) for name in told}
    return replace(DEFAULT, **own)


def _number(case: Mapping[str, Any], name: str) -> float:
    value = case.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{name}: a number is needed")
    return float(value)


def _numbers(case: Mapping[str, Any], name: str, *, may_be_missing: bool = False) -> list[float | None]:
    values = case.get(name)
    if not isinstance(values, Sequence) or isinstance(values, str) or len(values) > MOST:
        raise ValueError(f"{name}: a list of at most {MOST} numbers is needed")
    found = [None if one is None and may_be_missing else _number({name: one}, name) for one in values]
    if any(one is not None and one < 0 for one in found):
        raise ValueError(f"{name}: no number is below zero")
    return found


def _day(case: Mapping[str, Any], name: str) -> date | None:
    value = case.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: a day like 2027-06-30 is needed") from None
