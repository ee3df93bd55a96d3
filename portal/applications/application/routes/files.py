"""Files that go with an application: listed, attached, removed while it is a draft, and handed out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.applications.application import service
from portal.applications.application.forms import showing
from portal.applications.application.models import Application
from portal.applications.application.routes.reading import find
from portal.kit import files, uploads
from portal.kit.access import door
from portal.kit.errors import Refusal
from portal.kit.i18n import say
from portal.kit.pages import flash, page, see_other
from portal.people.roles import FOUNDATION, REGIONAL, Role


@door(*REGIONAL)
async def everything(request: Request) -> Response:
    """The region's own list, with the field for one more while the application is a draft."""
    return await _list(request, await find(request, mine=True))


async def _list(request: Request, application: Application, refusal: Refusal | None = None) -> Response:
    return await page(
        request,
        "application/files.html",
        status=refusal.status if refusal else 200,
        problems=refusal.at(uploads.FIELD) if refusal else [],
        files=await files.of(application),
        uploads=uploads,
        most=files.FILES,
        **await showing.about(application, request.state.person),
    )


@door(Role.EDITOR)
async def attach(request: Request) -> Response:
    """The file that was sent goes with the application, or the reason why not stands beside the field."""
    application = await find(request, mine=True)
    try:
        received = await uploads.receive(request)
        await service.attach(application, received, by=request.state.person)
    except Refusal as refusal:
        return await _list(request, application, refusal)
    await flash(request, say("The file “%(name)s” is attached.", name=received.name))
    return see_other("application:files", number=application.number)


@door(Role.EDITOR)
async def remove(request: Request) -> Response:
    """The file does not go with the application any more."""
    application = await find(request, mine=True)
    await service.detach(application, request.path_params["file"], by=request.state.person)
    await flash(request, say("The file is removed."), "info")
    return see_other("application:files", number=application.number)


@door(*REGIONAL, *FOUNDATION)
async def one(request: Request) -> Response:
    """The file, for who may read the application."""
    return await files.serve(request, await files.named(request.path_params["file"], await find(request)))


routes = [
    Route("/applications/{number}/files", everything, methods=["GET"], name="application:files"),
    Route(
        "/applications/{number}/files",
        attach,
        methods=["POST"],
        name="application:attach",
        middleware=uploads.TAKES_FILES,
    ),
    Route("/applications/{number}/files/{file}", one, methods=["GET"], name="application:file"),
    Route("/applications/{number}/files/{file}/remove", remove, methods=["POST"], name="application:remove_file"),
]
