"""An item of what waits: its words, its group by when it is due, and how its time is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from portal.kit.bilingual import Bilingual
from portal.kit.i18n import MOSCOW, Text, Written, clock_time, day, moment, say, say_many

Row = TypeVar("Row")

# More things of one kind than this become one item about all of them.
FEW = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: status (icon and word), title, sentence, the page for it, and by when or since when."""

    kind: str
    word: Text
    title: Text | Bilingual
    text: Text
    action: Text
    page: str
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    due: datetime | None = None
    since: datetime | None = None


def grouped(items: Sequence[Item], now: datetime, zone: tzinfo = MOSCOW) -> list[tuple[Text, list[Item]]]:
    """The items by when they are due: today, in Moscow or in her `zone`, or late; within seven days; later; undated."""
    tonight = max(
        datetime.combine(now.astimezone(here).date() + timedelta(days=1), time(), here) for here in (MOSCOW, zone)
    )
    groups: dict[Text, list[Item]] = {
        name: [] for name in (say("Today"), say("Within a week"), say("Later"), say("Without a date"))
    }
    today, week, later, undated = groups
    for item in items:
        if item.due is None:
            groups[undated].append(item)
        else:
            groups[today if item.due <= tonight else week if item.due <= now + WEEK else later].append(item)
    return [(name, group) for name, group in groups.items() if group]


def when(item: Item, now: datetime) -> Text | None:
    """By when it must be done, how late it is, or since when it waits; midnight is told as the day before it, whole."""
    if item.due is None:
        return say("waits since %(when)s", when=Written(moment, item.since)) if item.since else None
    if item.due <= now:
        days = (now - item.due).days
        return say_many("late by %(num)s day", "late by %(num)s days", days) if days else say("late since today")
    local = item.due.astimezone(MOSCOW)
    if local.time() == time():
        return say("until %(when)s inclusive", when=Written(day, local.date() - timedelta(days=1)))
    if local.date() == now.astimezone(MOSCOW).date():
        return say("today until %(when)s (Moscow time)", when=Written(clock_time, item.due))
    return say("until %(when)s (Moscow time)", when=Written(moment, item.due))


def end_of(last: date | None) -> datetime | None:
    """The first instant after a day in Moscow."""
    return datetime.combine(last + timedelta(days=1), time(), MOSCOW) if last else None


def each_or_all(rows: Sequence[Row], one: Callable[[Row], Item], together: Item) -> Iterator[Item]:
    """An item for each of a few rows, `together` for many, nothing for none."""
    if len(rows) > FEW:
        yield together
    else:
        yield from map(one, rows)
