"""Who may enter where: one written table, held against the routes both ways and tried with everyone at every door."""

from __future__ import annotations

import httpx2
import pytest
from tortoise.transactions import in_transaction

from portal.kit import sessions
from portal.people.roles import Role
from portal.settings import settings
from tests.house.world import DOORS, Door, World, knocked, routes


def test_table_and_routes_agree_both_ways() -> None:
    found = {}
    for name, route in routes().items():
        door = getattr(route.endpoint, "door", None)
        assert door is not None, f"{name} has no door"
        methods = (route.methods or set()) - {"HEAD"}
        assert len(methods) == 1, f"{name} answers to {methods}: one deed, one route"
        found[name] = (methods.pop(), door if door == "public" else frozenset(map(str, door)))
    written = {d.name: (d.method, d.enter if d.enter == "public" else frozenset(d.enter.split())) for d in DOORS}
    assert found == written


def test_auditor_reads_all_and_changes_nothing() -> None:
    for door in DOORS:
        own_account = door.name.startswith("account:")
        if door.method == "POST" and door.enter != "public" and not own_account:
            assert not door.admits("auditor"), door.name
        if door.method == "GET" and door.record and any(door.admits(who) for who in ("officer", "council", "board")):
            assert door.admits("auditor"), door.name


async def knock(client: httpx2.AsyncClient, world: World, door: Door, who: str, params: dict[str, str]) -> int | str:
    """The status of the answer, or "sign in"; whatever it changed is undone."""
    address, headers = knocked(door, world, who, params)
    client.cookies.clear()
    token = headers["cookie"].partition("session=")[2]
    around = in_transaction()
    connection = await around.__aenter__()
    try:
        sent = {
            "form_token": sessions.signature(settings().secret, token or "x"),
            "call": world.call,
            "period": "2027Q1",
            "session": sessions.fingerprint(token)[:16],
        }
        content = {"data": sent} if door.method == "POST" else {}
        answer = await client.request(door.method, address, headers=headers, **content)
    finally:
        await connection.rollback()
        await around.__aexit__(None, None, None)
    if answer.status_code == 303 and "/sign-in?" in answer.headers["location"]:
        return "sign in"
    return answer.status_code


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
async def test_everyone_at_this_door(client: httpx2.AsyncClient, world: World, door: Door) -> None:
    wrong = []
    for who in ("anonymous", *map(str, Role)):
        answer = await knock(client, world, door, who, world.own[door.record, who])
        if not door.admits(who):
            expected: tuple[int | str, ...] = ("sign in",) if who == "anonymous" else (403,)
        else:
            expected = (404,) if door.name == "health:metrics" else (200, 302, 303, 409, 410, 422)
        if answer not in expected:
            wrong.append(f"{who}: {answer}, not {expected}")
        foreign = world.foreign.get((door.record, who))
        if foreign is not None and door.admits(who) and door.enter != "public":
            answer = await knock(client, world, door, who, foreign)
            if answer != 404:
                wrong.append(f"{who} at another's: {answer}, not 404")
    assert not wrong
