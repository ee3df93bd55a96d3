"""Work for later: asked for in the transaction of a verb, or by the clock, and done by the worker after the commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import asyncpg
import orjson
import structlog
from croniter import croniter
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pgqueuer.core.qm import QueueManager
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from tortoise import connections, fields
from tortoise.models import Model

from portal.kit import clock, journal
from portal.kit.db import transaction
from portal.kit.i18n import MOSCOW

Handler = Callable[[dict[str, Any]], Awaitable[None]]
Turn = Callable[[], Awaitable[Mapping[str, object] | None]]

WAIT = timedelta(seconds=5)
HEARTBEAT = timedelta(seconds=30)
"""A task whose worker has not been heard of for so long is another worker's."""
TICK_SECONDS = 15.0
TURN_SECONDS = 600.0
BREATH_SECONDS = 2.0
"""How soon a worker that lost its database looks for it again."""
ANSWER_SECONDS = 3.0
"""Seconds that the queue waits for an answer: a line that was cut where nobody saw it is not waited at for ever."""
PATIENCE = 9
"""A task is held for a person to look at when it has begun and failed so often: five failures, nine deaths."""
FIRST_DELAY = timedelta(seconds=5)
LOG_KEPT, SLOTS_KEPT = timedelta(days=30), timedelta(days=90)

log = structlog.get_logger()
_handlers: dict[str, tuple[Handler, int]] = {}
_schedules: dict[str, str] = {}


class ScheduledRun(Model):
    """A slot of a schedule: its work is done once, however many workers count the hours and however clocks jump."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=64)
    slot = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "scheduled_run"
        unique_together = (("name", "slot"),)

    def __str__(self) -> str:
        return f"{self.slot.astimezone(MOSCOW):%d.%m.%Y %H:%M}"


@dataclass(frozen=True, slots=True)
class State:
    """How the queue stands: tasks that wait, how long the first of those due has waited, tasks held after failures."""

    waiting: int
    oldest: timedelta
    failed: int


STATE = """
SELECT count(*) FILTER (WHERE status IN ('queued', 'picked')) AS waiting,
       coalesce(now() - min(execute_after) FILTER (WHERE status = 'queued' AND execute_after < now()),
                interval '0') AS oldest,
       count(*) FILTER (WHERE status = 'failed') AS failed
  FROM pgqueuer
"""


def handler(name: str, *, at_once: int = 0) -> Callable[[Handler], Handler]:
    """Tasks called `name` are done by the function, `at_once` at the same time in all workers, 0 for as many as come.

    It may be called again for a task that it has already done. A task that fails comes back later, and is held in the
    end (`PATIENCE`).
    """

    def register(function: Handler) -> Handler:
        _handlers[name] = function, at_once
        return function

    return register


def scheduled(name: str, cron: str) -> Callable[[Turn], Turn]:
    """The function is called once for each slot of `cron`, counted in Moscow time, in one transaction.

    What it answers is told in one line of the journal: {"removed": 12}; where it answers nothing, nothing was done.
    Slots that went by while nobody worked are made good by one turn. Raises ValueError for a `cron` that is none.
    """
    if not croniter.is_valid(cron):
        raise ValueError(f"{cron!r} is no schedule")

    def register(function: Turn) -> Turn:
        deed = journal.name_of(function.__module__, name)
        _schedules[name] = cron
        handler(name)(partial(_take_turn, deed, function))
        return function

    return register


async def enqueue(name: str, task: dict[str, Any], *, once: str | None = None, at: datetime | None = None) -> None:
    """The task waits for the worker, until `at` if named, once the surrounding transaction commits.

    Of tasks with the same `once` that wait together, one is done.
    """
    delay = max(at - clock.now(), timedelta(0)) if at else None
    async with connections.get("default").acquire_connection() as raw:
        queries = Queries(AsyncpgDriver(raw))
        await queries.enqueue(name, orjson.dumps(task), execute_after=delay, dedupe_key=once, on_conflict="skip")


async def state() -> State:
    """How the queue stands now."""
    (row,) = await connections.get("default").execute_query_dict(STATE)
    return State(**row)


def install_sql() -> str:
    """What a migration runs to make the queue's own tables."""
    return QueryBuilderEnvironment().build_install_query(create_schema=False)


