"""Every deed is told in the journal, in its own transaction: by whom, when, of what, and by which request."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.transactions import in_transaction

from portal.app import JOBS
from portal.applications.application import service as applications
from portal.applications.call.states import CallState
from portal.applications.review import service as reviews
from portal.applications.review.models import Review
from portal.directory.indicator import service as indicators
from portal.directory.region import service as regions
from portal.kit import clock, db, jobs, journal, mail, sessions
from portal.kit.i18n import say
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter, LetterState
from portal.monitoring.report.models import Report
from portal.people.account.models import Purpose, Ticket
from portal.people.invitation import service as invitations
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.faults.test_deeds_aside import AT, DEEDS, office, send
from tests.faults.way import Way
from tests.people.invitation.test_service import REQUEST
from tests.visit import visitor

pytestmark = pytest.mark.breaks_the_rules  # The decided call of the deeds aside has no protocol.
SCHEDULES = [name for module in JOBS if importlib.import_module(module) for name in jobs._schedules]
SCHEDULES = sorted(set(SCHEDULES) - {"keep_open"})  # The demonstration's own.


class Told(Way):
    """Each form is told of before the next one is sent."""

    async def send(self, who: str, path: str, typed: Mapping[str, Any] | None = None) -> None:
        """A text that is saved again in one sitting is told of once."""
        last, person = await _last(), self.people[who]
        await super().send(who, path, typed)
        again = path.endswith(("/marks", "/values")) and await JournalEntry.exists(
            deed__endswith=".save", actor_id=person.id, at=clock.now(), id__lte=last
        )
        if not again:
            await _is_told(last, person, path)


async def _last() -> int:
    newest = await JournalEntry.all().order_by("-id").first()
    return newest.id if newest else 0


async def _is_told(last: int, by: Person | None, what: str) -> None:
    """There are lines after `last`, all of one request and this instant; one at least is of who sent it."""
    lines = await JournalEntry.filter(id__gt=last)
    assert lines, f"{what} is not told of"
    assert {line.at for line in lines} == {clock.now()}, what
    assert len({line.request_id for line in lines}) == 1, what
    assert len(lines[0].request_id) == 36, what
    assert by is None or by.id in {line.actor_id for line in lines}, what
    assert {line.actor_id for line in lines} <= {by and by.id, None}, what
    for line in lines:
        assert "." in line.deed, what
        assert line.actor_name, what
        assert line.subject, what
        assert line.subject_name, what


async def test_r1_every_deed_of_the_way_is_told(tx: TransactionalDBClient) -> None:
    await (await Told().settle()).walk()


QUEUED = {"account:ask_post", "invitation:ask_post"}
"""Whether there is anything to do is found by the worker, so that the page takes the same time for everybody."""


async def test_r1_every_deed_aside_is_told(tx: TransactionalDBClient) -> None:
    with clock.frozen(AT):
        everybody = await office()
        for name in DEEDS.keys() - QUEUED:
            async with in_transaction() as connection:
                last, person = await _last(), everybody.people.get(DEEDS[name][0])
                await send(await visitor(person), everybody, DEEDS[name], {})
                await _is_told(last, person, name)
                await connection.rollback()


async def test_r1_writing_outside_of_a_verb_is_seen(tx: TransactionalDBClient) -> None:
    call = await make.call()
    asked = journal.request_id.set("a request")
    try:
        with pytest.raises(AssertionError, match="call is written outside of a verb"):
            await type(call).filter(id=call.id).update(name_ru="Тайком")
    finally:
        journal.request_id.reset(asked)


ONLY_QUEUE = {"rank_calls", "send_forgotten"}
"""They change nothing themselves: what they ask for is told of when it is done, or was when it was written."""
CHANGED = """
SELECT coalesce(sum(n_tup_del + CASE WHEN relname = 'scheduled_run' THEN 0 ELSE n_tup_ins + n_tup_upd END), 0) AS n
  FROM pg_stat_xact_user_tables WHERE relname <> 'journal' AND relname NOT LIKE 'pgqueuer%'
"""


async def _changed() -> int:
    """How many rows this transaction has touched, those aside of the worker's own books."""
    return int((await db.rows(CHANGED))[0]["n"])


def _kept(store: Path) -> int:
    return len([*store.rglob("*")])


async def _neglected(store: Path) -> None:
    """What every schedule has to do, now or a year later: reminders that are due, and things to be cleaned away."""
    region, now = await make.region(*make.KAMCHATKA), clock.now()
    editor = await make.person(Role.EDITOR, region=region)
    await applications.start(await make.call(), by=editor)
    reading = await make.eligible(region, of=await make.call(state=CallState.CLOSED))
    review = await reviews.assign(reading, await make.person(Role.REVIEWER), by=await make.person(Role.OFFICER))
    await Review.filter(id=review.id).update(due_on=clock.today())
    await make.agreement(region)
    await Report.all().update(due_at=now + timedelta(hours=20))
    await sessions.open_session(editor.id, "tests")
    await invitations.receive(REQUEST)
    await mail.write([editor], say("Results"), [say("Results")])
    await Letter.all().update(state=LetterState.SENT, sent_at=now)
    forgotten = store / "00" / ("0" * 64)
    forgotten.parent.mkdir()
    forgotten.write_bytes(b"nobody's")
    os.utime(forgotten, (0, 0))


async def test_r1_every_turn_of_a_schedule_that_changes_anything_is_told(
    tx: TransactionalDBClient, store: Path
) -> None:
    await _neglected(store)
    worked = set()
    for later in (timedelta(0), timedelta(days=400)):
        for name in SCHEDULES:
            with clock.frozen(clock.now() + later):
                run = await jobs.ScheduledRun.create(name=name, slot=clock.now())
                before, kept, last = await _changed(), _kept(store), await _last()
                await jobs._handlers[name][0]({"run": run.id})
                if (await _changed(), _kept(store)) == (before, kept):
                    continue
                lines = await JournalEntry.filter(id__gt=last)
                assert [line.deed.partition(".")[2] for line in lines] == [name], name
                assert (lines[0].actor_id, lines[0].at, lines[0].subject_id) == (None, clock.now(), run.id)
                assert lines[0].detail, name
                worked.add(name)
    assert worked == set(SCHEDULES) - ONLY_QUEUE


async def test_r1_links_that_are_removed_are_told_of(tx: TransactionalDBClient) -> None:
    person = await make.person()
    await Ticket.create(
        token_hash="x", bound="x", person=person, purpose=Purpose.RESET, made_at=clock.now() - timedelta(days=400)
    )
    run = await jobs.ScheduledRun.create(name="clean_sessions", slot=clock.now())
    await jobs._handlers["clean_sessions"][0]({"run": run.id})
    assert not await Ticket.all().count()
    assert (await JournalEntry.get(subject="ScheduledRun", subject_id=run.id)).detail["links"] == 1


async def test_r1_what_a_command_brings_in_is_told(tx: TransactionalDBClient) -> None:
    for room in (regions, indicators):
        last = await _last()
        report = await room.import_all(by=journal.PORTAL)
        assert report.added
        assert {line.actor_name for line in await JournalEntry.filter(id__gt=last)} == {"portal"}
    assert await db.rows("SELECT 1 FROM journal WHERE deed LIKE 'region.%' LIMIT 1")
