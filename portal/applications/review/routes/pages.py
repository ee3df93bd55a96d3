"""Pages of reviews: who reads what, the question about conflicts, the text with its marks."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.applications.application.models import titles
from portal.applications.call.models import Call, criteria_of, opened
from portal.applications.programme.rules import from_canonical
from portal.applications.review import forms, rules, service
from portal.applications.review.models import (
    Mark,
    Review,
    available,
    calls_with_reviews,
    content_of,
    listed,
    number_of,
    one_of,
    to_read,
    waiting_for_readers,
)
from portal.applications.review.states import ReviewState
from portal.kit import clock, drafts, paging
from portal.kit.access import door
from portal.kit.db import records
from portal.kit.errors import NotFound, Problem, Refusal
from portal.kit.forms import Typed, read_form
from portal.kit.i18n import say, say_many
from portal.kit.pages import flash, page, see_other, url
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, Role

READERS = FOUNDATION | {Role.REVIEWER}
ROWS = 25
"""Applications that are given readers at once: each has a box for every reviewer, so more would be no overview."""


@door(*READERS)
async def everything(request: Request) -> Response:
    """A reviewer's own; for the Foundation's people who reads what in one call, the newest first."""
    person: Person = request.state.person
    mine = Role.REVIEWER in person.roles
    calls = [] if mine else await calls_with_reviews()
    asked = request.query_params.get("call")
    chosen = next((call for call in calls if call.number == asked), calls[0] if calls else None)
    of_call = chosen.id if chosen else None
    part = paging.part(request, await number_of(person, of_call))
    reviews = await listed(person, of_call, offset=part.offset, limit=part.size)
    return await page(
        request,
        "review/list.html",
        reviews=reviews,
        part=part,
        mine=mine,
        calls=calls,
        chosen=chosen,
        titles=await titles({review.application_id for review in reviews}),
        today=clock.today(),
        rules=rules,
        may_assign=Role.OFFICER in person.roles and not mine,
    )


async def find(request: Request) -> Review:
    """The review of this address, if it exists for this person."""
    return await one_of(request.state.person, request.path_params["public_id"])


@door(*READERS)
async def one(request: Request) -> Response:
    """The question, the text with the marks, or what became of it: by its state and by who looks."""
    review = await find(request)
    if review.reviewer_id != request.state.person.id:
        return await _submitted(request, review)
    match review.state:
        case ReviewState.ASSIGNED:
            return await question(request, review)
        case ReviewState.IN_PROGRESS | ReviewState.RETURNED:
            return await score(request, review)
    return await _submitted(request, review)


async def _about(review: Review) -> dict[str, Any]:
    """What every page of a review shows: never the text."""
    named = await titles([review.application_id])
    return {
        "review": review,
        "title": named.get(review.application_id, ""),
        "rules": rules,
        "today": clock.today(),
        "file_url": lambda file: url("review:file", public_id=review.public_id, file=file),
    }


async def question(
    request: Request, review: Review, *, typed: Typed | None = None, problems: tuple[Problem, ...] = ()
) -> Response:
    """Whether there is a conflict of interest, asked before the text is shown."""
    return await page(
        request,
        "review/conflict.html",
        status=422 if problems else 200,
        typed=typed or Typed([]),
        problems=list(problems),
        **await _about(review),
    )


async def score(
    request: Request, review: Review, *, unsaved: Typed | None = None, refusal: Refusal | None = None
) -> Response:
    """The text and the marks as saved; with a `refusal` its reason, and what was not saved stays in the fields."""
    criteria = await criteria_of(review.application.call_id)
    saved = await drafts.newest(review, service.SECTION)
    typed = unsaved or (saved.content if saved else Typed([]))
    sheet = rules.read_sheet(criteria, typed)
    checking = request.query_params.get("check") == "yes"
    mean = rules.weighted_mean(sheet.marks, {criterion.code: criterion.weight for criterion in criteria})
    return await page(
        request,
        "review/score.html",
        status=refusal.status if refusal else 200,
        programme=await _programme(review),
        criteria=criteria,
        typed=typed,
        refusal=refusal.reason if refusal else None,
        based_on=typed.number("based_on") if unsaved else saved.version if saved else 0,
        saved=saved,
        sheet=sheet,
        mean=mean,
        checking=checking,
        closed=rules.why_not_mark(review, review.application),
        problems=sheet.problems if checking else [],
        **await _about(review),
    )


async def _programme(review: Review) -> Any:
    content = await content_of(review)
    return from_canonical(content) if content else None


async def _submitted(request: Request, review: Review, *, typed: Typed | None = None, reason: Any = None) -> Response:
    """What was submitted, for its reviewer and for the Foundation's people; of an unfinished one only its state."""
    mine = review.reviewer_id == request.state.person.id
    criteria = await criteria_of(review.application.call_id)
    is_done = review.state is ReviewState.SUBMITTED
    marks = {mark.criterion_id: mark for mark in await Mark.filter(review_id=review.id)} if is_done else {}
    given = {c.code: marks[c.id].value for c in criteria if c.id in marks}
    return await page(
        request,
        "review/submitted.html",
        status=409 if reason else 200,
        mine=mine,
        criteria=criteria,
        marks=marks,
        mean=rules.weighted_mean(given, {criterion.code: criterion.weight for criterion in criteria}),
        programme=await _programme(review) if mine and is_done else None,
        may_return=is_done and Role.OFFICER in request.state.person.roles and not mine,
        typed=typed or Typed([]),
        wrong=reason,
        **await _about(review),
    )


