"""The submitted text and its receipt as files."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from portal.applications.application import documents
from portal.applications.application.routes.reading import find, frozen, received
from portal.kit.access import door
from portal.kit.documents import answer
from portal.people.roles import FOUNDATION, REGIONAL


@door(*REGIONAL, *FOUNDATION)
async def text(request: Request) -> Response:
    """The text that was submitted."""
    application = await find(request)
    return await answer(documents.text(application, await frozen(request, application)))


@door(*REGIONAL, *FOUNDATION)
async def receipt(request: Request) -> Response:
    """The receipt."""
    application = await find(request)
    return await answer(documents.receipt(application, await received(application)))