def last_slot(cron: str, now: datetime) -> datetime:
    """The newest slot of the schedule before `now`."""
    found: datetime = croniter(cron, now.astimezone(MOSCOW)).get_prev(datetime)
    return found.astimezone(UTC)


async def tick() -> None:
    """The last slot of every schedule waits for the worker, if it has not been there before."""
    now = clock.now()
    for name, cron in _schedules.items():
        async with transaction():
            run, is_new = await ScheduledRun.get_or_create(name=name, slot=last_slot(cron, now))
            if is_new:
                await enqueue(name, {"run": run.id})


async def _take_turn(deed: str, function: Turn, task: dict[str, Any]) -> None:
    async with asyncio.timeout(TURN_SECONDS), transaction():
        run = await ScheduledRun.filter(id=task["run"], done_at=None).select_for_update(skip_locked=True).first()
        if run is None:  # It is done, or another worker is at it.
            return
        token = journal.deed.set(journal.Deed(deed))
        try:
            if told := await function():
                await journal.write(run, by=journal.PORTAL, **told)
        finally:
            journal.deed.reset(token)
        await ScheduledRun.filter(id=run.id).update(done_at=clock.now())


@scheduled("clean_queue", "47 3 * * *")
async def clean_queue() -> dict[str, object] | None:
    """What the queue tells of tasks older than a month, and slots older than a quarter, are gone."""
    now = clock.now()
    told, _ = await connections.get("default").execute_query(
        "DELETE FROM pgqueuer_log WHERE created < $1", [now - LOG_KEPT]
    )
    slots = await ScheduledRun.filter(slot__lt=now - SLOTS_KEPT).delete()
    return {"tasks": told, "slots": slots} if told or slots else None


async def run(url: str, stop: asyncio.Event) -> None:
    """Tasks are done until `stop` is set, also after the database was away. Models must be connected."""
    while not stop.is_set():
        try:
            await _work(url, stop)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            log.exception("the worker lost its database")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), BREATH_SECONDS)


async def _work(url: str, stop: asyncio.Event) -> None:
    async with asyncpg.create_pool(
        url, min_size=1, max_size=3, timeout=ANSWER_SECONDS, command_timeout=ANSWER_SECONDS
    ) as pool:
        queue = QueueManager(Queries(AsyncpgPoolDriver(pool)))
        for name, (function, at_once) in _handlers.items():
            queue.entrypoint(name, concurrency_limit=at_once, on_failure="hold")(_entry(function, pool))
        running = asyncio.create_task(queue.run(dequeue_timeout=WAIT, heartbeat_timeout=HEARTBEAT))
        ticking = asyncio.create_task(_tick_tick())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        queue.shutdown.set()
        stopping.cancel()
        ticking.cancel()
        await running


async def _tick_tick() -> None:
    while True:
        try:
            await tick()
        except Exception:
            log.exception("no tick")
        await asyncio.sleep(TICK_SECONDS)


def _entry(function: Handler, pool: asyncpg.Pool) -> Callable[[Job], Awaitable[None]]:
    async def entry(job: Job) -> None:
        # Counted before the work: a task that kills its worker would otherwise come back for ever.
        tries = await pool.fetchval(
            "UPDATE pgqueuer SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts", job.id
        )
        if tries > PATIENCE:
            raise RuntimeError("a task that its workers do not survive")
        try:
            await function(orjson.loads(job.payload or b"{}"))
        except Exception as fault:
            if tries >= PATIENCE:
                raise
            log.exception("a task failed and comes back", task=job.entrypoint)
            # A retry counts as an attempt too: 5 s, then 20 s, 80 s, 320 s.
            raise RetryRequested(FIRST_DELAY * 2 ** (tries - 1), type(fault).__name__) from fault

    return entry
