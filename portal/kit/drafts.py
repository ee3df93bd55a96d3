"""What people type before they submit it: every save is a new version, none is ever overwritten or lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.indexes import Index
from tortoise.models import Model
from tortoise.transactions import in_transaction

from portal.kit import clock, journal
from portal.kit.db import insert_only
from portal.kit.errors import Refusal
from portal.kit.forms import Typed
from portal.kit.i18n import say

SITTING = timedelta(minutes=30)


@insert_only("draft")
class Draft(Model):
    """One saved version of one section of one record: the texts exactly as they were typed, valid or not."""

    id = fields.BigIntField(primary_key=True)
    subject = fields.CharField(max_length=64)
    subject_id = fields.BigIntField()
    section = fields.CharField(max_length=40)
    version = fields.IntField()
    typed: dict[str, Any] = fields.JSONField()
    saved_by_id = fields.BigIntField(null=True)
    saved_by_name = fields.CharField(max_length=200)
    saved_at = fields.DatetimeField()

    class Meta:
        table = "draft"
        unique_together = (("subject", "subject_id", "section", "version"),)
        indexes = (Index(fields=("subject", "subject_id")),)

    @property
    def content(self) -> Typed:
        """What was typed, as a form gives it."""
        pairs = [(k, v) for k, vs in self.typed.items() for v in (vs if isinstance(vs, list) else [vs])]
        return Typed(pairs)


class Stale(Refusal):
    """Somebody saved this section in the meantime; both texts are here and neither is lost."""

    def __init__(self, theirs: Draft, mine: Typed) -> None:
        super().__init__(say("%(name)s changed this section while you were writing.", name=theirs.saved_by_name))
        self.theirs, self.mine = theirs, mine


async def latest(record: Model) -> dict[str, Draft]:
    """The newest version of each section of the record that was ever saved."""
    of_record = f"subject = '{type(record).__name__}' AND subject_id = {int(record.pk)}"
    rows: list[Draft] = await Draft.raw(
        f"SELECT DISTINCT ON (section) * FROM draft WHERE {of_record} ORDER BY section, version DESC"
    )
    return {row.section: row for row in rows}


async def save(record: Model, section: str, content: Mapping[str, str], *, based_on: int, by: journal.Actor) -> Draft:
    """A new version of the section stands above version `based_on` (0 for the first); unchanged text makes none.

    The journal gets one line for each sitting: half an hour of one person's writing. Raises Stale if a newer version
    than `based_on` exists. Must be called inside a verb.
    """
    doing = journal.deed.get()
    before = (await latest(record)).get(section)
    mine = content if isinstance(content, Typed) else Typed(content.items())
    typed = {name: values if len(values) > 1 else values[0] for name, values in mine.lists.items()}
    if before is not None and before.typed == typed:
        if doing:
            doing.lines += 1
        return before
    if before is not None and before.version != based_on:
        raise Stale(before, mine)
    try:
        async with in_transaction():
            saved = await Draft.create(
                subject=type(record).__name__,
                subject_id=record.pk,
                section=section,
                version=before.version + 1 if before else 1,
                typed=typed,
                saved_by_id=by.id,
                saved_by_name=by.name_in_journal,
                saved_at=clock.now(),
            )
    except IntegrityError:
        raise Stale((await latest(record))[section], mine) from None
    same_sitting = before and before.saved_by_id == by.id and saved.saved_at - before.saved_at < SITTING
    if same_sitting and doing:
        doing.lines += 1
    else:
        await journal.write(record, by=by, section=section, version=saved.version)
    return saved
