"""The fixtures keep their word: a transaction seen by all it calls and gone afterwards, a database of one's own."""

import asyncio
from contextlib import suppress

import asyncpg
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from tortoise import Tortoise
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.transactions import in_transaction

from portal.app import MODELS
from portal.directory.region.models import Region
from portal.kit import db
from tests.conftest import Database

PLACE = {
    "name_ru": "Край",
    "short_ru": "Край",
    "name_en": "Krai",
    "kind": "krai",
    "district_code": "1",
    "district_ru": "Округ",
    "district_en": "District",
    "oktmo": "10",
    "timezone": "Europe/Moscow",
}


async def add(request: Request) -> PlainTextResponse:
    """Writes a region in a transaction of the page's own and tells how many there are."""
    async with in_transaction():
        await Region.create(code=request.query_params["code"], **PLACE)
    return PlainTextResponse(str(await Region.all().count()))


@pytest.mark.parametrize("time", [1, 2])
async def test_tx_is_shared_with_pages_and_rolled_back(tx: TransactionalDBClient, time: int) -> None:
    assert await Region.all().count() == 0
    await Region.create(code="R1", **PLACE)
    transport = httpx2.ASGITransport(app=Starlette(routes=[Route("/", add)]))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert (await client.get("/", params={"code": f"R2{time}"})).text == "2"
    assert await Region.all().count() == 2


async def test_tx_survives_a_refused_row(tx: TransactionalDBClient) -> None:
    await Region.create(code="R1", **PLACE)
    with pytest.raises(IntegrityError):
        async with in_transaction():
            await Region.create(code="R1", **PLACE)
    assert await Region.all().count() == 1


async def test_own_database_commits_and_runs_side_by_side(own_database: Database) -> None:
    async def write(number: int) -> None:
        async with in_transaction():
            await Region.create(code=f"R{number}", **PLACE)
            await asyncio.sleep(0.01)

    await asyncio.gather(*(write(number) for number in range(6)))
    outside = await asyncpg.connect(own_database.app_url)
    assert await outside.fetchval("SELECT count(*) FROM region") == 6
    await outside.close()


async def test_tx_follows_own_database(tx: TransactionalDBClient) -> None:
    assert await Region.all().count() == 0


async def test_portal_may_not_rewrite_the_journal(tx: TransactionalDBClient) -> None:
    with pytest.raises(OperationalError, match="permission denied"):
        async with in_transaction():
            await tx.execute_query("UPDATE journal SET id = id")


async def test_portal_may_not_make_tables(tx: TransactionalDBClient) -> None:
    with pytest.raises(OperationalError, match="permission denied"):
        async with in_transaction():
            await tx.execute_query("CREATE TABLE mine (id int)")


async def test_owner_may_not_rewrite_the_journal_either(own_database: Database) -> None:
    owner = await asyncpg.connect(own_database.owner_url)
    with pytest.raises(asyncpg.PostgresError, match="only ever added to"):
        await owner.execute("TRUNCATE journal CASCADE")
    await owner.close()


async def test_a_connection_given_back_inside_a_transaction_has_rolled_it_back(own_database: Database) -> None:
    pool = Tortoise.get_connection("default")
    await db.rows("SELECT 1")
    held = await pool._pool.acquire()  # type: ignore[attr-defined]
    await held.execute("BEGIN; CREATE TEMPORARY TABLE left_behind (a int)")
    await pool._pool.release(held)  # type: ignore[attr-defined]
    assert (await db.rows("SELECT to_regclass('left_behind') AS there"))[0]["there"] is None


async def test_i13_many_writes_at_once_inside_a_transaction_stay_inside(own_database: Database) -> None:
    """Nobody should, and who does gets no write outside, no broken savepoint, no row left of what is rolled back."""
    with suppress(ZeroDivisionError):
        async with db.transaction():
            await asyncio.gather(*(Region.create(code=f"R{number}", **PLACE) for number in range(20)))
            assert await Region.all().count() == 20
            raise ZeroDivisionError
    assert await Region.all().count() == 0


async def test_i13_what_is_undone_three_levels_deep_leaves_the_levels_above(own_database: Database) -> None:
    async with db.transaction():
        await Region.create(code="R1", **PLACE)
        with suppress(ZeroDivisionError):
            async with db.transaction():
                await Region.create(code="R2", **PLACE)
                with pytest.raises(IntegrityError):
                    async with db.transaction():
                        await Region.create(code="R1", **PLACE)
                await Region.create(code="R3", **PLACE)
                assert await Region.all().count() == 3
                raise ZeroDivisionError
        await Region.create(code="R4", **PLACE)
    assert await Region.all().order_by("code").values_list("code", flat=True) == ["R1", "R4"]


async def test_i13_one_connection_serves_fifty_who_nest_three_levels(own_database: Database) -> None:
    """Whoever asked for a second connection inside her transaction would wait for ever."""

    async def write(number: int) -> None:
        async with db.transaction():
            await Region.create(code=f"R{number}", **PLACE)
            async with db.transaction(), db.transaction():
                assert await Region.filter(code=f"R{number}").exists()
                await db.rows("SELECT 1")

    alone = db.config(own_database.app_url, MODELS)
    alone["connections"]["default"]["credentials"]["maxsize"] = 1
    async with TortoiseContext() as context, asyncio.timeout(5):
        await context.init(config=alone)
        await asyncio.gather(*(write(number) for number in range(50)))
        assert await Region.all().count() == 50
