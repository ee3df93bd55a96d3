"""Status and forecast to target: the worked rows, an independent slow computation, and what must always hold."""

from __future__ import annotations

from datetime import date
from math import log, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.monitoring.report.methods import Pace, Status, counts, keep, levels, milestone, pace_of, shares
from portal.monitoring.report.methods.trend import Seen, fit

S = Status
ORDER = [S.OFF_TRACK, S.AT_RISK, S.UNCLEAR, S.ON_TRACK, S.ACHIEVED]

RISING = {"kind": "share", "numerator": [48, 55, 60, 66, 70], "denominator": [120, 122, 125, 124, 126]}
FALLING = {"kind": "share", "numerator": [9, 7, 6, 5], "denominator": [30, 30, 31, 30], "direction": "down"}
WORKED: list[tuple[dict[str, Any], tuple[float, ...], Status]] = [
    ({"kind": "count", "plan": [40] * 8, "actual": [28, 35, 41, 38]},
     (0.924, 5.00, 289.8, 238.6, 341.0, 0.225, 0.361, 0.199), S.UNCLEAR),
    ({"kind": "count", "plan": [40] * 8, "actual": [30, 31, 29, 32]},
     (0.800, 5.00, 249.9, 202.3, 297.5, 0.030, 0.073, 0.565), S.AT_RISK),
    ({"kind": "count", "plan": [40] * 8, "actual": [12, 18, 15]},
     (0.485, 5.00, 142.1, 95.7, 188.5, 0.000, 0.000, 0.999), S.OFF_TRACK),
    ({"kind": "count", "plan": [0, 0, 5, 10, 10, 15], "actual": [0, 0, 3]},
     (0.760, 1.67, 29.6, 10.1, 49.1, 0.247, 0.290, 0.563), S.TOO_EARLY),
    ({**RISING, "target": 0.6, "periods": 8}, (0.429, 1.00, 66.0, 55.7, 75.0, 0.776, 0.806, 0.057), S.ON_TRACK),
    ({**FALLING, "target": 0.1, "periods": 6}, (0.277, 1.00, 11.8, 4.9, 25.9, 0.403, 0.453, 0.282), S.UNCLEAR),
]  # fmt: skip


def numbers(pace: Pace) -> tuple[float, ...]:
    found = (
        pace.rate,
        pace.dispersion,
        pace.forecast,
        *(pace.interval_80 or ()),
        pace.p_target,
        pace.p_95,
        pace.p_fail,
    )
    assert None not in found
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(("case", "told", "status"), WORKED)
def test_the_worked_rows_come_out_to_the_digit(case: dict[str, Any], told: tuple[float, ...], status: Status) -> None:
    pace = pace_of(case)
    percent, end = (100, 1) if case["kind"] == "share" else (1, 1)
    digits = (3, 2, end, end, end, 3, 3, 3)
    scale = (1, 1, percent, percent, percent, 1, 1, 1)
    found = tuple(round(v * s, d) for v, s, d in zip(numbers(pace), scale, digits, strict=True))
    assert found == told
    assert (pace.status, pace.method) == (status, "pace-bayes/1")


# ---------- an independent slow computation ----------


def test_a_count_is_a_gamma_poisson_forecast_in_units_of_its_dispersion() -> None:
    """Drawn, not derived: rate from a gamma, counts to come from a Poisson, both in units of the dispersion."""
    random, plan, actual = np.random.default_rng(3), [20, 30, 40, 30, 20, 30, 40, 30], [15, 31, 36, 22]
    pace = counts(plan, actual)
    weights = 0.8 ** np.arange(3, -1, -1)
    a = 0.5 * np.mean(plan) + weights @ actual
    b = 0.5 * np.mean(plan) + weights @ plan[:4]
    assert pace.dispersion
    assert pace.interval_80
    assert pace.forecast
    phi = pace.dispersion
    rate = random.gamma(a / phi, phi / b, 400_000)
    end = sum(actual) + phi * random.poisson(rate * sum(plan[4:]) / phi)
    assert end.mean() == pytest.approx(pace.forecast, abs=0.2)
    assert (pace.interval_80[1] - pace.forecast) / 1.2816 == pytest.approx(end.std(), rel=0.01)
    assert pace.p_95 == pytest.approx((end >= 0.95 * sum(plan)).mean(), abs=0.02)


