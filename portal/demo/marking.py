"""Marks and comments of fictional reviewers: written by hand, or composed for a wanted mean and each one's severity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from portal.demo.content import programmes
from portal.demo.texts import between, fraction, pick, read

LOAD, READINGS = 9, 3
FINEST = 1 / 120
"""Half of the least step of a mean: weights are multiples of five percent, three people read."""
Marks = dict[str, dict[str, int]]


@cache
def reviews() -> tuple[dict[str, Any], ...]:
    """Every review of the decided call: those written by hand, and three of each composed programme."""
    written = read("reviews")["reviews"]
    composed = {region: one for region, one in programmes("decided").items() if one.get("score")}
    readers = _readers(sorted(composed), written)
    made = [review for region, one in composed.items() for review in _reviews(region, one, readers[region])]
    return (*written, *made)


@cache
def ranked() -> tuple[tuple[str, Fraction], ...]:
    """The regions of the decided call with their means, best first; what is not applicable is left out."""
    weights, sheets = _weights(), defaultdict(list)
    for review in reviews():
        given = [(weights[key], mark) for key, (mark, _) in review["marks"].items() if mark != "NA"]
        sheets[review["region"]].append(Fraction(sum(w * m for w, m in given), sum(w for w, _ in given)))
    means = {region: sum(found, Fraction(0)) / len(found) for region, found in sheets.items()}
    return tuple(sorted(means.items(), key=lambda one: -one[1]))


def winners() -> list[str]:
    """The regions that get a grant, best first."""
    return [region for region, _ in ranked()[: read("call")["decided"]["places"]]]


def _readers(regions: list[str], written: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Three readers of each region: loads stay even, and no two read together more often than they must."""
    people = list(read("reviews")["severity"])
    free = {one: LOAD - sum(review["reviewer"] == one for review in written) for one in people}
    met: dict[frozenset[str], int] = {}
    found: dict[str, list[str]] = {}
    for region in regions:
        chosen: list[str] = []
        while len(chosen) < READINGS:
            best = max(
                (one for one in people if one not in chosen),
                key=lambda one: (3 * free[one] - sum(met.get(frozenset((one, other)), 0) for other in chosen),
                                 fraction(region, one)),
            )  # fmt: skip
            for other in chosen:
                met[frozenset((best, other))] = met.get(frozenset((best, other)), 0) + 1
            free[best] -= 1
            chosen.append(best)
        found[region] = chosen
    return found


def _reviews(region: str, programme: Mapping[str, Any], readers: list[str]) -> list[dict[str, Any]]:
    severity: Mapping[str, float] = read("reviews")["severity"]
    usual = sum(severity[one] for one in readers) / READINGS
    wanted = {
        one: {
            key: programme["score"] + severity[one] - usual + between(-0.9, 0.9, region, one, key)
            for key in _weights()
        }
        for one in readers
    }  # fmt: skip
    marks = _brought_to(programme["score"], wanted)
    used: set[str] = set()
    return [
        {
            "region": region,
            "reviewer": one,
            "days_after_assignment": 9 + int(between(0, 17, region, one, "day")),
            "marks": {key: [mark, _comment(key, mark, programme, one, used)] for key, mark in marks[one].items()},
        }
        for one in readers
    ]


@cache
def _weights() -> dict[str, int]:
    return {criterion["key"]: criterion["weight"] for criterion in read("call")["criteria"]}


def mean(marks: Mapping[str, Mapping[str, int]]) -> float:
    """The weighted mean of all readers' marks."""
    weights = _weights()
    return sum(weights[key] * mark for sheet in marks.values() for key, mark in sheet.items()) / 100 / len(marks)


def _brought_to(score: float, wanted: Mapping[str, Mapping[str, float]]) -> Marks:
    """Whole marks near the wanted ones whose mean is the score: single marks move while that brings it nearer."""
    marks: Marks = {
        one: {key: min(6, max(1, round(value))) for key, value in row.items()} for one, row in wanted.items()
    }
    while abs(mean(marks) - score) > FINEST:
        moves = []
        for one, row in marks.items():
            for key, mark in row.items():
                for moved in {max(1, mark - 1), min(6, mark + 1)} - {mark}:
                    after = mean(marks) + (moved - mark) * _weights()[key] / 100 / len(marks)
                    strain = abs(moved - wanted[one][key]) - abs(mark - wanted[one][key])
                    moves.append((round(abs(after - score), 6) + strain / 20, one, key, moved, after))
        _, one, key, moved, after = min(moves)
        if abs(after - score) >= abs(mean(marks) - score):
            break
        marks[one][key] = moved
    return marks


def _comment(key: str, mark: int, programme: Mapping[str, Any], reviewer: str, used: set[str]) -> str:
    """A sentence for the mark that nobody has written of this programme yet, if there is one."""
    known = read("banks/comments")[key][str(mark)]
    fresh = [one for one in known if one not in used] or known
    found: str = pick(fresh, programme["region"], reviewer, key)
    used.add(found)
    activity = pick(programme["activities"], programme["region"], reviewer, key, "activity")
    contracts = next(one["plan"][-1] for one in programme["indicators"] if one["code"] == "SC-04")
    families = sum(group["families"] for group in programme["goal"]["groups"])
    return found.format(title=activity["title"], families=families, contracts=contracts)
