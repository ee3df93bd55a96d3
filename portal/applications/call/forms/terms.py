"""The conditions of a call as they are typed, and the same read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from portal.applications.call.forms.fields import (
    CRITERION,
    INSTANTS,
    JUDGING,
    MONEY,
    NAMES,
    OPENNESS,
    PERIODS,
    TIES,
    periods,
    required_field,
)  # fmt: skip
from portal.applications.call.methods import DEFAULT, Thresholds
from portal.applications.call.models import Call, Criterion
from portal.directory.indicator.models import Indicator
from portal.kit.bilingual import Bilingual
from portal.kit.errors import Problem
from portal.kit.forms import Typed, read_fields, rows, written
from portal.kit.i18n import Text, say
from portal.kit.numbers import Unreadable, read_date

HOUR = "10:00"
COUNTED = ("fewest_periods", "fewest_people")
"""Thresholds that are numbers and no percentages."""


def new_terms() -> Typed:
    """The fields of a new call as the officer finds them."""
    usual = [("places", "20"), ("readers", "3"), ("cofinancing_min", "20")]
    return Typed([*usual, *_judging_terms(DEFAULT)])


def _judging_terms(thresholds: Thresholds) -> list[tuple[str, str]]:
    """The thresholds as they are typed: chances and shares in whole percent."""
    return [(name, str(value if name in COUNTED else round(value * 100))) for name, value in asdict(thresholds).items()]


def _judging(values: dict[str, Any]) -> dict[str, float]:
    """What was typed of the thresholds and is not the method's own, taken out of the values."""
    typed = {field.name: values.pop(field.name) for field in JUDGING}
    read = {name: one if name in COUNTED else one / 100 for name, one in typed.items() if one is not None}
    return {name: one for name, one in read.items() if one != getattr(DEFAULT, name)}


def judged(call: Call) -> list[tuple[Text | Bilingual | str, str]]:
    """The thresholds that the call has set for itself, in words and as they were typed."""
    typed = dict(_judging_terms(call.thresholds))
    return [(field.label, typed[field.name]) for field in JUDGING if field.name in call.judging]


def terms_of(call: Call, criteria: Iterable[Criterion], required: Iterable[str]) -> Typed:
    """The fields of a call that is there already."""
    simple = (*NAMES, *INSTANTS, *MONEY, *PERIODS, *OPENNESS)
    pairs = _judging_terms(call.thresholds)
    pairs += [(field.name, written(getattr(call, field.name))) for field in simple]
    pairs += [("required", code) for code in required]
    for row, criterion in enumerate(criteria):
        pairs += [(f"criteria-{row}-{name}", written(getattr(criterion, name)))
                  for name in ("code", "name_ru", "name_en", "weight")]  # fmt: skip
        for spoken in ("ru", "en"):
            lines = [f"{level['mark']} — {level[spoken]}" for level in criterion.levels if level.get(spoken)]
            pairs.append((f"criteria-{row}-levels_{spoken}", "\n".join(lines)))
    pairs += [(f"tie-{row}-rule", rule) for row, rule in enumerate(call.tie_breaks)]
    return Typed(pairs)


def without_gaps(typed: Typed) -> Typed:
    """The same fields with the rows of criteria numbered from 0 on, empty ones left out."""
    filled = [cells for _, cells in rows(typed, "criteria") if any(cell.strip() for cell in cells.values())]
    pairs = [(name, value) for name, value in typed.pairs if not re.match(r"criteria-\d", name)]
    pairs += [(f"criteria-{row}-{name}", value) for row, cells in enumerate(filled) for name, value in cells.items()]
    return Typed(pairs)


def read_terms(typed: Typed, indicators: Sequence[Indicator], today: date) -> tuple[dict[str, Any], list[Problem]]:
    """The conditions and what is wrong with single fields; criteria keep the number of their row for later problems."""
    simple = (*NAMES, *INSTANTS, *MONEY, *periods(today), *OPENNESS, *JUDGING, required_field(indicators))
    values, problems = read_fields(simple, _with_hours(typed))
    for name in ("number", "name_en", "about_en"):
        values[name] = values[name] or ""
    values["judging"] = _judging(values)
    values["criteria"] = []
    for row, cells in rows(typed, "criteria"):
        if not any(cell.strip() for cell in cells.values()):
            continue
        criterion, wrong = read_fields(CRITERION, cells, prefix=f"criteria-{row}-")
        problems += wrong
        russian, faults = _levels(cells.get("levels_ru", ""), f"criteria-{row}-levels_ru")
        english, more = _levels(cells.get("levels_en", ""), f"criteria-{row}-levels_en")
        problems += [*faults, *more]
        levels = [{"mark": mark, "ru": text, "en": english.get(mark, "")} for mark, text in sorted(russian.items())]
        values["criteria"].append({
            "code": criterion["code"], "name_ru": criterion["name_ru"], "name_en": criterion["name_en"] or "",
            "weight": criterion["weight"], "levels": levels[::-1],
        })  # fmt: skip
    ties = (typed.get(f"tie-{row}-rule", "").strip() for row in range(TIES))
    values["tie_breaks"] = [rule for rule in ties if rule]
    return values, problems


def _with_hours(typed: Typed) -> Typed:
    """The same fields, where a day that was typed without an hour has the usual one."""
    changed = Typed(typed.pairs)
    for field in INSTANTS:
        try:
            if read_date(typed.get(field.name, "")):
                changed[field.name] = f"{typed[field.name].strip()} {HOUR}"
        except Unreadable:
            continue
    return changed


def _levels(text: str, name: str) -> tuple[dict[int, str], list[Problem]]:
    """The descriptions by mark, one a line."""
    found: dict[int, str] = {}
    for line in filter(str.strip, text.split("\n")):
        match = re.fullmatch(r"\s*([1-6])\s*[—–:.-]\s*(\S.*)", line)
        if match is None or int(match[1]) in found:
            shown = line.strip()[:40]
            reason = say(
                "Write one mark a line, each once, like “6 — all is named”. Not clear: “%(line)s”.", line=shown
            )
            return found, [Problem(name, reason)]
        found[int(match[1])] = match[2].strip()
    return found, []
