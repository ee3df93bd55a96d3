"""A letter over the wire: how it is written for mail servers, and what they answered."""

from __future__ import annotations

import asyncio
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from portal.settings import settings

SECONDS = 15.0
"""All that a mail server gets for one letter."""
FOR_EVER = (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError)
"""Refusals that are about the letter or its reader; the others are about the server, our name or our password."""


class Undeliverable(Exception):
    """No mail server will take this letter, however often it is tried; the text says why."""


class NotTaken(Exception):
    """The letter was not taken now, as far as is known; the text says why."""


def message_of(*, message_id: str, address: str, subject: str, body: str, written_at: datetime) -> EmailMessage:
    """The letter as it goes: plain text, one reader, a name that stays the same however often it is tried.

    Raises `Undeliverable` for an address that names not exactly one mailbox.
    """
    try:
        reader = Address(addr_spec=address)
        address.encode("ascii")
    except (ValueError, IndexError, UnicodeEncodeError):
        raise Undeliverable("not an e-mail address") from None
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = message_id
    message["Date"] = format_datetime(written_at)
    message["From"] = settings().mail_from
    message["To"] = reader
    message["Subject"] = subject
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"<letters.{host()}>"
    message.set_content(body)
    return message


def host() -> str:
    """The portal's own name."""
    return urlsplit(settings().base_url).hostname or "localhost"


async def deliver(message: EmailMessage, address: str) -> None:
    """The mail server has taken the letter. Raises `Undeliverable` or `NotTaken`.

    A server that took it and was cut off before it could say so counts as one that did not: then the letter comes
    twice, under the same name. Exactly once cannot be had over SMTP.
    """
    try:
        async with asyncio.timeout(SECONDS):
            await aiosmtplib.send(
                message.as_bytes(), sender=_bare(settings().mail_from), recipients=[address], **_server()
            )
    except aiosmtplib.SMTPRecipientsRefused as refused:
        raise _answer(refused.recipients[0]) from refused
    except aiosmtplib.SMTPException as error:
        raise _answer(error) from error
    except (OSError, TimeoutError) as error:
        raise NotTaken(type(error).__name__) from error


async def greet() -> None:
    """The mail server has let us in, and no letter was sent. Raises `NotTaken`."""
    try:
        async with asyncio.timeout(SECONDS), aiosmtplib.SMTP(**_server()) as server:
            await server.noop()
    except aiosmtplib.SMTPException as error:
        raise NotTaken(str(_answer(error))) from error
    except (OSError, TimeoutError) as error:
        raise NotTaken(type(error).__name__) from error


def _server() -> dict[str, Any]:
    """Where the mail server is and how it is entered, as aiosmtplib wants it."""
    server = urlsplit(settings().smtp_url or "")
    encrypted = server.scheme == "smtps"
    starts_tls = "starttls" in parse_qs(server.query, keep_blank_values=True)
    return {
        "hostname": server.hostname,
        "port": server.port or (465 if encrypted else 587 if starts_tls else 25),
        "username": unquote(server.username) if server.username else None,
        "password": unquote(server.password) if server.password else None,
        "local_hostname": host(),
        "use_tls": encrypted,
        "start_tls": starts_tls,
        "timeout": SECONDS,
    }


def _answer(error: aiosmtplib.SMTPException) -> Undeliverable | NotTaken:
    code = getattr(error, "code", 0)
    words = " ".join(filter(None, [str(code or ""), _printable(str(error.message)) or type(error).__name__]))
    return Undeliverable(words) if code >= 500 and isinstance(error, FOR_EVER) else NotTaken(words)


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, " ".join(text.split())))[:200]


def _bare(sender: str) -> str:
    return sender.rpartition("<")[2].rstrip("> ")
