"""What people type before they submit it: every save is a new version, none is ever overwritten or lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import orjson
from tortoise import Tortoise, fields
from tortoise.exceptions import IntegrityError
from tortoise.indexes import Index
from tortoise.models import Model
from tortoise.transactions import in_transaction

from portal.kit import clock, journal
from portal.kit.db import insert_only, records
from portal.kit.errors import Refusal
from portal.kit.forms import Typed
from portal.kit.i18n import say

SITTING = timedelta(minutes=30)
SAVE_BYTES = 500_000
"""What one save may hold: ten times the longest section that anybody wrote."""
RECORD_BYTES = 100_000_000
"""What all versions of one record may take up on the disk."""
LAST_VERSIONS, EVERY = 100, 20
"""So many newest versions of a section are never thinned, whatever they are; and how often there is a look."""


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

    def __init__(self, theirs: Draft, mine: Typed, by: journal.Actor) -> None:
        own = say("This text was changed in another window while you were writing.")
        other = say("%(name)s changed this text while you were writing.", name=theirs.saved_by_name)
        super().__init__(own if theirs.saved_by_id == by.id else other)
        self.theirs, self.mine = theirs, mine


async def latest(record: Model) -> dict[str, Draft]:
    """The newest version of each section of the record that was ever saved."""
    of_record = f"subject = '{type(record).__name__}' AND subject_id = {int(record.pk)}"
    newest = f"SELECT DISTINCT ON (section) id FROM draft WHERE {of_record} ORDER BY section, version DESC"
    return {one.section: one for one in await records(Draft, f"id IN ({newest}) ORDER BY section")}


async def newest(record: Model, section: str) -> Draft | None:
    """The newest version of one section."""
    found = await records(Draft, f"{_where(record, section)} ORDER BY version DESC LIMIT 1")
    return found[0] if found else None


async def as_of(record: Model, section: str, version: int) -> Draft | None:
    """The section as it stood at the version; where that one has been thinned, the one kept before it."""
    of_section = Draft.filter(subject=type(record).__name__, subject_id=record.pk, section=section)
    return await of_section.filter(version__lte=version).order_by("-version").first()


async def history(record: Model, section: str) -> list[Draft]:
    """The versions that stay for ever, the newest first: the last of each half-hour of each person's writing."""
    rows: list[Draft] = await Draft.raw(
        "SELECT DISTINCT ON (saved_by_id, half_hour(saved_at)) * FROM draft"
        f" WHERE {_where(record, section)}"
        " ORDER BY saved_by_id, half_hour(saved_at), version DESC"
    )
    return sorted(rows, key=lambda row: -row.version)


def _where(record: Model, section: str) -> str:
    """The section in SQL; its code is a name of ours, never a word that somebody sent."""
    assert section.isidentifier()
    return f"subject = '{type(record).__name__}' AND subject_id = {int(record.pk)} AND section = '{section}'"


async def save(record: Model, section: str, content: Mapping[str, str], *, based_on: int, by: journal.Actor) -> Draft:
    """A new version of the section stands above version `based_on` (0 for the first); unchanged text makes none.

    So a save whose answer was lost can be sent again. The journal gets one line for each sitting: half an hour of one
    person's writing. Raises Stale if a newer version than `based_on` exists, Refusal for a text too long to be kept.
    Must be called inside a verb.
    """
    doing = journal.deed.get()
    before = await newest(record, section)
    mine = content if isinstance(content, Typed) else Typed(content.items())
    typed = {name: values if len(values) > 1 else values[0] for name, values in mine.lists.items()}
    if before is not None and before.typed == typed:
        if doing:
            doing.lines += 1
        return before
    if before is not None and before.version != based_on:
        raise Stale(before, mine, by)
    await _room_for(record, section, typed, before.version if before else 0)
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
        raise Stale((await latest(record))[section], mine, by) from None
    same_sitting = before and before.saved_by_id == by.id and saved.saved_at - before.saved_at < SITTING
    if same_sitting and doing:
        doing.lines += 1
    else:
        await journal.write(record, by=by, section=section, version=saved.version)
    return saved


async def restore(
    record: Model, section: str, version: int, *, by: journal.Actor, save: Callable[[Typed], Awaitable[Draft]]
) -> Draft:
    """An earlier text stands again above the newest, kept by the room's own `save`; the journal says which it was.

    Raises Refusal where the version is not kept, and whatever `save` raises. Must be called inside a verb.
    """
    old = await as_of(record, section, version)
    if old is None or old.version != version:
        raise Refusal(say("This version is not kept. Open the list of versions again."))
    restored = await save(old.content)
    await journal.write(record, by=by, section=section, version=restored.version, restored=version)
    return restored


async def _room_for(record: Model, section: str, typed: dict[str, Any], version: int) -> None:
    """A person who writes all day fills no disk: what a sitting passed through is thinned, and the rest is weighed.

    Raises Refusal where the text, or all versions of the record, are more than is kept.
    """
    if len(orjson.dumps(typed)) > SAVE_BYTES:
        raise Refusal(
            say("This is longer than the portal keeps in one section: %(most)s kilobytes. Shorten the text.",
                most=SAVE_BYTES // 1000), 413)  # fmt: skip
    if not version or version % EVERY:
        return
    database, of_record = Tortoise.get_connection("default"), [type(record).__name__, record.pk]
    await database.execute_query("SELECT thin_drafts($1, $2, $3, $4)", [*of_record, section, version - LAST_VERSIONS])
    weight = await database.execute_query_dict(
        "SELECT sum(pg_column_size(typed)) AS bytes FROM draft WHERE subject = $1 AND subject_id = $2", of_record
    )
    if (weight[0]["bytes"] or 0) > RECORD_BYTES:
        raise Refusal(say("There are more saved versions than the portal keeps. Write to the programme officer."), 413)
