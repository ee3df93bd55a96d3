"""The measure of all others: two words by Starlette, served as the portal is."""

from __future__ import annotations

import os

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from portal.kit import serving


async def bare(_: Request) -> Response:
    """Two words."""
    return PlainTextResponse("ok\n")


if __name__ == "__main__":
    serving.serve(
        Starlette(routes=[Route("/{path:path}", bare)]), serving.reserve("127.0.0.1", int(os.environ["PORT"]))
    )
