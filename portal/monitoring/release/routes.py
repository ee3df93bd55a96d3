"""Pages of releases: the public list, and what an officer sees before she publishes."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.applications.call.models import Call
from portal.kit import clock
from portal.kit.access import door, public
from portal.kit.errors import NotFound
from portal.kit.forms import read_form
from portal.kit.i18n import language, say
from portal.kit.pages import flash, page
from portal.kit.periods import is_quarter, quarter_of
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.release import forms, rules, service
from portal.monitoring.release.models import Release
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.roles import Role


@public
async def everything(request: Request) -> Response:
    """All releases, the newest first."""
    releases = await Release.all().select_related("call").order_by("-number")
    person = request.state.person
    may_publish = person is not None and Role.OFFICER in person.roles
    return await page(request, "release/list.html", releases=releases, may_publish=may_publish)


async def _calls() -> list[Call]:
    """The calls with agreements that are or were in force, the newest first."""
    signed = Agreement.that_were_in_force().values("application__call_id")
    return await Call.filter(id__in=[row["application__call_id"] for row in await signed]).order_by("-id")


@door(Role.OFFICER, Role.AUDITOR)
async def new(request: Request) -> Response:
    """What a release would show, hide and miss, and one button."""
    calls, asked = await _calls(), request.query_params
    call = next((one for one in calls if one.number == asked.get("call")), calls[0] if calls else None)
    if call is None:
        return await page(request, "release/new.html", calls=[], call=None, periods=[], period=None)
    periods = forms.periods_of(call, quarter_of(clock.today()))
    reports = Report.filter(agreement__application__call_id=call.id, state=ReportState.ACCEPTED)
    latest = await reports.order_by("-period").first()
    usual = latest.period if latest else periods[0] if periods else call.first_period
    period = asked["period"] if is_quarter(asked.get("period", "")) else usual
    drafts = await service.cells(call, period, clock.now())
    has_accepted = any(draft.report_id and draft.period == period for draft in drafts)
    agreements = await Agreement.that_were_in_force().filter(application__call_id=call.id).select_related("region")
    return await page(
        request,
        "release/new.html",
        calls=calls,
        call=call,
        periods=periods,
        period=period,
        rows=forms.preview(drafts, {one.id: one.region for one in agreements}, period),
        codes=forms.codes(drafts),
        counts=Counter(str(draft.state) for draft in drafts),
        total=len(drafts),
        number=await service.next_number(),
        why_not=rules.why_not_publish(call, period, has_accepted),
        may_publish=Role.OFFICER in request.state.person.roles,
        forms=forms,
    )


@door(Role.OFFICER)
async def publish(request: Request) -> Response:
    """The release stands, and the public dashboards show it."""
    typed = await read_form(request)
    call = await Call.get_or_none(number=typed.get("call", ""))
    period = typed.get("period", "")
    if call is None or not is_quarter(period):
        raise NotFound
    shown = typed.number("number") or None
    release = await service.publish(call, period=period, by=request.state.person, number=shown)
    await flash(request, say("Release No. %(number)s has been published.", number=release.number))
    return RedirectResponse(f"/{language.get()}/dashboards/", status_code=303)


routes = [
    Route("/releases", everything, methods=["GET"], name="release:list"),
    Route("/releases", publish, methods=["POST"], name="release:publish"),
    Route("/releases/new", new, methods=["GET"], name="release:new"),
]
