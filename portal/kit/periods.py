"""Quarters, written `2026Q1`: the text sorts as the time runs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeAlias

Quarter: TypeAlias = str

_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")


def is_quarter(text: str) -> bool:
    """True of `2026Q1` and the like, and of nothing else."""
    return _QUARTER.fullmatch(text) is not None and not text.startswith("0000")


def quarter_of(day: date) -> Quarter:
    """The quarter that the day is in; of an instant, the quarter of its own calendar date."""
    return f"{day.year:04}Q{(day.month + 2) // 3}"


def year_of(quarter: Quarter) -> int:
    """The calendar year. ValueError where the text is not a quarter."""
    return _parts(quarter)[0]


def number_of(quarter: Quarter) -> int:
    """1, 2, 3 or 4. ValueError where the text is not a quarter."""
    return _parts(quarter)[1]


def next_quarter(quarter: Quarter) -> Quarter:
    """The quarter after it."""
    return shift(quarter, 1)


def previous_quarter(quarter: Quarter) -> Quarter:
    """The quarter before it."""
    return shift(quarter, -1)


def shift(quarter: Quarter, steps: int) -> Quarter:
    """The quarter `steps` later, or earlier where negative."""
    year, number = _parts(quarter)
    year, place = divmod(year * 4 + number - 1 + steps, 4)
    return f"{year:04}Q{place + 1}"


def quarters(first: Quarter, last: Quarter) -> list[Quarter]:
    """Every quarter from `first` to `last`, both included, in order; none where `last` is earlier."""
    return list(_between(first, last))


@lru_cache
def _between(first: Quarter, last: Quarter) -> tuple[Quarter, ...]:
    start, end = _ordinal(first), _ordinal(last)
    return tuple(shift(first, steps) for steps in range(end - start + 1))


def first_day(quarter: Quarter) -> date:
    """The first calendar day of the quarter."""
    year, number = _parts(quarter)
    return date(year, number * 3 - 2, 1)


def last_day(quarter: Quarter) -> date:
    """The last calendar day of the quarter."""
    return first_day(next_quarter(quarter)) - timedelta(days=1)


def _ordinal(quarter: Quarter) -> int:
    year, number = _parts(quarter)
    return year * 4 + number


def _parts(quarter: Quarter) -> tuple[int, int]:
    if not is_quarter(quarter):
        raise ValueError(f"not a quarter: {quarter!r}")
    return int(quarter[:4]), int(quarter[5])
