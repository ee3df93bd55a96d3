"""Every template of the portal as a page in a browser, on a phone and on a desk: axe finds no barrier."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pyotp
import pytest
from playwright.async_api import Browser, Route

from portal.applications.review.models import Review
from portal.applications.review.states import Conflict, ReviewState
from portal.kit import clock, pages, sessions
from portal.kit.sessions import Session
from portal.people.account.models import Purpose
from portal.people.account.service import offering, second_factor, tickets
from portal.people.invitation.models import Invitation
from portal.people.person.service import load
from portal.settings import CHECKOUT, settings
from tests.house.world import DOORS, Door, World, knocked
from tests.journeys.conftest import PATIENCE
from tests.journeys.test_pages import PHONE, barriers, defects

LEFT_OUT = (
    "front", "health:", "account:code", "application:pdf", "application:receipt_pdf", "award:pdf",
    "amendment:agreement_pdf", "call:history", "review:history", "report:history", "award:history",
)  # fmt: skip
"""What is no page, or the same page as another."""
READ = [
    door for door in DOORS
    if door.method == "GET" and not door.name.startswith(LEFT_OUT) and not door.name.endswith(":file")
]  # fmt: skip
OFFICERS = ("desk:home", "report:list", "application:page", "application:list", "review:list")
"""Doors behind which the Foundation finds another page than a region or nobody."""

Got = Callable[[httpx2.AsyncClient, World], Awaitable[str]]


async def get(client: httpx2.AsyncClient, address: str, **cookies: str) -> str:
    """The page at the address."""
    client.cookies.clear()
    return (await client.get(address, headers={"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())})).text


async def post(client: httpx2.AsyncClient, address: str, session: str, **typed: str) -> str:
    """The page that answers to a form."""
    client.cookies.clear()
    own = {"form_token": sessions.signature(settings().secret, session), **typed}
    return (await client.post(address, data=own, headers={"cookie": f"session={session}"})).text


def behind(door: Door, who: str) -> Got:
    """The page that she finds behind the door."""

    async def found(client: httpx2.AsyncClient, world: World) -> str:
        address, headers = knocked(door, world, who, world.own[door.record, who])
        client.cookies.clear()
        return (await client.get(address, headers=headers)).text

    return found


async def nothing(client: httpx2.AsyncClient, world: World) -> str:
    return await get(client, "/ru/nothing")


async def without_doors(client: httpx2.AsyncClient, world: World) -> str:
    """The home page as it is outside the demonstration."""
    known = offering.offered()
    offering.offer([])
    try:
        return await get(client, "/ru/")
    finally:
        offering.offer(known)


async def two_texts(client: httpx2.AsyncClient, world: World) -> str:
    officer = world.tokens["officer"]
    await post(client, "/ru/calls/new", officer, name_ru="Мой текст", based_on="0")
    return await post(client, "/ru/calls/new", officer, name_ru="Другой текст", based_on="0")


async def her_review(client: httpx2.AsyncClient, **of: object) -> str:
    review = await Review.filter(**of).order_by("id").first()
    assert review is not None
    return await get(
        client, f"/ru/reviews/{review.public_id}", session=await sessions.open_session(review.reviewer_id, "")
    )


async def question(client: httpx2.AsyncClient, world: World) -> str:
    return await her_review(client, conflict=Conflict.NOT_ASKED, state=ReviewState.ASSIGNED)


async def submitted_review(client: httpx2.AsyncClient, world: World) -> str:
    return await her_review(client, state=ReviewState.SUBMITTED)


async def new_password(client: httpx2.AsyncClient, world: World) -> str:
    person = await load(1)
    assert person is not None
    return await get(client, f"/ru/password-reset/{await tickets.issue(person, Purpose.RESET)}")


async def code(client: httpx2.AsyncClient, world: World) -> str:
    person = await load(1)
    assert person is not None
    return await get(client, "/ru/sign-in/code", entry=await tickets.issue(person, Purpose.CODE), form="x")


async def join(client: httpx2.AsyncClient, world: World) -> str:
    sent = await Invitation.filter(state="sent", organisation_id__not_isnull=True).first()
    assert sent is not None
    await Invitation.filter(id=sent.id).update(token_hash=sessions.fingerprint("link"), sent_at=clock.now())
    return await get(client, "/ru/join/link")


async def _with_a_second_step(world: World, who: str) -> str:
    """The session of one who has set it up."""
    session = await Session.get(token_hash=sessions.fingerprint(world.tokens[who]))
    person = await load(session.person_id)
    assert person is not None
    sealed = second_factor.offered(session)
    typed = pyotp.TOTP(second_factor.secret_offered(sealed, session) or "").at(clock.now())
    return (await second_factor.set_up(person, sealed, typed, session=session))[0]


async def second_step(client: httpx2.AsyncClient, world: World) -> str:
    return await get(client, "/ru/account/second-step", session=await _with_a_second_step(world, "board"))


async def recovery_codes(client: httpx2.AsyncClient, world: World) -> str:
    return await post(client, "/ru/account/second-step/codes", await _with_a_second_step(world, "council"))


ASIDE = (
    nothing, without_doors, two_texts, question, submitted_review, new_password, code, join, second_step,
    recovery_codes,
)  # fmt: skip
"""Pages that no address leads to by itself."""

TRIED: dict[str, Got] = {
    **{door.name: behind(door, "anonymous" if door.enter == "public" else door.enter.split()[0]) for door in READ},
    **{f"{door.name} of an officer": behind(door, "officer") for door in READ if door.name in OFFICERS},
    **{f"aside:{one.__name__}": one for one in ASIDE},
}


def templates() -> set[str]:
    """The names of all templates that are whole pages."""
    return {
        f"{path.parent.parent.name}/{path.name}"
        for path in (CHECKOUT / "portal").rglob("templates/*.html")
        if 'extends "kit/page.html"' in path.read_text()
    }


async def test_every_template_is_tried(
    client: httpx2.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    met, environment = set[str](), pages.environment()
    find = environment.get_template

    def noted(name: str, *of: object) -> Any:
        met.add(name)
        return find(name, *of)

    monkeypatch.setattr(environment, "get_template", noted)
    for got in TRIED.values():
        await got(client, world)
    assert templates() - met == set()


@pytest.mark.journey
@pytest.mark.parametrize("room", sorted({name.partition(":")[0] for name in TRIED}))
async def test_pages_of_a_room_keep_nobody_out(
    room: str, client: httpx2.AsyncClient, world: World, browser: Browser
) -> None:
    context = await browser.new_context(viewport=PHONE)
    context.set_default_timeout(PATIENCE)
    page, written = await context.new_page(), ""

    async def answer(route: Route) -> None:
        """The page itself; what it is made of as the portal has it."""
        address = route.request.url.removeprefix("http://localhost")
        if address == "/ru/page":
            return await route.fulfill(body=written, content_type="text/html; charset=utf-8")
        found = await client.get(address)
        return await route.fulfill(body=found.content, headers=dict(found.headers), status=found.status_code)

    await page.route("**/*", answer)
    wrong = []
    for name in TRIED:
        if name.partition(":")[0] == room:
            written = await TRIED[name](client, world)
            await page.goto("http://localhost/ru/page")
            wrong += [f"{name}: {fault}" for fault in [*await defects(page, "ru"), *await barriers(page)]]
    await context.close()
    assert not wrong
