"""What the ranking says: places, sums, why one stands before another; and its snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import orjson

from portal.applications.award.methods import official
from portal.applications.award.methods.official import TieBreak, TieRule
from portal.applications.award.models import KEPT, Contest, Contestant, Protocol
from portal.applications.call.models import Call
from portal.kit.bilingual import Bilingual
from portal.kit.i18n import Text, Written, number, say, say_many
from portal.kit.numbers import exact

TIE_WORDS = {
    TieRule.COFINANCING: say("by the share of co-financing"),
    TieRule.SUBMITTED: say("by the instant of submission"),
    TieRule.VOTE: say("by the council's vote"),
}

NAMED = 5
"""More equals than these are counted, not named."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One application in the ranking; `running` is the sum asked for by it and all before it.

    `tie` are the numbers of those that share its place, its own among them.

    `review_scores` are by public id of the review, None where nothing was applicable. As a contestant, a row is equal
    to itself alone.
    """

    contestant: Contestant
    place: int | None
    score: Fraction | None
    running: Decimal
    parted_by: tuple[TieBreak, ...]
    tie: tuple[str, ...]
    is_last_place: bool
    review_scores: Mapping[str, Fraction | None]


def ranking(contest: Contest, call: Call) -> tuple[Row, ...]:
    """All contestants, best first, by the call's criteria and tie-break rules."""
    weights = tuple((criterion.code, criterion.weight) for criterion in contest.criteria)
    return _ranking(contest.contestants, weights, tuple(call.tie_breaks), call.places)


@lru_cache(KEPT)
def _ranking(
    contestants: tuple[Contestant, ...], weights: tuple[tuple[str, Decimal], ...], rules: tuple[str, ...], places: int
) -> tuple[Row, ...]:
    by_number = {contestant.number: contestant for contestant in contestants}
    ranked = official.rank(
        [
            official.Entry(
                contestant.number,
                [official.Review(review, marks) for review, marks in contestant.marks.items()],
                cofinancing=_cofinancing(contestant),
                submitted=contestant.submitted_at,
            )
            for contestant in contestants
        ],
        [official.Criterion(code, weight) for code, weight in weights],
        [TieBreak.parse(rule) for rule in rules],
    )
    line = official.draw_line(ranked, places)
    last = (line.within + line.contested)[-1:] if line.outside else ()
    rows, running = [], Decimal(0)
    for one in ranked:
        contestant = by_number[one.key]
        running += contestant.requested
        is_last, scores = one.key in last, one.review_scores
        rows.append(Row(contestant, one.place, one.score, running, one.parted_by, one.tie, is_last, scores))
    return tuple(rows)


def _cofinancing(contestant: Contestant) -> Fraction | None:
    """The share of others than the Foundation, exactly: sums are whole kopecks."""
    total, own = contestant.total, contestant.total - contestant.requested
    return Fraction(int(own * 100), int(total * 100)) if total else None


def snapshot(contest: Contest, rows: Sequence[Row], call: Call) -> dict[str, Any]:
    """All that the ranking was made of and what it says, as JSON can hold it: enough to reckon it again anywhere."""
    return {
        "method": official.VERSION,
        "call": call.number,
        "tie_breaks": list(call.tie_breaks),
        "criteria": {criterion.code: str(exact(criterion.weight)) for criterion in contest.criteria},
        "applications": _applications(tuple(rows)),
    }


@lru_cache(KEPT)
def _applications(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    return [
        {
            "number": row.contestant.number,
            "region": row.contestant.region_code,
            "version": row.contestant.version_sha256,
            "submitted_at": row.contestant.submitted_at.isoformat(),
            "requested": f"{row.contestant.requested:.2f}",
            "total": f"{row.contestant.total:.2f}",
            "reviews": row.contestant.marks,
            "place": row.place,
            "score": None if row.score is None else str(row.score),
        }
        for row in rows
    ]


def digest(ranking: Mapping[str, Any]) -> str:
    """The SHA-256 of a snapshot: of its JSON with sorted keys, without spaces, in UTF-8."""
    return hashlib.sha256(orjson.dumps(ranking, option=orjson.OPT_SORT_KEYS)).hexdigest()


def edition(protocol: Protocol | None) -> str:
    """Which recommendation a page was made from; empty where there was none."""
    return protocol.recommended_at.isoformat() if protocol else ""


def finding(rows: Sequence[Row], places: int) -> Text:
    """The ranking in a sentence: how far apart the last place and the next one are."""
    scored = [row for row in rows if row.score is not None]
    if not scored:
        return say("There are no scores yet")
    if len(scored) <= places:
        return say("There are places for all applications that have a score")
    within, beyond = scored[places - 1], scored[places]
    if within.place == beyond.place:
        return say("The line runs through equal applications: the council votes")
    if within.score == beyond.score:
        return say(
            "Places %(last)s and %(next)s have equal scores and are told apart by a rule", last=places, next=places + 1
        )
    gap = (within.score or Fraction(0)) - (beyond.score or Fraction(0))
    written = Written(number, gap, 1 if (gap * 10).denominator == 1 else 4)
    return say("Places %(last)s and %(next)s are %(gap)s apart", last=places, next=places + 1, gap=written)


def explanation(row: Row, contest: Contest) -> Text | None:
    """Why the row stands where it does among others of the same score; None where there are none."""
    equals = len(row.tie) - 1
    if equals > NAMED:
        return say_many(
            "Equal to %(num)s other application by the score and by every rule: the place is shared, the council"
            " votes.",
            "Equal to %(num)s other applications by the score and by every rule: the place is shared, the council"
            " votes.",
            equals,
        )
    if equals > 0:
        told = ", ".join(number for number in row.tie if number != row.contestant.number)
        return say(
            "Equal to %(others)s by the score and by every rule: the place is shared, the council votes.", others=told
        )
    if not row.parted_by:
        return None
    named = {criterion.code: criterion.name for criterion in contest.criteria}
    rules = [tie_words(rule, named) for rule in row.parted_by]
    return say("There are equal scores; the place was decided %(rules)s.", rules=Written(_joined, *rules))


def tie_words(rule: TieBreak, named: Mapping[str, Bilingual]) -> Text:
    """What tells equal scores apart; `named` are the criteria by code."""
    if rule.criterion:
        return say("by the score on “%(criterion)s”", criterion=named[rule.criterion])
    return TIE_WORDS[rule.rule]


def _joined(*texts: Text) -> str:
    return ", ".join(str(text) for text in texts)
