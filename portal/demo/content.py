"""The demonstration's texts as a person would type them: TOML in, flat forms out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from portal.demo import composing
from portal.demo.days import CallDays, not_weekend
from portal.demo.texts import FOLDER
from portal.demo.texts import read as read
from portal.kit.forms import Typed
from portal.kit.numbers import read_money
from portal.kit.periods import year_of

Pairs = Iterator[tuple[str, str]]
Table = Mapping[str, Any]


@cache
def programmes(call: str) -> dict[str, dict[str, Any]]:
    """The programmes of `decided`, `open` or `read` by region: those written by hand and those composed."""
    files = sorted((FOLDER / "programmes").glob("*.toml"))
    written = {file.stem: read(f"programmes/{file.stem}") for file in files}
    known = {region: one for region, one in written.items() if one["call"] == call} | composing.programmes(call)
    return dict(sorted(known.items()))


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


def asked(programme: Table) -> Decimal:
    """The grant that the programme asks for, in roubles."""
    years = [sums for line in programme["budget"]["lines"] for sums in line["amounts"].values()]
    return sum((read_money(sums.get("foundation", "")) or Decimal(0) for sums in years), Decimal(0))


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
    for place, line in enumerate(table["lines"]):
        row = f"lines-{place}"
        for name in ("key", "title", "activity"):
            yield f"{row}-{name}", line[name]
        for (year, source), amount in sorted(_by_calendar_year(line["amounts"], days).items()):
            yield f"{row}-{year}.{source}", f"{amount:,.2f}".replace(",", " ").replace(".", ",")
    yield "justification", table.get("justification", "")


def _by_calendar_year(amounts: Table, days: CallDays) -> dict[tuple[int, str], Decimal]:
    """The sums of the programme's two years, each in the calendar years in which its four quarters lie.

    A part is cut down to whole hundreds of roubles; the last year takes the rest.
    """
    found: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for place, sums in amounts.items():
        years = Counter(year_of(days.period(4 * int(place) + quarter)) for quarter in range(4))
        for source, text in sums.items():
            left = amount = read_money(text) or Decimal(0)
            for year in sorted(years)[:-1]:
                part = amount * years[year] / 4 // 100 * 100
                found[year, source] += part
                left -= part
            found[max(years), source] += left
    return found
