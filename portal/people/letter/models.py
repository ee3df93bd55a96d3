"""Which letters exist for whom, and how they are read: by batches, the letters of one deed. The table is the kit's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.queryset import QuerySet

from portal.kit.db import rows
from portal.kit.mail import Letter, LetterState
from portal.people.person.models import Person
from portal.people.roles import Role

BATCHES = """
SELECT batch, min(subject) AS subject, min(written_at) AS written_at, count(*) AS letters,
       count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'failed') AS failed,
       count(*) FILTER (WHERE state = 'stopped') AS stopped, count(*) FILTER (WHERE state = 'sent') AS sent,
       min(due_at) FILTER (WHERE state = 'waiting') AS due_at
  FROM letter WHERE batch <> '' AND ($1 OR NOT secret)
 GROUP BY batch HAVING $2 = '' OR count(*) FILTER (WHERE state = $2) > 0
 ORDER BY min(written_at) DESC, batch LIMIT $3 OFFSET $4
"""
NUMBER = """
SELECT count(DISTINCT batch) AS number FROM letter
 WHERE batch <> '' AND ($1 OR NOT secret) AND ($2 = '' OR state = $2)
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters of one deed, counted by where they stand; `due_at` is the next to go."""

    batch: str
    subject: str
    written_at: datetime
    letters: int
    waiting: int
    failed: int
    stopped: int
    sent: int
    due_at: datetime | None

    @property
    def state(self) -> LetterState:
        """The state that somebody should know of first."""
        if self.failed:
            return LetterState.FAILED
        if self.waiting:
            return LetterState.WAITING
        return LetterState.STOPPED if self.stopped else LetterState.SENT


def visible_to(person: Person) -> QuerySet[Letter]:
    """Those that exist for her: all for those who look after the portal, without secret links for an officer."""
    if _sees_secret(person):
        return Letter.all()
    return Letter.filter(secret=False) if Role.OFFICER in person.roles else Letter.filter(id=0)


def _sees_secret(person: Person) -> bool:
    return bool(person.roles & {Role.ADMINISTRATOR, Role.AUDITOR})


async def number_of_batches(person: Person, state: str) -> int:
    """How many batches exist for her; of those with a letter of one state if it is named."""
    (row,) = await rows(NUMBER, _sees_secret(person), state)
    return int(row["number"])


async def batches(person: Person, state: str, *, offset: int, size: int) -> Sequence[Batch]:
    """The same batches, the newest first: `size` of them after the first `offset`."""
    return [Batch(**row) for row in await rows(BATCHES, _sees_secret(person), state, size, offset)]


def mailbox_of(person: Person | None, since: datetime) -> QuerySet[Letter]:
    """What the demo's mailbox shows: her own letters; to nobody those that bring people in, written after `since`."""
    gone = Letter.filter(state=LetterState.SENT).order_by("-written_at", "-id")
    if person is not None:
        return gone.filter(address=person.email)
    return gone.filter(secret=True, written_at__gt=since)
