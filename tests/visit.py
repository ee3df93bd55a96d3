"""A browser without a window: pages asked for and forms sent as a person would, in the test's own transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx2
from starlette.applications import Starlette

from portal.kit import sessions
from portal.kit.access import cookie
from portal.people.person.models import Person
from portal.settings import settings

ORIGIN = "http://localhost"


@cache
def the_portal() -> Starlette:
    """The whole application."""
    from portal.app import create_app

    return create_app()


class Visitor(httpx2.AsyncClient):
    """One browser. `post` carries the form token that its pages would."""

    def __init__(self, **options: Any) -> None:
        transport = httpx2.ASGITransport(app=the_portal(), **options)
        super().__init__(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN})
        self.cookies.set(cookie("form"), "a browser of the tests")

    @property
    def form_token(self) -> str:
        """The token that the forms of this browser's pages carry."""
        token = self.cookies.get(cookie("session")) or self.cookies[cookie("form")]
        return sessions.signature(settings().secret, token)

    def hold(self, token: str) -> None:
        """The browser has this session's cookie, in the place where the portal puts another."""
        self.cookies.set(cookie("session"), token, domain="localhost.local")

    async def send_form(self, path: str, typed: Mapping[str, Any] | None = None) -> httpx2.Response:
        """The answer to a form sent to `path`; redirects are not followed."""
        return await self.post(path, data={"form_token": self.form_token, **(typed or {})})


async def visitor(person: Person | None = None) -> Visitor:
    """A browser in which `person` is signed in, or nobody."""
    browser = Visitor()
    if person is not None:
        browser.hold(await sessions.open_session(person.id, "tests"))
    return browser


def steady(page: str) -> str:
    """The page without what is different each time: the request's id, the mask of its form token."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=value=\")[0-9a-f]{128}(?=\")", "", page)
