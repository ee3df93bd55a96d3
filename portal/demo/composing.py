"""Programmes composed of sentences and sums, each from its region's name: the same today and next year."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from portal.demo import planning
from portal.demo.texts import between, fraction, pick, read

Table = Mapping[str, Any]
STATISTICS = ("2021", "2017")


def programmes(call: str) -> dict[str, dict[str, Any]]:
    """The composed programmes of one call by region, in the shape in which others are written by hand."""
    return {
        region: _programme(region, told, call, place)
        for place, (region, told) in enumerate(read("composed").get(call, {}).items())
    }


def _programme(region: str, told: Table, call: str, place: int) -> dict[str, Any]:
    sizes = planning.sizes(region, told["families"])
    chosen = [_activity(direction, place, sizes) for direction in told["begins"]]
    return {
        "region": region,
        "call": call,
        "score": told.get("score"),
        "ends": told.get("ends", ""),
        "reason": told.get("reason", ""),
        "started_days_ago": told.get("started", 0),
        "edited_days_ago": told.get("finished", 0),
        "started_days_before_close": 20 + int(between(0, 28, region, "started")),
        "submitted_days_before_close": int(between(0, 12, region, "submitted")),
        "submitted_at": f"{int(between(9, 17, region, 'hour')):02d}:{int(between(0, 59, region, 'minute')):02d}",
        "passport": _passport(region, told, chosen),
        "goal": _goal(region, told),
        "activities": [_scheduled(one, f"a{number}", number) for number, one in enumerate(chosen, 1)],
        "indicators": planning.indicators(region, told["begins"], sizes),
        "budget": _budget(region, told, chosen),
    }


def _activity(direction: str, place: int, sizes: Mapping[str, int]) -> dict[str, Any]:
    """The direction's next variant; regions that follow one another in the list have different ones."""
    known = read("banks/activities")[direction]
    found = known[(place * 2 + place // len(known)) % len(known)]
    counted = {name: f"{size:,}".replace(",", "\u00a0") if size > 9_999 else size for name, size in sizes.items()}
    return {**found, "direction": direction, "result": found["result"].format_map(counted)}


def _scheduled(activity: Table, key: str, number: int) -> dict[str, Any]:
    kept = {name: activity[name] for name in ("direction", "title", "description", "result")}
    first = 4 if planning.is_of_second_year(activity["direction"], number) else max(0, number - 4)
    return {
        **kept, "key": key, "first_quarter": first,
        "last_quarter": 3 if activity["direction"] == "interagency" else 7,
    }  # fmt: skip


def _passport(region: str, told: Table, chosen: list[dict[str, Any]]) -> dict[str, Any]:
    words = read("banks/words")
    partners = sorted(words["passport"]["partners"], key=lambda one: fraction(region, one))
    opening = pick(words["summary"]["opening"], region, "opening").format(families=told["families"])
    act, letters = pick(words["passport"]["acts"], region, "act")
    return {
        "title": told["title"],
        "title_en": told["title_en"],
        "summary": " ".join([opening, *(one["gist"] for one in chosen[:3])]),
        "executor": f"Ведомство социальной защиты населения {_genitive(_region(region)['name_ru'])}",
        "coexecutors": ", ".join(partners[:4]).capitalize(),
        "act_kind": act,
        "act_number": f"{int(between(20, 480, region, 'number'))}{letters}",
        "act_offset_days": -12 - int(between(0, 16, region, "act day")),
        "contact_position": pick(words["passport"]["positions"], region, "position"),
    }


def _goal(region: str, told: Table) -> dict[str, Any]:
    words, families = read("banks/words"), told["families"]
    slant = sorted(words["problem"][told["slant"]], key=lambda one: fraction(region, one))
    first, second = words["groups"][told["slant"]]
    third = pick(words["groups"]["more"], region, "group")
    parts = [round(families * share / 10) * 10 for share in (0.45, 0.35)]
    sizes = [*parts, families - sum(parts)]
    return {
        "problem": " ".join(
            [_series(region), *slant[:2], *(pick(words["turn"][one], region, one) for one in told["begins"][:2])]
        ),
        "goal": pick(words["goal"]["one"], region, "goal"),
        "groups": [
            {"group": group, "families": size, "children": round(size * each)}
            for (group, each), size in zip((first, second, third), sizes, strict=True)
        ],
    }


def _series(region: str) -> str:
    """What Rosstat says of the region: the only fact of a composed programme."""
    now, then = (_poverty()[region, year] for year in STATISTICS)
    return (
        f"По данным Росстата, в {STATISTICS[0]} году за границей бедности были {now}\u00a0% жителей региона; "
        f"в {STATISTICS[1]} году доход ниже прожиточного минимума имели {then}\u00a0%."
    )


@cache
def _poverty() -> dict[tuple[str, str], str]:
    rows = _rows("regional_statistics")
    return {(one["iso_code"], one["year"]): one["value"].replace(".", ",") for one in rows
            if one["series"] == "poverty_rate"}  # fmt: skip


@cache
def _regions() -> dict[str, dict[str, str]]:
    return {one["iso_code"]: one for one in _rows("regions")}


def _region(code: str) -> dict[str, str]:
    return _regions()[code]


def _genitive(name: str) -> str:
    """A region's name in the genitive: Томской области, Республики Карелия."""
    short = name.partition(" – ")[0]
    for kind, of_kind in (("ая область", "ой области"), ("ий край", "ого края"), ("ая Республика", "ой Республики")):
        if short.endswith(kind):
            return short.removesuffix(kind) + of_kind
    return short.replace("Республика", "Республики", 1)


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("portal.directory.region") / "data" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _budget(region: str, told: Table, chosen: list[dict[str, Any]]) -> dict[str, Any]:
    """Lines in proportion to the work, the grant below the limit, others' money above the least share."""
    grant = min(9_900_000.0, told["families"] * between(13_000, 18_000, region, "rate"))
    grant -= between(0, 400_000, region, "less")
    weights = [planning.WEIGHT[one["direction"]] * between(0.85, 1.15, region, one["title"]) for one in chosen]
    others = between(0.215, 0.33, region, "others")
    lines = []
    for number, (one, weight) in enumerate(zip(chosen, weights, strict=True), 1):
        own = grant * weight / sum(weights)
        lines.append({
            "key": f"b{number}", "title": one["money"], "activity": f"a{number}",
            "amounts": planning.amounts(own, own * others / (1 - others), one["direction"], (region, number)),
        })  # fmt: skip
    ending = pick(read("banks/words")["budget"]["ending"], region, "ending")
    return {"justification": " ".join([*(one["why"] for one in chosen), ending]), "lines": lines}
