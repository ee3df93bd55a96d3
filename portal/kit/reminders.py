"""When somebody is reminded of a deadline: once for each step of the way to it, in words that say how much is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.kit.i18n import Text, say

WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)
LEFT: dict[timedelta, Text] = {
    WEEK: say("less than a week is left"),
    DAY: say("less than a day is left"),
    HOUR: say("less than an hour is left"),
}


def reached(now: datetime, deadline: datetime, steps: Sequence[timedelta]) -> timedelta | None:
    """The nearest of the steps before the deadline that has come; None before the first and when it is too late."""
    left = deadline - now
    return min((step for step in steps if left <= step), default=None) if left > timedelta(0) else None


def key(what: str, deadline: datetime, step: timedelta) -> str:
    """What one reminder is written once for: a deadline that moves is another one."""
    return f"{what} {deadline:%Y-%m-%dT%H:%M%z} {step // HOUR}h"
