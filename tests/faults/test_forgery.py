"""Requests that another site makes in somebody's name, and deeds disguised as something else."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import sessions
from portal.kit.journal import JournalEntry
from portal.people.roles import Role
from tests import make
from tests.faults.conftest import SignedIn, routes
from tests.visit import ORIGIN, Visitor, visitor

DEEDS = sorted(routes("POST"))
PLACES = {"number": "2027-001", "section": "passport", "public_id": "x", "version": "1", "code": "RU-KAM", "token": "x"}
WHO = {
    "application": "editor.kamchatka", "review": "reviewer.1", "award": "council", "call": "officer",
    "agreement": "officer", "report": "editor.kamchatka", "release": "officer", "account": "auditor",
}  # fmt: skip


def address(name: str, language: str = "ru") -> str:
    route = routes("POST")[name]
    return f"/{language}{route.url_path_for(name, **{key: PLACES.get(key, '1') for key in route.param_convertors})}"


FORGED: dict[str, dict[str, str]] = {
    "another origin": {"origin": "https://evil.example"},
    "a neighbour's origin": {"origin": "http://sub.localhost"},
    "another port": {"origin": "http://localhost:8080"},
    "a sandbox": {"origin": "null"},
    "another referer": {"origin": "", "referer": "https://evil.example/localhost"},
    "cross-site": {"sec-fetch-site": "cross-site"},
    "same-site": {"sec-fetch-site": "same-site"},
    "an unreadable origin": {"origin": "http://["},
}


async def test_a12_another_site_does_nothing(people: SignedIn) -> None:
    before, done = await JournalEntry.all().count(), []
    for name, (why, headers) in product(DEEDS, FORGED.items()):
        browser = await people(WHO.get(name.partition(":")[0], "officer"))
        answer = await browser.post(address(name), data={"form_token": browser.form_token}, headers=headers)
        if answer.status_code != 403 or "another site" not in answer.text:
            done.append((name, why, answer.status_code))
    assert not done
    assert await JournalEntry.all().count() == before


def _bodies(token: str) -> list[tuple[str, dict[str, Any]]]:
    line = f"form_token={token}"
    return [
        ("no token", {"data": {"reason": "x"}}),
        ("an empty token", {"data": {"form_token": ""}}),
        ("another's token", {"data": {"form_token": "0" * 64}}),
        ("a token with a tail", {"data": {"form_token": token + "0"}}),
        ("a token in capitals", {"data": {"form_token": token.upper()}}),
        ("a token in the address", {"params": {"form_token": token}}),
        ("a token as a file", {"files": {"form_token": ("t.txt", token)}}),
        ("plain text", {"content": line, "headers": {"content-type": "text/plain"}}),
        ("no type", {"content": line}),
        ("JSON", {"content": json.dumps({"form_token": token}), "headers": {"content-type": "application/json"}}),
        ("XML", {"content": f"<form_token>{token}</form_token>", "headers": {"content-type": "text/xml"}}),
        ("two types", {"content": line, "headers": {"content-type": "text/plain, application/x-www-form-urlencoded"}}),
        ("nothing", {}),
    ]


async def test_a12_form_without_its_token_does_nothing(people: SignedIn) -> None:
    before, done = await JournalEntry.all().count(), []
    for place, name in enumerate(DEEDS):
        browser = await people(WHO.get(name.partition(":")[0], "officer"))
        bodies = _bodies(browser.form_token)
        for why, sent in bodies if place < 3 else [bodies[place % len(bodies)], bodies[-1]]:
            answer = await browser.post(address(name), **sent)
            if answer.status_code != 403:
                done.append((name, why, answer.status_code))
    assert not done
    assert await JournalEntry.all().count() == before


async def test_a12_multipart_of_our_own_is_read_and_of_others_refused(tx: TransactionalDBClient) -> None:
    browser = await visitor(await make.person(Role.AUDITOR))
    parts = {"form_token": (None, browser.form_token), "view": (None, "clear")}
    assert (await browser.post("/ru/view", files=parts)).status_code == 303
    parts["form_token"] = (None, "0" * 64)
    assert (await browser.post("/ru/view", files=parts)).status_code == 403


async def test_a12_token_of_one_session_is_no_good_in_another(tx: TransactionalDBClient) -> None:
    mine, hers = await visitor(await make.person(Role.OFFICER)), await visitor(await make.person(Role.OFFICER))
    anonymous = await visitor()
    call = await make.call()
    for token in (hers.form_token, anonymous.form_token):
        answer = await mine.post(f"/ru/calls/{call.number}/places", data={"form_token": token, "places": "5"})
        assert answer.status_code == 403
    answer = await mine.send_form(f"/ru/calls/{call.number}/places", {"places": "5"})
    assert answer.status_code == 422


async def test_a12_form_cookie_alone_signs_nothing(tx: TransactionalDBClient) -> None:
    """A cookie thrown by a neighbour must not make a token that holds for a session."""
    browser = await visitor(await make.person(Role.OFFICER))
    token = browser.form_token
    browser.cookies.set("form", "thrown")
    page = (await browser.get("/ru/calls/new")).text
    assert {sessions.unmasked(sent) for sent in re.findall('name="form_token" value="([^"]+)"', page)} == {token}


@pytest.mark.parametrize("path", ["/", "/ru/", "/ru/dashboards/_dash-ws-callback", "/ru/applications", "/static/x"])
@pytest.mark.parametrize("origin", [b"http://localhost", b"https://evil.example"])
async def test_a12_socket_is_refused_everywhere(tx: TransactionalDBClient, path: str, origin: bytes) -> None:
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    browser = await visitor()
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"origin", origin)],
    }
    transport: Any = browser._transport
    await transport.app(scope, receive, send)
    assert [message["type"] for message in told] == ["websocket.close"]


METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "POSTX", "GET", "HEAD", "OPTIONS")


async def test_z3_odd_methods_do_nothing(people: SignedIn) -> None:
    before, done = await JournalEntry.all().count(), []
    readable = {str(route.path) for route in routes("GET").values()}
    for name, method in product(DEEDS, METHODS):
        browser = await people(WHO.get(name.partition(":")[0], "officer"))
        answer = await browser.request(method, address(name), headers={"x-form-token": browser.form_token})
        shown = routes("POST")[name].path in readable and method in ("GET", "HEAD")
        if answer.status_code not in ((200, 303, 403, 404, 410) if shown else (404, 405)):
            done.append((name, method, answer.status_code))
    assert not done
    assert await JournalEntry.all().count() == before


OVERRIDES = [
    {"x-http-method-override": "POST"}, {"x-http-method": "DELETE"}, {"x-method-override": "PUT"},
]  # fmt: skip


@pytest.mark.parametrize("headers", OVERRIDES, ids=str)
async def test_z3_method_is_not_overridden(people: SignedIn, headers: dict[str, str]) -> None:
    browser = await people("officer")
    before = await JournalEntry.all().count()
    answer = await browser.get("/ru/calls/new?_method=POST&name_ru=x", headers=headers)
    assert (answer.status_code, "<form" in answer.text) == (200, True)
    sent = {"_method": "DELETE", "view": "clear", "form_token": browser.form_token}
    assert (await browser.post("/ru/view", data=sent, headers=headers)).status_code == 303
    assert await JournalEntry.all().count() == before


async def test_z3_reading_never_does_the_deed_of_the_same_address(people: SignedIn) -> None:
    """The draft's section, read with all that its form would send, stays as it is."""
    browser: Visitor = await people("editor.kamchatka")
    token = browser.form_token
    listed = (await browser.get("/ru/applications")).text
    number = listed.partition("/ru/applications/")[2].partition('"')[0]
    before = await JournalEntry.all().count()
    for method in ("GET", "HEAD"):
        await browser.request(
            method, f"/ru/applications/{number}/sections/passport",
            params={"form_token": token, "title": "Чужое", "based_on": "0"}, headers={"origin": ORIGIN},
        )  # fmt: skip
    assert await JournalEntry.all().count() == before
