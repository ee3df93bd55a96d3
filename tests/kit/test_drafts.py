"""Drafts: every save a version, a stale one refused with both texts, one line in the journal for a sitting."""

from datetime import timedelta

import pytest

from portal.applications.call.models import Call
from portal.kit import clock, drafts
from portal.kit.drafts import Draft
from portal.kit.forms import Typed
from portal.kit.journal import Actor, JournalEntry
from portal.kit.verb import verb
from portal.people.roles import Role
from tests import make


@verb
async def save(record: Call, content: Typed, *, based_on: int, by: Actor) -> Draft:
    return await drafts.save(record, "passport", content, based_on=based_on, by=by)


async def test_versions_stand_side_by_side(tx: object) -> None:
    call, one = await make.call(), await make.person(Role.OFFICER)
    await save(call, Typed([("title", "Первый")]), based_on=0, by=one)
    await save(call, Typed([("title", "Второй"), ("group", "a"), ("group", "b")]), based_on=1, by=one)
    newest = (await drafts.latest(call))["passport"]
    assert (newest.version, newest.content["title"], newest.content.lists["group"]) == (2, "Второй", ["a", "b"])
    assert await Draft.filter(subject="Call", subject_id=call.id).count() == 2


async def test_stale_save_keeps_both_texts(tx: object) -> None:
    call, one, two = await make.call(), await make.person(Role.OFFICER), await make.person(Role.OFFICER)
    await save(call, Typed([("title", "Её текст")]), based_on=0, by=one)
    with pytest.raises(drafts.Stale) as stale:
        await save(call, Typed([("title", "Мой текст")]), based_on=0, by=two)
    assert stale.value.theirs.content["title"] == "Её текст"
    assert stale.value.mine["title"] == "Мой текст"
    assert (await drafts.latest(call))["passport"].content["title"] == "Её текст"


async def test_unchanged_text_makes_no_version(tx: object) -> None:
    call, one = await make.call(), await make.person(Role.OFFICER)
    first = await save(call, Typed([("title", "Текст")]), based_on=0, by=one)
    again = await save(call, Typed([("title", "Текст")]), based_on=0, by=one)
    assert first.id == again.id


async def test_journal_has_a_line_for_each_sitting(tx: object) -> None:
    call, one, two = await make.call(), await make.person(Role.OFFICER), await make.person(Role.OFFICER)
    start = make.NOW
    for minutes, who in ((0, one), (10, one), (39, one), (80, one), (81, two)):
        with clock.frozen(start + timedelta(minutes=minutes)):
            version = len(await Draft.filter(subject="Call", subject_id=call.id))
            await save(call, Typed([("title", str(minutes))]), based_on=version, by=who)
    assert await JournalEntry.filter(subject="Call", subject_id=call.id).count() == 3
