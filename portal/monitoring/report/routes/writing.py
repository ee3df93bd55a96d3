"""What a region does with its report: figures, an earlier text again, the signature, submission."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.kit import autosave, drafts, versions
from portal.kit.access import door
from portal.kit.errors import NotFound, Refusal
from portal.kit.forms import read_form
from portal.kit.i18n import say
from portal.kit.pages import flash
from portal.monitoring.report import forms, rules, service
from portal.monitoring.report.models import Report
from portal.monitoring.report.routes.pages import answer, back, find
from portal.monitoring.report.states import ReportState
from portal.people.roles import REGIONAL, Role


async def _save(request: Request, report: Report) -> drafts.Draft:
    """What the form sent is kept; from the page of two texts with what was chosen."""
    sent = await read_form(request)
    typed = await versions.settled(report, service.SECTION, sent)
    return await service.save(report, typed, based_on=sent.number("based_on"), by=request.state.person)


async def _save_first(request: Request, report: Report) -> None:
    """A button of the form of figures sends them too: they are kept before anything else happens."""
    if "based_on" in await read_form(request) and rules.why_not_save(report, request.state.person) is None:
        await _save(request, report)


async def _both(request: Request, stale: drafts.Stale) -> Response:
    (report, _), sent = await find(request), await read_form(request)
    return await versions.both(
        request, await forms.writing(report, request.state.person), stale, sent.number("based_on")
    )


@door(Role.EDITOR)
async def save(request: Request) -> Response:
    """Saved as typed; `then=check` goes on to everything that is left to correct."""
    (report, _), typed = await find(request), await read_form(request)
    if autosave.is_asked(request):
        zone, draft = report.agreement.region.timezone, await _save(request, report)
        return autosave.saved(draft, zone=zone, **await forms.told(report, draft))
    try:
        await _save(request, report)
    except drafts.Stale as stale:
        return await _both(request, stale)
    except Refusal as refusal:
        return await answer(request, typed=await versions.settled(report, service.SECTION, typed), refusal=refusal)
    return back(report, check=typed.get("then") == "check")


async def _theirs(request: Request) -> Report:
    """The report, for its region's own people only: until it is submitted nobody else reads what is typed."""
    report, _ = await find(request)
    if request.state.person.region_id != report.agreement.region_id:
        raise NotFound
    return report


@door(*REGIONAL)
async def history(request: Request) -> Response:
    """Who typed what when; the region's own people read it, before and after the report is submitted."""
    return await versions.history(request, await forms.writing(await _theirs(request), request.state.person))


@door(Role.EDITOR)
async def restore(request: Request) -> Response:
    """Earlier figures stand again above the newest; both are kept."""
    writing = await forms.writing(await _theirs(request), request.state.person)
    return await versions.restored(request, writing, service.restore)


@door(Role.EDITOR)
async def hand_over(request: Request) -> Response:
    """The report waits for its signatory; or the page again with what is left to correct."""
    (report, _), typed = await find(request), await read_form(request)
    try:
        await _save_first(request, report)
        await service.hand_over(report, by=request.state.person)
    except drafts.Stale as stale:
        return await _both(request, stale)
    except Refusal as refusal:
        if report.state is not ReportState.DRAFT:
            return await answer(request, typed=typed, refusal=refusal)
        return back(report, check=True)
    await flash(request, say("The report waits for the signatory. Nobody can change it meanwhile."))
    return back(report)


@door(*REGIONAL)
async def take_back(request: Request) -> Response:
    report, _ = await find(request)
    await service.take_back(report, by=request.state.person)
    return back(report)


@door(Role.SIGNATORY)
async def submit(request: Request) -> Response:
    (report, _), typed = await find(request), await read_form(request)
    try:
        await _save_first(request, report)
    except drafts.Stale as stale:
        return await _both(request, stale)
    seen = typed.number("seen") if "seen" in typed else None
    await service.submit(report, by=request.state.person, seen=seen)
    await flash(request, say("The report has been submitted. The officer will accept it or return it with a reason."))
    return back(report)


routes = [
    Route("/reports/{number}/values", save, methods=["POST"], name="report:save"),
    Route("/reports/{number}/versions", history, methods=["GET"], name="report:history"),
    Route("/reports/{number}/restore", restore, methods=["POST"], name="report:restore"),
    Route("/reports/{number}/hand-over", hand_over, methods=["POST"], name="report:hand_over"),
    Route("/reports/{number}/take-back", take_back, methods=["POST"], name="report:take_back"),
    Route("/reports/{number}/submit", submit, methods=["POST"], name="report:submit"),
]
