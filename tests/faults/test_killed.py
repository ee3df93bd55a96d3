"""kill -9 at any moment of a deed: all of it stands or nothing does, and nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from tortoise import Tortoise
from tortoise.context import TortoiseContext
from tortoise.transactions import in_transaction

from portal import invariants
from portal.app import MODELS
from portal.kit import db, postgres, schema
from tests.conftest import Database
from tests.faults.conftest import processes
from tests.faults.dying import Dying, settled
from tests.faults.way import Way

BACK_SECONDS = 30.0
NAMED = ("/submit", "/recommendation", "/approval", "/announcement", "/accept")


def is_named(path: str) -> bool:
    """Whether it is one of the deeds that may never be lost or done by half."""
    return path.endswith(NAMED)


async def _walked(way: Dying) -> None:
    """The way was walked to its end, and everything stands as after one that nothing disturbed."""
    await way.settle()
    async with in_transaction() as connection:
        await Way(people=way.people, regions=way.regions).walk()
        expected = await settled()
        await connection.rollback()
    await way.walk()
    found = await settled()
    for table in expected:
        assert found[table] == expected[table], table
    async with Tortoise.get_connection("default").acquire_connection() as raw:
        assert not await invariants.breaches(raw)
    assert way.kills > 0 < way.acknowledged


async def test_i5_deeds_of_a_killed_server_are_whole_or_nothing(own_database: Database) -> None:
    await _walked(Dying(url=own_database.app_url, dies=is_named))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
async def test_i5_kills_at_any_moment_lose_nothing_acknowledged(own_database: Database, seed: int) -> None:
    way = Dying(url=own_database.app_url, lots=random.Random(seed))
    await _walked(way)
    assert way.kills > 5


@dataclass
class Struck:
    """A PostgreSQL at one address, of which a process is killed at work: one that serves, or the first."""

    server: postgres.Server
    address: Path
    lots: random.Random

    @property
    def url(self) -> str:
        """Its database as the portal's role, wherever its socket is by now."""
        self.address.unlink(missing_ok=True)
        self.address.symlink_to(self.server.socket)
        return self.server.app_url.replace(quote(str(self.server.socket)), quote(str(self.address)))

    async def strike(self, _: BaseProcess) -> None:
        """The process is no more, and PostgreSQL is back; who watches over the first has started it again."""
        first, *others = processes(self.server)
        serving = [one for one in others if _serves(one)]
        struck = self.lots.choice(serving) if serving and self.lots.random() < 0.8 else first
        struck.kill()
        # All of them end with it. Until they have, one might still be asked, and not know what will turn out to stand.
        await asyncio.to_thread(psutil.wait_procs, [*others, struck], BACK_SECONDS)
        if struck is first:
            again = await asyncio.to_thread(postgres.start, self.server.var)
            again.stop()  # One hold is enough, and the one before is still there.
            self.server = replace(self.server, socket=again.socket)
            assert self.url
        until = time.monotonic() + BACK_SECONDS
        while True:
            try:
                await db.rows("SELECT 1")
                return
            except Exception:
                assert time.monotonic() < until
                await asyncio.sleep(0.05)


def _serves(process: psutil.Process) -> bool:
    with suppress(psutil.Error):  # It has ended meanwhile.
        return postgres.APP in "".join(process.cmdline())
    return False


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
async def test_i5_killed_postgres_loses_nothing_acknowledged(
    cluster: postgres.Server, tmp_path: Path, seed: int
) -> None:
    # A killed process loses nothing that the machine has; all the same a commit is waited for, as at work.
    cluster.sql(f"ALTER ROLE {postgres.APP} SET synchronous_commit = on")
    await schema.bring_up_to_date(cluster.owner_url, cluster.app_url, MODELS, lambda _: None)
    struck = Struck(cluster, Path("/tmp") / f"portal-struck-{tmp_path.name[-20:]}", random.Random(seed))
    async with TortoiseContext() as context:
        await context.init(config=db.config(struck.url, MODELS))
        way = Dying(url=struck.url, dies=is_named, strike=struck.strike, lots=struck.lots)
        await _walked(way)
    struck.address.unlink()
    assert way.kills >= len(NAMED)
