"""What those who try to break the portal need: everyone's browser, and every page that a browser can reach."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from starlette.routing import Route

from portal.app import PAGES
from portal.people.models import Person
from tests.conftest import Database
from tests.visit import Visitor, visitor

SignedIn = Callable[[str], Awaitable[Visitor]]
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


async def reached(browser: Visitor, start: str = "/ru/", *, most: int = 80) -> dict[str, str]:
    """The text of every page that leads on from `start`, by address; the catalogues that everyone reads left out."""
    texts: dict[str, str] = {}
    waiting = [start]
    while waiting and len(texts) < most:
        here = waiting.pop(0)
        if here in texts:
            continue
        answer = await browser.get(here)
        if answer.status_code != 200:
            texts[here] = ""
            continue
        texts[here] = answer.text
        for link in LINK.findall(answer.text):
            address = html.unescape(link).partition("#")[0]
            if address.startswith(("/ru", "/en")) and not ELSEWHERE.match(address) and address not in texts:
                waiting.append(address)
    return {address: text for address, text in texts.items() if text}
