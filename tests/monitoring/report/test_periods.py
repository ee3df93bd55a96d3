"""Period values, running totals and quotients of what is reported."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.periods import quarters, shift, year_of
from portal.monitoring.report.methods import period_values, quotient, running_total
from portal.monitoring.report.methods.periods import VERSION

TWO_YEARS = quarters("2026Q3", "2027Q4")


def test_a_count_from_the_start_of_the_year_begins_anew_in_january() -> None:
    typed = [10, 25, 7, 7, 20, 26]
    assert period_values(typed, TWO_YEARS, reset_in_january=True) == (10, 15, 7, 0, 13, 6)
    assert running_total(typed, TWO_YEARS, reset_in_january=True) == (10, 25, 32, 32, 45, 51)


def test_a_count_from_the_start_of_the_agreement_runs_on() -> None:
    typed = [Decimal("1.50"), Decimal("2.00"), Decimal("1.75")]
    periods = quarters("2026Q4", "2027Q2")
    assert period_values(typed, periods, reset_in_january=False) == (Decimal("1.50"), Decimal("0.50"), Decimal("-0.25"))
    assert running_total(typed, periods, reset_in_january=False) == tuple(typed)


def test_what_is_not_reported_is_not_zero_and_hides_the_next_difference() -> None:
    typed = [10, None, 7, None, 20, None]
    assert period_values(typed, TWO_YEARS, reset_in_january=True) == (10, None, 7, None, None, None)
    assert running_total(typed, TWO_YEARS, reset_in_january=True) == (10, None, None, None, None, None)
    assert period_values(typed, TWO_YEARS, reset_in_january=False) == (10, None, None, None, None, None)
    assert running_total(typed, TWO_YEARS, reset_in_january=False) == tuple(typed)
    assert running_total([None, 25, 7], TWO_YEARS[:3], reset_in_january=True) == (None, 25, 32)


def test_yearly_periods_each_begin_anew() -> None:
    assert period_values([5, 6], ["2026Q4", "2027Q4"], reset_in_january=True) == (5, 6)
    assert period_values([5, 6], ["2026Q4", "2027Q4"], reset_in_january=False) == (5, 1)


def test_nothing_reported_gives_nothing() -> None:
    assert period_values([], [], reset_in_january=True) == ()
    assert running_total([], [], reset_in_january=True) == ()
    assert VERSION == "period-values/1"


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.booleans()), max_size=14),
    st.integers(0, 3),
    st.booleans(),
)
def test_values_come_back_from_what_is_typed(told: list[tuple[int, bool]], start: int, reset: bool) -> None:
    """The oracle walks the other way: from true values of periods to what an official would type."""
    periods = [shift("2026Q1", start + step) for step in range(len(told))]
    typed: list[int | None] = []
    for place, period in enumerate(periods):
        since = [
            v for (v, _), p in zip(told, periods, strict=True) if p <= period and (not reset or p[:4] == period[:4])
        ]
        typed.append(sum(since) if told[place][1] else None)
    values = period_values(typed, periods, reset_in_january=reset)
    totals = running_total(typed, periods, reset_in_january=reset)
    for place, (value, is_told) in enumerate(told):
        begins = place == 0 or (reset and year_of(periods[place]) > year_of(periods[place - 1]))
        assert values[place] == (value if is_told and (begins or told[place - 1][1]) else None)
        closings = [
            told[before][1]
            for before in range(place)
            if reset and periods[before].endswith("Q4") and year_of(periods[before]) < year_of(periods[place])
        ]
        assert totals[place] == (sum(v for v, _ in told[: place + 1]) if is_told and all(closings) else None)


@pytest.mark.parametrize("periods", [["2026Q1"], ["2026Q2", "2026Q1"], ["2026Q1", "2026Q1"]])
def test_periods_out_of_order_are_refused(periods: list[str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        period_values([1, 2], periods, reset_in_january=False)
    with pytest.raises(ValueError, match=r"."):
        running_total([1, 2], periods, reset_in_january=False)


def test_quotients_are_exact_or_missing() -> None:
    assert quotient(1, 3) == Fraction(1, 3)
    assert quotient(Decimal("0.1"), Decimal("0.3")) == Fraction(1, 3)
    assert quotient(0, 5) == 0
    assert quotient(0, 0) is None
    assert quotient(None, 5) is None
    assert quotient(5, None) is None
    with pytest.raises(TypeError):
        quotient(0.5, 1)  # type: ignore[arg-type]
