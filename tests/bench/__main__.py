"""`make bench`: the table of costs on standard output. Nothing passes or fails by it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import asyncpg
import uvloop
from starlette.applications import Starlette
from tortoise.context import TortoiseContext

from tests.bench.asking import Question, ask, statements
from tests.bench.serving import Browser, Served, serving
from tests.bench.weighing import weights
from tests.bench.world import NOBODY, Case, cases
from tests.conftest import Database, Run

SIZES = (85, 850)
ROUNDS, SECONDS, ROWS = 5, 0.2, 4000
BARE = "a bare Starlette answer"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one answer: of the server's processor, and of the clock."""

    processor: float
    clock: float


class Bench:
    """One portal and one bare server, asked in turns."""

    def __init__(self, app: Starlette, portal: Served, bare: Served) -> None:
        self.app, self.portal, self.bare = app, portal, bare
        self.bare_case = Case(BARE, lambda: Question("/", NOBODY))

    async def table(self, asked: list[Case]) -> dict[str, tuple[int | None, Cost]]:
        """For each case its number of statements and its median cost."""
        numbers = {case.name: await self._counted(case) for case in asked}
        found = _costs([(self.bare, self.bare_case), *((self.portal, case) for case in asked)])
        return {name: (numbers.get(name), cost) for name, cost in found.items()}

    async def _counted(self, case: Case) -> int:
        await ask(self.app, case.question())  # What is kept from the first time on is not of every answer.
        with statements() as sent:
            status, _ = await ask(self.app, case.question())
        assert status == case.status, f"{case.name}: {status}"
        return len(sent)


def _round(server: Served, case: Case, times: int) -> Cost:
    with Browser(server.port) as browser:
        processor, clock = server.processor(), time.perf_counter()
        for _ in range(times):
            answer = browser.ask(case.question())
            assert answer.status == case.status, f"{case.name}: {answer.status}"
        return Cost((server.processor() - processor) / times, (time.perf_counter() - clock) / times)


def _costs(works: Sequence[tuple[Served, Case]]) -> dict[str, Cost]:
    """Works take turns round by round, so that what disturbs the machine disturbs all of them alike."""
    times: dict[str, int] = {}
    for server, case in works:
        _round(server, case, 2)
        wanted = round(SECONDS / _round(server, case, 2).clock)
        times[case.name] = max(1, min(2000, (case.times - 6) // ROUNDS, wanted))
    found: dict[str, list[Cost]] = {case.name: [] for _, case in works}
    for _ in range(ROUNDS):
        for server, case in works:
            found[case.name].append(_round(server, case, times[case.name]))
    return {
        name: Cost(sum(one.processor for one in costs) / ROUNDS, median(one.clock for one in costs))
        for name, costs in found.items()
    }


async def _row(url: str) -> float:
    """Seconds of processor time to read one row by asyncpg alone."""
    connection = await asyncpg.connect(url)
    try:
        found = []
        for _ in range(ROUNDS):
            begun = time.process_time()
            for _ in range(ROWS // ROUNDS):
                await connection.fetchrow("SELECT * FROM region WHERE id = $1", 1)
            found.append((time.process_time() - begun) / (ROWS // ROUNDS))
    finally:
        await connection.close()
    return median(found)


def _lines(size: int, found: Mapping[str, tuple[int | None, Cost]], row: float) -> list[tuple[str, ...]]:
    bare = found[BARE][1]
    return [(f"{size} applications", "SQL", "CPU ms", "× bare", "× row", "answers/s", "bare/s ×")] + [
        (
            name,
            "" if number is None else str(number),
            f"{cost.processor * 1000:.2f}",
            f"{cost.processor / bare.processor:.1f}",
            f"{cost.processor / row:.1f}",
            f"{1 / cost.clock:,.0f}",
            f"{cost.clock / bare.clock:.1f}",
        )
        for name, (number, cost) in found.items()
    ]


def _printed(lines: list[tuple[str, ...]]) -> str:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    rows = [
        "  ".join(f"{cell:{'>' if place else '<'}{widths[place]}}" for place, cell in enumerate(line)) for line in lines
    ]
    return "\n".join([rows[0], "-" * len(rows[0]), *rows[1:]])


async def measure(database: Database) -> str:
    """The tables of what is asked of the database's portal, and what it weighs."""
    from portal import demo
    from portal.app import MODELS, create_app
    from portal.kit import db

    told: list[str] = []
    urls = {"PORTAL_DATABASE_URL": database.app_url, "PORTAL_OWNER_DATABASE_URL": database.owner_url}
    async with TortoiseContext() as context:
        await context.init(config=db.config(database.app_url, MODELS))
        await demo.make(lambda _line: None)
        with serving("portal", ["serve"], **urls):
            pass  # Everything is compiled now, as in a portal that was installed.
        with serving("portal", ["serve"], **urls) as portal, serving("tests.bench.bare", []) as bare:
            bench, row = Bench(create_app(), portal, bare), await _row(database.app_url)
            for size in SIZES:
                asked = await cases(size)
                told.append(_printed(_lines(size, await bench.table(asked), row)))
            told.append(_printed(weights(portal, urls)))
    return "\n\n".join(told)


def main() -> None:
    """The tables are printed; the database of the run is gone."""
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
CPU: processor time of the server's process for one answer, read from outside over {ROUNDS} rounds in which all take
turns, by one kept connection that reads compressed answers as a browser does; without the database's own. SQL:
statements, BEGIN and COMMIT not counted. × row: of one row read by asyncpg alone. bare/s ×: how many times more bare
answers are given in the same time, one after another. Compare multiples, never milliseconds."""


if __name__ == "__main__":
    main()
