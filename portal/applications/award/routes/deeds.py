"""What is done about the decision: the council writes and recommends, the Board approves, an officer announces."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.applications.award import forms, rules, service
from portal.applications.award.models import Protocol, contest_of
from portal.applications.award.routes.pages import find, show
from portal.applications.call.models import Call
from portal.kit import autosave, versions
from portal.kit.access import door
from portal.kit.db import records
from portal.kit.drafts import Stale
from portal.kit.errors import Refusal
from portal.kit.forms import Typed, read_form
from portal.kit.i18n import Text, say
from portal.kit.pages import flash, see_other
from portal.kit.versions import Writing
from portal.people.roles import Role


async def _writing(call: Call) -> Writing:
    """The text of the recommendation, for the pages of its versions and of two texts."""
    protocol = next(iter(await records(Protocol, "call_id = $1", call.id)), None)
    return forms.writing(call, rules.ranking(await contest_of(call), call), rules.why_not_write(call, protocol))


@door(Role.COUNCIL)
async def save(request: Request) -> Response:
    """What the council has typed is kept, and it goes on; one more application comes into the form if that is asked."""
    call, sent = await find(request), await read_form(request)
    based_on = sent.number(versions.BASE)
    typed = forms.kept(await versions.settled(call, service.RECOMMENDATION, sent))
    if autosave.is_asked(request):
        draft = await service.write(call, typed, based_on=based_on, by=request.state.person)
        return autosave.saved(draft, **forms.told(typed, call))
    try:
        await service.write(call, typed, based_on=based_on, by=request.state.person)
        if sent.get("then") == "add":
            numbers = [contestant.number for contestant in (await contest_of(call)).contestants]
            return await show(request, call, typed=forms.added(sent, numbers))
    except Stale as stale:
        return await versions.both(request, await _writing(call), stale, based_on)
    except Refusal as refusal:
        return await _again(request, call, sent, refusal)
    return see_other("award:ranking", fragment="council", number=call.number)


@door(Role.COUNCIL, Role.AUDITOR)
async def history(request: Request) -> Response:
    """Who of the council changed what, and when."""
    return await versions.history(request, await _writing(await find(request)))


@door(Role.COUNCIL)
async def restore(request: Request) -> Response:
    """An earlier text stands again above the newest; both are kept."""
    return await versions.restored(request, await _writing(await find(request)), service.restore)


@door(Role.COUNCIL)
async def recommend(request: Request) -> Response:
    call, typed = await find(request), await read_form(request)
    numbers = [contestant.number for contestant in (await contest_of(call)).contestants]
    try:
        choices = forms.read_choices(typed, numbers)
        await service.recommend(call, choices=choices, by=request.state.person, based_on=typed.get("edition", ""))
    except Refusal as refusal:
        return await _again(request, call, typed, refusal)
    return await _done(request, call, say("The council's recommendation is written down."), "recommendation")


@door(Role.BOARD)
async def approve(request: Request) -> Response:
    call, typed = await find(request), await read_form(request)
    try:
        await service.approve(call, **forms.read_approval(typed), by=request.state.person)
    except Refusal as refusal:
        return await _again(request, call, typed, refusal)
    return await _done(request, call, say("The Board's approval is written down."), "recommendation")


async def _again(request: Request, call: Call, typed: Typed, refusal: Refusal) -> Response:
    """The page with what is wrong, everything that was typed in its place."""
    return await show(request, call, typed=typed, problems=refusal.at(""), status=refusal.status)


@door(Role.OFFICER)
async def announce(request: Request) -> Response:
    call = await find(request)
    await service.announce(call, by=request.state.person)
    return await _done(
        request,
        call,
        say(
            "The results are announced. Letters to all regions leave in a quarter of an hour; until then they can be"
            " stopped in the outbox."
        ),
        "",
    )


async def _done(request: Request, call: Call, text: Text, fragment: str) -> Response:
    await flash(request, text)
    return see_other("award:ranking", fragment=fragment, number=call.number)


routes = [
    Route("/calls/{number}/recommendation/text", save, methods=["POST"], name="award:save"),
    Route("/calls/{number}/recommendation/versions", history, methods=["GET"], name="award:history"),
    Route("/calls/{number}/recommendation/restore", restore, methods=["POST"], name="award:restore"),
    Route("/calls/{number}/recommendation", recommend, methods=["POST"], name="award:recommend"),
    Route("/calls/{number}/approval", approve, methods=["POST"], name="award:approve"),
    Route("/calls/{number}/announcement", announce, methods=["POST"], name="award:announce"),
]
