"""The certainty of the ranking: golden numbers, two slow oracles, and what may not move it."""

import csv
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import product
from math import hypot, sqrt
from pathlib import Path
from statistics import fmean, pstdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.applications.award.methods.certainty import Certainty, Score, Standing, Unrankable, certainty
from portal.applications.award.methods.posterior import noise_prior
from portal.applications.award.methods.reliability import intraclass_correlation, krippendorff_alpha
from tests.applications.award.oracles import Quadrature, Reading, gibbs

# The 15 applications, 5 reviewers and their marks, with the posterior means to meet, came with the description of the
# method (Heyard, Ott, Salanti, Egger 2022).
GOLDEN = Path(__file__).parent / "golden"
SCALE = (1.0, 6.0)


def of(readings: Sequence[Reading], *, places: int = 1, scale: tuple[float, float] = SCALE, seed: int = 1) -> Certainty:
    return certainty([Score(f"a{a}", f"r{r}", s) for a, r, s in readings], scale=scale, places=places, seed=seed)


def by_name(found: Certainty) -> dict[str, Standing]:
    return {one.application: one for one in found.standings}


def panel(applications: int, reviewers: int, each: int = 3, *, seed: int = 1) -> list[Reading]:
    """Fictional marks with readers of unlike leniency, mixed among the applications."""
    chance = random.Random(seed)
    lenient = [chance.gauss(0, 0.5) for _ in range(reviewers)]
    found = []
    for application in range(applications):
        quality = chance.gauss(3.5, 0.8)
        for reviewer in chance.sample(range(reviewers), each):
            mark = quality + lenient[reviewer] + chance.gauss(0, 0.7)
            found.append((application, reviewer, min(6.0, max(1.0, round(mark, 2)))))
    return found


