"""When things happen in the demonstration: days counted from the day it is made, or from the first quarter reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.kit.i18n import MOSCOW
from portal.kit.periods import first_day, last_day, previous_quarter, quarter_of, shift, year_of

# Labour Code of the Russian Federation, article 112, as (month, day).
HOLIDAYS = frozenset({*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)})


def moscow(day: date, at: str) -> datetime:
    """The instant of `15:20` Moscow time on that day."""
    return datetime.combine(day, time.fromisoformat(at), MOSCOW)


def not_weekend(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def friday_or_before(day: date) -> date:
    """The day itself, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def working(day: date) -> date:
    """The day itself, or the first one after it that is neither a weekend nor a public holiday."""
    while day.weekday() > 4 or (day.month, day.day) in HOLIDAYS:
        day += timedelta(days=1)
    return day


def at_desk(instant: datetime, zone: str) -> datetime:
    """A moment of the zone's working time for any moment: nights become hours of that day, weekends Friday's evening.

    What came earlier stays earlier.
    """
    local = instant.astimezone(ZoneInfo(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if local.weekday() < 5:
        return midnight + timedelta(hours=10) + (local - midnight) / 3
    saturday = midnight - timedelta(days=local.weekday() - 5)
    return saturday - timedelta(hours=6) + (local - saturday) / 60


@dataclass(frozen=True, slots=True)
class CallDays:
    """The instants of one call by name, and the quarters of its programmes."""

    instants: Mapping[str, datetime]
    first_period: str
    last_period: str

    def __getitem__(self, name: str) -> datetime:
        return self.instants[name]

    @property
    def year(self) -> int:
        """The year in which the programmes begin, after which the call is named."""
        return year_of(self.first_period)

    @property
    def closing_day(self) -> date:
        """The day on which the call closes."""
        return self.instants["closes"].date()

    def period(self, place: int) -> str:
        """The quarter at `place`, 0 for the programmes' first."""
        return shift(self.first_period, place)

    def after_quarter(self, place: int, days: int, at: str) -> datetime:
        """So many days after the last day of the quarter at `place`, on the Friday before if that is a weekend."""
        return moscow(friday_or_before(last_day(self.period(place)) + timedelta(days=days)), at)


def last_reported(today: date, settled_days: int) -> str:
    """The last quarter that ended at least so many days ago."""
    quarter = previous_quarter(quarter_of(today))
    while today < last_day(quarter) + timedelta(days=settled_days):
        quarter = previous_quarter(quarter)
    return quarter


def decided(content: Mapping[str, Any], today: date) -> CallDays:
    """The call that has been decided: its days are counted from the first day of its programmes."""
    counting, call = content["time"], content["decided"]
    anchor = last_reported(today, counting["settled_days"])
    first = shift(anchor, call["first_quarter_offset"])
    begins = first_day(first)
    times = call["times"]
    instants = {
        name: moscow(not_weekend(begins + timedelta(days=days)), times.get(name, "18:00"))
        for name, days in call["days"].items()
    }
    return CallDays(instants, first, shift(first, content["time"]["programme_quarters"] - 1))


def running(content: Mapping[str, Any], now: datetime, key: str = "open") -> CallDays:
    """The call that is open, or being read, when the demonstration is made: its days count from that day.

    A call with `closes_in_minutes` closes so many whole minutes after that moment.
    """
    call, today = content[key], now.astimezone(MOSCOW).date()
    first = shift(quarter_of(today), call["first_quarter_offset"])
    instants = {
        name: moscow(
            (working if days > 0 else friday_or_before)(today + timedelta(days=days)),
            call["times"][name],
        )
        for name, days in call["days"].items()
    }
    if "closes_in_minutes" in call:
        minute = now.astimezone(MOSCOW).replace(second=0, microsecond=0)
        instants["closes"] = minute + timedelta(minutes=call["closes_in_minutes"] + 1)
    return CallDays(instants, first, shift(first, content["time"]["programme_quarters"] - 1))
