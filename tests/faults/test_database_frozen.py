"""The processes of PostgreSQL are stopped in the middle of it all and go on a while later: so do server and worker."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from portal.app import MODELS
from portal.kit import db, jobs, postgres, schema
from tests.faults import live
from tests.faults.conftest import processes
from tests.faults.live import Portal

QUICK, SELF_HEALED, FROZEN = 2.5, 10.0, 20.0


def told(portal: Portal, path: str) -> tuple[int, bool]:
    """The status of the page, and whether it came soon enough."""
    begun = time.monotonic()
    status = portal.status(portal.head("GET", path), wait=15)
    return status, time.monotonic() - begun < QUICK


@pytest.mark.soak
async def test_r10_frozen_database_is_told_of_and_outlived_by_server_and_worker(
    cluster: postgres.Server, tmp_path: Path
) -> None:
    await schema.bring_up_to_date(cluster.owner_url, cluster.app_url, MODELS, lambda _: None)
    portal = live.start(cluster.app_url, tmp_path, live.free_port())  # With a worker beside it.
    try:
        await asyncio.to_thread(portal.wait_ready)
        worker = portal.process.children()[0]
        frozen = processes(cluster)
        for one in frozen:
            one.suspend()
        try:
            until = time.monotonic() + FROZEN
            while time.monotonic() < until:
                for path in ("/ru/calls", "/readyz"):
                    assert await asyncio.to_thread(told, portal, path) == (503, True)
                assert (await asyncio.to_thread(told, portal, "/healthz"))[0] == 200
        finally:
            for one in reversed(frozen):
                one.resume()
        healed = time.monotonic() + SELF_HEALED
        while (await asyncio.to_thread(told, portal, "/ru/calls"))[0] != 200:
            assert time.monotonic() < healed
        async with TortoiseContext() as context:
            await context.init(config=db.config(cluster.app_url, MODELS))
            await jobs.enqueue("password_link", {"email": "nobody@example.org"})
            while await db.rows("SELECT id FROM pgqueuer WHERE entrypoint = 'password_link'"):
                assert time.monotonic() < healed
                await asyncio.sleep(0.1)
        assert worker.is_running(), "no restart was needed"
        assert portal.process.is_running()
    finally:
        await asyncio.to_thread(live.stop, portal)
