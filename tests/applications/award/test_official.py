"""The official ranking: by hand, and against a slow reckoning in whole numbers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import prod
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.applications.award.methods.official import (
    VERSION,
    Criterion,
    Entry,
    Line,
    Mark,
    Ranked,
    Review,
    TieBreak,
    TieRule,
    criterion_score,
    draw_line,
    excess,
    rank,
)

CRITERIA = [Criterion("A", 50), Criterion("B", 30), Criterion("C", 20)]
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)


def entry(key: str, *marks: Sequence[Mark | None], **facts: Any) -> Entry:
    reviews = [
        Review(f"r{number}", dict(zip("ABC", given_marks, strict=True))) for number, given_marks in enumerate(marks)
    ]
    return Entry(key, reviews, **facts)


def places(rows: Sequence[Ranked]) -> list[tuple[str, int | None]]:
    return [(row.key, row.place) for row in rows]


def test_score_is_the_mean_of_the_reviews_weighted_means() -> None:
    one = entry("1", (6, 5, 4), (3, 3, 6))
    (row,) = rank([one], CRITERIA, [])
    assert row.review_scores == {"r0": Fraction(53, 10), "r1": Fraction(18, 5)}
    assert row.score == Fraction(89, 20)
    assert [criterion_score(one, code) for code in "ABC"] == [Fraction(9, 2), 4, 5]
    assert (row.place, row.parted_by, row.tied_with) == (1, (), ())
    assert VERSION == "weighted-mean/1"


def test_not_applicable_is_left_out_and_never_a_zero() -> None:
    one = entry("1", (6, None, 4), (None, None, 2))
    (row,) = rank([one], CRITERIA, [])
    assert row.review_scores == {"r0": Fraction(380, 70), "r1": 2}
    assert row.score == (Fraction(38, 7) + 2) / 2
    assert [criterion_score(one, code) for code in "ABC"] == [6, None, 3]


def test_a_review_without_any_applicable_criterion_has_no_score() -> None:
    rows = rank([entry("1", (None, None, None), (4, 4, 4)), entry("2", (None, None, None)), entry("3")], CRITERIA, [])
    assert places(rows) == [("1", 1), ("2", None), ("3", None)]
    assert [row.score for row in rows] == [4, None, None]


def test_i7_thirds_add_up_and_tenths_are_exact() -> None:
    thirds = [Criterion(code, Fraction(1, 3)) for code in "ABC"]
    tenth = Decimal("0.1")
    rows = rank([entry("1", (1, 1, 1)), entry("2", (tenth, Decimal("0.2"), Decimal("2.7")))], thirds, [])
    assert [row.score for row in rows] == [1, 1]
    assert rows[0].tied_with == ("2",)
    assert rows[1].tied_with == ("1",)


def test_i7_a_difference_smaller_than_any_rounding_decides() -> None:
    near = Decimal("4.00000000000000000000000000001")
    assert places(rank([entry("1", (4, 4, 4)), entry("2", (near, 4, 4))], CRITERIA, [])) == [("2", 1), ("1", 2)]


def test_tie_breaks_decide_in_the_order_declared() -> None:
    equal = [
        entry("1", (4, 4, 4), cofinancing=Decimal("20"), submitted=NOON),
        entry("2", (4, 4, 4), cofinancing=Decimal("25"), submitted=NOON + timedelta(microseconds=1)),
        entry("3", (4, 4, 4), cofinancing=Decimal("25"), submitted=NOON),
        entry("4", (6, 2, 2), cofinancing=Decimal("90"), submitted=NOON - timedelta(days=1)),
    ]
    order = [TieBreak.parse(text) for text in ("criterion:B", "cofinancing", "submitted")]
    rows = rank(equal, CRITERIA, order)
    assert places(rows) == [("3", 1), ("2", 2), ("1", 3), ("4", 4)]
    assert rows[0].parted_by == rows[1].parted_by == tuple(order)
    assert rows[2].parted_by == tuple(order[:2])
    assert rows[3].parted_by == tuple(order[:1])
    assert not any(row.tied_with for row in rows)


def test_a_rule_that_cannot_be_asked_of_all_decides_nothing() -> None:
    rows = rank(
        [entry("1", (4, None, 4), submitted=NOON), entry("2", (4, 4, 4), submitted=NOON - timedelta(1))],
        CRITERIA,
        [TieBreak(TieRule.CRITERION, "B"), TieBreak(TieRule.COFINANCING), TieBreak(TieRule.SUBMITTED)],
    )
    assert places(rows) == [("2", 1), ("1", 2)]
    assert rows[0].parted_by == (TieBreak(TieRule.SUBMITTED),)


def test_the_council_s_vote_ends_a_tie() -> None:
    order = [TieBreak(TieRule.VOTE)]
    open_tie = [entry("1", (4, 4, 4)), entry("2", (4, 4, 4), vote=1)]
    assert places(rank(open_tie, CRITERIA, order)) == [("1", 1), ("2", 1)]
    voted = [entry("1", (4, 4, 4), vote=2), entry("2", (4, 4, 4), vote=1)]
    assert places(rank(voted, CRITERIA, order)) == [("2", 1), ("1", 2)]


def test_i7_fifty_ties_at_the_line_are_contested_and_nobody_is_cut() -> None:
    entries = [entry(f"{number:03}", (5 if number < 18 else 4, 4, 4)) for number in range(68)]
    rows = rank(entries, CRITERIA, [])
    line = draw_line(rows, 20)
    assert line.within == tuple(f"{number:03}" for number in range(18))
    assert line.contested == tuple(f"{number:03}" for number in range(18, 68))
    assert line.outside == ()
    assert rows[18].place == 19
    assert len(rows[18].tied_with) == 49
    assert draw_line(rows, 68) == Line(tuple(row.key for row in rows), (), ())
    assert draw_line(rows, 18).contested == ()


def test_awards_fit_the_places_the_fund_and_the_limit_or_tell_by_how_much() -> None:
    awards = {"1": Decimal("10.00"), "2": Decimal("5.01")}
    assert not excess(awards, fund=Decimal("15.01"), places=2, limit=Decimal(10))
    over = excess(awards, fund=Decimal("15"), places=1, limit=Decimal("9.99"))
    assert (over.places, over.fund, over.above_limit) == (1, Decimal("0.01"), ("1",))


@pytest.mark.parametrize(
    ("entries", "criteria", "breaks", "error"),
    [
        ([entry("1"), entry("1")], CRITERIA, [], "given twice"),
        ([Entry("1", [Review("r", {"A": 1, "B": 1})])], CRITERIA, [], "every criterion"),
        ([Entry("1", [Review("r", {"A": 1, "B": 1, "C": 1, "D": 1})])], CRITERIA, [], "every criterion"),
        ([Entry("1", [Review("r", {"A": 1})] * 2)], [Criterion("A", 1)], [], "reviewer is given twice"),
        ([], [Criterion("A", 0)], [], "above zero"),
        ([], [], [], "must be criteria"),
        ([], CRITERIA, [TieBreak(TieRule.CRITERION, "X")], "unknown criterion"),
        ([entry("1", submitted=datetime(2026, 1, 1))], CRITERIA, [], "without a zone"),  # noqa: DTZ001
        ([entry("1", (Decimal("NaN"), 1, 1))], CRITERIA, [], "finite"),
    ],
)
def test_what_cannot_be_ranked_is_refused(
    entries: list[Entry], criteria: list[Criterion], breaks: list[TieBreak], error: str
) -> None:
    with pytest.raises(ValueError, match=error):
        rank(entries, criteria, breaks)


def test_a_float_is_no_mark() -> None:
    with pytest.raises(TypeError):
        rank([entry("1", (4.5, 1, 1))], CRITERIA, [])  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "criterion", "criterion:", "vote:A", "earlier", "Cofinancing"])
def test_an_unknown_tie_break_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        TieBreak.parse(text)


MARKS = st.none() | st.integers(1, 6)
REVIEWS = st.lists(st.fixed_dictionaries(dict.fromkeys("ABC", MARKS)), max_size=4)
CALLS = st.fixed_dictionaries(dict.fromkeys("ABC", st.integers(1, 40)))
FACTS = st.tuples(REVIEWS, st.integers(0, 2), st.integers(0, 2))


def made(facts: Sequence[tuple[list[dict[str, int | None]], int, int]]) -> list[Entry]:
    return [
        Entry(
            f"{number:02}",
            [Review(f"r{place}", marks) for place, marks in enumerate(reviews)],
            cofinancing=share,
            submitted=NOON + timedelta(seconds=late),
        )
        for number, (reviews, share, late) in enumerate(facts)
    ]


def reckoned(one: Entry, weights: Mapping[str, int]) -> tuple[int, int] | None:
    """The score as numerator and denominator in plain whole numbers, by one common denominator."""
    parts = []
    for review in one.reviews:
        given_marks = [(weights[code], mark) for code, mark in review.marks.items() if mark is not None]
        if given_marks:
            parts.append((sum(w * int(mark) for w, mark in given_marks), sum(w for w, _ in given_marks)))
    if not parts:
        return None
    common = prod(under for _, under in parts)
    return sum(over * (common // under) for over, under in parts), common * len(parts)


def is_better(one: Entry, other: Entry, weights: Mapping[str, int]) -> bool:
    """Score, then co-financing, then the earlier instant, by cross multiplication."""
    first, second = reckoned(one, weights), reckoned(other, weights)
    assert first is not None
    assert second is not None
    left, right = first[0] * second[1], second[0] * first[1]
    if left != right:
        return left > right
    assert isinstance(one.cofinancing, int)
    assert isinstance(other.cofinancing, int)
    if one.cofinancing != other.cofinancing:
        return one.cofinancing > other.cofinancing
    assert one.submitted is not None
    assert other.submitted is not None
    return one.submitted < other.submitted


@settings(max_examples=200)
@given(st.lists(FACTS, max_size=7), CALLS, st.randoms(use_true_random=False))
def test_i7_places_agree_with_a_slow_reckoning_and_not_with_the_order_given(
    facts: list[tuple[list[dict[str, int | None]], int, int]], weights: dict[str, int], chance: Random
) -> None:
    agree(facts, weights, chance)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_i7_places_agree_in_a_hundred_thousand_sets(seed: int) -> None:
    """Drawn by lot: to look for the smallest set that fails would take fifty times as long as the ranking itself."""
    lots = Random(seed)
    marks = (None, *range(1, 7))
    for _ in range(10_000):
        sets = [
            ([{code: lots.choice(marks) for code in "ABC"} for _ in range(lots.randrange(5))],
             lots.randrange(3), lots.randrange(3))
            for _ in range(lots.randrange(8))
        ]  # fmt: skip
        agree(sets, {code: lots.randint(1, 40) for code in "ABC"}, lots)


def agree(facts: list[tuple[list[dict[str, int | None]], int, int]], weights: dict[str, int], chance: Random) -> None:
    entries = made(facts)
    criteria = [Criterion(code, weight) for code, weight in weights.items()]
    breaks = [TieBreak(TieRule.COFINANCING), TieBreak(TieRule.SUBMITTED)]
    rows = rank(entries, criteria, breaks)
    scored = {one.key: one for one in entries if reckoned(one, weights) is not None}
    assert {row.key for row in rows if row.place is not None} == set(scored)
    assert [row.key for row in rows[len(scored) :]] == sorted({one.key for one in entries} - set(scored))
    for row in rows[: len(scored)]:
        mine = scored[row.key]
        others = [one for one in scored.values() if one is not mine]
        assert row.place == 1 + sum(is_better(one, mine, weights) for one in others)
        equal = {one.key for one in others if not is_better(one, mine, weights) and not is_better(mine, one, weights)}
        assert set(row.tied_with) == equal
        over, under = reckoned(mine, weights) or (0, 1)
        assert row.score is not None
        assert row.score * under == over
    chance.shuffle(entries)
    chance.shuffle(criteria)
    assert rank([Entry(e.key, e.reviews[::-1], e.cofinancing, e.submitted) for e in entries], criteria, breaks) == rows


@given(st.lists(FACTS, max_size=7), st.integers(0, 8))
def test_the_line_parts_everybody_once(facts: list[tuple[list[dict[str, int | None]], int, int]], number: int) -> None:
    rows = rank(made(facts), CRITERIA, [])
    line = draw_line(rows, number)
    assert sorted(line.within + line.contested + line.outside) == sorted(row.key for row in rows)
    assert len(line.within) <= number
    if line.contested:
        assert len(line.within) < number < len(line.within) + len(line.contested)
