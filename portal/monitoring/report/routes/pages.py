"""Pages of a report: the report itself, and what is done with it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.kit import clock, drafts
from portal.kit.access import door
from portal.kit.errors import NotFound, Refusal
from portal.kit.forms import Typed, cleaned, read_form
from portal.kit.i18n import Text, say
from portal.kit.pages import flash, page, see_other, url
from portal.monitoring.report import forms, rules, service
from portal.monitoring.report.models import Report, revisions_of
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, REGIONAL, Role


async def find(request: Request) -> tuple[Report, list[Report]]:
    """The report of this address and all revisions of its quarter, newest first, if it exists for this person."""
    number, _, period = request.path_params["number"].rpartition("-")
    revisions = await revisions_of(number, period, request.state.person)
    asked = request.query_params.get("revision", "")
    for report in revisions:
        if not asked or str(report.revision) == asked:
            return report, revisions
    raise NotFound


@door(*REGIONAL, *FOUNDATION)
async def one(request: Request) -> Response:
    """The report: fields for the region's editor while it is open, otherwise what was written."""
    return await answer(request)


async def answer(request: Request, *, typed: Typed | None = None, refusal: Refusal | None = None) -> Response:
    """With a `refusal` why it was refused, and what was `typed`: the numbers, or a reason."""
    report, revisions = await find(request)
    person: Person = request.state.person
    inside = person.region_id == report.agreement.region_id
    written = inside and report.state in (*rules.WRITABLE, ReportState.AWAITING)
    unsaved = typed if typed and "based_on" in typed else None
    figures = await _figures(report, written=written, unsaved=unsaved)
    remarks = service.obstacles(figures.pop("found"))
    checking = written and not refusal and request.query_params.get("check") == "yes"
    return await page(
        request,
        "report/page.html",
        status=refusal.status if refusal else 200,
        report=report,
        number=rules.number_of(report),
        revisions=revisions,
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


async def _figures(report: Report, *, written: bool, unsaved: Typed | None) -> dict[str, Any]:
    """The rows, read and checked: what is being `written` for its region, what was submitted for the others."""
    asked, saved = await service.lines(report), await drafts.newest(report, service.SECTION)
    attempt, values = await service.frozen(report, asked)
    if written:
        values = saved.content if saved else Typed([])
    values = unsaved or values
    found = service.judged(report, asked, values)
    return {
        "found": found,
        "rows": [forms.row(one, values, service.span_of(report)) for one in found],
        "summary": forms.checks(found),
        "saved": saved,
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


def back(report: Report, *, check: bool = False) -> Response:
    here = url("report:page", number=rules.number_of(report))
    return RedirectResponse(here + ("?check=yes" if check else ""), status_code=303)


@door(Role.OFFICER)
async def accept(request: Request) -> Response:
    (report, _), typed = await find(request), await read_form(request)
    await service.accept(report, by=request.state.person, seen=typed.number("seen"))
    await flash(request, say("The report has been accepted. The region has been told by letter."))
    return back(report)


@door(Role.OFFICER)
async def send_back(request: Request) -> Response:
    (report, _), typed = await find(request), await read_form(request)
    try:
        reason = cleaned([forms.REASON], typed)["reason"]
        await service.send_back(report, reason=reason, by=request.state.person, seen=typed.number("seen"))
    except Refusal as refusal:
        return await answer(request, typed=typed, refusal=refusal)
    await flash(request, say("The report has been returned with your reason. The region has been told by letter."))
    return back(report)


@door(*REGIONAL)
async def correct(request: Request) -> Response:
    (report, _), typed = await find(request), await read_form(request)
    try:
        reason = cleaned([forms.MISTAKE], typed)["reason"]
        await service.correct(report, reason=reason, by=request.state.person)
    except Refusal as refusal:
        return await answer(request, typed=typed, refusal=refusal)
    await flash(request, say("The correction is open. Until it is accepted, the accepted values stay."))
    return see_other("report:page", number=rules.number_of(report))


routes = [
    Route("/reports/{number}", one, methods=["GET"], name="report:page"),
    Route("/reports/{number}/accept", accept, methods=["POST"], name="report:accept"),
    Route("/reports/{number}/return", send_back, methods=["POST"], name="report:return"),
    Route("/reports/{number}/correct", correct, methods=["POST"], name="report:correct"),
]
