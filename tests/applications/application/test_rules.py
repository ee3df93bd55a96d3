"""What may be done with an application at which state and instant, and the merging of two people's texts."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from portal.applications.application import rules
from portal.applications.application.forms import grids, naming, rows, showing
from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.programme.rules import SECTIONS, read, read_part
from portal.kit.errors import Problem
from portal.kit.forms import Typed
from portal.kit.i18n import say, speaking
from tests import make
from tests.applications.programme.test_rules import FACTS
from tests.make import NOW

S = ApplicationState
WRONG = [Problem("budget#share", say("x"))]
CALL = Call(number="2027", state=CallState.OPEN, opens_at=NOW, closes_at=NOW + timedelta(hours=1))
LATE = CALL.closes_at
IN_TIME = LATE - timedelta(milliseconds=1)


def application(state: ApplicationState) -> Application:
    return Application(number="2027-001", state=state)


@pytest.mark.parametrize(
    ("state", "problems", "at", "allowed"),
    [
        (S.DRAFT, [], IN_TIME, True),
        (S.AWAITING, [], IN_TIME, True),
        (S.DRAFT, [], LATE, False),
        (S.DRAFT, [], LATE + timedelta(milliseconds=1), False),
        (S.DRAFT, [], NOW - timedelta(milliseconds=1), False),
        (S.DRAFT, WRONG, IN_TIME, False),
        (S.SUBMITTED, [], IN_TIME, False),
        (S.WITHDRAWN, [], IN_TIME, False),
    ],
)
def test_submission(state: ApplicationState, problems: list[Problem], at: datetime, allowed: bool) -> None:
    assert (rules.why_not_submit(application(state), CALL, problems, at) is None) is allowed


def test_handing_over_and_back() -> None:
    assert rules.why_not_hand_over(application(S.DRAFT), CALL, [], IN_TIME) is None
    assert rules.why_not_hand_over(application(S.DRAFT), CALL, WRONG, IN_TIME)
    assert rules.why_not_hand_over(application(S.DRAFT), CALL, [], LATE)
    assert rules.why_not_hand_over(application(S.AWAITING), CALL, [], IN_TIME)
    assert rules.why_not_take_back(application(S.AWAITING)) is None
    assert rules.why_not_take_back(application(S.DRAFT))


@pytest.mark.parametrize("state", list(S))
def test_only_a_draft_changes_and_the_reason_is_told(state: ApplicationState) -> None:
    assert (rules.why_not_save(application(state)) is None) is (state is S.DRAFT)


@pytest.mark.parametrize("state", list(S))
def test_withdrawal_is_possible_until_the_decision(state: ApplicationState) -> None:
    open_ = state in (S.DRAFT, S.AWAITING, S.SUBMITTED, S.ELIGIBLE)
    assert (rules.why_not_withdraw(application(state)) is None) is open_


def test_admission_waits_for_the_deadline() -> None:
    assert rules.why_not_check(application(S.SUBMITTED), CALL, IN_TIME)
    assert rules.why_not_check(application(S.SUBMITTED), CALL, LATE) is None
    for state in (S.ELIGIBLE, S.INELIGIBLE, S.WITHDRAWN, S.DRAFT):
        assert rules.why_not_check(application(state), CALL, LATE)


def test_every_state_has_a_word() -> None:
    assert set(rules.STATUS) == set(S)


def test_fields_stand_in_the_order_of_the_page_and_choices_are_said_in_words() -> None:
    codes = ["activities-10-title", "activities-2-result", "activities-2-key", "activities-2-direction"]
    found = naming.fields(SECTIONS["activities"], codes, FACTS)
    assert [one.name for one in found] == ["activities-2-direction", "activities-2-result", "activities-10-title"]
    code, name = FACTS.directions[0]
    assert found[0].read(Typed([("activities-2-direction", code)])) == str(name)
    codes = ["SS-01.2027Q2.n", "SS-01.2027Q1.d", "SS-01.base.n", "SS-01.2027Q1.n", "chosen"]
    found = naming.fields(SECTIONS["indicators"], codes, FACTS)
    assert [one.name for one in found] == ["chosen", *(codes[i] for i in (2, 3, 1, 0))]


def test_labels_name_the_row_and_the_cell() -> None:
    with speaking("en"):
        assert (
            str(naming.label_of(SECTIONS["budget"], "lines-0-2027.foundation", FACTS))
            == "Budget line 1: Foundation, 2027"
        )
        assert (
            str(naming.label_of(SECTIONS["budget"], "lines-1-title", FACTS)) == "Budget line 2: What the money is for"
        )
        assert str(naming.label_of(SECTIONS["indicators"], "SS-01.2027Q1.d", FACTS)) == "SS-01, Q1 2027, denominator"


def test_rows_are_added_and_removed_by_their_buttons() -> None:
    section = SECTIONS["budget"]
    typed = Typed([("lines-0-title", "x"), ("lines-1-title", "y")])
    assert "lines-2-title" in rows.rebuilt(section, Typed([*typed.items(), ("add", "lines")]))
    assert "lines-1-title" not in rows.rebuilt(section, Typed([*typed.items(), ("remove", "lines-1")]))
    for nonsense in ("lines-", "other-1", "lines-1-2", "lines-١"):
        assert dict(rows.rebuilt(section, Typed([*typed.items(), ("remove", nonsense)])))["lines-1-title"] == "y"


def test_the_budget_is_totalled_over_what_can_be_read() -> None:
    typed = Typed([("lines-0-title", "x"), ("lines-0-2027.foundation", "10,50"), ("lines-0-2027.regional", "много")])
    grid = grids.budget_grid(typed, FACTS, [])
    assert grid[0].years[0].total == Decimal("10.50")
    assert grids.budget_grid(Typed([]), FACTS, [])[0].row.typed["key"] == "b1"


def test_quotients_are_computed_beside() -> None:
    with speaking("en"):
        typed = Typed([("SS-01.base.n", "1"), ("SS-01.base.d", "3"), ("SS-01.2027Q1.n", "x"), ("SS-01.2027Q1.d", "0")])
        plan = read_part("indicators", typed, FACTS).indicators
        row = next(row for row in grids.plan_grid(typed, FACTS, plan, []) if row.facts.code == "SS-01")
        assert [period.quotient.replace("\u00a0", " ") for period in row.periods] == ["33.3 %", "", ""]


def test_the_lead_counts_what_is_ready() -> None:
    texts = {section: Typed(typed.items()) for section, typed in make.texts(CALL).items()}
    assert read(texts, FACTS)[1] == []
    fresh = [showing.Task(section, None, []) for section in SECTIONS.values()]
    with speaking("en"):
        words = " ".join(map(str, showing.lead(fresh, may_edit=True, may_sign=False)))
    assert words == "0 sections of 5 are ready. 5 are not begun."
