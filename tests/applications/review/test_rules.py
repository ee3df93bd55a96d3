"""Sheets of marks and what may be done with a review, without a database."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Criterion
from portal.applications.review import rules
from portal.applications.review.models import Review
from portal.applications.review.states import Conflict, ReviewState
from portal.kit.forms import Typed

CRITERIA = [Criterion(code=code, name_ru=code, weight=weight) for code, weight in (("K1", 60), ("K2", 40))]
WEIGHTS = {"K1": Decimal(60), "K2": Decimal(40)}
FULL = {"mark.K1": "5", "comment.K1": "Ясно.", "mark.K2": "na", "comment.K2": "Не про это."}


def a_review(state: ReviewState, conflict: Conflict = Conflict.NONE) -> Review:
    return Review(state=state, conflict=conflict)


def an_application(state: ApplicationState = ApplicationState.ELIGIBLE) -> Application:
    return Application(number="2027-001", state=state)


def test_sheet_reads_marks_and_what_is_not_applicable() -> None:
    sheet = rules.read_sheet(CRITERIA, FULL)
    assert sheet.marks == {"K1": 5, "K2": None}
    assert not sheet.problems


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"mark.K1": ""}, "mark.K1"),
        ({"mark.K1": "7"}, "mark.K1"),
        ({"mark.K1": "0"}, "mark.K1"),
        ({"mark.K1": "٥"}, "mark.K1"),
        ({"mark.K1": "5.5"}, "mark.K1"),
        ({"comment.K2": "  \n"}, "comment.K2"),
        ({"comment.K1": "я" * 4001}, "comment.K1"),
        ({"mark.K1": "na"}, "mark.K1"),
    ],
)
def test_sheet_says_what_is_missing_in_which_field(changed: dict[str, str], field: str) -> None:
    assert [problem.field for problem in rules.read_sheet(CRITERIA, {**FULL, **changed}).problems] == [field]


def test_only_the_fields_of_the_criteria_are_kept() -> None:
    assert rules.names(CRITERIA) == ["mark.K1", "comment.K1", "mark.K2", "comment.K2"]


def test_mean_is_exact_and_leaves_out_what_is_not_applicable() -> None:
    assert rules.weighted_mean({"K1": 5, "K2": 4}, WEIGHTS) == Fraction(23, 5)
    assert rules.weighted_mean({"K1": 5, "K2": None}, WEIGHTS) == 5
    assert rules.weighted_mean({"K1": None}, WEIGHTS) is None
    assert rules.weighted_mean({"A": 1, "B": 1, "C": 2}, dict.fromkeys("ABC", Decimal("33.33"))) == Fraction(4, 3)


def test_no_marks_before_the_question_is_answered() -> None:
    assert rules.why_not_mark(a_review(ReviewState.ASSIGNED, Conflict.NOT_ASKED), an_application())
    assert rules.why_not_mark(a_review(ReviewState.DECLINED, Conflict.YES), an_application())
    assert rules.why_not_mark(a_review(ReviewState.SUBMITTED), an_application())
    assert rules.why_not_mark(a_review(ReviewState.IN_PROGRESS), an_application(ApplicationState.WITHDRAWN))
    assert rules.why_not_mark(a_review(ReviewState.IN_PROGRESS), an_application()) is None
    assert rules.why_not_mark(a_review(ReviewState.RETURNED), an_application()) is None


def test_a_reader_is_removed_only_before_the_text_opens() -> None:
    assert rules.why_not_remove(a_review(ReviewState.ASSIGNED, Conflict.NOT_ASKED)) is None
    for state in set(ReviewState) - {ReviewState.ASSIGNED}:
        assert rules.why_not_remove(a_review(state))


def test_a_conflict_can_be_declared_until_submission_and_none_only_once() -> None:
    for state in (ReviewState.ASSIGNED, ReviewState.IN_PROGRESS, ReviewState.RETURNED):
        assert rules.why_not_declare(a_review(state), conflict=True, note="Работал там") is None
        assert rules.why_not_declare(a_review(state), conflict=True, note=" ")
    assert rules.why_not_declare(a_review(ReviewState.SUBMITTED), conflict=True, note="Работал там")
    assert rules.why_not_declare(a_review(ReviewState.ASSIGNED), conflict=False, note="") is None
    assert rules.why_not_declare(a_review(ReviewState.IN_PROGRESS), conflict=False, note="")
    assert rules.why_not_declare(a_review(ReviewState.DECLINED), conflict=False, note="")


def test_return_needs_a_reason_and_an_undecided_application() -> None:
    done = a_review(ReviewState.SUBMITTED)
    assert rules.why_not_return(done, an_application(), "Нет комментария") is None
    assert rules.why_not_return(done, an_application(), " ")
    assert rules.why_not_return(done, an_application(ApplicationState.AWARDED), "Поздно")
    assert rules.why_not_return(a_review(ReviewState.IN_PROGRESS), an_application(), "Рано")


def test_overdue_is_only_what_still_waits() -> None:
    waiting, done = a_review(ReviewState.IN_PROGRESS), a_review(ReviewState.SUBMITTED)
    waiting.due_on = done.due_on = date(2026, 11, 20)
    assert not rules.is_overdue(waiting, date(2026, 11, 20))
    assert rules.is_overdue(waiting, date(2026, 11, 21))
    assert not rules.is_overdue(done, date(2026, 11, 21))


def test_an_unsent_tick_removes_only_what_the_page_had_shown() -> None:
    from portal.applications.review.forms import read_arrangement
    from portal.applications.review.service import Pair

    typed = Typed([("pick", "2027-001:5"), ("pick", "2027-002:5"), ("was", "2027-001:5"), ("was", "2027-003:5")])
    typed.lists["pick"] += ["bad", "2027-001:5"]
    add, remove, due_on = read_arrangement(typed)
    assert add == [Pair("2027-002", 5)]
    assert remove == [Pair("2027-003", 5)]
    assert due_on is None
