"""Answers are compressed on the way out, so that their length tells nobody what they hold."""

from __future__ import annotations

import secrets
import struct
import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KINDS = ("text/", "application/json", "application/javascript", "image/svg+xml")
WORTH = 1000
"""Bytes below which a packet stays a packet."""
PADDING = 100
LEVEL = 3
"""A third of the time of zlib's usual 6, for a twentieth more bytes."""


def squeezed(body: bytes) -> bytes:
    """The body as gzip, with a name of random length in its head.

    An attacker who makes a reader ask for pages and watches their lengths could guess a secret of the page sign by
    sign (BREACH). Form tokens are written anew for each page; the random length drowns what is left (Ruan, Sang et
    al., "Heal the Breach", 2022).
    """
    name = b"x" * secrets.randbelow(PADDING)
    head = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + name + b"\0"
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return head + packer.compress(body) + packer.flush() + struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)


class Compressed:
    """An answer in one piece, of words, is sent as gzip to those who read it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reads = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        begun: Message | None = None

        async def sent(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = message  # Held until the body tells whether it is worth it.
                return
            if begun is not None:
                start, begun = begun, None
                await send(_compress(start, message, reads=reads))
            await send(message)

        await self.app(scope, receive, sent)


def _compress(start: Message, body: Message, *, reads: bool) -> Message:
    """The head of the answer; its body is squeezed in place if it is whole, of words and long enough."""
    headers = MutableHeaders(scope=start)
    words = headers.get("content-type", "").startswith(KINDS)
    if words:
        headers.add_vary_header("Accept-Encoding")
    whole = body["type"] == "http.response.body" and not body.get("more_body") and "content-encoding" not in headers
    if reads and words and whole and len(body.get("body", b"")) >= WORTH and start["status"] == 200:
        body["body"] = squeezed(body["body"])
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body["body"]))
    return start
