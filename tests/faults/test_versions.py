"""Versions of what is typed: what is kept of them, what is thinned out, and how an earlier one stands again."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application import service as applications
from portal.kit import clock, drafts
from portal.kit.drafts import Draft
from portal.kit.forms import Typed
from portal.kit.journal import JournalEntry
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.faults.test_autosave import autosave, goal, writing
from tests.visit import visitor


async def test_one_save_and_one_record_hold_no_more_than_is_kept(
    tx: TransactionalDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = await writing()
    browser = await visitor(person)
    answer = await autosave(
        browser, goal(application), {"based_on": "0", "goal": "ж" * 130_000, "problem": "ж" * 130_000}
    )
    assert answer.status_code == 413
    assert "500" in answer.json()["words"]
    monkeypatch.setattr(drafts, "RECORD_BYTES", 100)
    for version in range(drafts.EVERY):
        answer = await autosave(browser, goal(application), {"based_on": str(version), "goal": f"{version}"})
        assert answer.status_code == 200
    assert (await autosave(browser, goal(application), {"based_on": "20", "goal": "ещё"})).status_code == 413
    assert await Draft.all().count() == 20


async def test_what_a_sitting_passed_through_is_thinned_and_nothing_else(own_database: Database) -> None:
    application, person = await writing()
    colleague = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    start = application.call.opens_at.replace(minute=0, second=0, microsecond=0)
    for version in range(160):  # Four to a minute; the colleague saves the 12th.
        by = colleague if version == 11 else person
        with clock.frozen(start + timedelta(seconds=15 * version)):
            await applications.save(application, "goal", {"goal": f"{version}"}, based_on=version, by=by)
    kept = sorted(row.version for row in await Draft.filter(subject_id=application.id))
    # Named by the journal, the colleague's, and the newest hundred of the last look at 140.
    assert kept == [1, 12, *range(41, 161)] or kept == [1, 12, 13, *range(41, 161)], kept
    assert [one.version for one in await drafts.history(application, "goal")] == [160, 120, 12]
    connection = await asyncpg.connect(own_database.owner_url)
    try:
        for version in (12, 120, 160, 1):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only ever added"):
                await connection.execute("DELETE FROM draft WHERE version = $1", version)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only ever added"):
            await connection.execute("UPDATE draft SET version = 999 WHERE version = 41")
    finally:
        await connection.close()
    before = await drafts.as_of(application, "goal", 20)
    assert before is not None
    assert before.version in (12, 13)


async def test_earlier_text_stands_again_as_a_new_version(tx: TransactionalDBClient) -> None:
    application, person = await writing()
    browser = await visitor(person)
    for hours, words in ((2, "Первый"), (1, "<i>Второй</i>")):
        with clock.frozen(clock.now() - timedelta(hours=hours)):
            version = 2 - hours
            await applications.save(application, "goal", Typed([("goal", words)]), based_on=version, by=person)
    shown = (await browser.get(f"{goal(application)}/versions")).text
    assert "Первый" in shown
    assert "<i>Второй" not in shown
    assert "Что изменится" in shown
    sent = {"version": "1", "based_on": "2"}
    assert (await browser.send_form(f"{goal(application)}/restore", sent)).status_code == 303
    newest = await drafts.newest(application, "goal")
    assert newest is not None
    assert (newest.version, newest.typed) == (3, {"goal": "Первый"})
    for refused in ({"version": "2", "based_on": "2"}, {"version": "9", "based_on": "3"}):
        assert (await browser.send_form(f"{goal(application)}/restore", refused)).status_code == 409
    line = await JournalEntry.filter(deed="application.restore").order_by("-id").first()
    assert line is not None
    assert line.detail == {"section": "goal", "version": 3, "restored": 1}
