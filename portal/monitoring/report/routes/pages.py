"""Pages of a report: the report itself, and what is done with it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.kit import autosave, clock, drafts
from portal.kit.access import door
from portal.kit.errors import NotFound, Refusal
from portal.kit.forms import Typed, cleaned, read_form
from portal.kit.i18n import Text, say
from portal.kit.pages import flash, page, see_other, url
from portal.monitoring.report import forms, rules, service
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, REGIONAL, Role


async def find(request: Request) -> tuple[Report, list[Report]]:
    """The report of this address and all revisions of its quarter, newest first, if it exists for this person."""
    number, _, period = request.path_params["number"].rpartition("-")
    revisions = (
        await Report.visible_to(request.state.person)
        .filter(agreement__number=number, period=period)
        .select_related("agreement__region", "agreement__application__call")
        .order_by("-revision")
    )
    asked = request.query_params.get("revision", "")
    for report in revisions:
        if not asked or str(report.revision) == asked:
            return report, list(revisions)
    raise NotFound


@door(*REGIONAL, *FOUNDATION)
async def one(request: Request) -> Response:
    """The report: fields for the region's editor while it is open, otherwise what was written."""
    return await _page(request)


async def _page(
    request: Request,
    *,
    stale: drafts.Stale | None = None,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """With `stale` both texts; with `refusal` why it was refused, and what was `typed`: the numbers, or a reason."""
    report, revisions = await find(request)
    person: Person = request.state.person
    inside = person.region_id == report.agreement.region_id
    written = inside and report.state in (*rules.WRITABLE, ReportState.AWAITING)
    unsaved = typed if typed and "based_on" in typed else None
    figures = await _figures(report, written=written, stale=stale, unsaved=unsaved)
    remarks = service.obstacles(figures.pop("found"))
    checking = written and not (stale or refusal) and request.query_params.get("check") == "yes"
    return await page(
        request,
        "report/page.html",
        status=409 if stale else refusal.status if refusal else 200,
        report=report,
        number=rules.number_of(report),
        revisions=revisions,
        stale=stale,
        differences=_differences(stale) if stale else [],
        inside=inside,
        written=written,
        problems=refusal.at("" if unsaved else "reason") if refusal else remarks if checking else [],
        unsaved=unsaved is not None,
        deciding=typed or Typed([]),
        stands=forms.standing(report, inside=inside, now=clock.now()),
        why=_why(report, person, revisions, remarks),
        rules=rules,
        forms=forms,
        evidence=await report.evidence_for(person),
        **figures,
    )


async def _figures(
    report: Report, *, written: bool, stale: drafts.Stale | None, unsaved: Typed | None
) -> dict[str, Any]:
    """The rows, read and checked: what is being `written` for its region, what was submitted for the others."""
    asked, saved = await service.lines(report), (await drafts.latest(report)).get(service.SECTION)
    attempt, values = await service.frozen(report, asked)
    if written:
        values = stale.mine if stale else saved.content if saved else Typed([])
    values = unsaved or values
    found = service.judged(report, asked, values)
    return {
        "found": found,
        "rows": [forms.row(one, values, service.span_of(report)) for one in found],
        "summary": forms.checks(found),
        "saved": stale.theirs if stale else saved,
        "attempt": attempt,
    }


def _why(
    report: Report, person: Person, revisions: list[Report], remarks: list[rules.Remark]
) -> dict[str, Text | None]:
    """Of each deed why it cannot be done now by this person, None where it can."""
    return {
        "save": rules.why_not_save(report, person),
        "hand_over": rules.why_not_hand_over(report, person, remarks),
        "take_back": rules.why_not_take_back(report, person),
        "submit": rules.why_not_submit(report, person, remarks, clock.now()),
        "accept": rules.why_not_accept(report, person, []),
        "return": rules.why_not_return(report, person, "…"),
        "correct": rules.why_not_correct(report, person, revisions[0].revision, "…"),
    }


def _differences(stale: drafts.Stale) -> list[tuple[str, str, str]]:
    """The fields in which the two texts differ: name, mine, theirs."""
    mine, theirs = stale.mine, stale.theirs.content
    names = sorted(mine.keys() | theirs.keys())
    return [(n, mine.get(n, ""), theirs.get(n, "")) for n in names if mine.get(n, "") != theirs.get(n, "")]


def _back(report: Report, *, check: bool = False) -> Response:
    here = url("report:page", number=rules.number_of(report))
    return RedirectResponse(here + ("?check=yes" if check else ""), status_code=303)


async def _save_first(request: Request, report: Report, typed: Typed) -> None:
    """A button of the form of figures sends them too: they are kept before anything else happens."""
    if "based_on" in typed and rules.why_not_save(report, request.state.person) is None:
        await service.save(report, typed, based_on=typed.number("based_on"), by=request.state.person)


@door(Role.EDITOR)
async def save(request: Request) -> Response:
    """Saved as typed; `then=check` goes on to everything that is left to correct."""
    (report, _), typed = await find(request), await read_form(request)
    if autosave.is_asked(request):
        zone = report.agreement.region.timezone
        draft = await service.save(report, typed, based_on=typed.number("based_on"), by=request.state.person)
        return autosave.saved(draft, zone=zone, **await forms.told(report, draft))
    try:
        await service.save(report, typed, based_on=typed.number("based_on"), by=request.state.person)
    except drafts.Stale as stale:
        return await _page(request, stale=stale)
    except Refusal as refusal:
        return await _page(request, typed=typed, refusal=refusal)
    return _back(report, check=typed.get("then") == "check")


@door(Role.EDITOR)
async def hand_over(request: Request) -> Response:
    (report, _), typed = await find(request), await read_form(request)
    try:
        await _save_first(request, report, typed)
        await service.hand_over(report, by=request.state.person)
    except drafts.Stale as stale:
        return await _page(request, stale=stale)
    except Refusal as refusal:
        if report.state is not ReportState.DRAFT:
            return await _page(request, typed=typed, refusal=refusal)
        return _back(report, check=True)
    await flash(request, say("The report waits for the signatory. Nobody can change it meanwhile."))
    return _back(report)


@door(*REGIONAL)
async def take_back(request: Request) -> Response:
    report, _ = await find(request)
    await service.take_back(report, by=request.state.person)
    return _back(report)


@door(Role.SIGNATORY)
async def submit(request: Request) -> Response:
    (report, _), typed = await find(request), await read_form(request)
    try:
        await _save_first(request, report, typed)
    except drafts.Stale as stale:
        return await _page(request, stale=stale)
    seen = typed.number("seen") if "seen" in typed else None
    await service.submit(report, by=request.state.person, seen=seen)
    await flash(request, say("The report has been submitted. The officer will accept it or return it with a reason."))
    return _back(report)


@door(Role.OFFICER)
async def accept(request: Request) -> Response:
    (report, _), typed = await find(request), await read_form(request)
    await service.accept(report, by=request.state.person, seen=typed.number("seen"))
    await flash(request, say("The report has been accepted. The region has been told by letter."))
    return _back(report)


@door(Role.OFFICER)
async def send_back(request: Request) -> Response:
    (report, _), typed = await find(request), await read_form(request)
    try:
        reason = cleaned([forms.REASON], typed)["reason"]
        await service.send_back(report, reason=reason, by=request.state.person, seen=typed.number("seen"))
    except Refusal as refusal:
        return await _page(request, typed=typed, refusal=refusal)
    await flash(request, say("The report has been returned with your reason. The region has been told by letter."))
    return _back(report)


@door(*REGIONAL)
async def correct(request: Request) -> Response:
    (report, _), typed = await find(request), await read_form(request)
    try:
        reason = cleaned([forms.MISTAKE], typed)["reason"]
        await service.correct(report, reason=reason, by=request.state.person)
    except Refusal as refusal:
        return await _page(request, typed=typed, refusal=refusal)
    await flash(request, say("The correction is open. Until it is accepted, the accepted values stay."))
    return see_other("report:page", number=rules.number_of(report))


routes = [
    Route("/reports/{number}", one, methods=["GET"], name="report:page"),
    Route("/reports/{number}/values", save, methods=["POST"], name="report:save"),
    Route("/reports/{number}/hand-over", hand_over, methods=["POST"], name="report:hand_over"),
    Route("/reports/{number}/take-back", take_back, methods=["POST"], name="report:take_back"),
    Route("/reports/{number}/submit", submit, methods=["POST"], name="report:submit"),
    Route("/reports/{number}/accept", accept, methods=["POST"], name="report:accept"),
    Route("/reports/{number}/return", send_back, methods=["POST"], name="report:return"),
    Route("/reports/{number}/correct", correct, methods=["POST"], name="report:correct"),
]
