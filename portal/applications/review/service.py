"""Verbs of reviews: who reads what, conflicts of interest, marks."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import orjson

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call, Criterion
from portal.applications.review import rules
from portal.applications.review.models import Mark, Review
from portal.applications.review.states import BEGIN, DECLINE, RETURN, SUBMIT, Conflict, ReviewState
from portal.kit import clock, db, drafts, jobs, journal, mail
from portal.kit.errors import Invalid, NotFound, Refusal, refuse
from portal.kit.forms import Typed
from portal.kit.i18n import Written, day, say
from portal.kit.lifecycle import take
from portal.kit.verb import verb
from portal.people.membership.service import losses_are_answered_by
from portal.people.person.models import Person
from portal.people.roles import Role

SECTION = "marks"

db.constraint(
    "decision_stands_on_marks",
    say("The Board has approved the decision that stands on these reviews: they no longer change."),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """An application, by number, and a reviewer, by key."""

    application: str
    reviewer: int


@verb
async def assign(application: Application, reviewer: Person, *, by: Person, due_on: date | None = None) -> Review:
    """The reviewer is asked, by letter too, to read the application by `due_on`, else in four weeks."""
    locked = await Application.select_for_update().get(id=application.id)
    review = await _place(locked, reviewer, by=by, due_on=due_on)
    await _ask(reviewer, [review])
    return review


@verb
async def arrange(
    call: Call, *, add: Iterable[Pair], remove: Iterable[Pair], by: Person, due_on: date | None = None
) -> None:
    """The pairs of `add` are assigned and those of `remove` are not, all or none; one letter to each new reader."""
    applications = {a.number: a for a in await Application.filter(call_id=call.id).order_by("id").select_for_update()}
    wanted, unwanted = list(add), list(remove)
    people = await Person.filter(id__in=[pair.reviewer for pair in wanted]).prefetch_related(
        "memberships", "organisation__region"
    )
    reviewers = {person.id: person for person in people}
    for pair in unwanted:
        if pair.application in applications:
            await _remove(applications[pair.application], pair.reviewer, by=by)
    placed: dict[int, list[Review]] = {}
    for pair in wanted:
        if pair.application not in applications or pair.reviewer not in reviewers:
            raise NotFound
        review = await _place(applications[pair.application], reviewers[pair.reviewer], by=by, due_on=due_on)
        placed.setdefault(pair.reviewer, []).append(review)
    await journal.write(call, by=by, added=sum(map(len, placed.values())), removed=len(unwanted))
    for key, reviews in placed.items():
        await _ask(reviewers[key], reviews)


@verb
async def declare(review: Review, *, conflict: bool, note: str = "", by: Person) -> Review:
    """The reviewer has answered: without a conflict the text is open to her, with one it never will be."""
    _, mine = await _own(review, by)
    refuse(rules.why_not_declare(mine, conflict=conflict, note=note))
    mine.conflict = Conflict.YES if conflict else Conflict.NONE
    mine.conflict_note = note.strip() if conflict else ""
    await mine.save(update_fields=["conflict", "conflict_note"])
    await take(DECLINE if conflict else BEGIN, mine, by=by, why=mine.conflict_note or None)
    return mine


@verb
async def save(review: Review, typed: Mapping[str, str], *, based_on: int, by: Person) -> drafts.Draft:
    """What the reviewer typed is kept, valid or not; raises Stale if it was changed elsewhere since `based_on`."""
    application, mine = await _own(review, by)
    refuse(rules.why_not_mark(mine, application))
    known = rules.names(await _criteria(application))
    return await drafts.save(mine, SECTION, Typed((n, typed[n]) for n in known if n in typed), based_on=based_on, by=by)


@verb
async def restore(review: Review, version: int, *, based_on: int, by: Person) -> drafts.Draft:
    """Her earlier marks stand again above the newest; raises Stale as `save` does, Refusal where they are not kept."""
    again = partial(save, review, based_on=based_on, by=by)
    return await drafts.restore(review, SECTION, version, by=by, save=again)


@verb
async def submit(review: Review, *, by: Person) -> Review:
    """The saved marks are the review's, and nobody changes them; raises Invalid if one or its comment is missing."""
    application, mine = await _own(review, by)
    refuse(rules.why_not_mark(mine, application))
    criteria = await _criteria(application)
    draft = (await drafts.latest(mine)).get(SECTION)
    sheet = rules.read_sheet(criteria, draft.content if draft else {})
    if sheet.problems:
        raise Invalid(sheet.problems)
    marks = [
        Mark(review=mine, criterion=c, value=sheet.marks[c.code], comment=sheet.comments[c.code]) for c in criteria
    ]
    await Mark.bulk_create(marks)
    mine.submitted_at = clock.now()
    await mine.save(update_fields=["submitted_at"])
    told = orjson.dumps([sheet.marks, sheet.comments], option=orjson.OPT_SORT_KEYS)
    await take(SUBMIT, mine, by=by, draft=draft and draft.version, sha256=hashlib.sha256(told).hexdigest())
    await jobs.enqueue("rank_call", {"call": application.call_id}, once=f"rank_call {application.call_id}")
    return mine


