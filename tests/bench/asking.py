"""Questions put straight to the application, without a socket, and the statements that they send."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Scope

SENT = "%s: %s"
"""How Tortoise logs a statement: its text and its values."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request: a form if it has a body, else a page."""

    path: str
    cookies: Mapping[str, str]
    body: bytes | None = None
    kind: str = "application/x-www-form-urlencoded"
    accept: str = "*/*"

    def scope(self) -> Scope:
        """As a server would hand it over."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        path, _, query = self.path.partition("?")
        headers = {"host": "localhost", "origin": "http://localhost", "cookie": cookies, "accept": self.accept}
        if self.body is not None:
            headers |= {"content-type": self.kind, "content-length": str(len(self.body))}
        return {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": "",
            "method": "GET" if self.body is None else "POST", "path": path, "raw_path": path.encode(),
            "query_string": query.encode(), "headers": [(n.encode(), v.encode()) for n, v in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("localhost", 80), "state": {},
        }  # fmt: skip


def form(path: str, cookies: Mapping[str, str], values: Mapping[str, str]) -> Question:
    """A form sent as a browser sends it."""
    return Question(path, cookies, urlencode(values).encode())


async def ask(app: ASGIApp, question: Question) -> tuple[int, int]:
    """The status and the size of the answer."""
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": question.body or b"", "more_body": False}

    async def send(message: Message) -> None:
        told.append(message)

    await app(question.scope(), receive, send)
    return int(told[0]["status"]), sum(len(message.get("body", b"")) for message in told[1:])


class _Listener(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        """A statement is written down; what else is logged is not."""
        if record.msg == SENT and isinstance(record.args, tuple):
            self.heard.append(str(record.args[0]))


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL sent inside the block, statement by statement; BEGIN and COMMIT are not among them."""
    log, heard = logging.getLogger("tortoise.db_client"), list[str]()
    listener, level, passed_on = _Listener(heard), log.level, log.propagate
    log.addHandler(listener)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        yield heard
    finally:
        log.removeHandler(listener)
        log.setLevel(level)
        log.propagate = passed_on
