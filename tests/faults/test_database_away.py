"""The database goes away and comes back: everyone is told at once, nobody has to start anything anew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from unittest.mock import MagicMock
from urllib.parse import parse_qs, quote, urlsplit

import asyncpg
import pytest
from tortoise.context import TortoiseContext

from portal.app import MODELS
from portal.kit import clock, db, guards, jobs
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.visit import Visitor, visitor

QUICK, SELF_HEALED = 2.5, 10.0
"""Two seconds, and what a busy machine adds."""


class Line:
    """The line between the portal and its database, which can be cut, mended, held and cut in the middle of a word."""

    def __init__(self, folder: Path, database: Database) -> None:
        parts = urlsplit(database.app_url)
        self.there = Path(parse_qs(parts.query)["host"][0]) / ".s.PGSQL.5432"
        self.here = folder / ".s.PGSQL.5432"
        self.url = f"postgresql://{parts.netloc}{parts.path}?host={quote(str(folder))}"
        self.whole = database.app_url
        self.server: asyncio.Server | None = None
        self.calls: set[asyncio.Task[None]] = set()
        self.flows = asyncio.Event()
        self.flows.set()
        self.last_word = b""
        """The database hears it, and its answer reaches nobody."""

    async def mend(self) -> None:
        self.server = await asyncio.start_unix_server(self._carry, self.here)

    async def cut(self) -> None:
        assert self.server is not None
        self.server.close()
        for call in self.calls:
            call.cancel()
        self.here.unlink(missing_ok=True)
        await asyncio.sleep(0)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_unix_connection(self.there)

        async def pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                if is_last := into is forth and self.last_word and self.last_word in data:
                    self.flows.clear()
                else:
                    await self.flows.wait()
                into.write(data)
                await into.drain()
                if is_last:
                    await asyncio.sleep(0.2)
                    await self.cut()

        tasks = {asyncio.create_task(pour(reader, forth)), asyncio.create_task(pour(back, writer))}
        self.calls |= tasks
        with suppress(asyncio.CancelledError, OSError):
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        for end in (writer, forth):
            end.transport.abort()


@pytest.fixture
async def line(own_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    """The portal's line; its log is not drawn for a terminal, which would take longer than the answers."""
    for module in (guards, jobs):
        monkeypatch.setattr(module, "log", MagicMock())
    made = Line(tmp_path, own_database)
    await made.mend()
    async with TortoiseContext() as context:
        await context.init(config=db.config(made.url, MODELS, patience=db.PATIENCE))
        yield made
    await made.cut()


async def test_r10_pages_say_so_at_once_and_heal_by_themselves(line: Line) -> None:
    await make.call()
    anyone, officer = await visitor(), await visitor(await make.person(Role.OFFICER))
    pages = [(anyone, "/ru/calls"), (officer, "/ru/"), (anyone, "/readyz"), (officer, "/en/applications")]
    for browser, path in pages:
        assert (await browser.get(path)).status_code == 200
    await line.cut()
    for browser, path in pages * 2:
        begun = time.monotonic()
        answer = await browser.get(path)
        assert (answer.status_code, time.monotonic() - begun < QUICK) == (503, True), path
        assert answer.headers["retry-after"]
        assert answer.headers["x-request-id"] in answer.text or path == "/readyz"
    assert (await anyone.get("/healthz")).status_code == 200
    await line.mend()
    begun = time.monotonic()
    while {(await browser.get(path)).status_code for browser, path in pages} != {200}:
        assert time.monotonic() - begun < SELF_HEALED
    await line.cut()


async def _told(browser: Visitor, path: str) -> tuple[int, bool]:
    """The status, and whether it came soon enough."""
    begun = time.monotonic()
    answer = await browser.get(path)
    return answer.status_code, time.monotonic() - begun < QUICK


async def _healed(browsers: list[Visitor], path: str) -> None:
    begun = time.monotonic()
    while {(await browser.get(path)).status_code for browser in browsers} != {200}:
        assert time.monotonic() - begun < SELF_HEALED


async def test_r10_database_that_hangs_is_not_waited_for(line: Line) -> None:
    await make.call()
    anyone, officer = await visitor(), await visitor(await make.person(Role.OFFICER))
    for browser in (anyone, officer):
        assert (await browser.get("/ru/calls")).status_code == 200
    line.flows.clear()
    for _ in range(2):  # Those who ask when it begins, on lines that stand, and those who come later.
        told = await asyncio.gather(*(_told(browser, "/ru/calls") for browser in [anyone, officer] * (db.POOL // 2)))
        assert set(told) == {(503, True)}
    assert (await anyone.get("/healthz")).status_code == 200
    line.flows.set()
    await _healed([anyone, officer], "/ru/calls")


async def test_r10_questions_that_take_long_do_not_keep_the_others_waiting(line: Line) -> None:
    """More people than there are connections ask what somebody holds for long."""
    anyone, officer = await visitor(), await visitor(await make.person(Role.OFFICER))
    assert (await officer.get("/ru/")).status_code == 200
    holder = await asyncpg.connect(line.whole)
    async with holder.transaction():
        await holder.execute("LOCK TABLE session IN ACCESS EXCLUSIVE MODE")
        told = await asyncio.gather(*(_told(officer, "/ru/") for _ in range(2 * db.POOL)))
        assert set(told) == {(503, True)}
        assert await _told(anyone, "/readyz") == (200, True)
    await holder.close()
    await _healed([anyone, officer], "/ru/")


@pytest.mark.parametrize("word", [b"COMMIT", b'UPDATE "session"'])
async def test_r10_deed_whose_end_nobody_heard_is_not_called_undone(line: Line, word: bytes) -> None:
    person = await make.person(Role.OFFICER)
    browser = await visitor(person)
    line.last_word = word
    answer = await browser.send_form("/ru/account/language", {"language": "en"})
    line.last_word = b""
    line.flows.set()
    assert answer.status_code == 503
    assert "посмотрите, сохранилось ли" in answer.text
    assert "Ничего не изменилось" not in answer.text
    await line.mend()
    assert (await Person.get(id=person.id)).language == "en"


async def test_r10_worker_waits_for_its_database_and_goes_on(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_schedules", {})
    monkeypatch.setattr(jobs, "BREATH_SECONDS", 0.05)
    done: list[int] = []

    @jobs.handler("note")
    async def note(task: dict[str, int]) -> None:
        done.append(task["n"])

    async def until(number: int) -> None:
        async with asyncio.timeout(SELF_HEALED):
            while len(done) < number:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    stop = asyncio.Event()
    working = asyncio.create_task(jobs.run(line.url, stop))
    await jobs.enqueue("note", {"n": 1})
    await until(1)
    await line.cut()
    await asyncio.sleep(0.3)
    assert not working.done()
    await line.mend()
    for _ in range(50):
        with suppress(Exception):  # A dead connection of the pool may be met first.
            await jobs.enqueue("note", {"n": 2}, at=clock.now())
            break
    await until(2)
    stop.set()
    async with asyncio.timeout(SELF_HEALED):
        await working
