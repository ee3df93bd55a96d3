"""The numbers of composed programmes: how many families, by which quarter, for what money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.demo.texts import between, pick

WEIGHT = {
    "contract": 3.0, "accompaniment": 2.4, "mentoring": 1.2, "children": 2.2, "teenagers": 1.6, "prevention": 1.4,
    "interagency": 0.7, "informing": 0.8,
}  # fmt: skip
PACES = (
    (0.10, 0.22, 0.35, 0.48, 0.62, 0.76, 0.89, 1.0),
    (0.06, 0.15, 0.27, 0.41, 0.56, 0.72, 0.87, 1.0),
    (0.12, 0.26, 0.40, 0.52, 0.66, 0.79, 0.91, 1.0),
    (0.08, 0.18, 0.28, 0.44, 0.55, 0.66, 0.78, 1.0),
)
"""The part of the whole that is promised by the end of each of the eight quarters."""
FINISHED = (0.08, 0.17, 0.27, 0.38, 0.51, 0.66, 0.83, 1.0)
LIFTED = (0.0, 0.02, 0.10, 0.20, 0.35, 0.55, 0.78, 1.0)
"""Families that finish, and those of them who live on their income: what counts comes late."""
SECOND_YEAR = (0.0, 0.0, 0.0, 0.0, 0.2, 0.45, 0.72, 1.0)
FURTHER = {
    "mentoring": "ME-02", "accompaniment": "AC-01", "informing": "IO-01", "prevention": "PR-02", "interagency": "IC-01",
}  # fmt: skip


def sizes(region: str, families: int) -> dict[str, int]:
    """How many of what a programme for so many families promises."""
    found = _fives(families * between(0.38, 0.52, region, "found"))
    return {
        "families": families,
        "contracts": _fives(families * between(0.78, 0.92, region, "contracts")),
        "children": _fives(families * between(0.55, 0.85, region, "children")),
        "found": found,
        "placed": _fives(found * between(0.6, 0.7, region, "placed")),
        "mentors": max(10, _fives(families * between(0.03, 0.05, region, "mentors"))),
        "accompanied": int(between(78, 91, region, "accompanied")),
        "people": round(families * between(9, 16, region, "people") / 50) * 50,
        "rooms": int(between(5, 12, region, "places")),
        "places": _fives(between(20, 40, region, "places")),
    }


def _fives(number: float) -> int:
    """A number of which Russian speaks in the plural: a multiple of five."""
    return round(number / 5) * 5


def indicators(region: str, directions: Sequence[str], size: Mapping[str, int]) -> list[dict[str, Any]]:
    """The plan of the indicators that the call requires, and of those that its directions add."""
    pace = pick(PACES, region, "pace")
    plans: dict[str, tuple[Any, list[Any]]] = {
        "SS-01": _lifted(region, size),
        "SC-04": (0, [round(size["contracts"] * part) for part in pace]),
        "CH-01": (0, [round(size["children"] * part) for part in pick(PACES, region, "children's pace")]),
        "NE-02": _placed(region, size),
    }
    for place, direction in enumerate(directions, 1):
        if direction in FURTHER:
            steps = SECOND_YEAR if is_of_second_year(direction, place) else pace
            plans[FURTHER[direction]] = _further(FURTHER[direction], region, size, steps)
    return [_told(code, *plan) for code, plan in plans.items()]


def is_of_second_year(direction: str, place: int) -> bool:
    """Whether the work begins with the fifth quarter: telling others of what came of the other four directions."""
    return direction == "informing" and place > 4


def _told(code: str, baseline: Any, plan: list[Any]) -> dict[str, Any]:
    told = {"code": code, "plan": plan}
    if isinstance(baseline, list):
        return {**told, "baseline_numerator": baseline[0], "baseline_denominator": baseline[1]}
    return {**told, "baseline_numerator": baseline}


def _lifted(region: str, size: Mapping[str, int]) -> tuple[list[int], list[list[int]]]:
    finish = size["families"] * between(0.72, 0.86, region, "finish")
    reach = finish * between(0.29, 0.36, region, "reach")
    before = round(size["families"] * 0.6)
    plan = [[round(reach * up), round(finish * done)] for up, done in zip(LIFTED, FINISHED, strict=True)]
    return [round(before * between(0.08, 0.15, region, "before")), before], plan


def _placed(region: str, size: Mapping[str, int]) -> tuple[list[int], list[list[int]]]:
    share = size["placed"] / size["found"]
    rises = [share * (0.62 + 0.38 * step / 7) for step in range(8)]
    below = [round(size["found"] * part) for part in PACES[0]]
    plan = [[round(d * rise), d] for d, rise in zip(below, rises, strict=True)]
    plan[-1][0] = size["placed"]
    before = round(size["found"] * 0.7)
    return [round(before * share * between(0.45, 0.6, region, "placed before")), before], plan


def _further(code: str, region: str, size: Mapping[str, int], pace: Sequence[float]) -> tuple[Any, list[Any]]:
    contracts = [round(size["contracts"] * part) for part in pace]
    match code:
        case "ME-02":
            parts = (0.3, 0.45, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
            return max(1, size["mentors"] // 6), [max(1, round(size["mentors"] * part)) for part in parts]
        case "AC-01":
            rises = [size["accompanied"] / 100 * (0.85 + 0.15 * step / 7) for step in range(8)]
            before = round(size["contracts"] * 0.5)
            plan = [[round(d * rise), d] for d, rise in zip(contracts, rises, strict=True)]
            return [round(before * between(0.35, 0.55, region, "with")), before], plan
        case "IO-01":
            return 0, [round(size["people"] * part / 10) * 10 for part in pace]
        case "PR-02":
            below = [round(size["families"] * 0.45 * part) for part in FINISHED]
            return [round(below[-1] * 0.2), round(below[-1] * 0.6)], [
                [round(d * (0.4 + 0.03 * step)), d] for step, d in enumerate(below)
            ]
    places = size["places"]
    return [0, places], [[max(1, places * step // 8), places] for step in range(1, 9)]


def amounts(grant: float, others: float, direction: str, seed: object) -> dict[str, dict[str, str]]:
    """The sums of a line in the programme's first and second year, as they are typed; roubles in whole hundreds."""
    first = between(0.47, 0.58, seed, "first")
    split = _sources(direction, seed)
    told = {}
    for year, part in (("0", first), ("1", 1 - first)):
        sums = {"foundation": grant * part} | {source: others * part * share for source, share in split.items()}
        told[year] = {source: typed(round(sum_ / 100) * 100) for source, sum_ in sums.items()}
    return told


def _sources(direction: str, seed: object) -> dict[str, float]:
    if direction == "mentoring":
        return {"regional": 0.45, "extra": 0.55}
    if direction in {"prevention", "children", "interagency"}:
        return {"regional": 0.7, "municipal": 0.3}
    return {"regional": 1.0} if between(0, 1, seed, "source") < 0.6 else {"regional": 0.85, "municipal": 0.15}


def typed(roubles: int) -> str:
    """A sum as an official types it: 1 450 000,00 with no-break spaces."""
    return f"{roubles:,}".replace(",", "\u00a0") + ",00"
