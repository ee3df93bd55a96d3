"""What every request passes first and every answer last: identity, host, origin, language, headers. Pure ASGI."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.kit import clock, journal
from portal.kit.i18n import LANGUAGES, gettext, language

log = structlog.get_logger()

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KNOWN = SAFE | {"POST"}
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SIGNS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"x-frame-options", b"DENY"),
]
"""What the head of every answer says."""
ENCRYPTED = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class Guards:
    """Refuses foreign hosts, foreign origins and odd methods; gives each request its id, instant and language.

    `policy_of(path)` answers with a Content-Security-Policy of its own for the paths that need one, else None.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: frozenset[str], secure: bool, policy_of: Callable[[str], str | None]
    ) -> None:
        self.app, self.hosts, self.secure, self.policy_of = app, hosts, secure, policy_of
        self.signs = [*SIGNS, ENCRYPTED] if secure else SIGNS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            elif scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            return
        instant = clock.received.set(clock.now())
        identity = journal.request_id.set(str(uuid.uuid4()))
        code = scope["path"][1:3]
        spoken = language.set(code if code in LANGUAGES and scope["path"][3:4] in ("", "/") else "ru")
        try:
            answer = self._refusal(scope) or self.app
            await answer(scope, receive, self._signed(scope, send))
        finally:
            language.reset(spoken)
            journal.request_id.reset(identity)
            clock.received.reset(instant)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self.hosts or not re.fullmatch(r"/[^\x00-\x1f\\]*", scope["path"]):
            return PlainTextResponse("Bad request: unknown host or path\n", 400)
        if b"%00" in scope["query_string"]:  # No text of the database can hold it, so no question can ask for it.
            return PlainTextResponse("Bad request: unreadable address\n", 400)
        if scope["method"] not in KNOWN:
            return PlainTextResponse("Method not allowed\n", 405, {"Allow": "GET, HEAD, POST"})
        if scope["method"] not in SAFE and not self._same_origin(headers):
            return PlainTextResponse("Forbidden: the request comes from another site\n", 403)
        path = scope["path"]
        is_folder = "/dashboards" in path or path == "/static/" or path.startswith("//")
        if len(path) > 4 and path.endswith("/") and not is_folder:
            return RedirectResponse(path.rstrip("/"), 308)
        return None

    def _same_origin(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None and site not in ("same-origin", "none"):
            return False
        origin = headers.get("origin") or headers.get("referer")
        if origin is None:
            return True
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme == ("https" if self.secure else "http") and parts.netloc.lower() in self.hosts

    def _signed(self, scope: Scope, send: Send) -> Send:
        policy = self.policy_of(scope["path"]) or POLICY

        async def signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.raw.extend(self.signs)
                headers["X-Request-Id"] = journal.request_id.get()
                headers.setdefault("Content-Security-Policy", policy)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return signed


class Faults:
    """A fault of ours becomes a page of the house and a line in the log; nothing else is told."""

    def __init__(self, app: ASGIApp, *, answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self.app, self.answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return  # Nobody is there to be told, and it is no fault of ours.
        except Exception as error:
            log.exception("fault", path=scope.get("path"))
            if begun or scope["type"] != "http":
                raise
            await (await self._told(scope, error))(scope, receive, send)

    async def _told(self, scope: Scope, error: Exception) -> Response:
        try:
            return await self.answer(Request(scope), error)
        except Exception:  # The database is away, and even the page needs it.
            log.exception("no page for the fault")
            text = gettext("The portal could not do this. Nothing was changed.")
            return PlainTextResponse(f"{text}\n{journal.request_id.get()}\n", 503, {"Retry-After": "10"})
