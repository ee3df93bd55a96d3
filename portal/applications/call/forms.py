"""What an officer may send about a call, and the same read back into the fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from portal.applications.call.methods import DEFAULT, Thresholds
from portal.applications.call.models import Call, Criterion
from portal.directory.indicator.models import Indicator
from portal.kit.bilingual import Bilingual
from portal.kit.errors import Problem
from portal.kit.forms import Field, Kind, Typed, read_fields, rows, written
from portal.kit.i18n import Text, Written, quarter, say
from portal.kit.numbers import Unreadable, read_date
from portal.kit.periods import quarter_of, quarters, shift

SPARE_ROWS, MOST_ROWS, TIES = 5, 30, 4
HOUR = "10:00"
COUNTED = ("fewest_periods", "fewest_people")
"""Thresholds that are numbers and no percentages."""

NAMES = (
    Field("number", say("Number of the call"), required=False, limit=12,
          hint=say("It begins the number of every application. Leave it empty, and it is the programmes' first year.")),
    Field("name_ru", say("Name in Russian"), limit=200),
    Field("name_en", say("Name in English"), limit=200, required=False),
    Field("about_ru", say("What the call is for, in Russian"), Kind.LONG, limit=3000),
    Field("about_en", say("What the call is for, in English"), Kind.LONG, limit=3000, required=False),
)  # fmt: skip
INSTANTS = (
    Field("opens_at", say("Opens"), Kind.INSTANT, hint=say("Moscow time. A day without an hour means 10:00.")),
    Field("closes_at", say("Closes"), Kind.INSTANT,
          hint=say("The first instant that is too late. 10:00 in Moscow is 19:00 in Kamchatka and 09:00 in "
                   "Kaliningrad: choose a working day.")),
)  # fmt: skip
MONEY = (
    Field("fund", say("Fund of the call, roubles"), Kind.MONEY),
    Field("places", say("Places"), Kind.COUNT, hint=say("The Board can raise their number later.")),
    Field("grant_limit", say("Largest grant, roubles"), Kind.MONEY),
    Field("cofinancing_min", say("Smallest co-financing share, % of the whole budget"), Kind.DECIMAL),
    Field("readers", say("Reviewers for each application"), Kind.COUNT),
)
PERIODS = (
    Field("first_period", say("First quarter of the programmes"), Kind.CHOICE),
    Field("last_period", say("Last quarter of the programmes"), Kind.CHOICE),
    Field("resets_in_january", say("Plans and reports are counted anew from every January"), Kind.FLAG, required=False),
)
JUDGING = (
    Field("near", say("The target is nearly reached from this share of it on, %"), Kind.COUNT, required=False),
    Field("on_track", say("“On track”: chance of nearly reaching it, %, at least"), Kind.COUNT, required=False),
    Field("at_risk", say("“At risk”: chance of nearly reaching it, %, below"), Kind.COUNT, required=False),
    Field("off_track", say("“Off track”: chance of a failure, %, at least"), Kind.COUNT, required=False),
    Field("failed_count", say("Failure of a count: below this share of the plan, %"), Kind.COUNT, required=False),
    Field("failed_change", say("Failure of a share or a mean: below this share of the promised change, %"), Kind.COUNT,
          required=False),
    Field("achieved", say("“Achieved” of a share or a mean: chance of being at the target at the end, %, at least"),
          Kind.COUNT, required=False),
    Field("fewest_periods", say("“Too early to tell”: quarters accepted, fewer than"), Kind.COUNT, required=False),
    Field("fewest_people", say("“Too few people”: people or families in a share, fewer than"), Kind.COUNT,
          required=False),
)  # fmt: skip
OPENNESS = (
    Field("publishes_certainty", say("Publish the certainty of places together with the results"), Kind.FLAG,
          required=False,
          hint=say("Everybody then reads beside a score which place it may have had and how likely it was to be among "
                   "the winners. No reviewer is named.")),
)  # fmt: skip
REQUIRED = Field("required", say("Indicators that every programme promises"), Kind.CHOICES)
CRITERION = (
    Field("code", say("Code"), limit=8),
    Field("name_ru", say("Criterion"), limit=200),
    Field("name_en", say("The same in English"), required=False, limit=200),
    Field("weight", say("Weight, %"), Kind.DECIMAL),
    Field("levels_ru", say("What the marks mean"), Kind.LONG, limit=3000,
          hint=say("One mark a line, from 6 to 1, for example: 6 — each group is named and counted.")),
    Field("levels_en", say("The same in English"), Kind.LONG, required=False, limit=3000),
)  # fmt: skip
MORE_TIME = (
    Field(
        "closes_at", say("New closing instant"), Kind.INSTANT, hint=say("For example, 20.11.2026 18:00, Moscow time.")
    ),
    Field("reason", say("Why the call is given more time"), limit=200),
)  # fmt: skip
PLACES = (
    Field("places", say("New number of places"), Kind.COUNT),
    Field("decided_on", say("Date of the Board's decision"), Kind.DATE, hint=say("For example, 20.11.2026.")),
    Field("document", say("Number and name of the decision"), limit=200),
)
TIE_WORDS: Mapping[str, Text] = {
    "cofinancing": say("the larger co-financing share"),
    "submitted": say("the earlier submission"),
    "vote": say("a vote of the council"),
}


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


def differences(mine: Typed, theirs: Typed) -> list[tuple[Any, str, str]]:
    """The fields in which two officers' conditions differ: what each is called, mine, the other's."""
    known = {field.name: field.label for field in (*NAMES, *INSTANTS, *MONEY, *PERIODS, *OPENNESS, *JUDGING, REQUIRED)}
    columns = {field.name: field.label for field in CRITERION}
    found = []
    for name in dict.fromkeys((*theirs, *mine)):
        if name in ("form_token", "seen") or mine.lists.get(name, [""]) == theirs.lists.get(name, [""]):
            continue
        _, row, column = (*name.split("-", 2), "", "")[:3]
        label = known.get(name) or (
            say("Rule %(number)s", number=int(row) + 1)
            if column == "rule"
            else say("Criterion %(number)s: %(field)s", number=int(row) + 1, field=columns[column])
            if column in columns and row.isdecimal()
            else name
        )
        found.append((label, ", ".join(mine.lists.get(name, [])), ", ".join(theirs.lists.get(name, []))))
    return found


def periods(today: date) -> tuple[Field, ...]:
    """The fields of the quarters with those of a year ago and of six years ahead to choose from."""
    now = quarter_of(today)
    known = tuple((one, Written(quarter, one)) for one in quarters(shift(now, -4), shift(now, 24)))
    return tuple(replace(field, choices=known) if field.kind is Kind.CHOICE else field for field in PERIODS)


def required_field(indicators: Sequence[Indicator]) -> Field:
    """The field of the required indicators over the whole catalogue."""
    return replace(REQUIRED, choices=tuple((one.code, say("%(code)s %(name)s", code=one.code, name=one.name))
                                           for one in indicators if one.kind != "context"))  # fmt: skip


def tie_choices(typed: Mapping[str, str]) -> list[tuple[str, Any]]:
    """The rules for equal scores: a criterion by its typed code, or one that any call has."""
    codes = [row["code"].strip() for _, row in rows(typed, "criteria") if row.get("code", "").strip()]
    by_criterion = [
        (f"criterion:{code}", say("the higher mark on %(code)s", code=code)) for code in dict.fromkeys(codes)
    ]
    return [*by_criterion, *TIE_WORDS.items()]


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
