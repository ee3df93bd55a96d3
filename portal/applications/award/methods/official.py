"""The official ranking, `weighted-mean/1`: exact weighted means, declared tie-break rules, limits of money and places.

A review's score is the weighted mean of its marks, the weights taken anew over the criteria that the reviewer could
apply: sum(weight * mark) / sum(weight), N/A in neither sum. An application's score is the plain mean of its reviews'
scores, so that every reader counts the same. A review without any applicable criterion has no score and is left out;
an application without any scored review has no score and no place. Everything is a Fraction: nothing is rounded before
it is compared, and nothing depends on the order in which applications, reviews or criteria are given.
Source: the regulations of the call (criteria and weights are its settings); places are numbered 1, 2, 2, 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Final, NamedTuple

from portal.kit.numbers import exact

VERSION: Final = "weighted-mean/1"

Mark = int | Decimal | Fraction


class TieRule(StrEnum):
    """What a tie-break rule compares: the larger is better, of instants the earlier, of votes the first."""

    CRITERION = "criterion"
    COFINANCING = "cofinancing"
    SUBMITTED = "submitted"
    VOTE = "vote"


@dataclass(frozen=True, slots=True)
class TieBreak:
    """One rule of the call's order; `criterion` is the code it names, for `TieRule.CRITERION` only."""

    rule: TieRule
    criterion: str = ""

    def __post_init__(self) -> None:
        if (self.rule is TieRule.CRITERION) != bool(self.criterion):
            raise ValueError("a criterion is named by the criterion rule, and by no other")

    def __str__(self) -> str:
        return f"{self.rule}:{self.criterion}" if self.criterion else str(self.rule)

    @classmethod
    def parse(cls, text: str) -> TieBreak:
        """The rule that `str()` wrote: `criterion:C1`, `cofinancing`, `submitted`, `vote`; else ValueError."""
        rule, _, criterion = text.partition(":")
        return cls(TieRule(rule), criterion)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of the call; only the proportions of the weights matter."""

    code: str
    weight: Mark


@dataclass(frozen=True, slots=True)
class Review:
    """A submitted review: a mark for every criterion of the call, None where it is not applicable."""

    reviewer: str
    marks: Mapping[str, Mark | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """An application as the ranking sees it; `vote` is its place (1 first) in the council's vote on a tie, if any."""

    key: str
    reviews: Sequence[Review]
    cofinancing: Mark | None = None
    submitted: datetime | None = None
    vote: int | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of the ranking; `str(score)` is exact and `Fraction(text)` reads it back.

    `parted_by` names the rules that set this row apart from others of the same score. `tie` are the keys that share its
    place, its own among them: where there are others, no rule could part them, and the council votes.
    """

    key: str
    place: int | None
    score: Fraction | None
    review_scores: Mapping[str, Fraction | None]
    parted_by: tuple[TieBreak, ...] = ()
    tie: tuple[str, ...] = ()

    @property
    def tied_with(self) -> tuple[str, ...]:
        """The others that share its place."""
        return tuple(key for key in self.tie if key != self.key)


class _Judged(NamedTuple):
    """An application with its scores, its place not yet known."""

    entry: Entry
    score: Fraction | None
    review_scores: Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class Line:
    """Where the places end: keys within, keys of the tie that crosses the line, keys outside; each in order of rank."""

    within: tuple[str, ...]
    contested: tuple[str, ...]
    outside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excess:
    """By how much a set of awards is beyond what the call allows; all zero and empty where it fits."""

    places: int
    fund: Decimal
    above_limit: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.places or self.fund or self.above_limit)


def rank(entries: Iterable[Entry], criteria: Sequence[Criterion], tie_breaks: Sequence[TieBreak]) -> list[Ranked]:
    """Every application once, best first, the unscored last without a place.

    A tie-break rule is asked of a whole group of equals and decides only if every one of them has what it compares:
    what is not applicable is never taken for the least. What the rules leave tied shares a place and stands in the
    order of keys, which means nothing. ValueError for a repeated key or reviewer, a mark that is missing or of an
    unknown criterion, a weight that is not positive, a time without zone, a rule that names no criterion of the call;
    TypeError for a float.
    """
    listed = sorted(entries, key=lambda entry: entry.key)
    if len({entry.key for entry in listed}) != len(listed):
        raise ValueError("an application is given twice")
    weights = _weights(criteria)
    for tie_break in tie_breaks:
        if tie_break.criterion and tie_break.criterion not in weights:
            raise ValueError(f"a tie-break rule names an unknown criterion: {tie_break.criterion}")
    judged = [_judged(entry, weights) for entry in listed]
    scored = [(one.score, one) for one in judged if one.score is not None]
    rows: list[Ranked] = []
    for equals in _by_value(scored):
        for group, parted_by in _parted(equals, tuple(tie_breaks), ()):
            place, tie = len(rows) + 1, tuple(entry.key for entry, _, _ in group)
            rows += [Ranked(entry.key, place, score, own, parted_by, tie) for entry, score, own in group]
    return rows + [Ranked(one.entry.key, None, None, one.review_scores) for one in judged if one.score is None]


def draw_line(rows: Sequence[Ranked], places: int) -> Line:
    """Who is among the first `places`; a tie that does not fit whole is contested. The unscored are outside."""
    counts: dict[int, int] = {}
    for row in rows:
        if row.place is not None:
            counts[row.place] = counts.get(row.place, 0) + 1
    within, contested, outside = [], [], []
    for row in rows:
        if row.place is None or row.place > places:
            outside.append(row.key)
        elif row.place + counts[row.place] - 1 <= places:
            within.append(row.key)
        else:
            contested.append(row.key)
    return Line(tuple(within), tuple(contested), tuple(outside))


def excess(awards: Mapping[str, Decimal], *, fund: Decimal, places: int, limit: Decimal | None = None) -> Excess:
    """How far the awards go beyond the number of places, the fund, and (by key) the limit of one grant."""
    over = sum(awards.values(), Decimal(0)) - fund
    above = tuple(sorted(key for key, award in awards.items() if limit is not None and award > limit))
    return Excess(max(0, len(awards) - places), max(Decimal(0), over), above)


def _weights(criteria: Sequence[Criterion]) -> dict[str, int]:
    """Whole numbers in the proportions of the weights, so that sums stay small."""
    fractions = {criterion.code: exact(criterion.weight) for criterion in criteria}
    if not fractions or len(fractions) != len(criteria):
        raise ValueError("there must be criteria, each once")
    if any(weight <= 0 for weight in fractions.values()):
        raise ValueError("a weight must be above zero")
    return dict(zip(fractions, _whole(fractions.values()), strict=True))


def _whole(values: Iterable[Fraction | int]) -> list[int]:
    """Whole numbers in the proportions of the values: they add up and compare at a tenth of the cost of fractions."""
    listed = list(values)
    denominator = lcm(*(value.denominator for value in listed))
    return [value.numerator * (denominator // value.denominator) for value in listed]


def _judged(entry: Entry, weights: Mapping[str, int]) -> _Judged:
    if entry.submitted is not None and entry.submitted.tzinfo is None:
        raise ValueError(f"a time of submission without a zone: {entry.key}")
    reviews = {review.reviewer: _score(review, weights) for review in entry.reviews}
    if len(reviews) != len(entry.reviews):
        raise ValueError(f"a reviewer is given twice for one application: {entry.key}")
    return _Judged(entry, _mean([score for score in reviews.values() if score is not None]), reviews)


def _score(review: Review, weights: Mapping[str, int]) -> Fraction | None:
    """The weighted mean of the marks that were given, N/A left out."""
    if review.marks.keys() != weights.keys():
        raise ValueError(f"a review must mark every criterion of the call and no other: {review.reviewer}")
    total: int | Fraction = 0
    given = 0
    for code, mark in review.marks.items():
        if mark is not None:
            total += weights[code] * _exact(mark)
            given += weights[code]
    return Fraction(total, given) if given else None


def _mean(values: Sequence[Fraction | int]) -> Fraction | None:
    """The plain mean; one fraction is made, because making them is what costs."""
    if not values:
        return None
    denominator = lcm(*[value.denominator for value in values])
    total = sum([value.numerator * (denominator // value.denominator) for value in values])
    return Fraction(total, denominator * len(values))


def _exact(mark: Mark) -> Fraction | int:
    return mark if type(mark) is int else exact(mark)


def _by_value(valued: Sequence[tuple[Fraction | int, _Judged]]) -> list[list[_Judged]]:
    """Groups of equal value, the largest value first."""
    groups: dict[int, list[_Judged]] = {}
    for value, (_, one) in zip(_whole(value for value, _ in valued), valued, strict=True):
        groups.setdefault(value, []).append(one)
    return [groups[value] for value in sorted(groups, reverse=True)]


def _parted(
    group: list[_Judged], rules: tuple[TieBreak, ...], parted_by: tuple[TieBreak, ...]
) -> list[tuple[list[_Judged], tuple[TieBreak, ...]]]:
    """The group in order, split as far as the rules go, with the rules that split each part off."""
    if len(group) == 1 or not rules:
        return [(group, parted_by)]
    rule, rest = rules[0], rules[1:]
    compared = [(value, one) for one in group if (value := _compared(rule, one.entry)) is not None]
    parts = _by_value(compared) if len(compared) == len(group) else [group]
    if len(parts) == 1:
        return _parted(group, rest, parted_by)
    return [final for part in parts for final in _parted(part, rest, (*parted_by, rule))]


def _compared(tie_break: TieBreak, entry: Entry) -> Fraction | int | None:
    """What the rule compares, the larger the better; None where there is nothing to compare."""
    match tie_break.rule:
        case TieRule.CRITERION:
            return criterion_score(entry, tie_break.criterion)
        case TieRule.COFINANCING:
            return None if entry.cofinancing is None else exact(entry.cofinancing)
        case TieRule.SUBMITTED:
            return None if entry.submitted is None else -_microseconds(entry.submitted)
        case TieRule.VOTE:
            return None if entry.vote is None else -entry.vote


def criterion_score(entry: Entry, code: str) -> Fraction | None:
    """The mean over the reviewers who could apply the criterion, None where nobody could."""
    marks = (review.marks[code] for review in entry.reviews)
    return _mean([_exact(mark) for mark in marks if mark is not None])


def _microseconds(instant: datetime) -> int:
    """Exact microseconds since a fixed instant: a timestamp as a float would lose them."""
    return (instant - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