@door(Role.OFFICER)
async def send_back(request: Request) -> Response:
    review, typed = await find(request), await read_form(request)
    try:
        await service.send_back(review, reason=typed.get("reason", ""), by=request.state.person)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _submitted(request, await find(request), typed=typed, reason=refusal.reason)
    await flash(request, say("The review has been returned to its reviewer, with your reason."))
    return see_other("review:page", public_id=review.public_id)


async def _call(request: Request) -> Call:
    return await opened(request.path_params["number"])


async def _assignments(
    request: Request, call: Call, *, typed: Typed | None = None, problems: tuple[Problem, ...] = ()
) -> Response:
    """Applications by reviewers; with `typed` the ticks and the day stay as they were sent."""
    number, lacking = await waiting_for_readers(call.id, call.readers)
    part = paging.part(request, number, size=ROWS)
    applications = await to_read(call.id, offset=part.offset, limit=part.size)
    reviews = await records(Review, "application_id = ANY($1)", [one.id for one in applications])
    return await page(
        request,
        "review/assignments.html",
        status=422 if problems else 200,
        call=call,
        part=part,
        applications=applications,
        reviewers=await available(call.id),
        reviews={(review.application_id, review.reviewer_id): review for review in reviews},
        lacking=lacking,
        typed=typed,
        problems=list(problems),
        rules=rules,
        due=forms.DUE,
        usual_due=rules.due_day(clock.today()),
        may_assign=Role.OFFICER in request.state.person.roles,
    )


@door(Role.OFFICER, Role.AUDITOR)
async def assignments(request: Request) -> Response:
    return await _assignments(request, await _call(request))


@door(Role.OFFICER)
async def assign(request: Request) -> Response:
    call, typed = await _call(request), await read_form(request)
    try:
        add, remove, due_on = forms.read_arrangement(typed)
        await service.arrange(call, add=add, remove=remove, due_on=due_on, by=request.state.person)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _assignments(request, call, typed=typed, problems=tuple(refusal.at("")))
    done = say_many("%(num)s reading assigned.", "%(num)s readings assigned.", len(add))
    await flash(request, done if add else say("The assignments are saved."))
    here = paging.part(request, (await waiting_for_readers(call.id, call.readers))[0], size=ROWS)
    there = here.here + 1 if typed.get("then") == "next" else here.here
    return see_other("review:assignments", number=call.number, query={"page": str(there)} if there > 1 else None)


routes = [
    Route("/reviews", everything, methods=["GET"], name="review:list"),
    Route("/reviews/{public_id}", one, methods=["GET"], name="review:page"),
    Route("/reviews/{public_id}/return", send_back, methods=["POST"], name="review:return"),
    Route("/calls/{number}/assignments", assignments, methods=["GET"], name="review:assignments"),
    Route("/calls/{number}/assignments", assign, methods=["POST"], name="review:assign"),
]
