"""The journal: who did what to what, when and why; only ever added to, in the transaction of the deed itself."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from portal.kit import clock
from portal.kit.db import insert_only
from portal.kit.i18n import Text


class Actor(Protocol):
    """Whoever acts: a person, or the portal itself with id None."""

    @property
    def id(self) -> int | None: ...

    @property
    def name_in_journal(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Portal:
    """The portal acting by itself: a schedule, an import."""

    id: int | None = None
    name_in_journal: str = "portal"


PORTAL = Portal()


@dataclass(slots=True)
class Deed:
    """The verb that is being done, and how many lines it has written; `key` names this one doing of it."""

    name: str
    lines: int = field(default=0)
    key: str = field(default_factory=lambda: secrets.token_hex(8))


deed: ContextVar[Deed | None] = ContextVar("deed", default=None)
request_id: ContextVar[str] = ContextVar("request_id", default="")


@insert_only("journal")
class JournalEntry(Model):
    """One line. Ids are plain, names are as they were: a line outlives what it speaks of."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    deed = fields.CharField(max_length=64)
    actor_id = fields.BigIntField(null=True)
    actor_name = fields.CharField(max_length=200)
    subject = fields.CharField(max_length=64)
    subject_id = fields.BigIntField()
    subject_name = fields.CharField(max_length=300)
    detail: dict[str, Any] = fields.JSONField(default=dict)
    request_id = fields.CharField(max_length=36, default="")

    class Meta:
        table = "journal"
        indexes = (Index(fields=("subject", "subject_id")), Index(fields=("at",)))


def name_of(module: str, function: str) -> str:
    """What the journal calls a deed: its room, or its tool of the kit, and its verb."""
    path = module.split(".")
    room = path[path.index("service") - 1] if "service" in path else path[-1] if path[-2] == "kit" else path[-2]
    return f"{room}.{function}"


def plain(value: Any) -> Any:
    """The value as JSON can hold it and a person can read it years later."""
    match value:
        case Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case Text():
            return {"msgid": value.msgid, **{k: plain(v) for k, v in value.values.items()}}
        case dict():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(v) for v in value]
        case None | bool() | int() | float():
            return value
    return str(value)


async def write(record: Model, *, by: Actor, **detail: Any) -> None:
    """One line about `record` stands in the journal, named after the verb that is being done."""
    doing = deed.get()
    if doing is None:
        raise RuntimeError("the journal is written inside a verb")
    doing.lines += 1
    await JournalEntry.create(
        at=clock.now(),
        deed=doing.name,
        actor_id=by.id,
        actor_name=by.name_in_journal,
        subject=type(record).__name__,
        subject_id=record.pk,
        subject_name=str(record)[:300],
        detail=plain(detail),
        request_id=request_id.get(),
    )
