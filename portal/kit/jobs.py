"""Work for later: enqueued in the transaction of the verb that asks for it, done by the worker after the commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from tortoise.transactions import in_transaction

Handler = Callable[[dict[str, Any]], Awaitable[None]]

_handlers: dict[str, Handler] = {}
WAIT = timedelta(seconds=5)


def handler(name: str) -> Callable[[Handler], Handler]:
    """Tasks called `name` are done by the function; it may be called again for a task that it has already done."""

    def register(function: Handler) -> Handler:
        _handlers[name] = function
        return function

    return register


async def enqueue(name: str, task: dict[str, Any], *, once: str | None = None) -> None:
    """The task waits for the worker if the surrounding transaction commits; of tasks with the same `once`, one does."""
    async with in_transaction() as connection, connection.acquire_connection() as raw:
        queries = Queries(AsyncpgDriver(raw))
        await queries.enqueue(name, orjson.dumps(task), dedupe_key=once, on_conflict="skip")


def install_sql() -> str:
    """What a migration runs to make the queue's own tables."""
    return QueryBuilderEnvironment().build_install_query(create_schema=False)


async def run(url: str, stop: asyncio.Event) -> None:
    """Tasks are done, one after another, until `stop` is set. Models must be connected."""
    async with asyncpg.create_pool(url, min_size=1, max_size=3) as pool:
        worker = PgQueuer(AsyncpgPoolDriver(pool))
        for name, function in _handlers.items():
            worker.entrypoint(name, on_failure="hold")(_entry(function))
        running = asyncio.create_task(worker.run(dequeue_timeout=WAIT))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        worker.shutdown.set()
        stopping.cancel()
        await running


def _entry(function: Handler) -> Callable[[Job], Awaitable[None]]:
    async def entry(job: Job) -> None:
        await function(orjson.loads(job.payload or b"{}"))

    return entry
