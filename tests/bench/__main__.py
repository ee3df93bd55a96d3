"""`make bench`: the table of costs on standard output. Nothing passes or fails by it."""

from __future__ import annotations

import asyncio
import os

import asyncpg
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from tortoise.context import TortoiseContext

from tests.bench.asking import Cost, Question, Work, ask, costs, statements
from tests.bench.world import NOBODY, Case, cases
from tests.conftest import Database, Run

APPLICATIONS = 85
ROUNDS, SECONDS = 5, 0.12
BARE, ROW = "a bare Starlette answer", "one row by asyncpg alone"
HEAD = ("", "SQL", "CPU ms", "× bare", "× row", "answers/s", "bare/s ×")


async def _bare(_: Request) -> Response:
    return PlainTextResponse("ok\n")


def _asking(app: Starlette, case: Case) -> Work:
    async def work() -> None:
        status, _ = await ask(app, case.question())
        assert status == case.status, f"{case.name}: {status}"

    return work


def _reading(connection: asyncpg.Connection) -> Work:
    async def work() -> None:
        await connection.fetchrow("SELECT * FROM region WHERE id = $1", 1)

    return work


async def _counted(work: Work) -> int:
    await work()  # What is kept from the first time on is not of every answer.
    with statements() as sent:
        await work()
    return len(sent)


def _line(name: str, number: int | None, cost: Cost, bare: Cost, row: Cost) -> tuple[str, ...]:
    return (
        name,
        "" if number is None else str(number),
        f"{cost.processor * 1000:.3f}",
        f"{cost.processor / bare.processor:.1f}",
        f"{cost.processor / row.processor:.1f}",
        f"{1 / cost.clock:,.0f}",
        f"{cost.clock / bare.clock:.1f}",
    )


def _printed(lines: list[tuple[str, ...]]) -> str:
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    rows = [
        "  ".join(f"{cell:{'>' if place else '<'}{widths[place]}}" for place, cell in enumerate(line)) for line in lines
    ]
    return "\n".join([rows[0], "-" * len(rows[0]), *rows[1:]])


async def measure(database: Database) -> str:
    """The table of what is asked of the database's portal."""
    from portal import demo
    from portal.app import MODELS, create_app
    from portal.kit import db

    async with TortoiseContext() as context:
        await context.init(config=db.config(database.app_url, MODELS))
        await demo.make(lambda _line: None)
        asked = await cases(APPLICATIONS)
        app, plain = create_app(), Starlette(routes=[Route("/", _bare)])
        connection = await asyncpg.connect(database.app_url)
        try:
            bare = Case(BARE, lambda: Question("/", NOBODY))
            works = {BARE: _asking(plain, bare), ROW: _reading(connection)}
            works |= {case.name: _asking(app, case) for case in asked}
            numbers = {case.name: await _counted(works[case.name]) for case in asked}
            found = await costs(works, rounds=ROUNDS, seconds=SECONDS)
        finally:
            await connection.close()
    lines = [_line(name, numbers.get(name), cost, found[BARE], found[ROW]) for name, cost in found.items()]
    return _printed([HEAD, *lines])


def main() -> None:
    """The table is printed; the database of the run is gone."""
    run = Run()
    try:
        database = Database(run.server, f"test_{os.getpid()}_bench")
        run.server.create_database(database.name, run.template)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            print(runner.run(measure(database)))  # noqa: T201
    finally:
        run.close()
    print(NOTES)  # noqa: T201


NOTES = f"""
CPU: processor time of the process for one answer, all its threads, without the database's own and without sockets;
the median of {ROUNDS} rounds in which all take turns. SQL: statements, BEGIN and COMMIT not counted. bare/s ×: how many
times more bare answers are given in the same time, one after another. Compare multiples, never milliseconds."""


if __name__ == "__main__":
    main()
