"""How sure the ranking is, in figures and words: beside the official places, never instead of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from portal.applications.award.methods.advice import VERSION
from portal.applications.award.models import KEPT
from portal.applications.award.rules.ranking import Row
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.review.rules import MARKS
from portal.kit.bilingual import Bilingual
from portal.kit.i18n import NBSP, Text, Written, number, say

SEED = 1
"""One for all, so that anyone who computes again finds the same."""
WIDTH = 132
"""Of a drawing of ranks or chances, in its own units."""
READINGS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Known:
    """One application as the method sees it; `drawn` are the ends of both intervals of ranks on a line of `WIDTH`."""

    adjusted: float
    expected: float
    rank_50: tuple[int, int]
    rank_90: tuple[int, int]
    p_within: float
    gain: float
    in_band: bool
    adjusted_place: int
    drawn: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Severity:
    """How many marks below the others a reviewer scores; `low` and `high` end the interval of 90 %."""

    name: Bilingual
    readings: int
    by: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Advice:
    """What the method says of a ranking. `line` is where the places end on a drawing of ranks."""

    known: Mapping[str, Known]
    reviewers: Mapping[int, Severity]
    line: float
    icc: float | None
    alpha: float | None


def basis(rows: Sequence[Row], call: Call) -> dict[str, Any] | None:
    """All that the certainty is computed from, as JSON; None before closing or with too little to compare."""
    scores = _scores(tuple(rows))
    compared = [len({score[place] for score in scores}) for place in (0, 1)]
    if call.state not in (CallState.CLOSED, CallState.DECIDED) or min(compared) < 2:
        return None
    return {
        "method": VERSION,
        "call": call.number,
        "scale": [min(MARKS), max(MARKS)],
        "places": call.places,
        "seed": SEED,
        "scores": scores,
    }


@lru_cache(KEPT)
def _scores(rows: tuple[Row, ...]) -> list[list[str]]:
    """Application, reviewer and exact score of every review that has one."""
    return sorted(
        [row.contestant.number, str(row.contestant.readers[review]), str(score)]
        for row in rows
        for review, score in row.review_scores.items()
        if score is not None
    )


def known_of(result: Mapping[str, Any]) -> dict[str, Known]:
    """What the stored result of the method says of the applications, by their numbers; nothing of their reviewers."""
    standings, band = result["standings"], set(result["band"])
    step = WIDTH / len(standings)
    by_adjusted = sorted(standings, key=lambda one: (-one["adjusted_mean"], one["application"]))
    order = {one["application"]: place for place, one in enumerate(by_adjusted, 1)}
    return {one["application"]: _known(one, step, order, band) for one in standings}


def read(result: Mapping[str, Any], names: Mapping[int, Bilingual]) -> Advice:
    """The stored result of the method, with the `names` of its reviewers."""
    known, places = known_of(result), result["places"]
    return Advice(
        known=known,
        reviewers={
            int(one["reviewer"]): Severity(
                names[int(one["reviewer"])], one["readings"], one["severity"], *one["interval_90"]
            )
            for one in result["reviewers"]
        },
        line=round(min(places, len(known)) * WIDTH / len(known), 1),
        icc=result["icc"],
        alpha=result["alpha"],
    )


def _known(one: Mapping[str, Any], step: float, order: Mapping[str, int], band: set[str]) -> Known:
    key, (low, high), (lowest, highest) = one["application"], one["rank_50"], one["rank_90"]
    ends = (lowest - 1, low - 1, high, highest)
    return Known(
        adjusted=one["adjusted_mean"],
        expected=one["expected_rank"],
        rank_50=(low, high),
        rank_90=(lowest, highest),
        p_within=one["p_within"],
        gain=one["gain"],
        in_band=key in band,
        adjusted_place=order[key],
        drawn=(round(ends[0] * step, 1), round(ends[1] * step, 1), round(ends[2] * step, 1), round(ends[3] * step, 1)),
    )


def chance_told(share: float) -> str:
    """A chance in whole percent; what is all but sure is not told as certain."""
    told = "< 1" if share < 0.01 else "> 99" if share > 0.99 else number(share * 100)
    return f"{told} %".replace(" ", NBSP)


def band_told(rows: Sequence[Row], advice: Advice) -> Text:
    """What the marks cannot tell apart around the line, in a sentence."""
    places = sorted({row.place for row in rows if row.place and advice.known[row.contestant.number].in_band})
    if len(places) < 2:
        return say("The marks tell the places at the line apart.")
    return say(
        "Places %(places)s cannot be told apart by the marks: the differences are smaller than their accuracy.",
        places=_ranges(places),
    )


def _ranges(places: Sequence[int]) -> str:
    """17, 19–22."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return ", ".join(f"{low}–{high}" if low < high else str(low) for low, high in runs)


def changes(rows: Sequence[Row], advice: Advice, places: int) -> list[Text]:
    """Who would cross the line if each mark were adjusted for its reviewer's severity, and why."""
    told: list[Text] = []
    for row in rows:
        known = advice.known.get(row.contestant.number)
        if known is None or row.place is None or row.score is None:
            continue
        if (row.place <= places) == (known.adjusted_place <= places):
            continue
        figures = {
            "region": row.contestant.region,
            "place": row.place,
            "mean": Written(number, row.score, 2),
            "adjusted": Written(number, known.adjusted, 2),
        }
        if row.place > places:
            told.append(
                say("%(region)s, place %(place)s, rises from %(mean)s to %(adjusted)s and over the line.", **figures)
            )
            told += _severest(row, advice)
        else:
            told.append(
                say("%(region)s, place %(place)s, goes from %(mean)s to %(adjusted)s and below the line.", **figures)
            )
    return told


def _severest(row: Row, advice: Advice) -> list[Text]:
    """The severest of its readers, if she is that without doubt."""
    reader = max((advice.reviewers[reader] for reader in row.contestant.readers.values()), key=lambda one: one.by)
    if reader.low <= 0:
        return []
    return [
        say(
            "It was read by %(name)s, whose marks are lower than the others' by %(by)s (with %(most)s certainty, by "
            "%(low)s to %(high)s).",
            name=reader.name,
            by=Written(number, reader.by, 1),
            most="90 %",
            low=Written(number, reader.low, 1),
            high=Written(number, reader.high, 1),
        )
    ]


def worth_reading(rows: Sequence[Row], advice: Advice) -> list[Row]:
    """Where one further reading would help the choice most: no more than five of the band, the most helpful first."""
    inside = [row for row in rows if row.contestant.number in advice.known]
    inside = [row for row in inside if advice.known[row.contestant.number].in_band]
    return sorted(inside, key=lambda row: -advice.known[row.contestant.number].gain)[:READINGS_SHOWN]
