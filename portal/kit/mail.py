"""Letters: written in the reader's language inside the verb, kept in the outbox, sent after it by the worker."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from enum import StrEnum
from typing import Protocol

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from portal.kit import clock, jobs, journal, smtp
from portal.kit.db import transaction
from portal.kit.errors import refuse
from portal.kit.i18n import Text, Written, language, say, speaking
from portal.kit.lifecycle import step, take
from portal.kit.verb import verb
from portal.settings import settings

HOLD = timedelta(minutes=15)
"""How long letters to many wait where they can be seen and stopped."""
AT_ONCE = 4
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=1)
TRIES = 80
"""How often a letter that no server takes is tried: for three days and a little."""
TOO_OLD = timedelta(days=3)
"""A letter that has been due for so long says nothing any more: there was no server to take it."""
HOUR = timedelta(hours=1)
FOR_ONE, FOR_ALL = 30, 2000
"""How many letters an hour go to one address, and to all; more wait."""
SECRETS_FOR_ONE = 5
"""How many letters with a secret link an hour are written to one address; more are not written at all."""
BODY_KEPT, SECRET_KEPT = timedelta(days=90), timedelta(days=3)


class Reader(Protocol):
    """Whoever gets letters."""

    @property
    def email(self) -> str: ...

    @property
    def language(self) -> str: ...


class LetterState(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    STOPPED = "stopped"


SEND = step("send", LetterState.WAITING, LetterState.SENT)
FAIL = step("fail", LetterState.WAITING, LetterState.FAILED)
STOP = step("stop", LetterState.WAITING, LetterState.STOPPED)
TRY_AGAIN = step("try again", LetterState.FAILED, LetterState.WAITING)


class Letter(Model):
    """A letter in the outbox. `batch` names all letters of one deed; a `secret` one's body is for its reader alone.

    `once` is the same for letters of which one may ever be written. `note` says why it was not sent. The body is
    removed after a time; the rest stays, and is what the portal tells of a letter that was sent.
    """

    id = fields.BigIntField(primary_key=True)
    message_id = fields.CharField(max_length=200, unique=True)
    batch = fields.CharField(max_length=22, db_index=True, db_default="")
    address = fields.CharField(max_length=254)
    subject = fields.CharField(max_length=300)
    body = fields.TextField()
    secret = fields.BooleanField(db_default=False)
    once = fields.CharField(max_length=400, null=True, unique=True)
    state = fields.CharEnumField(LetterState, max_length=24, default=LetterState.WAITING, db_default="waiting")
    written_at = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    tries = fields.IntField(db_default=0)
    note = fields.CharField(max_length=300, db_default="")

    class Meta:
        table = "letter"
        indexes = (
            Index(fields=("address", "written_at")), Index(fields=("sent_at",)), Index(fields=("state", "due_at")),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.subject


def link(path: str) -> Written:
    """The whole address of a page in the reader's language; `path` is what stands behind the language."""
    return Written(_address, path)


def _address(path: str) -> str:
    return f"{settings().base_url}/{language.get()}/{path}"


async def write(
    readers: Iterable[Reader], subject: Text, body: Sequence[Text], *,
    hold: timedelta = timedelta(0), once: str = "", secret: bool = False,
) -> int:  # fmt: skip
    """Each reader's letter, in her language, is in the outbox and goes when, and only when, the transaction commits.

    With `hold` it waits in the outbox for so long, where it can be stopped. Of letters to the same reader with the
    same `once` one is written, ever. A `secret` letter holds a link that opens something: nobody else is shown it.
    Answers how many were written.
    """
    doing, now, written = journal.deed.get(), clock.now(), 0
    batch = doing.key if doing else secrets.token_hex(8)
    for reader in readers:
        key = f"{once}:{reader.email}" if once else None
        if (secret and await _is_crowded(reader.email, now)) or (key and await Letter.exists(once=key)):
            continue
        with speaking(reader.language):
            letter = await Letter.create(
                message_id=make_msgid(domain=smtp.host()), batch=batch, address=reader.email,
                subject="".join(filter(str.isprintable, " ".join(str(subject).split())))[:300],
                body="\n\n".join(map(_paragraph, body)), secret=secret, once=key, written_at=now, due_at=now + hold,
                tries=0, note="",  # What the database would fill in makes Tortoise compose each statement anew.
            )  # fmt: skip
        await queue(letter)
        written += 1
    return written


async def _is_crowded(address: str, now: datetime) -> bool:
    lately = Letter.filter(address=address, secret=True, written_at__gt=now - HOUR)
    return await lately.count() >= SECRETS_FOR_ONE


def _paragraph(text: Text) -> str:
    """The paragraph; addresses that somebody typed into it are no links for programs that make links of them."""
    values = {name: _defused(value) if isinstance(value, str) else value for name, value in text.values.items()}
    return str(Text(text.msgid, text.plural, values))


def _defused(typed: str) -> str:
    return re.sub(r"(?i)\b(www)\.|\b([a-z]+):(?=//)|\b(mailto):", lambda m: f"{m[1] or m[2] or m[3]} ", typed)


