"""Deeds repeated, interrupted, and tried on what is settled: all of a deed or nothing of it, once, and never after."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application import service as applications
from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.application.states import ApplicationState
from portal.kit import clock
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.monitoring.report import service as reports
from portal.monitoring.report.models import Report, ReportValue
from portal.monitoring.report.states import ReportState
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.faults.way import AFTER, Way, rows
from tests.visit import Visitor, visitor


class Twice(Way):
    """Everything is sent a second time, as after a lost answer."""

    async def send(self, who: str, path: str, typed: Mapping[str, Any] | None = None) -> None:
        """The second changes nothing that is settled."""
        await super().send(who, path, typed)
        saved = path.endswith(("/edit", "/values", "/marks", "/assignments", "/recommendation")) or "/sections/" in path
        before = None if saved or path == "/calls/new" else await settled()
        if before is None:
            return
        own = {"form_token": self.browsers[who].form_token, **(typed or {})}
        again = await self.browsers[who].post(f"/ru{path}", data=own)
        assert again.status_code in (303, 409, 422), (path, again.status_code)
        assert await settled() == before, path


async def settled() -> dict[str, list[dict[str, Any]]]:
    """All rows but those of sessions, whose flash messages come and go."""
    return {table: found for table, found in (await rows()).items() if table != "session"}


async def test_i3_answer_lost_and_sent_again_does_nothing_twice(tx: TransactionalDBClient) -> None:
    way = await Twice().settle()
    await way.walk()
    assert len(way.paths) > 40


class Interrupted:
    """Counts the questions to the database and cancels the task at the one that is named."""

    def __init__(self, at: int | None, task: list[asyncio.Task[Any]]) -> None:
        self.at, self.task, self.seen = at, task, 0

    def note(self) -> None:
        self.seen += 1
        if self.seen == self.at:
            self.task[0].cancel()


@pytest.fixture
async def ready(own_database: Database) -> tuple[Visitor, str]:
    """A browser of a signatory before an application that is ready."""
    region = await make.region(*make.KAMCHATKA)
    editor, signatory = await make.person(Role.EDITOR, region=region), await make.person(Role.SIGNATORY, region=region)
    application = await make.written(await applications.start(await make.call(), by=editor), editor)
    return await visitor(signatory), application.number


async def _submit(browser: Visitor, number: str, at: int | None, patch: pytest.MonkeyPatch) -> int:
    """One submission, interrupted at question `at` to the database; answers how many there were."""
    from asyncpg import connection

    task: list[asyncio.Task[Any]] = []
    watch = Interrupted(at, task)
    for name in ("execute", "fetch", "fetchrow", "fetchval", "executemany", "prepare"):
        real = getattr(connection.Connection, name)

        async def told(self: Any, *args: Any, real: Any = real, **kwargs: Any) -> Any:
            if task and asyncio.current_task() is task[0]:
                watch.note()
            return await real(self, *args, **kwargs)

        patch.setattr(connection.Connection, name, told)
    task.append(asyncio.create_task(browser.send_form(f"/ru/applications/{number}/submit")))
    await asyncio.wait(task)
    patch.undo()
    return watch.seen


async def _is_whole(number: str) -> bool:
    """Whether it is submitted; if not, nothing of it is; if so, all of it is."""
    application = await Application.get(number=number)
    done = application.state is ApplicationState.SUBMITTED
    found = (
        await ApplicationVersion.all().count(),
        await JournalEntry.filter(deed="application.submit").count(),
        await Letter.filter(subject__contains="подана").count(),
    )
    assert found == ((1, 1, 2) if done else (0, 0, 0)), found
    return done


async def test_i4_client_that_dies_at_any_question_leaves_all_or_nothing(
    ready: tuple[Visitor, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, number = ready
    tried, done, at = 0, False, 1
    lots = random.Random(2027)
    while not done:
        seen = await _submit(browser, number, at, monkeypatch)
        tried += 1
        done = await _is_whole(number)
        pages = await asyncio.gather(*(browser.get(f"/ru/applications/{number}") for _ in range(10)))
        assert {page.status_code for page in pages} == {200}, "connections are back in the pool"
        at = at + lots.randint(1, 3)
        assert tried < 100
        assert seen or done
    assert tried > 5
    held = await Tortoise.get_connection("default").execute_query_dict(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
    )
    assert held[0]["n"] == 0


async def test_i4_client_that_dies_at_any_moment_leaves_all_or_nothing(ready: tuple[Visitor, str]) -> None:
    browser, number = ready
    lots = random.Random(7)
    for _ in range(12):
        task = asyncio.create_task(browser.send_form(f"/ru/applications/{number}/submit"))
        await asyncio.sleep(lots.uniform(0, 0.06))
        task.cancel()
        await asyncio.wait([task])
        if await _is_whole(number):
            break
    assert (await browser.send_form(f"/ru/applications/{number}/submit")).status_code == 303
    assert await _is_whole(number)


DEEDS = ("values", "hand-over", "take-back", "submit", "accept", "return")
TYPED = {"based_on": "1", "seen": "1", "reason": "Так", "SC-04.n": "77", "SS-01.n": "1", "SS-01.d": "2", "attempt": "1"}


async def _accepted() -> tuple[Report, dict[str, Visitor]]:
    region = await make.region(*make.KAMCHATKA)
    agreement = await make.agreement(region)
    people = {role: await make.person(role, region=region if role in (Role.EDITOR, Role.SIGNATORY) else None)
              for role in (Role.EDITOR, Role.SIGNATORY, Role.OFFICER)}  # fmt: skip
    report = await Report.get(agreement_id=agreement.id, period="2027Q1")
    values = {"SC-04.n": "100", "SS-01.n": "100", "SS-01.d": "200"}
    await reports.save(report, values, based_on=0, by=people[Role.EDITOR])
    await reports.hand_over(report, by=people[Role.EDITOR])
    await reports.submit(report, by=people[Role.SIGNATORY])
    await reports.accept(report, by=people[Role.OFFICER])
    return report, {str(role): await visitor(person) for role, person in people.items()}


async def test_i8_accepted_report_is_changed_by_no_way_there_is(tx: TransactionalDBClient) -> None:
    with clock.frozen(AFTER):
        report, browsers = await _accepted()
        before = [dict(row) async for row in ReportValue.all().order_by("id").values()]
        told = await JournalEntry.all().count()
        at = f"/ru/reports/{report}"
        for who, browser in browsers.items():
            for deed in DEEDS:
                for query in ("", "?revision=0"):
                    answer = await browser.send_form(f"{at.partition(' ')[0]}/{deed}{query}", TYPED)
                    assert answer.status_code in (403, 404, 409, 422), (who, deed, answer.status_code)
        assert [dict(row) async for row in ReportValue.all().order_by("id").values()] == before
        assert (await Report.get(id=report.id)).state is ReportState.ACCEPTED
        assert await JournalEntry.all().count() == told


async def test_i8_old_revision_stands_until_the_new_one_is_accepted(tx: TransactionalDBClient) -> None:
    from portal.monitoring.release.service import cells

    with clock.frozen(AFTER):
        report, browsers = await _accepted()
        agreement = await report.agreement
        call = await (await agreement.application).call
        public = [draft.numerator for draft in await cells(call, "2027Q1", AFTER)]
        at = f"/ru/reports/{agreement.number}-2027Q1"
        assert (await browsers["editor"].send_form(f"{at}/correct", {"reason": "Опечатка"})).status_code == 303
        assert (await browsers["editor"].send_form(f"{at}/correct", {"reason": "Ещё раз"})).status_code in (409, 404)
        sent = {"based_on": "1", "SC-04.n": "90", "SS-01.n": "100", "SS-01.d": "200"}
        assert (await browsers["editor"].send_form(f"{at}/values?revision=0", sent)).status_code == 409
        assert (await browsers["editor"].send_form(f"{at}/values", sent)).status_code == 303
        assert (await browsers["editor"].send_form(f"{at}/hand-over")).status_code == 303
        assert (await browsers["signatory"].send_form(f"{at}/submit")).status_code == 303
        assert [draft.numerator for draft in await cells(call, "2027Q1", AFTER)] == public
        assert [one.revision for one in await Report.filter(state=ReportState.ACCEPTED)] == [0]
        assert (await browsers["officer"].send_form(f"{at}/accept?revision=0", {"seen": "1"})).status_code == 409


async def test_i8_submitted_text_is_changed_by_no_way_there_is(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    both = await make.person(Role.EDITOR, Role.SIGNATORY, region=region)
    application = await make.written(await applications.start(await make.call(), by=both), both)
    version = await applications.submit(application, by=both, at=clock.now())
    browser = await visitor(both)
    at = f"/ru/applications/{application.number}"
    for section in make.texts(application.call):
        answer = await browser.send_form(f"{at}/sections/{section}", {"based_on": "1", "title": "Другое", "goal": "x"})
        assert answer.status_code == 409, section
    for deed in ("hand-over", "take-back", "admit", "reject"):
        assert (await browser.send_form(f"{at}/{deed}", {"reason": "x"})).status_code in (403, 409), deed
    assert (await browser.send_form(f"{at}/submit")).status_code == 303
    kept = await ApplicationVersion.get(application_id=application.id)
    assert (kept.content, kept.sha256, kept.submitted_at) == (version.content, version.sha256, version.submitted_at)
