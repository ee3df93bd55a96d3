"""The fields of a call's conditions, and of what is done with a call afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from portal.directory.indicator.models import Indicator
from portal.kit.forms import Field, Kind, rows
from portal.kit.i18n import Text, Written, quarter, say
from portal.kit.periods import quarter_of, quarters, shift

SPARE_ROWS, MOST_ROWS, TIES = 5, 30, 4

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
