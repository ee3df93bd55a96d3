"""Quarters: order, borders, neighbours."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.periods import (
    first_day,
    is_quarter,
    last_day,
    next_quarter,
    number_of,
    previous_quarter,
    quarter_of,
    quarters,
    shift,
    year_of,
)

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def test_quarters_by_hand() -> None:
    assert quarters("2026Q3", "2027Q2") == ["2026Q3", "2026Q4", "2027Q1", "2027Q2"]
    assert quarters("2027Q1", "2026Q4") == []
    assert next_quarter("2026Q4") == "2027Q1"
    assert previous_quarter("2027Q1") == "2026Q4"
    assert (year_of("2027Q1"), number_of("2027Q1")) == (2027, 1)
    assert (first_day("2028Q1"), last_day("2028Q1")) == (date(2028, 1, 1), date(2028, 3, 31))
    assert last_day("2026Q4") == date(2026, 12, 31)


@given(DAYS)
def test_every_day_is_within_its_quarter(day: date) -> None:
    quarter = quarter_of(day)
    assert is_quarter(quarter)
    assert first_day(quarter) <= day <= last_day(quarter)
    assert quarter_of(last_day(quarter) + timedelta(days=1)) == next_quarter(quarter)


@given(DAYS, DAYS, st.integers(-40, 40))
def test_the_text_sorts_as_the_time_runs(one: date, other: date, steps: int) -> None:
    assert (quarter_of(one) < quarter_of(other)) == (first_day(quarter_of(one)) < first_day(quarter_of(other)))
    moved = shift(quarter_of(one), steps)
    assert shift(moved, -steps) == quarter_of(one)
    if steps >= 0:
        assert len(quarters(quarter_of(one), moved)) == steps + 1


@pytest.mark.parametrize(
    "text", ["2026Q5", "2026Q0", "26Q1", "2026-Q1", "2026Q1 ", "２０２６Q1", "", "2026q1", "2026Q1\n"]
)
def test_other_texts_are_no_quarters(text: str) -> None:
    assert not is_quarter(text)
    with pytest.raises(ValueError, match="not a quarter"):
        first_day(text)
