"""The adapter: one Dash application at /ru/dashboards/ and /en/dashboards/, its scripts at /dashboards/."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from dashboards.server import ASSETS, LARGEST_QUESTION, Draw, Server
from portal.kit.i18n import LANGUAGES, language

Shell = Callable[[Request, str], Awaitable[Response]]
JSON = "application/json"


def dashboards(
    *, shell: Shell, demo: bool, scripts: Sequence[str], draw: Draw
) -> tuple[list[Mount], Callable[[str], str | None]]:
    """The mounts of the dashboards, and the Content-Security-Policy of a path if it is one of theirs.

    `shell(request, title)` answers with `dashboards/frame.html`; `scripts` are the addresses of Plotly and its locale;
    `draw` makes a PNG of what `pictures.content` gives.
    """
    server, ours = Server(demo=demo, scripts=scripts, draw=draw), tuple(f"/{code}/dashboards/" for code in LANGUAGES)

    async def script(request: Request) -> Response:
        status, headers, body = server.script(**request.path_params, told=request.headers)
        return Response(body, status, headers)

    named = Route("/_dash-component-suites/{package}/{path:path}", script)
    files = Mount("/dashboards", routes=[named, Mount("/assets", StaticFiles(directory=ASSETS))])
    mounts = [*(Mount(path.rstrip("/"), Adapter(server, path[1:3], shell)) for path in ours), files]
    return mounts, lambda path: server.policy if path.startswith(ours) else None


class Adapter:
    """One language's way to Dash: a page, a callback, the layout or the dependencies; nothing else gets through."""

    def __init__(self, server: Server, code: str, shell: Shell) -> None:
        self.server, self.code, self.shell = server, code, shell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        spoken = language.set(self.code)
        try:
            answer = await self._answer(Request(scope, receive))
            await answer(scope, receive, send)
        finally:
            language.reset(spoken)

    async def _answer(self, request: Request) -> Response:
        path = request.url.path.removeprefix(f"/{self.code}")
        if path == "/dashboards/_dash-update-component" and request.method == "POST":
            return await self._callback(request)
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(405)
        if path in ("/dashboards/_dash-layout", "/dashboards/_dash-dependencies"):
            return Response(await self.server.ask(path), media_type=JSON)
        saved = await self.server.file(path, request.url.query)
        if saved is not None:
            return Response(saved.body, headers={"Content-Disposition": f'attachment; filename="{saved.name}"'},
                            media_type=saved.kind)  # fmt: skip
        found = await self.server.find(path, request.url.query)
        if found is None:
            raise HTTPException(404)
        page = await self.shell(request, found.view.title)
        page.body = await self.server.fill(bytes(page.body).decode(), found)
        page.headers["Content-Length"] = str(len(page.body))
        return page

    async def _callback(self, request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_QUESTION:
                return Response(status_code=413)
        plain = request.headers.get("content-type", "").partition(";")[0] == JSON
        answer = await self.server.answer(body) if plain else None
        if answer is None:
            return Response(status_code=422)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(answer, headers={"Content-Encoding": "gzip"}, media_type=JSON)
        return Response(gzip.decompress(answer), media_type=JSON)
