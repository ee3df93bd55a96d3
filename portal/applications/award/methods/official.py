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
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Final

from portal.kit.numbers import exact

VERSION: Final = "weighted-mean/1"

Mark = int | Decimal | Fraction
_Judged = tuple["Entry", "Ranked"]


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

    `criterion_scores` are means over the reviewers who could apply the criterion, None where nobody could. `parted_by`
    names the rules that set this row apart from others of the same score. `tied_with` are those that no rule could part
    from it: they share its place, and the council votes.
    """

    key: str
    place: int | None
    score: Fraction | None
    criterion_scores: Mapping[str, Fraction | None]
    review_scores: Mapping[str, Fraction | None]
    parted_by: tuple[TieBreak, ...] = ()
    tied_with: tuple[str, ...] = ()


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
    judged = [(entry, _judged(entry, weights)) for entry in listed]
    by_score: dict[Fraction, list[_Judged]] = {}
    for entry, row in judged:
        if row.score is not None:
            by_score.setdefault(row.score, []).append((entry, row))
    rows: list[Ranked] = []
    for score in sorted(by_score, reverse=True):
        for group, parted_by in _parted(by_score[score], tuple(tie_breaks), ()):
            place, keys = len(rows) + 1, [entry.key for entry, _ in group]
            for key, (_, row) in zip(keys, group, strict=True):
                others = tuple(other for other in keys if other != key)
                rows.append(replace(row, place=place, parted_by=parted_by, tied_with=others))
    return rows + [row for _, row in judged if row.score is None]


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
    denominator = lcm(*(weight.denominator for weight in fractions.values()))
    return {code: int(weight * denominator) for code, weight in fractions.items()}


def _judged(entry: Entry, weights: Mapping[str, int]) -> Ranked:
    """The row with its scores, its place not yet known."""
    if entry.submitted is not None and entry.submitted.tzinfo is None:
        raise ValueError(f"a time of submission without a zone: {entry.key}")
    if len({review.reviewer for review in entry.reviews}) != len(entry.reviews):
        raise ValueError(f"a reviewer is given twice for one application: {entry.key}")
    marks = {review.reviewer: _marks(review, weights) for review in entry.reviews}
    reviews = {who: _mean((weights[code], mark) for code, mark in own.items()) for who, own in marks.items()}
    by_criterion = {code: _mean((1, own[code]) for own in marks.values() if code in own) for code in weights}
    score = _mean((1, one) for one in reviews.values() if one is not None)
    return Ranked(entry.key, None, score, by_criterion, reviews)


def _marks(review: Review, weights: Mapping[str, int]) -> dict[str, int | Fraction]:
    """The marks that were given, N/A left out."""
    if review.marks.keys() != weights.keys():
        raise ValueError(f"a review must mark every criterion of the call and no other: {review.reviewer}")
    given = ((code, mark) for code, mark in review.marks.items() if mark is not None)
    return {code: mark if type(mark) is int else exact(mark) for code, mark in given}


def _mean(weighted: Iterable[tuple[int, int | Fraction]]) -> Fraction | None:
    total: int | Fraction = 0
    weights = 0
    for weight, value in weighted:
        total += weight * value
        weights += weight
    if not weights:
        return None
    # Made of whole numbers at once where it can be: a fifth of the cost of dividing fractions.
    return Fraction(total, weights)


def _parted(
    group: list[_Judged], rules: tuple[TieBreak, ...], parted_by: tuple[TieBreak, ...]
) -> list[tuple[list[_Judged], tuple[TieBreak, ...]]]:
    """The group in order, split as far as the rules go, with the rules that split each part off."""
    if len(group) == 1 or not rules:
        return [(group, parted_by)]
    rule, rest = rules[0], rules[1:]
    parts: dict[Fraction, list[_Judged]] = {}
    for entry, row in group:
        value = _compared(rule, entry, row)
        if value is None:
            return _parted(group, rest, parted_by)
        parts.setdefault(value, []).append((entry, row))
    if len(parts) == 1:
        return _parted(group, rest, parted_by)
    ordered = (parts[value] for value in sorted(parts, reverse=True))
    return [final for part in ordered for final in _parted(part, rest, (*parted_by, rule))]


def _compared(tie_break: TieBreak, entry: Entry, row: Ranked) -> Fraction | None:
    """What the rule compares, the larger the better; None where there is nothing to compare."""
    match tie_break.rule:
        case TieRule.CRITERION:
            return row.criterion_scores[tie_break.criterion]
        case TieRule.COFINANCING:
            return None if entry.cofinancing is None else exact(entry.cofinancing)
        case TieRule.SUBMITTED:
            return None if entry.submitted is None else -_microseconds(entry.submitted)
        case TieRule.VOTE:
            return None if entry.vote is None else Fraction(-entry.vote)


def _microseconds(instant: datetime) -> Fraction:
    """Exact microseconds since a fixed instant: a timestamp as a float would lose them."""
    return Fraction((instant - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))