def line_by_rows(seen: list[Seen], slope: float, deviation: float) -> tuple[np.ndarray, np.ndarray]:
    """Least squares with the prior as one more row, solved by numpy."""
    last = seen[-1].time
    weights = np.array([0.8 ** (last - one.time) / one.variance for one in seen])
    x = np.array([[1.0, one.time] for one in seen])
    z = np.array([one.value for one in seen])
    rows = np.vstack([x * np.sqrt(weights)[:, None], [0.0, 1 / deviation]])
    wanted = np.append(z * np.sqrt(weights), slope / deviation)
    found = np.linalg.lstsq(rows, wanted, rcond=None)[0]
    phi = max(1.0, float(weights @ (z - x @ found) ** 2) / max(len(seen) - 2, 1))
    return found, phi * np.linalg.inv(rows.T @ rows)


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2), st.booleans()), min_size=2, max_size=9),
    st.floats(-1, 1),
    st.floats(0.05, 1),
)
def test_the_line_is_least_squares_with_the_prior_as_a_row(
    told: list[tuple[float, float, bool]], slope: float, deviation: float
) -> None:
    seen = [Seen(time, z, v) for time, (z, v, kept) in enumerate(told) if kept or time == 0]
    line = fit(seen, slope, deviation)
    expected, covariance = line_by_rows(seen, slope, deviation)
    at = np.array([1.0, 12.0])
    mean, variance = line.at(12)
    assert mean == pytest.approx(at @ expected, rel=1e-6, abs=1e-6)
    assert variance == pytest.approx(at @ covariance @ at, rel=1e-6)


def test_a_share_since_the_beginning_adds_what_is_done_to_the_line_ahead() -> None:
    """Drawn: one deviation for all periods ahead, over the people planned in each."""
    plan = [(20.0, 100.0), (28.0, 100.0), (36.0, 100.0), (44.0, 100.0), (52.0, 100.0), (60.0, 100.0)]
    over, under = [15.0, 22.0, 27.0, 38.0], [100.0, 104.0, 95.0, 101.0]
    pace = shares(over, under, plan=plan)
    seen = [
        Seen(t, log((y + 0.5) / (n - y + 0.5)), 1 / (y + 0.5) + 1 / (n - y + 0.5))
        for t, (y, n) in enumerate(zip(over, under, strict=True))
    ]
    asked = (log(0.6 / 0.4) - seen[0].value) / 6
    found, covariance = line_by_rows(seen, asked / 2, max(abs(asked), 0.05))
    drawn = np.random.default_rng(5).standard_normal(200_000)
    end = np.full(drawn.shape, sum(over[1:]))
    for time in (4, 5, 6):
        at = np.array([1.0, time])
        end += 100 / (1 + np.exp(-(at @ found + drawn * sqrt(at @ covariance @ at))))
    end /= sum(under[1:]) + 300
    assert pace.forecast == pytest.approx(np.median(end), abs=0.001)
    assert pace.interval_80 == pytest.approx(tuple(np.quantile(end, [0.1, 0.9])), abs=0.002)
    assert pace.p_target == pytest.approx((end >= 240 / 600).mean(), abs=0.005)


# ---------- what must always hold ----------

plans = st.lists(st.integers(0, 60), min_size=2, max_size=12).filter(any)


@given(plans, st.data())
def test_a_better_count_never_lowers_the_forecast_nor_costs_a_good_status(plan: list[int], data: st.DataObject) -> None:
    actual = data.draw(st.lists(st.integers(0, 90), min_size=1, max_size=len(plan)))
    place, more = data.draw(st.integers(0, len(actual) - 1)), data.draw(st.integers(1, 60))
    better = [value + more * (place == i) for i, value in enumerate(actual)]
    before, after = counts(plan, actual), counts(plan, better)
    assert before.forecast is not None
    assert after.forecast is not None
    assert after.forecast >= before.forecast - 1e-9
    if before.status in (S.ON_TRACK, S.ACHIEVED):
        assert after.status in (S.ON_TRACK, S.ACHIEVED)
    if before.dispersion == after.dispersion and {before.status, after.status} <= set(ORDER):
        assert after.status is not None
        assert before.status is not None
        assert ORDER.index(after.status) >= ORDER.index(before.status)


