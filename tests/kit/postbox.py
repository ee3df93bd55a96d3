"""A mail server of the tests: takes letters, or answers and breaks off as it is told."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller


class Postbox:
    """What came, and what the next ones are answered: "" takes, "drop" takes and breaks off, else the answer itself."""

    def __init__(self) -> None:
        self.came: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: list[str] = []
        self.url = ""

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.came]

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answers and self.answers[0].startswith("rcpt "):
            return self.answers.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else ""
        if answer in ("", "drop"):
            self.came.append(cast(EmailMessage, email.message_from_bytes(envelope.content, policy=default)))
            self.recipients.append(list(envelope.rcpt_tos))
        if answer == "drop":
            server.transport.abort()
        return "250 taken" if answer in ("", "drop") else answer


@contextmanager
def postbox() -> Iterator[Postbox]:
    """A mail server on a port of its own."""
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    try:
        yield box
    finally:
        controller.stop()
