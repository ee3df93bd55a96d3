"""Pages of calls: the public list and call, and the officer's form and deeds."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.applications.call import forms, rules, service
from portal.applications.call.models import Call, Criterion, PlacesDecision, RequiredIndicator
from portal.applications.call.states import CallState
from portal.directory.indicator.models import Indicator
from portal.kit import clock
from portal.kit.access import door, public
from portal.kit.db import found
from portal.kit.errors import Problem, Refusal, refuse
from portal.kit.forms import Typed, cleaned, read_form, rows
from portal.kit.i18n import Text, say
from portal.kit.pages import by_field, flash, page, see_other
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
            "open": rules.why_not_open(call, criteria, len(required), now),
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


async def _form(
    request: Request,
    call: Call | None,
    typed: Typed,
    *,
    problems: list[Problem] | None = None,
    more: bool = False,
    changed: Refusal | None = None,
) -> Response:
    """The form with what was `typed`; if it was `changed` by another officer, with both texts."""
    criteria = rows(typed, "criteria")
    wanted = min(forms.MOST_ROWS, max(forms.SPARE_ROWS, len(criteria) + more))
    while len(criteria) < wanted:
        criteria.append((criteria[-1][0] + 1 if criteria else 0, {}))
    indicators = await Indicator.all().order_by("position")
    return await page(
        request,
        "call/form.html",
        status=409 if changed else 422 if problems else 200,
        call=call,
        seen=await _seen(call, typed, changed),
        changed=changed,
        differences=forms.differences(typed, await _terms(call)) if call and changed else [],
        typed=typed,
        problems=problems or [],
        wrong=by_field(problems or []),
        rows=criteria,
        fields=forms,
        periods=forms.periods(clock.today()),
        required=forms.required_field(indicators),
        ties=forms.tie_choices(typed),
    )


async def _seen(call: Call | None, typed: Typed, changed: Refusal | None) -> str:
    """The conditions that the writer has before her: those of her form, or of now where both texts are shown."""
    if call is None:
        return ""
    return (not changed and typed.get("seen")) or await service.fingerprint(call)


async def _terms(call: Call) -> Typed:
    criteria = await Criterion.filter(call_id=call.id).order_by("position")
    required = await RequiredIndicator.filter(call_id=call.id).values("indicator__code")
    return forms.terms_of(call, criteria, [one["indicator__code"] for one in required])


@door(Role.OFFICER)
async def new(request: Request) -> Response:
    """An empty form with the usual values."""
    return await _form(request, None, forms.new_terms())


@door(Role.OFFICER)
async def create(request: Request) -> Response:
    """A new draft of a call; or the form again with what is wrong, or with one more row."""
    return await _take(request, None)


@door(Role.OFFICER, Role.AUDITOR)
async def edit(request: Request) -> Response:
    """The form with the draft's conditions."""
    call = await find(request)
    refuse(rules.why_not_change(call))
    return await _form(request, call, await _terms(call))


@door(Role.OFFICER)
async def save(request: Request) -> Response:
    """The draft's conditions are those of the form; or the form again with what is wrong, or with one more row."""
    return await _take(request, await find(request))


async def _take(request: Request, call: Call | None) -> Response:
    typed = forms.without_gaps(await read_form(request))
    if "more" in typed:
        return await _form(request, call, typed, more=True)
    values, problems = forms.read_terms(typed, await Indicator.all().order_by("position"), clock.today())
    if problems:
        return await _form(request, call, typed, problems=problems)
    person: Person = request.state.person
    if not values["number"]:
        values["number"] = call.number if call else ""
    try:
        if call is None:
            saved = await service.create(by=person, **values)
        else:
            saved = await service.change(call, by=person, seen=typed.get("seen"), **values)
    except service.Changed as changed:
        return await _form(request, await find(request), typed, changed=changed)
    except Refusal as refusal:
        return await _form(request, call, typed, problems=refusal.at("number"))
    await flash(request, say("The call is saved as a draft. Read it and open it when everything is right."))
    return see_other("call:page", number=saved.number)


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
    Route("/calls/new", new, methods=["GET"], name="call:new"),
    Route("/calls/new", create, methods=["POST"], name="call:create"),
    Route("/calls/{number}", one, methods=["GET"], name="call:page"),
    Route("/calls/{number}/edit", edit, methods=["GET"], name="call:edit"),
    Route("/calls/{number}/edit", save, methods=["POST"], name="call:save"),
    Route("/calls/{number}/open", open_, methods=["POST"], name="call:open"),
    Route("/calls/{number}/close", close, methods=["POST"], name="call:close"),
    Route("/calls/{number}/more-time", extend, methods=["POST"], name="call:extend"),
    Route("/calls/{number}/places", places, methods=["POST"], name="call:places"),
]
