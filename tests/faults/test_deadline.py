"""A call closes at one instant: for whoever sends, wherever she lives, however long her form is on its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application import service as applications
from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.call.models import Call
from portal.kit import clock
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.visit import Visitor, visitor

CLOSES = datetime(2028, 2, 29, 20, 59, 59, 999_999, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
FORM = {"content-type": "application/x-www-form-urlencoded"}
SHORT = 0.5
"""Seconds until a call closes in front of somebody's eyes."""


async def ready(call: Call) -> tuple[Application, Visitor]:
    """An application that lacks nothing but the signature, and the browser of whoever signs."""
    region = await make.region(*make.KAMCHATKA)
    editor, signatory = await make.person(Role.EDITOR, region=region), await make.person(Role.SIGNATORY, region=region)
    application = await make.written(await applications.start(call, by=editor), editor)
    return application, await visitor(signatory)


@pytest.mark.parametrize("after", [-1000 * MOMENT, -MOMENT, 0 * MOMENT, MOMENT, 1000 * MOMENT])
async def test_d1_what_arrives_before_the_instant_is_taken(tx: TransactionalDBClient, after: timedelta) -> None:
    """The portal's clock alone decides: the database's is years away, and its instant is kept to the microsecond."""
    with clock.frozen(CLOSES - timedelta(minutes=30)):
        application, browser = await ready(await make.call(closes_at=CLOSES))
    with clock.frozen(CLOSES + after):
        answer = await browser.send_form(f"/ru/applications/{application.number}/submit")
    versions = [version.submitted_at for version in await ApplicationVersion.all()]
    if after < 0 * MOMENT:
        assert (answer.status_code, versions) == (303, [CLOSES + after])
    else:
        assert (answer.status_code, versions) == (409, [])


async def _slowly(browser: Visitor, application: Application, seconds: float) -> int:
    """The status of a submission whose head is there at once and whose body takes its time."""

    async def body() -> AsyncIterator[bytes]:
        await asyncio.sleep(seconds)
        yield urlencode({"form_token": browser.form_token}).encode()

    path = f"/ru/applications/{application.number}/submit"
    return (await browser.post(path, content=body(), headers=FORM)).status_code


async def test_d2_a_form_is_judged_by_the_arrival_of_its_head(tx: TransactionalDBClient) -> None:
    application, browser = await ready(await make.call())
    closes = clock.now() + timedelta(seconds=SHORT)
    await Call.all().update(closes_at=closes)
    assert await _slowly(browser, application, 1.5 * SHORT) == 303
    assert clock.now() > closes
    assert (await ApplicationVersion.get()).submitted_at < closes


async def test_d2_a_form_whose_head_comes_too_late_is_refused(tx: TransactionalDBClient) -> None:
    application, browser = await ready(await make.call())
    await Call.all().update(closes_at=clock.now())
    assert await _slowly(browser, application, 0) == 409
    assert not await ApplicationVersion.exists()


async def test_d2_nobody_is_late_by_waiting_for_others_inside(own_database: Database) -> None:
    application, browser = await ready(await make.call())
    closes = clock.now() + timedelta(seconds=SHORT)
    await Call.all().update(closes_at=closes)
    other = await asyncpg.connect(own_database.app_url)
    async with other.transaction():
        await other.execute("SELECT 1 FROM call, application FOR UPDATE")
        sending = asyncio.create_task(browser.send_form(f"/ru/applications/{application.number}/submit"))
        await asyncio.sleep(1.5 * SHORT)
        assert not sending.done()
    await other.close()
    assert (await sending).status_code == 303
    assert (await ApplicationVersion.get()).submitted_at < closes < clock.now()


ZONES = ("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
         "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka")  # fmt: skip


@pytest.mark.parametrize("closes", [CLOSES, datetime(2026, 12, 31, 20, 59, 59, tzinfo=UTC)])
async def test_d6_one_instant_is_told_in_every_zone_of_the_country(tx: TransactionalDBClient, closes: datetime) -> None:
    assert len({closes.astimezone(ZoneInfo(zone)).utcoffset() for zone in ZONES}) == 11
    with clock.frozen(closes - timedelta(hours=30)):
        await make.call(closes_at=closes)
        for place, zone in enumerate(ZONES):
            region = await make.region(f"R-{place}", f"Край {place}", f"Krai {place}", zone)
            page = (await (await visitor(await make.person(Role.EDITOR, region=region))).get("/ru/")).text
            assert f'data-closes="{closes.isoformat()}"' in page
            told = page[page.index("data-closes") :].partition("</dl>")[0]
            for where in {zone, "Europe/Moscow"}:
                assert f'<b class="num">{closes.astimezone(ZoneInfo(where)):%H:%M}</b>' in told, where
            assert ("У вас" in told) == (zone != "Europe/Moscow")
    assert (await Call.get()).closes_at == closes
