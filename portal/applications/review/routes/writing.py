"""What a reviewer does with her own review: answers, marks, goes back to an earlier text, submits."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.applications.review import forms, rules, service
from portal.applications.review.models import Review
from portal.applications.review.routes.pages import find, question, score
from portal.applications.review.states import Conflict
from portal.kit import autosave, drafts, versions
from portal.kit.access import door
from portal.kit.errors import Invalid, NotFound, Problem, Refusal
from portal.kit.forms import read_form
from portal.kit.i18n import say
from portal.kit.pages import flash, see_other, url
from portal.people.roles import Role


@door(Role.REVIEWER)
async def conflict(request: Request) -> Response:
    review, typed = await find(request), await read_form(request)
    try:
        answer, note = forms.read_answer(typed)
        if answer and not note.strip():
            raise Invalid([Problem("note", say("Write in a few words what the conflict of interest is."))])
    except Invalid as invalid:
        return await question(request, review, typed=typed, problems=tuple(invalid.problems))
    await service.declare(review, conflict=answer, note=note, by=request.state.person)
    if answer:
        await flash(request, say("Thank you. The programme officer will ask somebody else to read this application."))
        return see_other("review:list")
    return see_other("review:page", public_id=review.public_id)


@door(Role.REVIEWER)
async def save(request: Request) -> Response:
    review, sent = await find(request), await read_form(request)
    based_on, typed = sent.number("based_on"), await versions.settled(review, service.SECTION, sent)
    if autosave.is_asked(request):
        draft = await service.save(review, typed, based_on=based_on, by=request.state.person)
        return autosave.saved(draft, **await forms.told(review, draft))
    try:
        await service.save(review, typed, based_on=based_on, by=request.state.person)
    except drafts.Stale as stale:
        return await versions.both(request, await forms.writing(review), stale, based_on)
    except Refusal as refusal:
        review = await find(request)
        if review.conflict is not Conflict.NONE:
            raise
        return await score(request, review, unsaved=typed, refusal=refusal)
    here = url("review:page", public_id=review.public_id)
    return RedirectResponse(here + ("?check=yes" if sent.get("then") == "check" else "#marks"), status_code=303)


async def _hers(request: Request) -> Review:
    """The review whose text lies before her: hers, opened and not declined; for anybody else there is none."""
    review = await find(request)
    if review.reviewer_id != request.state.person.id or not rules.is_reading(review):
        raise NotFound
    return review


@door(Role.REVIEWER)
async def history(request: Request) -> Response:
    """What was changed in the marks when; nobody but their reviewer reads it, before and after they are submitted."""
    return await versions.history(request, await forms.writing(await _hers(request)))


@door(Role.REVIEWER)
async def restore(request: Request) -> Response:
    """Earlier marks stand again above the newest; both are kept."""
    return await versions.restored(request, await forms.writing(await _hers(request)), service.restore)


@door(Role.REVIEWER)
async def submit(request: Request) -> Response:
    review = await find(request)
    try:
        await service.submit(review, by=request.state.person)
    except Invalid:
        return RedirectResponse(url("review:page", public_id=review.public_id) + "?check=yes", status_code=303)
    await flash(request, say("The review has been submitted. Thank you."))
    return see_other("review:page", public_id=review.public_id)


routes = [
    Route("/reviews/{public_id}/conflict", conflict, methods=["POST"], name="review:conflict"),
    Route("/reviews/{public_id}/marks", save, methods=["POST"], name="review:save"),
    Route("/reviews/{public_id}/versions", history, methods=["GET"], name="review:history"),
    Route("/reviews/{public_id}/restore", restore, methods=["POST"], name="review:restore"),
    Route("/reviews/{public_id}/submit", submit, methods=["POST"], name="review:submit"),
]
