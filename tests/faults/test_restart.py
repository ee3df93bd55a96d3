"""The portal is stopped and started again while somebody types: it has what it acknowledged, the rest comes again."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from pathlib import Path

import httpx2
import pytest

from portal.applications.application import service as applications
from portal.kit import drafts, sessions
from portal.kit.access import cookie
from portal.kit.drafts import Draft
from portal.people.roles import Role
from portal.settings import settings
from tests import make
from tests.conftest import Database
from tests.faults import live


async def _typing(database: Database, folder: Path, ends: list[signal.Signals], saves: int) -> None:
    """Saves go on, each sent until it is answered, as the page does, while the portal is ended in these ways."""
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await applications.start(await make.call(), by=editor)
    token = await sessions.open_session(editor.id, "tests")
    port, version, lots = live.free_port(), 0, random.Random(2027)
    portal = live.start(database.app_url, folder, port)
    acknowledged: dict[int, str] = {}
    ending = sorted(lots.sample(range(3, saves), len(ends)))
    headers = {
        "accept": "application/json",
        "origin": f"http://localhost:{port}",
        "cookie": f"{cookie('session')}={token}",
    }
    try:
        async with httpx2.AsyncClient(base_url=f"http://localhost:{port}", headers=headers, timeout=5) as page:
            for step in range(saves):
                sent = {"form_token": sessions.signature(settings().secret, token), "based_on": str(version)}
                asking = asyncio.create_task(
                    _until_answered(page, application.number, {**sent, "goal": f"Текст {step}"})
                )
                if step in ending:
                    await asyncio.sleep(lots.uniform(0, 0.02))
                    portal.process.send_signal(ends.pop())
                    await asyncio.to_thread(portal.process.wait, 20)
                    portal = live.start(database.app_url, folder, port)
                version = await asking
                acknowledged[version] = f"Текст {step}"
    finally:
        await asyncio.to_thread(live.stop, portal)
    kept = {row.version: row.typed["goal"] for row in await Draft.filter(subject_id=application.id)}
    assert kept.items() <= acknowledged.items()
    assert max(kept) == len(acknowledged) == saves, "an answer that was lost makes no second version"
    # Of a long sitting older versions are thinned out; the newest ones are all there.
    assert set(range(max(1, saves - drafts.LAST_VERSIONS + 1), saves + 1)) <= kept.keys()
    assert kept[saves] == f"Текст {saves - 1}"


async def _until_answered(page: httpx2.AsyncClient, number: str, sent: dict[str, str]) -> int:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            answer = await page.post(f"/ru/applications/{number}/sections/goal", data=sent)
        except httpx2.HTTPError:
            await asyncio.sleep(0.1)
            continue
        if answer.status_code < 500:
            assert answer.status_code == 200, answer.text
            return int(answer.json()["version"])
    raise AssertionError("the portal does not come back")


async def test_p3_portal_that_is_restarted_while_somebody_types_loses_no_word(
    own_database: Database, tmp_path: Path
) -> None:
    await _typing(own_database, tmp_path, [signal.SIGTERM], saves=12)


@pytest.mark.soak
async def test_p3_portal_that_is_killed_over_and_over_loses_no_word(own_database: Database, tmp_path: Path) -> None:
    await _typing(own_database, tmp_path, [signal.SIGKILL, signal.SIGTERM] * 10, saves=200)