async def queue(letter: Letter) -> None:
    """The letter has a task that sends it when it is due, one and no more."""
    once = f"letter {letter.id} {letter.due_at}"
    await jobs.enqueue("send_letter", {"letter": letter.id}, once=once, at=letter.due_at)


def is_going() -> bool:
    """Whether there is anything that takes letters."""
    return bool(settings().smtp_url) or is_local()


def is_local() -> bool:
    """Whether letters are read on a page of the portal instead of being sent: in the demo without a mail server."""
    return settings().demo and not settings().smtp_url


@jobs.handler("send_letter", at_once=AT_ONCE)
async def send(task: dict[str, int]) -> None:
    """The letter is with the mail server, or comes back later, or is given up. Doing it twice sends it once.

    The row is held from the claim to the mark: of two workers one sends, and one that dies sets it free.
    """
    async with transaction():
        waiting = Letter.filter(id=task["letter"], state=LetterState.WAITING)
        letter = await waiting.select_for_update(skip_locked=True).first()
        if letter is None or not is_going():
            return
        now = clock.now()
        if letter.due_at and now - letter.due_at > TOO_OLD and not is_local():
            await fail(letter, "too old")
            return
        if (free_at := await _free_at(letter, now)) > now:
            await _later(letter, free_at)
            return
        try:
            if not is_local():
                await smtp.deliver(_message_of(letter), letter.address)
        except smtp.Undeliverable as error:
            await fail(letter, str(error))
        except smtp.NotTaken as error:
            await _not_taken(letter, str(error), now)
        else:
            gone_at = letter.due_at if is_local() and letter.due_at else clock.now()
            await waiting.update(state=SEND.target, sent_at=gone_at, tries=letter.tries + 1, note="")


def _message_of(letter: Letter) -> EmailMessage:
    return smtp.message_of(
        message_id=letter.message_id, address=letter.address, subject=letter.subject, body=letter.body,
        written_at=letter.written_at,
    )  # fmt: skip


async def _free_at(letter: Letter, now: datetime) -> datetime:
    """When the letter may go: when it is due, and the hour has room for one more."""
    sent = Letter.filter(sent_at__gt=now - HOUR)
    if letter.due_at and letter.due_at > now:
        return letter.due_at
    if is_local() or (await sent.filter(address=letter.address).count() < FOR_ONE and await sent.count() < FOR_ALL):
        return now
    return now + HOUR / 6


async def _not_taken(letter: Letter, why: str, now: datetime) -> None:
    letter.tries, letter.note = letter.tries + 1, why[:300]
    await letter.save(update_fields=["tries", "note"])
    if letter.tries >= TRIES:
        await fail(letter, why)
        return
    await _later(letter, now + min(FIRST_DELAY * 2 ** min(letter.tries - 1, 10), LONGEST_DELAY))


async def _later(letter: Letter, when: datetime) -> None:
    letter.due_at = when
    await letter.save(update_fields=["due_at"])
    await queue(letter)


@verb
async def fail(letter: Letter, why: str) -> None:
    """The letter is given up, and the journal says why."""
    letter.note = why[:300]
    await letter.save(update_fields=["note"])
    await take(FAIL, letter, by=journal.PORTAL, why=why)


def why_not_stop(letters: Sequence[Letter]) -> Text | None:
    """Only what has not gone can be stopped."""
    waiting = any(letter.state is LetterState.WAITING for letter in letters)
    return None if waiting else say("These letters have gone already, or were stopped before.")


def why_not_try_again(letters: Sequence[Letter]) -> Text | None:
    """Only what was given up can be tried again, while its text is kept."""
    failed = any(letter.state is LetterState.FAILED and letter.body for letter in letters)
    return None if failed else say("None of these letters has failed.")


@verb
async def stop(batch: str, *, reason: str, by: journal.Actor) -> int:
    """Letters of the batch that have not gone will not go, and the journal says why. Answers how many."""
    letters = await Letter.filter(batch=batch).order_by("id").select_for_update()
    refuse(why_not_stop(letters))
    waiting = [letter for letter in letters if letter.state is LetterState.WAITING]
    for letter in waiting:
        letter.note = reason[:300]
        await letter.save(update_fields=["note"])
        await take(STOP, letter, by=by, why=reason)
    return len(waiting)


@verb
async def try_again(batch: str, *, by: journal.Actor) -> int:
    """Letters of the batch that were given up are tried for three days more. Answers how many."""
    letters = await Letter.filter(batch=batch).order_by("id").select_for_update()
    refuse(why_not_try_again(letters))
    failed = [letter for letter in letters if letter.state is LetterState.FAILED and letter.body]
    for letter in failed:
        letter.due_at, letter.tries, letter.note = clock.now(), 0, ""
        await letter.save(update_fields=["due_at", "tries", "note"])
        await take(TRY_AGAIN, letter, by=by)
        await queue(letter)
    return len(failed)