def golden(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open() as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_golden_numbers_are_met(seed: int) -> None:
    scores = [Score(row["application"], row["reviewer"], float(row["score"])) for row in golden("ranking_scores.csv")]
    found = by_name(certainty(scores, scale=SCALE, places=5, seed=seed))
    expected = golden("ranking_expected.csv")
    assert len(found) == len(expected) == 15
    for row in expected:
        one = found[row["application"]]
        assert one.mean == pytest.approx(float(row["mean_score"]))
        assert one.expected_rank == pytest.approx(float(row["expected_rank"]), abs=0.15)
        assert one.p_within == pytest.approx(float(row["p_within_places"]), abs=0.02)


def test_the_same_seed_gives_the_same_and_another_seed_nearly() -> None:
    readings = panel(12, 5)
    assert of(readings, places=4) == of(readings, places=4)
    one, other = by_name(of(readings, places=4)), by_name(of(readings, places=4, seed=2))
    assert one != other
    for name in one:
        assert one[name].expected_rank == pytest.approx(other[name].expected_rank, abs=0.1)
        assert one[name].p_within == pytest.approx(other[name].p_within, abs=0.02)


TINY = [
    [(0, 0, 5.0), (0, 1, 4.0), (1, 0, 4.0), (1, 1, 4.0)],
    [(0, 0, 4.5), (1, 1, 4.0)],
    [(0, 0, 6.0), (0, 1, 5.0), (1, 1, 5.0), (1, 2, 3.0), (2, 0, 2.0), (2, 2, 3.5)],
]


@pytest.mark.parametrize("readings", TINY)
def test_tiny_panels_agree_with_exact_quadrature(readings: list[Reading]) -> None:
    oracle = Quadrature(readings, width=5.0)
    found = by_name(of(readings))
    for application in range(oracle.applications):
        one = found[f"a{application}"]
        assert one.expected_rank == pytest.approx(oracle.expected_rank(application), abs=0.03)
        if oracle.applications == 2:
            assert one.p_within == pytest.approx(2 - oracle.expected_rank(application), abs=0.02)
    severities = {one.reviewer: one.severity for one in of(readings).reviewers}
    for reviewer in range(oracle.reviewers):
        assert severities[f"r{reviewer}"] == pytest.approx(-oracle.leniency(reviewer), abs=0.02)


@pytest.mark.parametrize(
    ("applications", "reviewers", "sweeps"),
    [(6, 4, 4_000), pytest.param(20, 8, 40_000, marks=pytest.mark.soak)],
)
def test_a_plain_gibbs_sampler_agrees(applications: int, reviewers: int, sweeps: int) -> None:
    readings, places = panel(applications, reviewers), applications // 3
    ranks, within = gibbs(readings, width=5.0, places=places, sweeps=sweeps)
    found = by_name(of(readings, places=places))
    # The plain sampler is the one that errs: a chain of this length is off by so much.
    slack = 8 / sqrt(sweeps)
    for application in range(applications):
        one = found[f"a{application}"]
        assert one.expected_rank == pytest.approx(ranks[application], abs=slack * applications / 5)
        assert one.p_within == pytest.approx(within[application], abs=slack / 2)


PANELS = st.builds(
    lambda size, seed, step: [(a, r, round(s / step) * step) for a, r, s in panel(*size, seed=seed)],
    st.tuples(st.integers(2, 9), st.integers(3, 6), st.integers(2, 3)),
    st.integers(0, 10_000),
    st.sampled_from([0.01, 0.5, 1.0]),
)


@settings(max_examples=8, deadline=None)
@given(PANELS, st.randoms(use_true_random=False))
def test_neither_order_nor_names_matter(readings: list[Reading], chance: random.Random) -> None:
    first = of(readings, places=2)
    shuffled = readings.copy()
    chance.shuffle(shuffled)
    assert of(shuffled, places=2) == first
    renamed = by_name(of([(9 - a, 9 - r, score) for a, r, score in readings], places=2))
    for name, one in by_name(first).items():
        other = renamed[f"a{9 - int(name[1:])}"]
        assert other.adjusted_mean == pytest.approx(one.adjusted_mean, abs=0.02)
        assert other.expected_rank == pytest.approx(one.expected_rank, abs=0.15)
        assert other.p_within == pytest.approx(one.p_within, abs=0.03)


@settings(max_examples=8, deadline=None)
@given(PANELS, st.sampled_from([-3.0, 0.5, 94.0]), st.sampled_from([0.25, 2.0, 20.0]))
def test_a_shifted_and_stretched_scale_changes_marks_only(readings: list[Reading], shift: float, by: float) -> None:
    one = by_name(of(readings, places=2))
    other = by_name(of([(a, r, by * s + shift) for a, r, s in readings], places=2, scale=(by + shift, 6 * by + shift)))
    for name in one:
        assert other[name].mean == pytest.approx(by * one[name].mean + shift)
        assert other[name].adjusted_mean == pytest.approx(by * one[name].adjusted_mean + shift, abs=0.001 * by)
        assert other[name].expected_rank == pytest.approx(one[name].expected_rank, abs=0.02)
        assert other[name].p_within == pytest.approx(one[name].p_within, abs=0.01)


@settings(max_examples=8, deadline=None)
@given(PANELS)
def test_whoever_ranks_from_below_finds_the_mirror(readings: list[Reading]) -> None:
    one, other = by_name(of(readings)), by_name(of([(a, r, 7 - score) for a, r, score in readings]))
    for name in one:
        assert other[name].expected_rank == pytest.approx(len(one) + 1 - one[name].expected_rank, abs=0.15)


@settings(max_examples=8, deadline=None)
@given(PANELS, st.integers(1, 10))
def test_ranks_and_chances_add_up(readings: list[Reading], places: int) -> None:
    found = of(readings, places=places)
    count = len(found.standings)
    assert sum(one.expected_rank for one in found.standings) == pytest.approx(count * (count + 1) / 2)
    assert sum(one.p_within for one in found.standings) == pytest.approx(min(places, count))
    for one in found.standings:
        assert 1 <= one.rank_90[0] <= one.rank_50[0] <= one.rank_50[1] <= one.rank_90[1] <= count
        assert one.gain >= 0
        assert (one.application in found.band) == (one.rank_50[0] <= places < one.rank_50[1])
    assert all(one.interval_90[0] <= one.severity <= one.interval_90[1] for one in found.reviewers)


def test_equal_applications_share_their_chances() -> None:
    found = of([(a, r, float(2 + r)) for a in range(5) for r in range(3)], places=2)
    for one in found.standings:
        assert one.expected_rank == pytest.approx(3, abs=0.1)
        assert one.p_within == pytest.approx(0.4, abs=0.02)
    assert found.alpha == pytest.approx(krippendorff_alpha([[2.0, 3.0, 4.0]] * 5))
    same = of([(a, r, 4.0) for a in range(4) for r in range(3)])
    assert [one.expected_rank for one in same.standings] == pytest.approx([2.5] * 4, abs=0.1)
    assert (same.icc, same.alpha) == (None, None)


def test_whom_a_severe_reviewer_read_is_lifted() -> None:
    """Reviewer 9 marks 1.5 below the others; of two near equals her application has the lower mean."""
    readings = [(a, r, float(3 + (a + r) % 3)) for a in range(12) for r in range(3)]
    readings += [(a, 9, float(1.5 + (a % 3))) for a in range(10)]
    readings += [(12, 0, 4.0), (12, 1, 4.1), (12, 9, 3.5), (13, 0, 3.9), (13, 1, 4.0), (13, 2, 4.0)]
    found = of(readings, places=6)
    hers, theirs = by_name(found)["a12"], by_name(found)["a13"]
    assert hers.mean < theirs.mean
    assert hers.adjusted_mean > theirs.adjusted_mean
    assert hers.expected_rank < theirs.expected_rank
    severest = found.reviewers[0]
    assert (severest.reviewer, severest.readings) == ("r9", 11)
    assert severest.interval_90[0] > 0.5


def test_a_further_reading_is_worth_most_at_the_line() -> None:
    found = of(panel(30, 8), places=10)
    best = max(found.standings, key=lambda one: one.gain)
    assert best.application in found.band
    assert found.standings[0].gain < best.gain / 10
    assert found.standings[-1].gain < best.gain / 10


@pytest.mark.parametrize(
    ("readings", "places", "scale", "error"),
    [
        ([(0, 0, 7.0), (1, 1, 2.0)], 1, SCALE, "a0, reviewer r0: the score 7 is outside the scale 1:6"),
        ([(0, 0, 0.999), (1, 1, 2.0)], 1, SCALE, "outside the scale"),
        ([(0, 0, 3.0), (0, 0, 3.0), (1, 1, 2.0)], 1, SCALE, "a0: reviewer r0 stands twice"),
        ([(0, 0, 3.0), (0, 1, 2.0)], 1, SCALE, "fewer than two applications"),
        ([(0, 0, 3.0), (1, 0, 2.0)], 1, SCALE, "fewer than two reviewers"),
        ([], 1, SCALE, "fewer than two"),
        ([(0, 0, float("nan")), (1, 1, 2.0)], 1, SCALE, "not a number"),
        ([(0, 0, float("inf")), (1, 1, 2.0)], 1, SCALE, "not a number"),
        ([(0, 0, 3.0), (1, 1, 2.0)], 0, SCALE, "must be a place"),
        ([(0, 0, 3.0), (1, 1, 2.0)], 1, (6.0, 1.0), "lower and a higher end"),
        ([(0, 0, 3.0), (1, 1, 2.0)], 1, (float("nan"), 6.0), "lower and a higher end"),
    ],
)
def test_what_cannot_be_ranked_is_refused(
    readings: list[Reading], places: int, scale: tuple[float, float], error: str
) -> None:
    with pytest.raises(Unrankable, match=error):
        of(readings, places=places, scale=scale)


def test_agreement_by_hand() -> None:
    # Four units: between-mean square 5/3, within 1/2 of eight readings.
    units = [[1.0, 2.0], [2.0, 3.0], [3.0, 3.0], [3.0, 4.0]]
    means = [fmean(unit) for unit in units]
    between = 2 * 4 * pstdev(means) ** 2 / 3
    within = sum(2 * pstdev(unit) ** 2 for unit in units) / 4
    assert intraclass_correlation(units) == pytest.approx((between - within) / (between + within))
    # Observed: ordered pairs within differ by 1 in three units; expected: all ordered pairs of the eight readings.
    values = [value for unit in units for value in unit]
    observed = 3 * 2 / 8
    expected = sum((x - y) ** 2 for x in values for y in values) / (8 * 7)
    assert krippendorff_alpha([*units, [6.0]]) == pytest.approx(1 - observed / expected)
    assert intraclass_correlation([[1.0], [2.0]]) is None
    assert krippendorff_alpha([[1.0], [2.0]]) is None


def test_computing_takes_no_longer_than_promised() -> None:
    readings = panel(85, 30)
    began = time.process_time()
    of(readings, places=20)
    assert time.process_time() - began < 2 * 1.0  # Two threads of one computation are counted twice.


@pytest.mark.soak
def test_two_thousand_applications_take_no_longer_than_promised(tmp_path: Path) -> None:
    """By the command, which computes on one core; processor time, so that other work beside it does not count."""
    path = tmp_path / "scores.csv"
    lines = [f"a{a},r{r},{score}" for a, r, score in panel(2000, 400)]
    path.write_text("\n".join(["application,reviewer,score", *lines]), encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    command = [sys.executable, "-m", "portal", "rank", str(path), "--places", "20", "--scale", "1:6"]
    subprocess.run(command, check=True, capture_output=True)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 15


def test_the_prior_of_the_noise_is_an_arc_inside_a_square() -> None:
    """Against plain counting of pairs s1, s2 by their distance from zero."""
    steps, middles = 400, (0.5, 0.95, 1.2)
    inside = [0, 0, 0]
    for i, j in product(range(steps), range(steps)):
        radius = hypot((i + 0.5) / steps, (j + 0.5) / steps)
        for at, middle in enumerate(middles):
            inside[at] += abs(radius - middle) < 0.02
    found = noise_prior(np.array(middles), 1.0)
    assert found / found[0] == pytest.approx([count / inside[0] for count in inside], rel=0.03)
