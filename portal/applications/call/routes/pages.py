"""Pages of calls: the public list, the call itself, and what an officer does with it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.applications.call import forms, rules, service
from portal.applications.call.models import Call, Criterion, PlacesDecision, RequiredIndicator
from portal.applications.call.states import CallState
from portal.kit import clock
from portal.kit.access import door, public
from portal.kit.db import found
from portal.kit.errors import Problem, Refusal
from portal.kit.forms import Typed, cleaned, read_form
from portal.kit.i18n import Text, say
from portal.kit.pages import flash, page, see_other
from portal.people.person.models import Person
from portal.people.roles import REGIONAL, Role


def status_of(call: Call) -> tuple[str, Text]:
    """The call's icon and word at this hour."""
    now = clock.now()
    match call.state:
        case CallState.DRAFT:
            return "early", say("draft")
        case CallState.OPEN | CallState.CLOSED if now >= call.closes_at:
            return "unsure", say("applications are closed, reviewers are reading")
        case CallState.OPEN if now < call.opens_at:
            return "early", say("opens soon")
        case CallState.OPEN:
            return "pace", say("takes applications")
        case CallState.ARCHIVED:
            return "early", say("in the archive")
    return "met", say("results are announced")


async def find(request: Request) -> Call:
    """The call of this address, if it exists for this reader."""
    return await found(Call.visible_to(request.state.person).filter(number=request.path_params["number"]))


@public
async def list_(request: Request) -> Response:
    """All calls, the newest first."""
    calls = await Call.visible_to(request.state.person).order_by("-closes_at")
    return await page(request, "call/list.html", calls=calls, status_of=status_of, may_write=_is_officer(request))


@public
async def one(request: Request) -> Response:
    """The call in words: deadline, conditions, criteria, indicators; for officers what can be done with it."""
    return await _page(request, await find(request))


def _is_officer(request: Request) -> bool:
    person: Person | None = request.state.person
    return person is not None and Role.OFFICER in person.roles


async def _page(
    request: Request,
    call: Call,
    *,
    status: int = 200,
    typed: Typed | None = None,
    problems: list[Problem] | None = None,
) -> Response:
    person: Person | None = request.state.person
    criteria = await Criterion.filter(call_id=call.id).order_by("position")
    required = (
        await RequiredIndicator.filter(call_id=call.id).select_related("indicator").order_by("indicator__position")
    )
    now, reasons = clock.now(), {}
    if _is_officer(request):
        reasons = {
            "open": rules.why_not_open(call, criteria, len(required), now, is_read=await service.is_read(call)),
            "close": rules.why_not_close(call, now),
        }
    return await page(
        request,
        "call/page.html",
        status=status,
        call=call,
        call_status=status_of(call),
        criteria=criteria,
        indicators=[one.indicator for one in required],
        decisions=await PlacesDecision.filter(call_id=call.id).order_by("id"),
        ties=[_tie_words(rule, criteria) for rule in call.tie_breaks],
        judged=forms.judged(call),
        accepting=rules.is_accepting(call, now),
        is_officer=_is_officer(request),
        is_regional=person is not None and bool(person.roles & REGIONAL),
        region=person.region if person is not None and person.region_id is not None else None,
        reasons=reasons,
        places_fields=forms.PLACES,
        time_fields=forms.MORE_TIME,
        typed=typed or Typed([]),
        problems=problems or [],
    )


def _tie_words(rule: str, criteria: list[Criterion]) -> Text:
    code = rule.partition(":")[2]
    if not code:
        return forms.TIE_WORDS[rule]
    name = next((one.name for one in criteria if one.code == code), code)
    return say("the higher mark on “%(name)s”", name=name)


@door(Role.OFFICER)
async def open_(request: Request) -> Response:
    """The call is public."""
    call = await service.open(await find(request), by=request.state.person)
    await flash(request, say("The call is open. Regions can read it now."))
    return see_other("call:page", number=call.number)


@door(Role.OFFICER)
async def close(request: Request) -> Response:
    """The call is closed."""
    call = await service.close(await find(request), by=request.state.person)
    await flash(request, say("The call is closed."))
    return see_other("call:page", number=call.number)


@door(Role.OFFICER)
async def extend(request: Request) -> Response:
    """The call closes later; or the page again with what is wrong."""
    call = await find(request)
    typed = await read_form(request)
    try:
        values: dict[str, Any] = cleaned(forms.MORE_TIME, typed)
        await service.extend(call, by=request.state.person, **values)
    except Refusal as refusal:
        return await _page(request, call, status=refusal.status, typed=typed, problems=refusal.at("closes_at"))
    await flash(request, say("The call is given more time."))
    return see_other("call:page", number=call.number)


@door(Role.OFFICER)
async def places(request: Request) -> Response:
    """The Board's decision stands beside the call; or the page again with what is wrong."""
    call = await find(request)
    typed = await read_form(request)
    try:
        values: dict[str, Any] = cleaned(forms.PLACES, typed)
        await service.raise_places(call, by=request.state.person, **values)
    except Refusal as refusal:
        return await _page(request, call, status=refusal.status, typed=typed, problems=refusal.at("places"))
    await flash(request, say("The decision is recorded, the number of places is raised."))
    return see_other("call:page", number=call.number)


routes = [
    Route("/calls", list_, methods=["GET"], name="call:list"),
    Route("/calls/{number}", one, methods=["GET"], name="call:page"),
    Route("/calls/{number}/open", open_, methods=["POST"], name="call:open"),
    Route("/calls/{number}/close", close, methods=["POST"], name="call:close"),
    Route("/calls/{number}/more-time", extend, methods=["POST"], name="call:extend"),
    Route("/calls/{number}/places", places, methods=["POST"], name="call:places"),
]
