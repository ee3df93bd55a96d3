"""Files beside a report: what its figures rest on, listed, attached, removed before it is submitted, and handed out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.kit import files, uploads
from portal.kit.access import door
from portal.kit.errors import NotFound, Refusal
from portal.kit.i18n import say
from portal.kit.pages import flash, page, see_other
from portal.monitoring.report import rules, service
from portal.monitoring.report.models import Report
from portal.monitoring.report.routes.pages import find
from portal.people.roles import FOUNDATION, REGIONAL, Role


@door(*REGIONAL, *FOUNDATION)
async def everything(request: Request) -> Response:
    """The files beside the report, with the field for one more while the region writes."""
    report, _ = await find(request)
    return await _list(request, report)


async def _list(request: Request, report: Report, refusal: Refusal | None = None) -> Response:
    person = request.state.person
    return await page(
        request,
        "report/files.html",
        status=refusal.status if refusal else 200,
        problems=refusal.at(uploads.FIELD) if refusal else [],
        report=report,
        number=rules.number_of(report),
        files=await report.evidence_for(person),
        why_not_save=rules.why_not_save(report, person),
        is_removable=lambda file: rules.why_not_remove(report, person, file.uploaded_at) is None,
        inside=person.region_id == report.agreement.region_id,
        uploads=uploads,
        most=files.FILES,
    )


@door(Role.EDITOR)
async def attach(request: Request) -> Response:
    """The file that was sent stands beside the report, or the reason why not stands beside the field."""
    report, _ = await find(request)
    try:
        received = await uploads.receive(request)
        await service.attach(report, received, by=request.state.person)
    except Refusal as refusal:
        return await _list(request, report, refusal)
    await flash(request, say("The file “%(name)s” is attached.", name=received.name))
    return see_other("report:files", number=rules.number_of(report))


@door(Role.EDITOR)
async def remove(request: Request) -> Response:
    """The file does not stand beside the report any more."""
    report, _ = await find(request)
    await service.detach(report, request.path_params["file"], by=request.state.person)
    await flash(request, say("The file is removed."), "info")
    return see_other("report:files", number=rules.number_of(report))


@door(*REGIONAL, *FOUNDATION)
async def one(request: Request) -> Response:
    """The file of any revision of the quarter, for who may see it."""
    _, revisions = await find(request)
    for report in revisions:
        for file in await report.evidence_for(request.state.person):
            if file.public_id == request.path_params["file"]:
                return await files.serve(request, file)
    raise NotFound


routes = [
    Route("/reports/{number}/files", everything, methods=["GET"], name="report:files"),
    Route("/reports/{number}/files", attach, methods=["POST"], name="report:attach", middleware=uploads.TAKES_FILES),
    Route("/reports/{number}/files/{file}", one, methods=["GET"], name="report:file"),
    Route("/reports/{number}/files/{file}/remove", remove, methods=["POST"], name="report:remove_file"),
]
