"""The demonstration's texts as a person would type them: TOML in, flat forms out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from portal.demo.days import CallDays, not_weekend
from portal.kit.forms import Typed
from portal.kit.periods import quarters, year_of

FOLDER = Path(__file__).parent
Pairs = Iterator[tuple[str, str]]
Table = Mapping[str, Any]


@cache
def read(name: str) -> dict[str, Any]:
    """What one file says, by its name without the ending."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def programmes(call: str) -> dict[str, dict[str, Any]]:
    """The programmes written for `decided` or `open`, by region."""
    files = sorted((FOLDER / "programmes").glob("*.toml"))
    found = {file.stem: read(f"programmes/{file.stem}") for file in files}
    return {region: programme for region, programme in found.items() if programme["call"] == call}


def sections(programme: Table, days: CallDays, required: Sequence[str]) -> dict[str, Typed]:
    """The sections that were begun, in the order of writing, as their forms send them."""
    told = {name: programme.get(name, {}) for name in ("passport", "goal", "activities", "indicators", "budget")}
    written = {
        "passport": _passport(told["passport"], days),
        "goal": _goal(told["goal"]),
        "activities": _activities(told["activities"], days),
        "indicators": _indicators(told["indicators"], days, required),
        "budget": _budget(told["budget"], days),
    }
    return {name: Typed(pairs) for name, pairs in written.items() if told[name]}


def marks(review: Table, codes: Mapping[str, str]) -> Typed:
    """The marks and comments of a review; `codes` gives each criterion's code by its key."""
    pairs = []
    for key, (mark, comment) in review["marks"].items():
        pairs += [(f"mark.{codes[key]}", "na" if mark == "NA" else str(mark)), (f"comment.{codes[key]}", comment)]
    return Typed(pairs)


def values(reported: Table, explanations: Mapping[str, str]) -> Typed:
    """Reported values with the explanations beside them, as the report's form sends them."""
    pairs: list[tuple[str, str]] = []
    for code, value in reported.items():
        pairs += _number(code, value)
        pairs += [(f"{code}.missing", ""), (f"{code}.why", explanations.get(code, ""))]
    return Typed(pairs)


def _number(name: str, value: Any) -> Pairs:
    """A count, or the two halves of a share."""
    parts = value if isinstance(value, list) else [value]
    for suffix, part in zip("nd", parts, strict=False):
        yield f"{name}.{suffix}", str(part)


def _passport(table: Table, days: CallDays) -> Pairs:
    for name in ("title", "title_en", "summary", "summary_en", "executor", "coexecutors", "act_kind", "act_number"):
        yield name, table.get(name, "")
    offset = table.get("act_offset_days")
    act = not_weekend(days.closing_day + timedelta(days=offset)) if offset is not None else None
    yield "act_date", f"{act:%d.%m.%Y}" if act else ""
    yield "contact", table.get("contact_position", "")


def _goal(table: Table) -> Pairs:
    yield "problem", table.get("problem", "")
    yield "goal", table.get("goal", "")
    for place, group in enumerate(table.get("groups", [])):
        yield f"groups-{place}-name", group["group"]
        yield f"groups-{place}-families", str(group.get("families", ""))
        yield f"groups-{place}-children", str(group.get("children", ""))


def _activities(table: Sequence[Table], days: CallDays) -> Pairs:
    for place, activity in enumerate(table):
        row = f"activities-{place}"
        for name in ("key", "direction", "title", "description", "result"):
            yield f"{row}-{name}", activity.get(name, "")
        for name in ("first", "last"):
            quarter = activity.get(f"{name}_quarter")
            yield f"{row}-{name}", "" if quarter is None else days.period(quarter)


def _indicators(table: Sequence[Table], days: CallDays, required: Sequence[str]) -> Pairs:
    for promise in table:
        code = promise["code"]
        if code not in required:
            yield "chosen", code
        yield f"{code}.base.n", str(promise["baseline_numerator"])
        if "baseline_denominator" in promise:
            yield f"{code}.base.d", str(promise["baseline_denominator"])
        for place, value in enumerate(promise["plan"]):
            yield from _number(f"{code}.{days.period(place)}", value)


def _budget(table: Table, days: CallDays) -> Pairs:
    years = sorted({year_of(quarter) for quarter in quarters(days.first_period, days.last_period)})
    for place, line in enumerate(table["lines"]):
        row = f"lines-{place}"
        for name in ("key", "title", "activity"):
            yield f"{row}-{name}", line[name]
        for index, year in enumerate(years):
            amounts = line["amounts"].get(str(index), {})
            for source in ("foundation", "regional", "municipal", "extra"):
                yield f"{row}-{year}.{source}", amounts.get(source, "")
    yield "justification", table.get("justification", "")