@given(plans, st.data())
def test_a_late_period_never_improves(plan: list[int], data: st.DataObject) -> None:
    actual: list[float | None] = list(data.draw(st.lists(st.integers(0, 90), min_size=1, max_size=len(plan))))
    place = data.draw(st.integers(0, len(actual) - 1))
    before, late = counts(plan, actual), counts(plan, [None if i == place else v for i, v in enumerate(actual)])
    if late.status in (S.ON_TRACK, S.ACHIEVED):
        assert before.status in (S.ON_TRACK, S.ACHIEVED, S.TOO_EARLY)
    if place == len(actual) - 1:
        assert late.status in (S.NO_DATA, S.ACHIEVED)
    if late.forecast is not None and before.forecast is not None:
        assert late.forecast <= before.forecast + 1e-9


@given(plans, st.data(), st.integers(2, 20))
def test_the_order_of_what_is_still_planned_does_not_matter(plan: list[int], data: st.DataObject, seed: int) -> None:
    due = data.draw(st.integers(1, len(plan)))
    actual = data.draw(st.lists(st.integers(0, 90), min_size=due, max_size=due))
    ahead = data.draw(st.permutations(plan[due:]))
    assert counts([*plan[:due], *ahead], actual) == counts(plan, actual)


@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(20, 80)), min_size=4, max_size=9),
    st.floats(0, 1),
    st.sampled_from(["up", "down"]),
)
def test_a_share_turned_over_is_the_same_case(parts: list[tuple[int, int]], target: float, direction: str) -> None:
    """Who is in and who is out may change places if the direction does too."""
    over, under = [float(min(y, n)) for y, n in parts], [float(n) for _, n in parts]
    one = shares(over, under, target=target, periods=10, direction=direction)
    rest = [n - y for y, n in zip(over, under, strict=True)]
    other = shares(rest, under, target=1 - target, periods=10, direction="down" if direction == "up" else "up")
    assert one.forecast is not None
    assert other.forecast is not None
    assert one.forecast == pytest.approx(1 - other.forecast, abs=1e-7)
    assert (one.p_target, one.p_95, one.p_fail) == pytest.approx((other.p_target, other.p_95, other.p_fail), abs=1e-6)


@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), min_size=1, max_size=9),
    st.floats(0, 1),
    st.sampled_from(["up", "down"]),
)
def test_probabilities_are_probabilities_and_follow_one_another(
    parts: list[tuple[int, int]], target: float, direction: str
) -> None:
    pace = shares([min(y, n) for y, n in parts], [n for _, n in parts], target=target, periods=9, direction=direction)
    assume(pace.forecast is not None)
    assert pace.p_target is not None
    assert pace.p_95 is not None
    assert pace.p_fail is not None
    assert 0 <= pace.p_target <= pace.p_95 + 1e-9
    assert pace.p_95 <= 1 - pace.p_fail + 1e-9 <= 1 + 1e-8
    low, high = pace.interval_80 or (0, 1)
    assert 0 <= low <= (pace.forecast or 0) <= high <= 1


# ---------- the corners ----------


