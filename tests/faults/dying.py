"""The whole way once more, each form sent to a process, or over a database, that is killed at some moment of it."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from portal.app import MODELS
from portal.kit import clock, db
from portal.kit.access import cookie
from tests.faults.way import Way, rows
from tests.visit import Visitor, the_portal

LONGEST = 0.15
"""Seconds that most deeds take; one that is never done has more time with each attempt."""
READY = "ready"
forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload([__name__])
the_portal()  # Made once, before the server of forks makes a process for each form.


def serve_once(url: str, now: datetime, token: str, path: str, sent: Mapping[str, Any], said: Connection) -> None:
    """One form is answered on the database, and the status of the answer is said: what a client has heard."""

    async def answered() -> int:
        async with db.connected(url, MODELS):
            with clock.frozen(now):
                browser = Visitor()
                browser.hold(token)
                said.send(READY)
                return (await browser.send_form(path, sent)).status_code

    said.send(asyncio.run(answered()))


async def settled() -> dict[str, list[dict[str, Any]]]:
    """All rows but those of sessions, and what waits for the worker."""
    waiting = "SELECT entrypoint, count(*) AS n FROM pgqueuer GROUP BY 1 ORDER BY 1"
    found = {table: kept for table, kept in (await rows()).items() if table != "session"}
    return found | {"pgqueuer": [dict(row) for row in await db.rows(waiting)]}


@dataclass
class Dying(Way):
    """What answers dies at a moment of each form whose path `dies`, which is sent again until it is known to be done.

    `strike` is what happens at that moment to the process that answers, or to what it stands on.
    """

    url: str = ""
    dies: Callable[[str], bool] = lambda _path: True
    strike: Callable[[BaseProcess], Awaitable[None]] | None = None
    lots: random.Random = field(default_factory=lambda: random.Random(2027))
    kills: int = 0
    acknowledged: int = 0

    async def send(self, who: str, path: str, typed: Mapping[str, Any] | None = None) -> None:
        """All of the deed is done, or nothing is and the form is sent again; what was acknowledged is not."""
        if not self.dies(path):
            await super().send(who, path, typed)
            return
        before = await settled()
        for place in range(50):
            status = await self.attempt(who, path, typed or {}, self.lots.uniform(0, LONGEST * (1 + place / 2)))
            if status == 303:
                self.acknowledged += 1
                return
            assert status in (None, 500, 503), (path, status)
            self.kills += 1
            if await settled() != before:  # It, or the first of its verbs, is done, though nobody heard.
                browser = self.browsers[who]
                assert (await browser.send_form(f"/ru{path}", typed)).status_code in (303, 409, 422), path
                return
        raise AssertionError(f"{path} is never done")

    async def attempt(self, who: str, path: str, typed: Mapping[str, Any], seconds: float) -> Any:
        """The status that was heard before the blow, or after one that did not hit; None if there was none."""
        token = self.browsers[who].cookies.get(cookie("session"))
        heard, said = forks.Pipe(duplex=False)
        one = forks.Process(target=serve_once, args=(self.url, clock.now(), token, f"/ru{path}", typed, said))
        one.start()
        said.close()
        assert await asyncio.to_thread(_next, heard) == READY
        await asyncio.sleep(seconds)
        if self.strike is None:
            one.kill()
        else:
            await self.strike(one)
        status = await asyncio.to_thread(_next, heard)
        await asyncio.to_thread(one.join)
        return status


def _next(heard: Connection) -> Any:
    try:
        return heard.recv()
    except EOFError:
        return None
