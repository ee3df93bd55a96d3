"""A budget fitted to an award: exact, in proportion, in no case negative."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.monitoring.agreement.methods import VERSION, fit

KOPECKS = st.integers(0, 10**9)
AMOUNTS = st.lists(KOPECKS, min_size=1, max_size=9).filter(any)


def roubles(*kopecks: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(one).scaleb(-2) for one in kopecks)


def slowly(amounts: list[int], total: int) -> list[int]:
    """Whole kopecks of each exact share, then one kopeck at a time to whoever lacks most."""
    exact = [Fraction(total * amount, sum(amounts)) for amount in amounts]
    given_out = [share.numerator // share.denominator for share in exact]
    while sum(given_out) < total:
        lacks = [
            (share - have, amount, -line)
            for line, (share, have, amount) in enumerate(zip(exact, given_out, amounts, strict=True))
        ]
        given_out[-max(lacks)[2]] += 1
    return given_out


def test_fitting_by_hand() -> None:
    assert fit(roubles(100, 100, 100), Decimal("1.00")) == roubles(34, 33, 33)
    assert fit(roubles(700, 200, 100), Decimal("5.55")) == roubles(389, 111, 55)
    assert fit(roubles(1000, 0, 1), Decimal("5.00")) == roubles(500, 0, 0)
    assert fit([Decimal(0), Decimal("0.00")], Decimal(0)) == roubles(0, 0)
    assert fit([], Decimal(0)) == ()
    assert [str(line) for line in fit([Decimal(2), Decimal(1)], Decimal(3))] == ["2.00", "1.00"]
    assert VERSION == "largest-remainder/1"


@given(AMOUNTS, KOPECKS)
def test_lines_add_up_stay_in_proportion_and_agree_with_a_slow_way(amounts: list[int], total: int) -> None:
    fitted = fit(roubles(*amounts), Decimal(total).scaleb(-2))
    assert fitted == roubles(*slowly(amounts, total))
    assert sum(fitted) == Decimal(total).scaleb(-2)
    for line, amount in zip(fitted, amounts, strict=True):
        assert line >= 0
        assert line == 0 or amount > 0
        assert abs(Fraction(line) * 100 - Fraction(total * amount, sum(amounts))) < 1
    by_size = sorted(zip(amounts, fitted, strict=True))
    assert all(later[1] >= earlier[1] or later[0] == earlier[0] for earlier, later in pairwise(by_size))


@given(AMOUNTS)
def test_the_same_total_changes_nothing(amounts: list[int]) -> None:
    lines = roubles(*amounts)
    assert fit(lines, sum(lines, Decimal(0))) == lines


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        ([Decimal("-1")], Decimal(1)),
        ([Decimal("1.005")], Decimal(1)),
        ([Decimal("NaN")], Decimal(1)),
        ([Decimal(1)], Decimal("Infinity")),
        ([Decimal(1)], Decimal("-0.01")),
        ([Decimal(0)], Decimal(1)),
        ([], Decimal(1)),
        ([1.5], Decimal(1)),
    ],
)
def test_what_is_no_money_is_refused(amounts: list[Decimal], total: Decimal) -> None:
    with pytest.raises(ValueError, match=r"."):
        fit(amounts, total)