@verb
async def send_back(review: Review, *, reason: str, by: Person) -> Review:
    """The review waits for its reviewer again, with the reason; what was submitted stays among its saved versions."""
    application = await Application.select_for_update().get(id=review.application_id)
    found = await Review.select_for_update().get(id=review.id)
    refuse(rules.why_not_return(found, application, reason))
    await Mark.filter(review_id=found.id).delete()
    found.submitted_at, found.returned_because = None, reason.strip()
    await take(RETURN, found, by=by, why=found.returned_because)
    await found.save(update_fields=["submitted_at", "returned_because"])
    await jobs.enqueue("rank_call", {"call": application.call_id}, once=f"rank_call {application.call_id}")
    reviewer = await Person.get(id=found.reviewer_id)
    await mail.write(
        [reviewer],
        say("Your review of application %(number)s has come back", number=application.number),
        [
            say("Please correct your review of application %(number)s.", number=application.number),
            say("Reason: %(reason)s", reason=found.returned_because),
            say("Your review: %(link)s", link=mail.link(f"reviews/{found.public_id}")),
        ],
    )  # fmt: skip
    return found


async def release(person: Person, lost: Collection[Role], *, by: Person) -> None:
    """Who is no reviewer any more keeps no open review: each waits for another reader. Called inside a verb.

    What she has not opened is taken back; what she has read stays on record without her. Submitted marks stay.
    """
    if Role.REVIEWER not in lost:
        return
    of_hers = Review.filter(reviewer_id=person.id, state__in=list(DECLINE.sources))
    waiting = of_hers.filter(application__state=ApplicationState.ELIGIBLE)
    ids = [row["application_id"] for row in await waiting.values("application_id")]
    applications = await Application.filter(id__in=ids).order_by("id").select_for_update()
    for application in applications:
        review = await Review.select_for_update().get(application_id=application.id, reviewer_id=person.id)
        if review.state is ReviewState.ASSIGNED:
            await _remove(application, person.id, by=by)
        elif review.state in DECLINE.sources:
            await take(DECLINE, review, by=by, application=application.number, reviewer=person.name_ru)


losses_are_answered_by(release)


async def _place(application: Application, reviewer: Person, *, by: Person, due_on: date | None) -> Review:
    refuse(rules.why_not_assign(application, reviewer))
    if await Review.filter(application_id=application.id, reviewer_id=reviewer.id).exists():
        already = say(
            "%(name)s has already been asked about application %(number)s. Open the page again.",
            name=reviewer.name,
            number=application.number,
        )
        raise Refusal(already)
    review = await Review.create(
        public_id=secrets.token_hex(8),
        application=application,
        reviewer=reviewer,
        assigned_at=clock.now(),
        due_on=due_on or rules.due_day(clock.today()),
    )
    await journal.write(
        review, by=by, application=application.number, reviewer=reviewer.name_ru, due_on=review.due_on
    )  # fmt: skip
    return review


async def _remove(application: Application, reviewer: int, *, by: Person) -> None:
    review = await Review.select_for_update().get_or_none(application_id=application.id, reviewer_id=reviewer)
    if review is None:
        return
    refuse(rules.why_not_remove(review))
    await journal.write(review, by=by, removed=True, application=application.number, reviewer=reviewer)
    await review.delete()


async def _ask(reviewer: Person, reviews: list[Review]) -> None:
    """One letter about all that she is asked to read."""
    numbers = ", ".join(review.application.number for review in reviews)
    await mail.write(
        [reviewer],
        say("Applications for you to review"),
        [
            say("You are asked to review applications: %(numbers)s.", numbers=numbers),
            say("The last day is %(day)s.", day=Written(day, reviews[0].due_on)),
            say("Before a text opens you will be asked about a conflict of interest."),
            say("Your reviews: %(link)s", link=mail.link("reviews")),
        ],
    )


async def _own(review: Review, by: Person) -> tuple[Application, Review]:
    """The application and the review, locked in this order; a stranger is told that there is none."""
    application = await Application.select_for_update().get(id=review.application_id)
    mine = await Review.select_for_update().get(id=review.id)
    if mine.reviewer_id != by.id or Role.REVIEWER not in by.roles:
        raise NotFound
    return application, mine


async def _criteria(application: Application) -> list[Criterion]:
    return await Criterion.filter(call_id=application.call_id).order_by("position")
