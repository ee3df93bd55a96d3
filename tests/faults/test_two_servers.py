"""Two servers on one database behind a proxy: what one of them was told, the other knows at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlencode

import pytest
from tortoise.context import TortoiseContext

from portal.app import MODELS
from portal.kit import clock, db, sessions
from portal.kit.access import cookie
from portal.kit.sessions import Session
from portal.people.account import rules, service
from portal.people.account.models import RefusedSignIn
from portal.people.person.models import Membership, Person
from portal.people.roles import Role
from portal.settings import settings
from tests import make
from tests.conftest import Database
from tests.faults import live
from tests.faults.live import Portal

PROXY, STRANGER = "127.0.0.2", "127.0.0.3"
"""Loopback has many addresses: only the first is listed."""


@pytest.fixture(scope="module")
async def pair(template: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Portal]]:
    ports, folder = (live.free_port(), live.free_port()), tmp_path_factory.mktemp("pair")
    listed = {"PORTAL_TRUSTED_PROXIES": PROXY, "PORTAL_WORKER": "apart", "PORTAL_BASE_URL": "http://localhost"}
    with live.copied(template, "pair") as database:
        async with TortoiseContext() as context:
            await context.init(config=db.config(database.app_url, MODELS))
            with live.running(database.app_url, folder, *ports, **listed) as portals:
                yield portals


def _posted(portal: Portal, path: str, typed: dict[str, str], *, source: str, **headers: str) -> int:
    """The status of a form sent from this address of loopback."""
    body = urlencode({"form_token": sessions.signature(settings().secret, "browser"), **typed}).encode()
    form = {"content_type": "application/x-www-form-urlencoded", "content_length": str(len(body))}
    head = portal.head(path=path, cookie=f"{cookie('form')}=browser", **form, **headers)
    return portal.status(head, body, source=source)


async def _letters(pair: list[Portal], *, source: str, network: str, forwarded: str) -> list[int]:
    """The statuses of the last two letters that the network may ask for, and of one more, at the servers by turns."""
    for place in range(rules.LETTERS.of_network - 2):
        kept = sessions.fingerprint(f"{rules.LETTERS.kind}:network:{network}")
        await RefusedSignIn.create(account=f"{network} {place}", network=kept, at=clock.now())
    statuses = []
    for place in range(3):
        sent = {
            "x_forwarded_for": forwarded % place,
            "x_real_ip": f"10.9.9.{place}",
            "forwarded": f"for=10.8.8.{place}",
        }
        typed = {"email": f"nobody{place}@{network}.example.org"}
        asking = asyncio.to_thread(_posted, pair[place % 2], "/ru/password-reset", typed, source=source, **sent)
        statuses.append(await asking)
    return statuses


async def test_a1_forged_addresses_count_for_nothing_unless_the_proxy_is_listed(pair: list[Portal]) -> None:
    counted = await _letters(pair, source=STRANGER, network=STRANGER, forwarded="10.0.0.%d")
    assert counted == [303, 303, 429]


async def test_a1_listed_proxy_is_believed_for_the_address_that_it_saw(pair: list[Portal]) -> None:
    """What stands before it in the header was written by the client, who may write anything."""
    counted = await _letters(pair, source=PROXY, network="10.7.7.7", forwarded="10.0.0.%d, 10.7.7.7")
    assert counted == [303, 303, 429]
    other = await asyncio.to_thread(
        _posted, pair[0], "/ru/password-reset", {"email": "x@other.example.org"}, source=PROXY,
        x_forwarded_for="10.7.7.7, 10.7.7.8",
    )  # fmt: skip
    assert other == 303


async def _leave(person: Person, session: Session) -> None:
    await service.end_session(person, session.mark)


async def _change_password(person: Person, _: Session) -> None:
    await service.set_password(person, "совсем другие четыре слова", by=person)


async def _disable(person: Person, _: Session) -> None:
    await Person.filter(id=person.id).update(is_active=False)


async def _take_role(person: Person, _: Session) -> None:
    await Membership.filter(person_id=person.id).delete()


@pytest.mark.parametrize("end", [_leave, _change_password, _disable, _take_role])
async def test_a4_right_that_ended_is_refused_by_every_server_at_the_next_request(
    pair: list[Portal], end: Callable[[Person, Session], Awaitable[None]]
) -> None:
    person = await make.person(Role.OFFICER)
    token = await sessions.open_session(person.id, "tests")
    found = await sessions.find(token)
    assert found is not None

    def both() -> list[int]:
        heads = [one.head("GET", "/ru/applications", cookie=f"{cookie('session')}={token}") for one in pair]
        return [one.status(head) for one, head in zip(pair, heads, strict=True)]

    assert await asyncio.to_thread(both) == [200, 200]
    await end(person, found)
    assert not {200} & set(await asyncio.to_thread(both))


async def test_a4_signing_out_at_one_server_is_known_to_the_other(pair: list[Portal]) -> None:
    person = await make.person(Role.OFFICER)
    token = await sessions.open_session(person.id, "tests")
    carried = {"cookie": f"{cookie('session')}={token}"}
    body = urlencode({"form_token": sessions.signature(settings().secret, token)}).encode()
    form = {"content_type": "application/x-www-form-urlencoded", "content_length": str(len(body))}
    here, there = pair
    assert await asyncio.to_thread(there.status, there.head("GET", "/ru/", **carried)) == 200
    assert await asyncio.to_thread(here.status, here.head(path="/ru/sign-out", **form, **carried), body) == 303
    heard = await asyncio.to_thread(there.say, there.head("GET", "/ru/applications", **carried))
    assert b"/ru/sign-in?next=" in heard
