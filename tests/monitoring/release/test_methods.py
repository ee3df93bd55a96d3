"""Primary suppression: which cells are hidden, and that a hidden cell holds no number."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.monitoring.published import CellState
from portal.monitoring.release.methods import THRESHOLD, VERSION, Protection, Showing, Shown, suppress

PROTECTED, ZEROS, OPEN = Protection(True), Protection(True, protect_zero=True), Protection(False, protect_zero=True)
HIDDEN = Shown(Showing.HIDDEN)
SIZES = st.integers(0, 12)


@pytest.mark.parametrize(
    ("count", "protection", "hidden"),
    [
        (0, PROTECTED, False), (1, PROTECTED, True), (4, PROTECTED, True), (5, PROTECTED, False),
        (0, ZEROS, True), (5, ZEROS, False), (0, OPEN, False), (1, OPEN, False),
        (-2, PROTECTED, True), (-5, PROTECTED, False), (9, Protection(True, threshold=10), True),
        (1, Protection(True, threshold=1), False),
    ],
)  # fmt: skip
def test_counts(count: int, protection: Protection, hidden: bool) -> None:
    assert suppress("count", count, protection=protection) == (
        HIDDEN if hidden else Shown(Showing.SHOWN, count, None, Fraction(count))
    )


@pytest.mark.parametrize(
    ("over", "under", "protection", "hidden"),
    [
        (20, 40, PROTECTED, False), (3, 40, PROTECTED, True), (37, 40, PROTECTED, True), (0, 40, PROTECTED, False),
        (40, 40, PROTECTED, False), (0, 3, PROTECTED, True), (3, 3, PROTECTED, True), (0, 40, ZEROS, True),
        (40, 40, ZEROS, True), (3, 4, OPEN, False), (35, 40, PROTECTED, False),
    ],
)  # fmt: skip
def test_shares(over: int, under: int, protection: Protection, hidden: bool) -> None:
    assert suppress("share", over, under, protection=protection) == (
        HIDDEN if hidden else Shown(Showing.SHOWN, over, under, Fraction(over, under))
    )


def test_money_is_hidden_unless_enough_stand_behind_it() -> None:
    sums = Decimal("1000.50"), Decimal("4002.00")
    assert suppress("ratio", *sums, protection=PROTECTED) == HIDDEN
    assert suppress("ratio", *sums, protection=PROTECTED, contributors=4) == HIDDEN
    shown = Shown(Showing.SHOWN, *sums, Fraction(1, 4))
    assert suppress("ratio", *sums, protection=PROTECTED, contributors=5) == shown
    assert suppress("ratio", *sums, protection=OPEN) == shown


def test_means_are_hidden_over_few() -> None:
    assert suppress("mean", 90, 30, protection=PROTECTED).value == 3
    assert suppress("mean", 90, 4, protection=PROTECTED) == HIDDEN
    assert suppress("mean", 2, 30, protection=PROTECTED) == HIDDEN
    assert suppress("mean", 90, 30, protection=PROTECTED, contributors=3) == HIDDEN
    assert suppress("mean", 90, 4, protection=OPEN).value == Fraction(45, 2)


def test_missing_is_not_hidden_and_carries_nothing() -> None:
    missing = Shown(Showing.NOT_REPORTED)
    assert suppress("count", None, protection=PROTECTED) == missing
    assert suppress("share", 2, None, protection=PROTECTED) == missing
    assert suppress("share", None, 40, protection=PROTECTED) == missing


def test_a_share_of_nobody_is_not_applicable_unless_that_tells() -> None:
    assert suppress("share", 0, 0, protection=PROTECTED) == Shown(Showing.NOT_APPLICABLE)
    assert suppress("share", 0, 0, protection=ZEROS) == HIDDEN
    assert suppress("ratio", Decimal(0), Decimal(0), protection=OPEN) == Shown(Showing.NOT_APPLICABLE)


def test_context_is_shown_as_a_value_or_as_a_share() -> None:
    assert suppress("context", Decimal("12.1"), protection=OPEN).value == Fraction(121, 10)
    assert suppress("context", 121, 1000, protection=OPEN).value == Fraction(121, 1000)


def test_wrong_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="no denominator"):
        suppress("count", 1, 2, protection=OPEN)
    with pytest.raises(ValueError, match="no such kind"):
        suppress("total", 1, protection=OPEN)
    with pytest.raises(ValueError, match="threshold"):
        Protection(True, threshold=0)


@given(st.sampled_from(["count", "share", "mean"]), SIZES, SIZES, st.booleans(), st.integers(1, 8))
def test_no_small_number_and_nothing_it_could_be_reckoned_from_is_shown(
    kind: str, over: int, under: int, zeros: bool, threshold: int
) -> None:
    small = set(range(0 if zeros else 1, threshold))
    if threshold == 1 and zeros:
        small = {0}
    under = max(over, under)
    cell = suppress(
        kind,
        over,
        None if kind == "count" else under,
        protection=Protection(True, protect_zero=zeros, threshold=threshold),
    )
    sizes = {"count": {over}, "share": {over, under, under - over}, "mean": {over, under}}[kind]
    assert (cell.showing is Showing.HIDDEN) == bool(sizes & small)
    assert (cell.value is None) == (cell.showing is not Showing.SHOWN)
    if cell.showing is not Showing.SHOWN:
        assert (cell.numerator, cell.denominator, cell.value) == (None, None, None)


@given(st.sampled_from(["count", "share", "ratio", "mean"]), SIZES, SIZES)
def test_open_indicators_are_never_hidden(kind: str, over: int, under: int) -> None:
    assert suppress(kind, over, None if kind == "count" else under, protection=OPEN).showing is not Showing.HIDDEN


def test_words_are_those_of_the_window() -> None:
    assert {str(word) for word in Showing} <= {str(state) for state in CellState}
    assert (VERSION, THRESHOLD) == ("suppression/1 (primary)", 5)