@pytest.mark.parametrize(
    ("plan", "actual", "status"),
    [
        ([0, 0, 0], [0, 0, 0], None),
        ([10, 10, 10, 10], [], S.TOO_EARLY),
        ([10, 10, 10, 10], [None], S.NO_DATA),
        ([10, 10, 10, 10], [10, 10, 10, None], S.NO_DATA),
        ([10, 10, 10, 10], [15, 15, 15, None], S.ACHIEVED),
        ([10, 10, 10, 10], [40], S.ACHIEVED),
        ([10, 10, 10, 10], [10, 10, 10, 10], S.ACHIEVED),
        ([10, 10, 10, 10], [10, 10, 10, 8], S.ON_TRACK),
        ([10, 10, 10, 10], [10, 10, 10, 4], S.AT_RISK),
        ([10, 10, 10, 10], [0, 0, 0, 0], S.OFF_TRACK),
        ([10, 10], [10, 9], S.ON_TRACK),
        ([10, 10, 10, 10, 10], [10, None, 10, 10], S.AT_RISK),
        ([0, 0, 0, 10, 10, 10], [5, 0, 3, 4], S.TOO_EARLY),
    ],
)
def test_counts_in_the_corners(plan: list[float], actual: list[float | None], status: Status | None) -> None:
    pace = counts(plan, actual)
    assert pace.status is status
    if status is None or (status is S.NO_DATA):
        assert pace.forecast is pace.interval_80 is pace.p_target is None


def test_nothing_reported_expects_what_is_planned() -> None:
    pace = counts([10, 20, 30], [])
    assert (pace.rate, pace.forecast) == (1, 60)


def test_a_plan_revised_midway_is_judged_as_it_stands_now() -> None:
    """The same deeds against a lowered plan look better; periods that are past count by their present plan too."""
    actual = [20, 22, 19, 21]
    promised, amended = counts([40] * 8, actual), counts([30, 25, *[22] * 6], actual)
    assert promised.status is S.OFF_TRACK
    assert promised.rate is not None
    assert amended.rate is not None
    assert amended.rate > promised.rate
    assert amended.status is S.UNCLEAR


def test_a_count_that_should_stay_low_is_judged_from_above() -> None:
    assert counts([10] * 8, [4, 5, 4, 5], direction="down").status is S.ON_TRACK
    assert counts([10] * 8, [25, 24, 26, 25], direction="down").status is S.OFF_TRACK
    assert counts([10] * 2, [4, 5], direction="down").status is S.ACHIEVED
    assert counts([10] * 4, [1, 1, 1, None], direction="down").status is S.NO_DATA


@pytest.mark.parametrize(
    ("over", "under", "target", "direction", "status"),
    [
        ([0, 6, 11, 18, 24], [60, 60, 60, 60, 60], 0.5, "up", S.ON_TRACK),  # a baseline of zero
        ([12, 12, 11, 11, 12], [60, 60, 60, 60, 60], 0.0, "down", S.OFF_TRACK),  # a target of zero: nobody at all
        ([30, 30, 31, 30, 31], [60, 60, 60, 60, 60], 0.5, "up", S.ON_TRACK),  # the target is the baseline
        ([30, 27, 22, 17, 11], [60, 60, 60, 60, 60], 0.5, "up", S.OFF_TRACK),
        ([30], [60], 0.7, "up", S.TOO_EARLY),  # nothing reported
        ([30, 31, 33], [60, 60, 60], 0.7, "up", S.TOO_EARLY),
        ([30, 31, 33, 5], [60, 60, 60, 12], 0.7, "up", S.SMALL_NUMBERS),
        ([30, 31, 33, None], [60, 60, 60, None], 0.7, "up", S.NO_DATA),
        ([30, 33, None, 37, 40], [60, 60, None, 60, 60], 0.7, "up", S.ON_TRACK),
        ([30, 33, 0, 37, 40], [60, 60, 0, 60, 60], 0.7, "up", S.ON_TRACK),  # nobody to count is not a small number
        ([None, 33, 36, 37, 40], [None, 60, 60, 60, 60], 0.7, "up", S.ON_TRACK),  # no baseline
    ],
)
def test_shares_in_the_corners(
    over: list[float | None], under: list[float | None], target: float, direction: str, status: Status
) -> None:
    assert shares(over, under, target=target, periods=8, direction=direction).status is status


def test_a_share_at_its_end_is_achieved_if_that_is_nearly_certain() -> None:
    over, under = [24, 30, 36, 42, 48], [60.0] * 5
    assert shares(over, under, target=0.6, periods=4).status is S.ACHIEVED
    assert shares(over, under, target=0.79, periods=4).status is S.ON_TRACK


