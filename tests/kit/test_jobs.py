"""The queue and the clock: a slot is done once, a task that fails comes back and is held in the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tortoise import connections
from tortoise.transactions import in_transaction

from portal.kit import clock, jobs
from portal.kit.jobs import ScheduledRun
from portal.kit.journal import JournalEntry
from portal.kit.sessions import Session
from portal.people.account import jobs as account
from tests.conftest import Database

pytestmark = pytest.mark.breaks_the_rules  # Its sessions are of people who are not there.

NIGHT = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)  # 03:30 in Moscow
Handler = Callable[[dict[str, Any]], Awaitable[None]]


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the test registers is known."""
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_schedules", {})


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    with clock.frozen(instant):
        yield


@pytest.fixture
def turns() -> list[datetime]:
    """When the schedule of the test was done."""
    done: list[datetime] = []

    @jobs.scheduled("count", "17 3 * * *")
    async def count() -> dict[str, object] | None:
        done.append(clock.now())
        return {"removed": 3} if len(done) == 1 else None

    return done


async def all_done() -> None:
    for run in await ScheduledRun.filter(done_at=None).order_by("id"):
        await jobs._handlers[run.name][0]({"run": run.id})


def test_slots_are_counted_in_moscow_whatever_the_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    before = NIGHT - timedelta(minutes=15)
    for zone in ("America/New_York", "Europe/Berlin", "UTC"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert jobs.last_slot("17 3 * * *", NIGHT) == datetime(2026, 11, 22, 0, 17, tzinfo=UTC)
        assert jobs.last_slot("17 3 * * *", before) == datetime(2026, 11, 21, 0, 17, tzinfo=UTC)
        # The nights when other zones change their clocks have one 03:17 as all others.
        for day in ((2027, 3, 14), (2027, 3, 28), (2027, 10, 31), (2027, 11, 7)):
            slots = {jobs.last_slot("17 3 * * *", datetime(*day, hour, 59, tzinfo=UTC)) for hour in range(24)}
            assert len(slots) == 1
    monkeypatch.undo()
    time.tzset()


def test_a_schedule_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no schedule"):
        jobs.scheduled("never", "61 * * * *")


async def test_r9_a_slot_is_done_once_however_the_clock_jumps(tx: object, turns: list[datetime]) -> None:
    for hours in (0, 0, 1, -1, 23, 22, 24, 26, 0):
        with at(NIGHT + timedelta(hours=hours)):
            await jobs.tick()
            await all_done()
    slots = [run.slot for run in await ScheduledRun.all().order_by("slot")]
    assert len(slots) == len(set(slots)) == len(turns) == 3
    line = await JournalEntry.get()
    assert (line.deed, line.subject_name, line.detail) == ("test_jobs.count", "22.11.2026 03:17", {"removed": 3})


async def test_r9_slots_that_went_by_are_made_good_by_one_turn(tx: object, turns: list[datetime]) -> None:
    for instant in (NIGHT, NIGHT + timedelta(days=9)):
        with at(instant):
            await jobs.tick()
            await all_done()
    assert len(turns) == 2


async def test_r9_two_schedulers_make_one_task_and_two_workers_one_turn(own_database: Database) -> None:
    done = []

    @jobs.scheduled("slow", "* * * * *")
    async def slow() -> dict[str, object]:
        done.append(1)
        await asyncio.sleep(0.2)
        return {"n": 1}

    with at(NIGHT):
        await asyncio.gather(*(jobs.tick() for _ in range(5)))
    run = await ScheduledRun.get()
    assert (await jobs.state()).waiting == 1
    await asyncio.gather(*(jobs._handlers["slow"][0]({"run": run.id}) for _ in range(4)))
    assert (len(done), await JournalEntry.all().count()) == (1, 1)


async def test_a_turn_that_fails_leaves_nothing_and_can_be_taken_again(tx: object) -> None:
    fails = [True]

    @jobs.scheduled("halfway", "* * * * *")
    async def halfway() -> dict[str, object]:
        await Session.create(token_hash="x", person_id=1, opened_at=NIGHT, seen_at=NIGHT)
        if fails:
            raise LookupError(fails.pop())
        return {"n": 1}

    with at(NIGHT):
        await jobs.tick()
    with pytest.raises(LookupError):
        await all_done()
    assert not await Session.all().count()
    await all_done()
    assert await Session.all().count() == 1


async def drained(url: str, until: Callable[[], Awaitable[bool]], *, seconds: float = 15) -> None:
    """The worker works until it is so."""
    stop = asyncio.Event()
    working = asyncio.create_task(jobs.run(url, stop))
    try:
        async with asyncio.timeout(seconds):
            while not await until():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        stop.set()
        await working


async def test_r9_poison_pill_is_held_and_the_others_are_done(
    own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "FIRST_DELAY", timedelta(milliseconds=5))
    done, tried = [], []

    @jobs.handler("pill")
    async def pill(task: dict[str, Any]) -> None:
        tried.append(1)
        raise ValueError(task)

    @jobs.handler("good")
    async def good(task: dict[str, Any]) -> None:
        done.append(task["n"])

    await jobs.enqueue("pill", {"n": 0})
    for n in range(5):
        await jobs.enqueue("good", {"n": n})

    async def held() -> bool:
        return (await jobs.state()).failed == 1

    await drained(own_database.app_url, held)
    assert (sorted(done), len(tried)) == ([0, 1, 2, 3, 4], 5)
    left = await jobs.state()
    assert (left.waiting, left.failed) == (0, 1)


@pytest.mark.parametrize(("count", "pills"), [(500, 0), pytest.param(10_000, 10, marks=pytest.mark.soak)])
async def test_r9_backlog_is_worked_off_by_two_workers_each_task_once(
    own_database: Database, monkeypatch: pytest.MonkeyPatch, count: int, pills: int
) -> None:
    """Pills among them stop nobody, and what comes when all wait is not forgotten."""
    monkeypatch.setattr(jobs, "FIRST_DELAY", timedelta(milliseconds=5))
    done = Counter[int]()

    @jobs.handler("note")
    async def note(task: dict[str, Any]) -> None:
        if task["n"] < pills:
            raise ValueError(task)
        done[task["n"]] += 1

    async with in_transaction():
        for n in range(count):
            await jobs.enqueue("note", {"n": n})
    assert (await jobs.state()).waiting == count

    async def over() -> bool:
        return (await jobs.state()).waiting == 0

    await asyncio.gather(*(drained(own_database.app_url, over, seconds=15 + count / 20) for _ in range(2)))
    assert (await jobs.state()).failed == pills
    assert set(done.values()) == {1}
    assert len(done) == count - pills


async def test_r9_a_task_whose_workers_die_is_held(own_database: Database) -> None:
    """Dead workers leave only what was counted before they began."""

    @jobs.handler("killer")
    async def killer(task: dict[str, Any]) -> None:
        raise AssertionError("it would have killed this worker too")

    await jobs.enqueue("killer", {})
    await connections.get("default").execute_query(f"UPDATE pgqueuer SET attempts = {jobs.PATIENCE}")

    async def held() -> bool:
        return (await jobs.state()).failed == 1

    await drained(own_database.app_url, held)


async def test_a_task_for_later_waits_and_tasks_that_are_the_same_are_one(own_database: Database) -> None:
    now = clock.now()
    await jobs.enqueue("later", {}, once="one", at=now + timedelta(hours=1))
    await jobs.enqueue("later", {}, once="one", at=now + timedelta(hours=1))
    await jobs.enqueue("now", {}, at=now - timedelta(hours=1))
    queue = await jobs.state()
    assert (queue.waiting, queue.failed) == (2, 0)
    assert queue.oldest < timedelta(minutes=1)


async def test_sessions_that_ended_are_removed_and_the_others_stay(tx: object) -> None:
    for name, hours in (("old", 13), ("new", 11)):
        opened = NIGHT - timedelta(hours=hours)
        await Session.create(token_hash=name, person_id=1, opened_at=opened, seen_at=opened)
    with at(NIGHT):
        assert await account.clean_sessions() == {"sessions": 1, "sign_ins": 0, "links": 0}
        assert await account.clean_sessions() is None
    assert [session.token_hash for session in await Session.all()] == ["new"]
