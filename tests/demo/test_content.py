"""The demonstration's content says what it should: programmes, marks, and how it went with each winner."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise

import pytest

from portal.applications.award.methods.certainty import Score, certainty
from portal.applications.programme import rules
from portal.applications.programme.models import CallFacts, IndicatorFacts
from portal.demo import SIGN_INS, content, days, marking, reporting
from portal.demo.days import CallDays
from portal.kit.bilingual import Bilingual
from portal.kit.errors import Problem
from portal.kit.i18n import MOSCOW
from portal.kit.numbers import read_money
from portal.monitoring.report.rules import due_at
from portal.people.roles import Role

TODAY = date(2026, 11, 22)
DATA = files("portal.directory.indicator") / "data"
DECIDED, RUNNING, READ = "decided", "open", "read"


@cache
def catalogue() -> dict[str, IndicatorFacts]:
    rows = csv.DictReader((DATA / "indicators.csv").read_text("utf-8").splitlines())
    return {
        row["code"]: IndicatorFacts(
            row["code"],
            Bilingual(row["name_ru"], row["name_en"]),
            row["kind"],
            row["unit"],
            row["direction"],
            row["measured"] == "over the period",
        )
        for row in rows
    }


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=MOSCOW)


def call_days(call: str, today: date = TODAY) -> CallDays:
    told = content.read("call")
    return days.decided(told, today) if call == DECIDED else days.running(told, at_noon(today), call)


def facts(call: str) -> CallFacts:
    told, when = content.read("call")[call], call_days(call)
    directions = csv.DictReader((DATA / "directions.csv").read_text("utf-8").splitlines())
    return CallFacts(
        number="2026",
        first_period=when.first_period,
        last_period=when.last_period,
        grant_limit=read_money(told["grant_limit"]) or Decimal(0),
        cofinancing_min=Decimal(told["cofinancing_minimum"]),
        resets_in_january=False,
        required=tuple(told["required_indicators"]),
        catalogue=catalogue(),
        directions=tuple((row["code"], Bilingual(row["name_ru"], row["name_en"])) for row in directions),
    )


def read(region: str, call: str) -> tuple[rules.Programme, list[Problem]]:
    known = facts(call)
    written = content.sections(content.programmes(call)[region], call_days(call), known.required)
    for name, typed in written.items():
        section = rules.SECTIONS[name]
        assert rules.kept(section, typed).lists == typed.lists, f"{region}: {name} sends what its form does not"
    return rules.read(written, known)


@pytest.mark.parametrize("call", [DECIDED, READ])
def test_programmes_of_calls_that_are_over_are_complete(call: str) -> None:
    for region in content.programmes(call):
        _is_complete(region, call)


def _is_complete(region: str, call: str) -> None:
    programme, problems = read(region, call)
    assert problems == [], region
    assert programme.budget.grant <= facts(call).grant_limit
    assert programme.budget.grant == content.asked(content.programmes(call)[region])
    assert programme.passport.act_date is not None
    assert rules.from_canonical(rules.canonical(programme)) == programme


def test_drafts_show_the_faults_they_were_written_for() -> None:
    fields = {region: [problem.field for problem in read(region, RUNNING)[1]] for region in content.programmes(RUNNING)}
    assert fields["RU-ALT"] == fields["RU-YAR"] == fields["RU-ORL"] == []
    assert fields["RU-KAM"] == ["budget#share"]
    assert "budget#justification" in fields["RU-BA"]
    assert {"passport#act_number", "activities#activities-1-result"} <= set(fields["RU-ZAB"])
    assert "goal#problem" in fields["RU-BU"]


def test_the_draft_of_kamchatka_lacks_a_little_money() -> None:
    programme, _ = read("RU-KAM", RUNNING)
    assert rules.missing_cofinancing(programme.budget, Decimal(20)) == Decimal("107000.13")


def test_further_indicators_are_chosen() -> None:
    written = content.sections(content.programmes(DECIDED)["RU-KLU"], call_days(DECIDED), facts(DECIDED).required)
    assert written["indicators"].lists["chosen"] == ["SC-11", "IO-01"]


@pytest.mark.parametrize("shift", range(0, 800, 7))
def test_whatever_the_day_the_past_is_past_and_the_open_call_is_open(shift: int) -> None:
    today = date(2026, 1, 1) + timedelta(days=shift)
    told = content.read("call")
    past, running = days.decided(told, today), days.running(told, at_noon(today))
    order = ["founded", "created", "opens", "closes", "eligibility", "assigned", "reviewed", "council", "board"]
    order += ["announced", "drafted", "signed"]
    assert [past[name] for name in order] == sorted(past[name] for name in order)
    assert past["signed"].date() < date(int(past.first_period[:4]), int(past.first_period[5]) * 3 - 2, 1)
    release = content.read("reports")["release"]
    published = past.after_quarter(5, release["days_after_quarter"], release["time"])
    assert due_at(past.period(5)) <= published
    assert published.date() < today
    assert running["created"] < running["opens"] < at_noon(today) < running["closes"]
    assert running["closes"] - at_noon(today) == timedelta(minutes=41)
    assert past.year != running.year


def test_a_holiday_does_not_close_a_call() -> None:
    assert days.working(date(2027, 1, 1)) == date(2027, 1, 11)


def test_people_write_in_working_hours_and_in_order() -> None:
    moments = [datetime(2026, 11, 20, tzinfo=UTC) + timedelta(minutes=11 * step) for step in range(2000)]
    moved = [days.at_desk(moment, "Asia/Vladivostok") for moment in moments]
    assert all(earlier < later for earlier, later in pairwise(moved))
    assert all(moment.weekday() < 5 and 10 <= moment.hour < 19 for moment in moved)


def test_a_review_is_typed_mark_by_mark() -> None:
    review = next(one for one in content.read("reviews")["reviews"] if "NA" in str(one["marks"].values()))
    codes = {criterion["key"]: f"K{place}" for place, criterion in enumerate(content.read("call")["criteria"], 1)}
    typed = content.marks(review, codes)
    assert sorted(typed) == [f"{part}.K{place}" for part in ("comment", "mark") for place in range(1, 7)]
    assert typed["mark.K6"] == "na"


def test_there_is_a_door_for_every_role() -> None:
    assert [role.msgid for role, _, _ in SIGN_INS] == [role.label.msgid for role in Role]
    known = {person["key"] for person in content.read("people")["people"]}
    known |= {f"{role}.{slug}" for role in ("editor", "signatory") for slug in content.read("people")["slugs"].values()}
    assert {email.removesuffix("@demo.example") for _, email, _ in SIGN_INS} <= known


def test_reviews_are_spread_and_their_severe_reader_reads_place_21_only() -> None:
    reviews, places = marking.reviews(), [region for region, _ in marking.ranked()]
    loads = Counter(one["reviewer"] for one in reviews)
    assert len(reviews) == 135
    assert len(places) == 45
    assert len(loads) == 15
    assert max(loads.values()) <= 11
    readers = {place: {one["reviewer"] for one in reviews if one["region"] == places[place - 1]} for place in (20, 21)}
    assert "reviewer.4" in readers[21] - readers[20]
    means = [mean for _, mean in marking.ranked()]
    assert means[19] - means[20] == Fraction(1, 10)


def test_places_20_and_21_change_when_severity_is_allowed_for() -> None:
    weights = {criterion["key"]: criterion["weight"] for criterion in content.read("call")["criteria"]}
    scores = []
    for review in marking.reviews():
        given = [(weights[key], mark) for key, (mark, _) in review["marks"].items() if mark != "NA"]
        score = sum(weight * mark for weight, mark in given) / sum(weight for weight, _ in given)
        scores.append(Score(review["region"], review["reviewer"], score))
    found = certainty(scores, scale=(1, 6), places=20, seed=1)
    assert found.reviewers[0].reviewer == "reviewer.4"
    assert found.reviewers[0].interval_90[0] > 0
    adjusted = sorted(found.standings, key=lambda one: -one.adjusted_mean)
    twentieth, next_ = (region for region, _ in marking.ranked()[19:21])
    assert [one.application for one in adjusted[19:21]] == [next_, twentieth]


def test_no_two_programmes_are_alike() -> None:
    every = [one for call in (DECIDED, RUNNING, READ) for one in content.programmes(call).values()]
    titles = Counter(one["passport"]["title"] for one in every)
    assert set(titles.values()) == {1}
    texts = Counter(one.get("goal", {}).get("problem", one["passport"]["title"]) for one in every)
    assert set(texts.values()) == {1}
    orders = {tuple(activity["title"] for activity in one.get("activities", [])) for one in every}
    assert len(orders) >= len(every) - 1


def test_each_script_reads_as_it_is_called() -> None:
    told = content.read("reports")["stories"]
    scripts = {one["script"]: region for region, one in told.items() if "script" in one}
    assert len(scripts) == 6
    assert set(scripts.values()) <= set(marking.winners())
    values = {(one["region"], one["quarter"]): one["values"]["SC-04"] for one in reporting.reports()}
    plan = {one["code"]: one["plan"] for one in reporting.plan(scripts["late bloomer"])}["SC-04"]
    late = [values[scripts["late bloomer"], quarter] / plan[quarter] for quarter in range(6)]
    assert late[0] < 0.4
    assert late[5] > 0.95
    assert scripts["never reported"] not in {region for region, _ in values}
    assert values[scripts["small numbers"], 0] < 5