def test_a_share_since_the_beginning_is_settled_by_its_last_period() -> None:
    plan = [(30.0, 60.0)] * 4
    assert shares([20, 30, 30, 30, 30], [60] * 5, plan=plan).status is S.ACHIEVED
    short = shares([20, 30, 30, 30, 29], [60] * 5, plan=plan)
    assert (short.status, short.p_target) == (S.AT_RISK, 0)


def test_means_go_by_the_logarithm_and_levels_below_zero_by_themselves() -> None:
    rising = levels([10, 11, 12, 13, 14], [1] * 5, target=18, periods=8)
    assert rising.status is S.ON_TRACK
    assert rising.forecast == pytest.approx(18, rel=0.08)
    assert levels([10, 10, 10, 10, 10], [1] * 5, target=18, periods=8).status is S.OFF_TRACK
    assert levels([0, 0, 0, 0, 0], [1] * 5, target=0, periods=8, direction="down").status is S.ON_TRACK
    assert levels([0, 4, 8, 12, 16], [1] * 5, target=30, periods=8).status is S.ON_TRACK
    assert levels([20, 19, 18, 17, 16], [1] * 5, target=13, periods=8, direction="down").status is S.ON_TRACK


def test_what_is_to_be_kept_is_judged_by_the_next_value() -> None:
    assert keep([54, 53, 55, 54], [60] * 4, floor=0.85).status is S.ON_TRACK
    assert keep([54, 50, 44, 38], [60] * 4, floor=0.85).status is S.OFF_TRACK
    assert keep([54, 53], [60] * 2, floor=0.85).status is S.TOO_EARLY
    assert keep([9, 9, 9, 9], [10] * 4, floor=0.85).status is S.SMALL_NUMBERS
    assert keep([54, None], [60, None], floor=0.85).status is S.NO_DATA


def test_milestones_go_by_dates_only() -> None:
    due, today = date(2027, 6, 30), date(2027, 5, 1)
    assert milestone(due, today, done=date(2027, 4, 1)).status is S.ACHIEVED
    assert milestone(due, today, expected=date(2027, 6, 1)).status is S.ON_TRACK
    assert milestone(due, today, expected=date(2027, 8, 1)).status is S.AT_RISK
    assert milestone(due, today).status is S.UNCLEAR
    assert milestone(due, date(2027, 7, 1)).status is S.OFF_TRACK


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"kind": "count", "plan": [1, -1], "actual": []},
        {"kind": "count", "plan": [1], "actual": [1, 2]},
        {"kind": "count", "plan": "12", "actual": []},
        {"kind": "count", "plan": [1, float("nan")], "actual": []},
        {"kind": "count", "plan": [1, True], "actual": []},
        {"kind": "share", "numerator": [5], "denominator": [4], "target": 0.5, "periods": 4},
        {"kind": "share", "numerator": [3], "denominator": [4], "target": 60, "periods": 4},
        {"kind": "share", "numerator": [3, 3], "denominator": [4], "target": 0.6, "periods": 4},
        {"kind": "share", "numerator": [3, 3], "denominator": [4, 4], "target": 0.6, "periods": 0},
        {"kind": "share", "numerator": [3, 3], "denominator": [4, 4], "plan_numerator": [0], "plan_denominator": [0]},
        {"kind": "count", "plan": [1], "actual": [], "thresholds": {"discount": 0.5}},
        {"kind": "count", "plan": [1], "actual": [], "thresholds": {"near": "95"}},
        {"kind": "milestone", "due": "soon", "today": "2027-01-01"},
    ],
)
def test_a_faulty_case_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        pace_of(case)


def test_a_case_names_the_thresholds_of_its_call() -> None:
    case = {"kind": "count", "plan": [40] * 8, "actual": [28, 35, 41, 38]}
    assert pace_of(case).status is S.UNCLEAR
    assert pace_of(case | {"thresholds": {"near": 0.85, "failed_count": 0.7}}).status is S.ON_TRACK


def test_context_and_indicators_without_a_direction_have_no_status() -> None:
    assert pace_of({"kind": "context"}).status is None
    assert pace_of({"kind": "count", "plan": [1], "actual": [1], "direction": "neutral"}).status is None
