"""The motor of every life: a record takes a step if it stands at one of the step's sources, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tortoise.models import Model

from portal.kit import journal
from portal.kit.errors import Refusal
from portal.kit.i18n import Text, say


@dataclass(frozen=True, slots=True)
class Step:
    """An arrow of a life: from any of `sources` to `target`."""

    name: str
    sources: frozenset[StrEnum]
    target: StrEnum


def step(name: str, sources: StrEnum | Iterable[StrEnum], target: StrEnum) -> Step:
    """The arrow called `name`."""
    return Step(name, frozenset([sources] if isinstance(sources, StrEnum) else sources), target)


def already_moved() -> Text:
    """What the second of two simultaneous clicks is told."""
    return say("This has already been done or changed by somebody. Open the page again to see how it stands now.")


async def take(move: Step, record: Model, *, by: journal.Actor, **detail: Any) -> None:
    """The record stands at the step's target and the journal says who moved it, from where and why.

    Of simultaneous takers one succeeds. Raises Refusal if the record stands elsewhere.
    """
    before = record.state  # type: ignore[attr-defined]
    moved = await type(record).filter(pk=record.pk, state__in=list(move.sources)).update(state=move.target)
    if not moved:
        raise Refusal(already_moved())
    record.state = move.target
    await journal.write(record, by=by, step=move.name, before=before, after=move.target, **detail)
