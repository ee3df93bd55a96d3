"""Who gets in with what: old cookies, foreign hosts, addresses that lead elsewhere, a portal started carelessly."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import clock, sessions
from portal.kit.mail import Letter
from portal.people.account.rules import path_back
from portal.people.person.models import Membership, Person
from portal.people.roles import Role
from portal.settings import Unsafe, read_settings, settings
from tests import make
from tests.faults.conftest import SignedIn, reached
from tests.people.account.test_service import PASSWORD, registered, sign_in
from tests.visit import steady, visitor


async def test_a4_copied_cookie_dies_with_its_session(tx: TransactionalDBClient) -> None:
    person = await make.person(Role.AUDITOR)
    browser, thief = await visitor(person), await visitor()
    thief.cookies.set("session", browser.cookies["session"])
    assert (await thief.get("/ru/journal")).status_code == 200
    await sessions.close_all(person.id)
    answer = await thief.get("/ru/journal")
    assert answer.headers["location"].startswith("/ru/sign-in?next=")
    assert (await thief.send_form("/ru/sign-out")).status_code == 303


async def test_a4_person_without_any_role_is_nobody(tx: TransactionalDBClient) -> None:
    person = await registered()
    browser = await visitor(person)
    assert (await browser.get("/ru/applications")).status_code == 200
    await Membership.filter(person_id=person.id).delete()
    for path in ("", "calls", "regions", "sign-in"):
        assert (await browser.get(f"/ru/{path}")).status_code == 200, path
    for path in ("journal", "applications", "reviews", "reports", "agreements", "calls/new"):
        assert "/sign-in?" in (await browser.get(f"/ru/{path}")).headers["location"], path
    answer = await (await visitor()).send_form("/ru/sign-in", {"email": person.email, "password": PASSWORD})
    assert answer.status_code == 422


async def test_a4_removed_role_closes_its_door_at_once(tx: TransactionalDBClient) -> None:
    person = await make.person(Role.OFFICER, Role.AUDITOR)
    browser = await visitor(person)
    assert (await browser.get("/ru/calls/new")).status_code == 200
    await Membership.filter(person_id=person.id, role=Role.OFFICER).delete()
    assert (await browser.get("/ru/calls/new")).status_code == 403
    assert (await browser.send_form("/ru/calls/new", {"name_ru": "Чужое"})).status_code == 403
    assert (await browser.get("/ru/journal")).status_code == 200


async def test_a4_disabled_person_can_do_nothing_with_what_she_has_open(tx: TransactionalDBClient) -> None:
    person = await make.person(Role.OFFICER)
    call = await make.call()
    browser = await visitor(person)
    await Person.filter(id=person.id).update(is_active=False)
    answer = await browser.send_form(f"/ru/calls/{call.number}/places", {"places": "9"})
    assert answer.status_code == 303
    assert "/sign-in?" in answer.headers["location"]


@pytest.mark.parametrize("later", [sessions.IDLE, sessions.ABSOLUTE])
async def test_a4_old_session_is_dead(tx: TransactionalDBClient, later: timedelta) -> None:
    browser = await visitor(await make.person(Role.AUDITOR))
    with clock.frozen(clock.now() + later * 1.01):
        assert (await browser.get("/ru/journal")).status_code == 303


FOREIGN = [
    {"host": "evil"},
    {"host": "localhost.evil"},
    {"host": "localhost/ru?x="},
    {"host": "localhost@evil"},
    {"host": "localhost:1"},
    {"host": ""},
    {"host": "evil", "x-forwarded-host": "localhost"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=lambda headers: "+".join(headers.values()))
async def test_a9_foreign_host_is_refused(tx: TransactionalDBClient, headers: dict[str, str]) -> None:
    browser = await visitor(await make.person(Role.AUDITOR))
    for path in ("/ru/sign-in", "/ru/journal", "/healthz", "/static/css/portal.css", "/ru/dashboards/"):
        answer = await browser.get(path, headers=headers)
        assert answer.status_code == 400, path
        assert "evil" not in answer.text


async def test_a9_forwarded_names_change_nothing(tx: TransactionalDBClient) -> None:
    browser = await visitor()
    plain = await browser.get("/ru/sign-in")
    forged = {
        "x-forwarded-host": "evil", "x-forwarded-proto": "gopher", "forwarded": "host=evil", "x-host": "evil",
        "x-original-url": "/ru/journal", "x-rewrite-url": "/ru/journal", "x-forwarded-prefix": "/evil",
    }  # fmt: skip
    answer = await browser.get("/ru/sign-in", headers=forged)
    assert answer.status_code == 200
    assert "evil" not in answer.text + str(answer.headers)
    assert steady(answer.text) == steady(plain.text)


@pytest.mark.parametrize(
    "target", ["http://evil/ru/", "//evil/ru/", "///evil", "*", "ru/", "/ru/\\evil/", "/ru/%0d%0a"]
)
async def test_a9_odd_targets_lead_nowhere_else(tx: TransactionalDBClient, target: str) -> None:
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    transport: Any = (await visitor())._transport
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": target.replace("%0d%0a", "\r\n"), "raw_path": target.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1), "server": ("localhost", 80),
    }  # fmt: skip
    await transport.app(scope, receive, send)
    assert told[0]["status"] in (400, 404)


async def test_a9_letters_lead_to_the_configured_address(people: SignedIn) -> None:
    bodies = [letter.body for letter in await Letter.all()]
    assert len(bodies) > 20
    links = {link for body in bodies for link in re.findall(r"\w+://[^\s/]+", body)}
    assert links == {settings().base_url}


BACK = [
    "//evil", "/\\evil", "\\\\evil", "https:evil", "https:/evil", "https:///evil", "javascript:alert(1)", "data:,x",
    "/\t/evil", "/\n/evil", "\t//evil", " //evil", "http://localhost@evil/", "http://localhost:80@evil/",
    "http://evil\\@localhost/", "http://[", "http://localhost//evil", "http://LOCALHOST.evil/", "/\u2044/evil",
    "//localhost/", "/ru/\u0000", "HTTP:evil", "http:/\\evil", "/%09/evil\r\nSet-Cookie: a=b", "?next=//evil", "",
    "mailto:a@b", "http://localhost:99999999/", "./evil", "/ru/sign-out",
]  # fmt: skip


@pytest.mark.parametrize("asked", BACK)
async def test_a11_next_stays_here(tx: TransactionalDBClient, asked: str) -> None:
    back = path_back(asked, frozenset({"localhost"}))
    assert back is None or re.fullmatch(r"/[^/\\\s][^\\\s]*", back), back
    browser = await visitor()
    answer = await browser.send_form("/ru/view", {"view": "clear", "back": asked})
    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        assert re.fullmatch(r"/ru/[^/\\\s]*|/[a-z%0-9]+/evil.*", answer.headers["location"])
    assert answer.headers.get_list("set-cookie") == [] or "a=b" not in str(answer.headers)


async def test_a11_way_to_sign_in_carries_only_our_path(tx: TransactionalDBClient) -> None:
    browser = await visitor()
    answer = await browser.get("/ru/journal?words=//evil&next=http://evil")
    assert answer.headers["location"].startswith("/ru/sign-in?next=%2Fru%2Fjournal%3Fwords")
    for referer in ("http://evil/ru/", "http://localhost@evil/", "http://["):
        posted = await browser.post("/ru/sign-out", headers={"origin": "http://localhost", "referer": referer})
        location = posted.headers["location"]
        assert 'name="next" value="/ru/"' in (await browser.get(location)).text


REAL = {
    "PORTAL_SECRET": "9f3c7a51d20e4b8896aa0c1d5e7f2b34",
    "PORTAL_BASE_URL": "https://portal.example.org",
    "PORTAL_DATABASE_URL": "postgresql://portal_app@db/portal",
}


@pytest.mark.parametrize(
    "changed",
    [
        {"PORTAL_SECRET": ""},
        {"PORTAL_SECRET": "demonstration only, never for real data"},
        {"PORTAL_SECRET": "a" * 64},
        {"PORTAL_SECRET": "abababababababababababababababababab"},
        {"PORTAL_BASE_URL": "http://portal.example.org"},
        {"PORTAL_BASE_URL": "https://"},
        {"PORTAL_BASE_URL": "https://portal.example.org/under/a/path"},
        {"PORTAL_BASE_URL": "https://user:word@portal.example.org"},
        {"PORTAL_DATABASE_URL": ""},
    ],
    ids=str,
)
def test_p1_careless_start_is_refused(changed: dict[str, str]) -> None:
    read_settings(REAL)
    with pytest.raises(Unsafe):
        read_settings(REAL | changed)


HIDDEN = [
    "/docs", "/redoc", "/openapi.json", "/.git/config", "/.git/HEAD", "/.env", "/static/", "/static", "/static/css/",
    "/static/../settings.py", "/static/%2e%2e/settings.py", "/static/..%2fsettings.py", "/ru/docs", "/admin",
    "/metrics",
    "/ru/dashboards/docs", "/dashboards/openapi.json", "/robots.txt~", "/debug", "/static/dist/../../settings.py",
    "/_dash-layout", "/_dash-update-component", "/server-status", "/console",
    "/var/secret", "/static/css/portal.css.map",
]  # fmt: skip


async def test_p1_nothing_lies_about(tx: TransactionalDBClient) -> None:
    browser = await visitor()
    for path in HIDDEN:
        answer = await browser.get(path)
        for _ in range(3):
            if answer.status_code in (307, 308):
                answer = await browser.get(answer.headers["location"])
        assert answer.status_code == 404, path
    trace = await browser.request("TRACE", "/ru/", headers={"x-secret": "word"})
    assert trace.status_code == 405
    assert "word" not in trace.text


async def test_p1_errors_tell_nothing_of_the_machine(tx: TransactionalDBClient) -> None:
    browser = await visitor()
    for path in ("/ru/nothing", "/ru/calls/x", "/static/x", "/ru/dashboards/x"):
        text = (await browser.get(path)).text
        assert not re.search(r"Traceback|starlette|uvicorn|\.py\b|/site-packages/", text), path
    assert "server" not in (await browser.get("/ru/")).headers


async def test_p1_demonstration_lets_nobody_in_outside_itself(
    tx: TransactionalDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of the demonstration behind a real portal: its known password opens nothing."""
    from portal.demo import PASSWORD as KNOWN
    from portal.people.account.service import hashing, offering

    await registered()
    body = (await Person.get(email="editor@region.ru")).organisation_id
    person = await Person.create(
        email="officer@demo.example", name_ru="Кто-то", organisation_id=body, password_hash=hashing._hasher.hash(KNOWN)
    )
    await Membership.create(person=person, role=Role.EDITOR)
    assert await sign_in(person.email, KNOWN)
    real = read_settings(REAL)
    for module in (hashing, offering):
        monkeypatch.setattr(module, "settings", lambda: real)
    assert await sign_in(person.email, KNOWN) is None
    assert await sign_in("editor@region.ru", PASSWORD)
    with pytest.raises(RuntimeError):
        offering.offer([])


async def test_a9_pages_never_speak_of_another_host(people: SignedIn) -> None:
    texts = await reached(await people("officer"), each=1)
    for address, text in texts.items():
        if "/outbox/" in address:  # A letter as it goes: its links are whole, from the address of the settings.
            continue
        for link in re.findall(r'(?:href|src|action)="(\w+://[^"]*)"', text):
            assert not link.startswith("http://localhost"), (address, link)
