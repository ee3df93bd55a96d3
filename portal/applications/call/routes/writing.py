"""How an officer writes the conditions of a call: saved while she types, read into conditions when she saves them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.applications.call import forms, rules, service
from portal.applications.call.models import Call, Criterion, RequiredIndicator
from portal.applications.call.routes.pages import find
from portal.directory.indicator.models import Indicator
from portal.kit import autosave, clock, drafts, versions
from portal.kit.access import door
from portal.kit.drafts import Draft, Stale
from portal.kit.errors import Problem, Refusal, refuse
from portal.kit.forms import Typed, read_form, rows
from portal.kit.i18n import say
from portal.kit.pages import by_field, flash, page, see_other
from portal.people.roles import Role


async def _form(
    request: Request,
    call: Call | None,
    typed: Typed,
    *,
    saved: Draft | None = None,
    problems: list[Problem] | None = None,
    more: bool = False,
) -> Response:
    """The form with what was `typed`, of which `saved` is the newest text that is kept."""
    typed = forms.without_gaps(typed)
    criteria = rows(typed, "criteria")
    wanted = min(forms.MOST_ROWS, max(forms.SPARE_ROWS, len(criteria) + more))
    while len(criteria) < wanted:
        criteria.append((criteria[-1][0] + 1 if criteria else 0, {}))
    indicators = await Indicator.all().order_by("position")
    return await page(
        request,
        "call/form.html",
        status=422 if problems else 200,
        call=call,
        saved=saved,
        base=versions.BASE,
        typed=typed,
        problems=problems or [],
        wrong=by_field(problems or []),
        rows=criteria,
        fields=forms,
        periods=forms.periods(clock.today()),
        required=forms.required_field(indicators),
        ties=forms.tie_choices(typed),
    )


async def _terms(call: Call) -> Typed:
    criteria = await Criterion.filter(call_id=call.id).order_by("position")
    required = await RequiredIndicator.filter(call_id=call.id).values("indicator__code")
    return forms.terms_of(call, criteria, [one["indicator__code"] for one in required])


@door(Role.OFFICER)
async def new(request: Request) -> Response:
    """The form with what she has typed of a new call, or with the usual values."""
    saved = await drafts.newest(request.state.person, service.NEW)
    return await _form(request, None, saved.content if saved and saved.typed else forms.new_terms(), saved=saved)


@door(Role.OFFICER)
async def create(request: Request) -> Response:
    """A new draft of a call; or the form again with what is wrong, or with one more row."""
    return await _take(request, None)


@door(Role.OFFICER, Role.AUDITOR)
async def edit(request: Request) -> Response:
    """The form with what was typed last of the draft's conditions."""
    call = await find(request)
    refuse(rules.why_not_change(call))
    saved = await drafts.newest(call, service.CONDITIONS)
    is_newer = saved is not None and saved.version > call.text_version
    return await _form(request, call, saved.content if saved and is_newer else await _terms(call), saved=saved)


@door(Role.OFFICER)
async def save(request: Request) -> Response:
    """The draft's conditions are those of the form; or the form again with what is wrong, or with one more row."""
    return await _take(request, await find(request))


async def _take(request: Request, call: Call | None) -> Response:
    """What was typed is kept first, whatever it is; then the conditions are read from it."""
    person, writing = request.state.person, forms.writing(call, request.state.person)
    sent = await read_form(request)
    based_on = sent.number(versions.BASE)
    typed = forms.kept(await versions.settled(writing.record, writing.section, sent))
    if autosave.is_asked(request):
        return autosave.saved(await service.write(call, typed, based_on=based_on, by=person))
    try:
        saved = await service.write(call, typed, based_on=based_on, by=person)
        if "more" in sent:
            return await _form(request, call, typed, saved=saved, more=True)
        return await _read(request, call, typed, saved)
    except Stale as stale:
        return await versions.both(request, writing, stale, based_on)


async def _read(request: Request, call: Call | None, typed: Typed, saved: Draft) -> Response:
    """The conditions are those of the text that is kept, or the form says what is wrong with it."""
    typed = forms.without_gaps(typed)
    values, problems = forms.read_terms(typed, await Indicator.all().order_by("position"), clock.today())
    if problems:
        return await _form(request, call, typed, saved=saved, problems=problems)
    if not values["number"]:
        values["number"] = call.number if call else ""
    try:
        if call is None:
            call = await service.create(by=request.state.person, text=saved, **values)
        else:
            call = await service.change(call, by=request.state.person, text=saved, **values)
    except Stale:
        raise
    except Refusal as refusal:
        return await _form(request, call, typed, saved=saved, problems=refusal.at("number"))
    await flash(request, say("The call is saved as a draft. Read it and open it when everything is right."))
    return see_other("call:page", number=call.number)


@door(Role.OFFICER, Role.AUDITOR)
async def history(request: Request) -> Response:
    """Who changed what in the conditions, and when."""
    return await versions.history(request, forms.writing(await find(request), request.state.person))


@door(Role.OFFICER)
async def restore(request: Request) -> Response:
    """An earlier text stands again above the newest; it is in the conditions once they are saved."""
    return await versions.restored(request, forms.writing(await find(request), request.state.person), service.restore)


routes = [
    Route("/calls/new", new, methods=["GET"], name="call:new"),
    Route("/calls/new", create, methods=["POST"], name="call:create"),
    Route("/calls/{number}/edit", edit, methods=["GET"], name="call:edit"),
    Route("/calls/{number}/edit", save, methods=["POST"], name="call:save"),
    Route("/calls/{number}/versions", history, methods=["GET"], name="call:history"),
    Route("/calls/{number}/restore", restore, methods=["POST"], name="call:restore"),
]
