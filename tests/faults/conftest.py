"""What those who try to break the portal need: everyone's browser, and every page that a browser can reach."""

from __future__ import annotations

import html
import os
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from starlette.routing import Route
from tortoise.backends.base.client import TransactionalDBClient

from portal.app import PAGES
from portal.applications.application import service as applications
from portal.applications.application.models import Application
from portal.kit import postgres
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.visit import Visitor, visitor

SignedIn = Callable[..., Awaitable[Visitor]]
LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
ELSEWHERE = re.compile(r"/(ru|en)/(regions|indicators|dashboards|sign-in|view)\b")


def routes(method: str) -> dict[str, Route]:
    """The pages of all rooms that answer to the method, by name."""
    return {route.name: route for route in PAGES if isinstance(route, Route) and method in (route.methods or ())}


@pytest.fixture
async def people(demonstrated: Database) -> AsyncIterator[SignedIn]:
    """The browser of a person of the demonstration, by the first half of her e-mail; "" is nobody's."""
    opened: dict[str, Visitor] = {}

    async def signed_in(who: str = "") -> Visitor:
        if who not in opened:
            opened[who] = await visitor(await Person.get(email=f"{who}@demo.example") if who else None)
        return opened[who]

    yield signed_in
    for browser in opened.values():
        await browser.aclose()


def _kind(address: str) -> str:
    path = address.partition("?")[0][3:] or "/"
    found = [name for name, route in routes("GET").items() if route.path_regex.match(path)]
    return found[0] if found else path


async def reached(browser: Visitor, start: str = "/ru/", *, each: int = 2) -> dict[str, str]:
    """The text of the pages that lead on from `start`, by address: `each` of every kind, without public catalogues."""
    texts: dict[str, str] = {}
    seen, kinds = {start}, Counter[str]()
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        kinds[_kind(here)] += 1
        if kinds[_kind(here)] > each:
            continue
        answer = await browser.get(here)
        assert answer.status_code < 500, here
        if answer.status_code != 200:
            continue
        texts[here] = answer.text
        for link in LINK.findall(answer.text):
            address = html.unescape(link).partition("#")[0]
            if re.match(r"/(ru|en)(/|$)", address) and not ELSEWHERE.match(address) and address not in seen:
                seen.add(address)
                waiting.append(address)
    return texts


@dataclass
class World:
    """Two regions with a draft each, and their people."""

    editor: Person
    signatory: Person
    other: Person
    application: Application
    foreign: Application

    @property
    def here(self) -> str:
        return f"/ru/applications/{self.application.number}/files"


@pytest.fixture
async def world(tx: TransactionalDBClient, store: Path) -> World:
    call = await make.call()
    kamchatka, novgorod = await make.region(*make.KAMCHATKA), await make.region(*make.NOVGOROD)
    editor, other = [await make.person(Role.EDITOR, region=one) for one in (kamchatka, novgorod)]
    signatory = await make.person(Role.SIGNATORY, region=kamchatka)
    mine = await applications.start(call, by=editor)
    return World(editor, signatory, other, mine, await applications.start(call, by=other))


@pytest.fixture
async def browser(world: World) -> AsyncIterator[Visitor]:
    async with await visitor(world.editor) as opened:
        yield opened


@pytest.fixture
def cluster() -> Iterator[postgres.Server]:
    """A PostgreSQL of the test's own, because that of all tests must not be stopped or killed."""
    var = Path("/tmp") / f"portal-fault-{os.getpid()}"
    server = postgres.start(var, durable=False)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree((var / "pg").resolve(), ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)


def processes(server: postgres.Server) -> list[psutil.Process]:
    """The postmaster and its children."""
    note = (server.home / "data" / "postmaster.pid").read_text().splitlines()
    first = psutil.Process(int(note[0]))
    return [first, *first.children(recursive=True)]
