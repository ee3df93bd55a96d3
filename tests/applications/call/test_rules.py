"""A call accepts to the millisecond, opens only whole, closes only after its hour."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.applications.call import rules
from portal.applications.call.models import Call, Criterion
from portal.applications.call.states import CallState
from portal.kit.i18n import speaking
from tests.make import NOW

HOUR = timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)


def call(state: CallState = CallState.OPEN, **values: Any) -> Call:
    return Call(number="2027", state=state, opens_at=NOW, closes_at=NOW + HOUR, places=2, **values)


def criterion(**values: Any) -> Criterion:
    levels = [{"mark": 6, "ru": "да", "en": ""}, {"mark": 1, "ru": "нет", "en": ""}]
    return Criterion(**{"code": "K1", "weight": Decimal(100), "levels": levels, **values})


@pytest.mark.parametrize(
    ("after", "accepts"),
    [(-MILLISECOND, False), (0 * HOUR, True), (HOUR - MILLISECOND, True), (HOUR, False), (HOUR + MILLISECOND, False)],
)
def test_d1_a_call_accepts_from_its_opening_until_just_before_its_closing(after: timedelta, accepts: bool) -> None:
    assert rules.is_accepting(call(), NOW + after) is accepts
    assert (rules.why_not_accepting(call(), NOW + after) is None) is accepts


def test_d2_what_came_in_time_stays_in_time_though_the_call_was_closed_meanwhile() -> None:
    assert rules.is_accepting(call(CallState.CLOSED), NOW + HOUR - MILLISECOND)
    assert not rules.is_accepting(call(CallState.DRAFT), NOW)
    assert not rules.is_accepting(call(CallState.DECIDED), NOW)


@pytest.mark.parametrize(
    ("criteria", "required", "now", "words"),
    [
        ([criterion()], 1, NOW, ""),
        ([], 1, NOW, "no criteria"),
        ([criterion(weight=Decimal("60.50"))], 1, NOW, "add up to 60.50"),
        ([criterion(levels=[{"mark": 6, "ru": "да"}])], 1, NOW, "marks 6 and 1"),
        ([criterion()], 0, NOW, "at least one indicator"),
        ([criterion()], 1, NOW + HOUR, "has passed"),
    ],
)
def test_a_call_opens_only_whole(criteria: list[Criterion], required: int, now: Any, words: str) -> None:
    with speaking("en"):
        reason = rules.why_not_open(call(CallState.DRAFT), criteria, required, now, is_read=True)
        assert words in str(reason) if words else reason is None
        assert rules.why_not_open(call(), criteria, required, now, is_read=True) is not None
        assert rules.why_not_open(call(CallState.DRAFT), criteria, required, now, is_read=False) is not None


def test_a_call_closes_at_its_hour_and_not_before() -> None:
    assert rules.why_not_close(call(), NOW + HOUR - MILLISECOND)
    assert rules.why_not_close(call(), NOW + HOUR) is None
    assert rules.why_not_close(call(CallState.CLOSED), NOW + HOUR)


@pytest.mark.parametrize(
    ("state", "places", "decided_on", "allowed"),
    [
        (CallState.OPEN, 3, NOW.date(), True),
        (CallState.CLOSED, 3, NOW.date(), True),
        (CallState.DRAFT, 3, NOW.date(), False),
        (CallState.DECIDED, 3, NOW.date(), False),
        (CallState.OPEN, 2, NOW.date(), False),
        (CallState.OPEN, 1001, NOW.date(), False),
        (CallState.OPEN, 3, NOW.date() + timedelta(days=1), False),
    ],
)
def test_places_are_only_raised(state: CallState, places: int, decided_on: date, allowed: bool) -> None:
    assert (rules.why_not_raise_places(call(state), places, decided_on, NOW.date()) is None) is allowed


GOOD: dict[str, Any] = {
    "number": "2027",
    "opens_at": NOW,
    "closes_at": NOW + HOUR,
    "fund": Decimal(100),
    "places": 2,
    "grant_limit": Decimal(100),
    "cofinancing_min": Decimal(20),
    "readers": 3,
    "first_period": "2027Q1",
    "last_period": "2027Q2",
    "criteria": [{"code": "K1", "weight": Decimal(100), "levels": []}],
    "required": ["SC-04"],
    "tie_breaks": ["criterion:K1", "vote"],
    "judging": {},
}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"closes_at": NOW}, "closes_at"),
        ({"last_period": "2026Q4"}, "last_period"),
        ({"last_period": "2047Q1"}, "last_period"),
        ({"first_period": "2027"}, "first_period"),
        ({"number": "2027/1"}, "number"),
        ({"fund": Decimal(0)}, "fund"),
        ({"grant_limit": Decimal("100.01")}, "grant_limit"),
        ({"cofinancing_min": Decimal(100)}, "cofinancing_min"),
        ({"places": 0}, "places"),
        ({"readers": 21}, "readers"),
        ({"criteria": [{"code": "К1", "weight": Decimal(100), "levels": []}]}, "criteria-0-code"),
        ({"criteria": [{"code": "K1", "weight": Decimal(0), "levels": []}]}, "criteria-0-weight"),
        ({"criteria": [{"code": "K1", "weight": Decimal(1), "levels": [{"mark": 7}]}]}, "criteria-0-levels_ru"),
        ({"tie_breaks": ["criterion:K9"]}, "tie-0-rule"),
        ({"tie_breaks": ["vote", "coin"]}, "tie-1-rule"),
        ({"tie_breaks": ["vote", "vote"]}, "tie-0-rule"),
        ({"required": ["XX-01"]}, "required"),
        ({"judging": {"on_track": 0.6, "fewest_people": 30}}, None),
        ({"judging": {"near": 1.01}}, "near"),
        ({"judging": {"off_track": 0.0}}, "off_track"),
        ({"judging": {"at_risk": 0.5}}, "at_risk"),
        ({"judging": {"failed_count": 0.95}}, "failed_count"),
        ({"judging": {"fewest_periods": 0}}, "fewest_periods"),
    ],
)
def test_conditions_are_checked_together(changed: dict[str, Any], field: str | None) -> None:
    fields = [problem.field for problem in rules.wrong_conditions({**GOOD, **changed}, {"SC-04"})]
    assert field in fields if field else fields == []
