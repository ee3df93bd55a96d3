"""Lists of reports: a region's own, and the board of a call for the Foundation."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.kit import clock
from portal.kit.access import door
from portal.kit.pages import page, url
from portal.kit.periods import quarters
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.report import forms, rules
from portal.monitoring.report.methods import VERSION
from portal.monitoring.report.models import Forecast, Report, reported_calls, reporting, reports_of
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, REGIONAL

Cell = tuple[str, str, str]


@door(*REGIONAL, *FOUNDATION)
async def everything(request: Request) -> Response:
    """A region's reports, the newest agreement first; for the Foundation's people the board of one call."""
    person: Person = request.state.person
    if not person.roles & FOUNDATION:
        return await _mine(request)
    calls, now = await reported_calls(), clock.now()
    asked = request.query_params.get("call")
    chosen = next((call for call in calls if call.number == asked), calls[0] if calls else None)
    agreements = await reporting(chosen.id) if chosen else []
    reports = await reports_of(agreements)
    periods = quarters(chosen.first_period, chosen.last_period) if chosen else []
    outlooks = forms.outlooks(await Forecast.newest([one.id for one in agreements]), agreements, reports, now)
    return await page(
        request,
        "report/board.html",
        tabs=[(f"{url('report:list')}?call={call.number}", call.name, call == chosen) for call in calls],
        chosen=chosen,
        periods=periods,
        board=_board(agreements, reports, periods, now),
        waiting=sum(report.state is ReportState.SUBMITTED for report in reports),
        late=sum(rules.is_late(report, now) for report in reports),
        forms=forms,
        method=VERSION,
        **forms.chosen_outlooks(outlooks, request.query_params.get("show", ""), request.query_params.get("order", "")),
    )


def _board(
    agreements: list[Agreement], reports: list[Report], periods: list[str], now: datetime
) -> list[tuple[str, str, list[list[Cell]]]]:
    """By region and quarter each report that counts, a correction beside what it corrects."""
    groups: dict[tuple[int, str], list[Report]] = {}
    for report in reports:
        if report.state is not ReportState.CORRECTED:
            groups.setdefault((report.agreement_id, report.period), []).append(report)
    board = []
    for agreement in sorted(agreements, key=lambda one: str(one.region.short)):
        cells = [
            [_cell(report, is_newest=report is group[-1], now=now) for report in group]
            for group in (groups.get((agreement.id, period), []) for period in periods)
        ]
        board.append((agreement.number, str(agreement.region.short), cells))
    return board


def _cell(report: Report, *, is_newest: bool, now: datetime) -> Cell:
    """Address, icon and word."""
    address = url("report:page", number=rules.number_of(report))
    kind, word = forms.standing(report, inside=False, now=now)
    return address if is_newest else f"{address}?revision={report.revision}", kind, str(word)


async def _mine(request: Request) -> Response:
    reports = (
        await Report.visible_to(request.state.person)
        .select_related("agreement__application__call", "agreement__region")
        .order_by("-agreement_id", "period", "-revision")
    )
    agreements = {report.agreement_id: report.agreement for report in reports}
    found = await Forecast.newest(list(agreements))
    return await page(
        request,
        "report/list.html",
        reports=reports,
        rules=rules,
        forms=forms,
        stands=lambda report: forms.standing(report, inside=True, now=clock.now()),
        outlooks=forms.outlooks(found, list(agreements.values()), reports, clock.now()),
    )


routes = [Route("/reports", everything, methods=["GET"], name="report:list")]
