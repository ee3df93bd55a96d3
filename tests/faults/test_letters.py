"""The worker dies at every point between a letter's claim and its mark: none is lost, and copies have one name."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from portal.kit import jobs, mail, smtp
from portal.kit.i18n import say
from portal.kit.mail import Letter, LetterState
from portal.settings import CHECKOUT, settings
from tests.conftest import Database
from tests.kit.postbox import Postbox, postbox

POINTS = ("claimed", "taken", "marked")
# A worker of its own that is killed when its first letter is at the point named.
MORTAL = """
import asyncio, os, sys
from datetime import timedelta
from portal.app import MODELS
from portal.kit import db, jobs, mail, smtp
jobs._schedules.clear()
jobs.HEARTBEAT = timedelta(seconds=1)
point, url = sys.argv[1:]
take, send = smtp.deliver, jobs._handlers["send_letter"]
async def deliver(message, address):
    if point == "claimed":
        os._exit(9)
    await take(message, address)
    if point == "taken":
        os._exit(9)
async def all_of_it(task):
    await send[0](task)
    os._exit(9)
smtp.deliver = deliver
jobs._handlers["send_letter"] = all_of_it, send[1]
async def main():
    async with db.connected(url, MODELS):
        await jobs.run(url, asyncio.Event())
asyncio.run(main())
"""


class Killed(BaseException):
    """The worker is no more; its transaction ends as that of a lost connection does."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    with postbox() as box:
        for module in (mail, smtp):
            monkeypatch.setattr(module, "settings", lambda: replace(settings(), smtp_url=box.url))
        yield box


async def letter(number: int = 1) -> Letter:
    await mail.write([SimpleNamespace(email=f"{number}@example.org", language="ru")], say("Results"), [say("Results")])
    found = await Letter.all().order_by("-id").first()
    assert found is not None
    return found


@pytest.mark.parametrize("point", POINTS)
async def test_r8_a_dead_worker_loses_no_letter(
    own_database: Database, server: Postbox, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    one, deliver = await letter(), smtp.deliver

    async def dying(*arguments: Any) -> None:
        if point != "claimed":
            await deliver(*arguments)
        raise Killed

    with monkeypatch.context() as patch:
        if point != "marked":
            patch.setattr(smtp, "deliver", dying)
            with pytest.raises(Killed):
                await mail.send({"letter": one.id})
        else:  # Dead after the commit: the task comes back all the same.
            await mail.send({"letter": one.id})
    await asyncio.gather(*(mail.send({"letter": one.id}) for _ in range(3)))
    assert (await Letter.get(id=one.id)).state is LetterState.SENT
    assert server.ids == [one.message_id] * (2 if point == "taken" else 1)


@pytest.mark.soak
async def test_r8_killed_workers_and_two_that_live(
    own_database: Database, server: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [await letter(number) for number in range(12)]
    environment = os.environ | {"PORTAL_SMTP_URL": server.url, "PORTAL_DATABASE_URL": own_database.app_url}
    for point in POINTS * 2:
        command = [sys.executable, "-c", MORTAL, point, own_database.app_url]
        died = await asyncio.to_thread(subprocess.run, command, cwd=CHECKOUT, env=environment, check=False, timeout=60)
        assert died.returncode == 9
    monkeypatch.setattr(jobs, "HEARTBEAT", timedelta(seconds=1))
    monkeypatch.setattr(jobs, "_schedules", {})
    stop = asyncio.Event()
    workers = [asyncio.create_task(jobs.run(own_database.app_url, stop)) for _ in range(2)]
    async with asyncio.timeout(60):
        while await Letter.exclude(state=LetterState.SENT).exists():  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    stop.set()
    await asyncio.gather(*workers)
    assert set(server.ids) == {one.message_id for one in letters}
    # Letters are sent four at once: each of the two deaths after the letter was taken may repeat as many.
    assert len(server.ids) - len(letters) <= 2 * mail.AT_ONCE * 2
    assert (await jobs.state()).failed == 0
