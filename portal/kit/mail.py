"""Letters: written in the reader's language inside the verb, sent after it by the worker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
from tortoise import fields
from tortoise.models import Model

from portal.kit import clock, jobs
from portal.kit.i18n import Text, Written, language, speaking
from portal.settings import settings


class Reader(Protocol):
    """Whoever gets letters."""

    @property
    def email(self) -> str: ...

    @property
    def language(self) -> str: ...


class Letter(Model):
    """A letter in the outbox, where it can be read; `sent_at` is empty until a mail server has taken it."""

    id = fields.BigIntField(primary_key=True)
    message_id = fields.CharField(max_length=200, unique=True)
    address = fields.CharField(max_length=254)
    subject = fields.CharField(max_length=300)
    body = fields.TextField()
    written_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "letter"


def link(path: str) -> Written:
    """The whole address of a page in the reader's language; `path` is what stands behind the language."""
    return Written(_address, path)


def _address(path: str) -> str:
    return f"{settings().base_url}/{language.get()}/{path}"


async def write(readers: Iterable[Reader], subject: Text, body: Sequence[Text]) -> None:
    """Each reader's letter, in her language, is in the outbox and goes when, and only when, the transaction commits."""
    for reader in readers:
        await _write(reader, subject, body)


async def _write(reader: Reader, subject: Text, body: Sequence[Text]) -> None:
    with speaking(reader.language):
        letter = await Letter.create(
            message_id=make_msgid(domain=urlsplit(settings().base_url).hostname),
            address=reader.email,
            subject="".join(filter(str.isprintable, " ".join(str(subject).split())))[:300],
            body="\n\n".join(str(paragraph) for paragraph in body),
            written_at=clock.now(),
        )
    await jobs.enqueue("send_letter", {"letter": letter.id})


def message_of(letter: Letter) -> EmailMessage:
    """The letter as it goes over the wire: plain text, one recipient."""
    message = EmailMessage()
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.written_at)
    message["From"] = settings().mail_from
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message.set_content(letter.body)
    return message


@jobs.handler("send_letter")
async def send(task: dict[str, int]) -> None:
    """The letter is with the mail server; where none is set, it is left in the outbox. Doing it twice sends it once."""
    letter = await Letter.get(id=task["letter"])
    if letter.sent_at is not None or not settings().smtp_url:
        return
    server = urlsplit(settings().smtp_url or "")
    await aiosmtplib.send(
        message_of(letter),
        hostname=server.hostname,
        port=server.port or 25,
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        timeout=30,
    )
    await Letter.filter(id=letter.id, sent_at=None).update(sent_at=clock.now())
