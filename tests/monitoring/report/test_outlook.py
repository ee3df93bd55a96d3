"""What is promised and accepted, as the method reads it: single quarters, gaps, fixed wholes, hidden figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from portal.applications.call.methods import Thresholds
from portal.directory.indicator.models import Indicator, Kind
from portal.kit.periods import quarters
from portal.monitoring.report.methods import Pace, Status, counts, levels, shares
from portal.monitoring.report.rules import Figure, Promise, outlook, standing_now

YEARS = quarters("2026Q1", "2027Q4")
S = Status


def indicator(kind: Kind = Kind.COUNT, *, desired: str = "up", measured: str = "over the period") -> Indicator:
    return Indicator(code="SC-04", kind=kind, desired=desired, measured=measured, unit="contracts")


def figures(overs: list[int | None], unders: list[int | None] | None = None) -> dict[str, Figure]:
    """Cumulative figures by quarter; None is not told."""
    pairs = zip(YEARS, overs, unders or [None] * len(overs), strict=False)
    return {
        period: Figure(Decimal(over), None if under is None else Decimal(under))
        for period, over, under in pairs
        if over is not None
    }


def promise(kind: Kind = Kind.COUNT, *, resets: bool = False, **told: str) -> Promise:
    step = [10 * place for place in range(1, 9)]
    plan = [10, 20, 30, 40, 10, 20, 30, 40] if resets else step
    under = None if kind is Kind.COUNT else [2 * one for one in plan]
    baseline = Figure() if kind is Kind.COUNT else Figure(Decimal(30), Decimal(100))
    return Promise(indicator(kind, **told), baseline, figures(plan, under), resets)  # type: ignore[arg-type]


def numbers(pace: Pace) -> tuple[object, ...]:
    return (pace.status, pace.forecast, pace.interval_80, pace.p_target)


def test_cumulative_figures_go_in_as_values_of_single_quarters() -> None:
    assert outlook(promise(), figures([9, 20, 28, 40]), YEARS[:4]) == counts([10] * 8, [9, 11, 8, 12])
    begun_anew = outlook(promise(resets=True), figures([9, 20, 28, 40, 11]), YEARS[:5])
    assert begun_anew == counts([10] * 8, [9, 11, 8, 12, 11])


def test_a_quarter_left_out_is_joined_with_the_next_that_covers_it() -> None:
    assert outlook(promise(), figures([9, None, 28, 40]), YEARS[:4]) == counts([10, 20, *[10] * 5], [9, 19, 12])


def test_a_quarter_that_closed_a_year_is_lost_and_counts_as_nothing_done() -> None:
    told = outlook(promise(resets=True), figures([9, 20, 28, None, 11]), YEARS[:5])
    assert told == counts([10] * 8, [9, 11, 8, None, 11])


def test_the_call_decides_by_what_a_status_is_judged() -> None:
    told, due = figures([9, 18, 27, 36]), YEARS[:4]
    usual = outlook(promise(), told, due)
    assert usual.status is Status.UNCLEAR
    lenient = replace(promise(), thresholds=Thresholds(near=0.9, failed_count=0.7))
    assert outlook(lenient, told, due).status is Status.ON_TRACK
    assert outlook(lenient, told, due).forecast == usual.forecast
    late = replace(promise(), thresholds=Thresholds(fewest_periods=5))
    assert outlook(late, told, due).status is Status.TOO_EARLY
    part = replace(promise(Kind.SHARE), thresholds=Thresholds(fewest_people=40))
    assert outlook(part, figures([9], [20]), YEARS[:1]).status is Status.SMALL_NUMBERS


def test_a_late_last_quarter_is_no_data() -> None:
    assert outlook(promise(), figures([9, 20, 28]), YEARS[:4]).status is S.NO_DATA
    assert outlook(promise(), {}, []).status is S.TOO_EARLY
    explained: Mapping[str, Figure] = {**figures([9, 20, 28]), YEARS[3]: Figure(missing="not_reported")}
    assert outlook(promise(), explained, YEARS[:4]).status is S.NO_DATA


@pytest.mark.parametrize("word", ["not_applicable", "hidden"])
def test_a_last_quarter_with_another_word_has_no_status(word: str) -> None:
    told = {**figures([9, 20, 28]), YEARS[3]: Figure(missing=word)}
    assert outlook(promise(), told, YEARS[:4]) == Pace(None)


def test_a_hidden_figure_that_no_later_one_covers_leaves_no_status() -> None:
    told = {**figures([9, 20, 28, None, 11]), YEARS[3]: Figure(missing="hidden")}
    assert outlook(promise(resets=True), told, YEARS[:5]) == Pace(None)
    covered = {**figures([None, 20, 28, 40]), YEARS[0]: Figure(missing="hidden")}
    assert outlook(promise(), covered, YEARS[:4]) == counts([20, *[10] * 6], [20, 8, 12])


def test_a_share_is_judged_by_the_people_of_each_quarter() -> None:
    told = figures([30, 70, 120], [100, 200, 300])
    plan = Promise(indicator(Kind.SHARE), Figure(Decimal(30), Decimal(100)),
                   figures([40 * p for p in range(1, 9)], [100 * p for p in range(1, 9)]))  # fmt: skip
    expected = shares([30, 30, 40, 50], [100] * 4, plan=[(40, 100)] * 8)
    assert outlook(plan, told, YEARS[:3]) == expected


def test_a_share_as_of_a_date_is_judged_as_it_is_typed() -> None:
    told = figures([30, 40, 50], [100, 100, 100])
    plan = Promise(indicator(Kind.SHARE, measured="as of date"), Figure(Decimal(30), Decimal(100)),
                   figures([60] * 8, [100] * 8))  # fmt: skip
    assert outlook(plan, told, YEARS[:3]) == shares([30, 30, 40, 50], [100] * 4, target=0.6, periods=8)


def test_parts_of_a_fixed_whole_are_judged_as_they_stand() -> None:
    """The grant that is spent is the same in every quarter: its differences are no parts."""
    plan = Promise(indicator(Kind.RATIO), Figure(), figures([10 * p for p in range(1, 9)], [80] * 8))
    told = figures([8, 19, 30], [80] * 3)
    expected = levels([None, 8, 19, 30], [None, 80, 80, 80], target=1.0, periods=8)
    assert numbers(outlook(plan, told, YEARS[:3])) == numbers(expected)


def test_a_count_as_of_a_date_is_a_level() -> None:
    plan = Promise(indicator(measured="as of date"), Figure(Decimal(4)), figures([20] * 8))
    told = outlook(plan, figures([6, 8, 10, 12]), YEARS[:4])
    assert told == levels([4, 6, 8, 10, 12], [1] * 5, target=20, periods=8, straight=True)
    assert told.forecast == pytest.approx(20, abs=0.5)


def test_context_and_neutral_indicators_have_no_status() -> None:
    assert outlook(promise(desired="neutral"), figures([9]), YEARS[:1]) == Pace(None)
    assert outlook(promise(Kind.CONTEXT), figures([9], [20]), YEARS[:1]) == Pace(None)


@pytest.mark.parametrize(
    ("kept", "is_late", "shown"),
    [
        (None, False, S.TOO_EARLY),
        (None, True, S.NO_DATA),
        ("on_track", False, S.ON_TRACK),
        ("on_track", True, S.NO_DATA),
        ("off_track", True, S.NO_DATA),
        ("achieved", True, S.ACHIEVED),
        ("", False, None),
    ],
)
def test_a_late_quarter_takes_the_status_that_was_kept(kept: str | None, is_late: bool, shown: Status | None) -> None:
    assert standing_now(kept, "count", "up", is_late=is_late) is shown
    assert standing_now(kept, "count", "neutral", is_late=is_late) is None
