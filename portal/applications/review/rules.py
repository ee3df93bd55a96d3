"""What may be done with a review, and what a sheet of marks says: exact, and of this reviewer only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Criterion
from portal.applications.review.models import Review
from portal.applications.review.states import DECLINE, Conflict, ReviewState
from portal.kit.errors import Problem
from portal.kit.i18n import Text, say
from portal.kit.numbers import exact
from portal.people.person.models import Person
from portal.people.roles import Role

NOT_APPLICABLE = "na"
MARKS = (6, 5, 4, 3, 2, 1)
COMMENT_LIMIT = 4000
NOTE_LIMIT = 2000
DAYS_TO_READ = 28
MARKABLE = frozenset({ReviewState.IN_PROGRESS, ReviewState.RETURNED})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was typed, as read: the marks that can be read (None for not applicable), the comments, what is missing."""

    marks: dict[str, int | None]
    comments: dict[str, str]
    problems: list[Problem]


def is_reading(review: Review) -> bool:
    """Whether its reviewer has the text before her: she has said that there is no conflict, and has not given it up."""
    return review.conflict is Conflict.NONE and review.state in (*MARKABLE, ReviewState.SUBMITTED)


def names(criteria: Iterable[Criterion]) -> list[str]:
    """The fields of a sheet; nothing else that a page sends is kept."""
    return [f"{part}.{criterion.code}" for criterion in criteria for part in ("mark", "comment")]


def read_sheet(criteria: Sequence[Criterion], typed: Mapping[str, str]) -> Sheet:
    """Every criterion must have a mark from 1 to 6, or not applicable, and a comment; problems name the fields."""
    sheet = Sheet({}, {}, [])
    for criterion in criteria:
        field, text = f"mark.{criterion.code}", typed.get(f"mark.{criterion.code}", "").strip()
        if text == NOT_APPLICABLE:
            sheet.marks[criterion.code] = None
        elif text in {str(mark) for mark in MARKS}:
            sheet.marks[criterion.code] = int(text)
        else:
            sheet.problems.append(Problem(field, say("Choose a mark on “%(criterion)s”.", criterion=criterion.name)))
        field = f"comment.{criterion.code}"
        comment = sheet.comments[criterion.code] = typed.get(field, "").strip()
        if not comment:
            wrong = say("Write why you gave this mark on “%(criterion)s”.", criterion=criterion.name)
            sheet.problems.append(Problem(field, wrong))
        elif len(comment) > COMMENT_LIMIT:
            over = len(comment) - COMMENT_LIMIT
            wrong = say(
                "The comment on “%(criterion)s” is too long by %(over)s characters.",
                criterion=criterion.name,
                over=over,
            )
            sheet.problems.append(Problem(field, wrong))
    if not sheet.problems and not any(mark is not None for mark in sheet.marks.values()):
        first = f"mark.{criteria[0].code}" if criteria else ""
        wrong = say("Every criterion is marked as not applicable. Mark at least one, or tell the programme officer.")
        sheet.problems.append(Problem(first, wrong))
    return sheet


def weighted_mean(marks: Mapping[str, int | None], weights: Mapping[str, Decimal]) -> Fraction | None:
    """The exact mean of the marks by weight, what is not applicable left out; None where nothing is marked."""
    given = [(exact(weights[code]), mark) for code, mark in marks.items() if mark is not None]
    return sum((weight * mark for weight, mark in given), Fraction(0)) / sum(w for w, _ in given) if given else None


def due_day(assigned: date) -> date:
    """The last day for reading where the officer names no other."""
    return assigned + timedelta(days=DAYS_TO_READ)


def is_overdue(review: Review, today: date) -> bool:
    """The reviewer's day has passed and she still has to do something."""
    waiting = review.state in MARKABLE | {ReviewState.ASSIGNED}
    return waiting and review.due_on is not None and review.due_on < today


def why_not_assign(application: Application, reviewer: Person) -> Text | None:
    """Why the reviewer cannot be asked to read the application; her roles and organisation must be loaded."""
    if not reviewer.is_active or Role.REVIEWER not in reviewer.roles:
        return say("%(name)s is not a reviewer.", name=reviewer.name)
    if application.state is not ApplicationState.ELIGIBLE:
        return say("Application %(number)s is not waiting for reviews.", number=application.number)
    if is_at_home(application.region_id, reviewer.organisation.region_id):
        return say("%(name)s is of the region that applies and cannot read its application.", name=reviewer.name)
    return None


def is_at_home(applies: int, reviews: int | None) -> bool:
    """Whether the region that applies is the reviewer's own; both by id."""
    return applies == reviews


def why_not_remove(review: Review) -> Text | None:
    """Why the reviewer keeps the application: once she has opened the text, it is known that she read it."""
    if review.state is ReviewState.ASSIGNED:
        return None
    if review.state is ReviewState.DECLINED:
        return say("Whoever does not read it any more stays on record.")
    return say("The reviewer has already opened the text and cannot be removed.")


def why_not_mark(review: Review, application: Application) -> Text | None:
    """Why marks cannot be written or submitted now."""
    if review.state is ReviewState.ASSIGNED or review.conflict is not Conflict.NONE:
        return say("First say whether you have a conflict of interest.")
    if review.state is ReviewState.SUBMITTED:
        return say("This review has been submitted and can no longer be changed.")
    if application.state is not ApplicationState.ELIGIBLE:
        return say("The application no longer takes part in the competition, so no marks are needed.")
    return None


def why_not_declare(review: Review, *, conflict: bool, note: str) -> Text | None:
    """Why the answer about a conflict of interest cannot be taken: none is said once, a conflict until submission."""
    if conflict and review.state not in DECLINE.sources:
        return say("This review is finished. Write to the programme officer about the conflict of interest.")
    if not conflict and review.state is not ReviewState.ASSIGNED:
        return say("You have already answered the question about a conflict of interest.")
    if conflict and not note.strip():
        return say("Write in a few words what the conflict of interest is.")
    if len(note) > NOTE_LIMIT:
        return say("Write it shorter: no more than %(limit)s characters.", limit=NOTE_LIMIT)
    return None


def why_not_return(review: Review, application: Application, reason: str) -> Text | None:
    """Why the review cannot go back to its reviewer."""
    if review.state is not ReviewState.SUBMITTED:
        return say("Only a submitted review can be returned.")
    if application.state is not ApplicationState.ELIGIBLE:
        return say("The application has been decided, so its reviews no longer change.")
    if not reason.strip():
        return say("Write what the reviewer should correct.")
    if len(reason) > NOTE_LIMIT:
        return say("Write it shorter: no more than %(limit)s characters.", limit=NOTE_LIMIT)
    return None
