"""Staff prove who they are: with a second factor always, and once more before a dangerous deed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import access, clock, sessions
from portal.kit.mail import Letter
from portal.kit.sessions import Session
from portal.people.account import rules, service
from portal.people.account.models import Purpose, SecondFactor
from portal.people.account.routes import confirming, entry
from portal.people.account.service import second_factor, tickets
from portal.people.person.models import Membership
from portal.people.person.service import load
from portal.people.roles import STAFF, Role
from portal.settings import settings
from tests import make
from tests.faults.test_second_factor import LATER, NOW, code_of, ticket_of, with_factor
from tests.people.account.test_service import PASSWORD, registered
from tests.visit import Visitor, visitor


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules of a portal that is no demonstration."""
    real = replace(settings(), demo=False)
    for module in (entry, second_factor):
        monkeypatch.setattr(module, "settings", lambda: real)
    from portal.people.account.routes import second_step

    monkeypatch.setattr(second_step, "settings", lambda: real)


@pytest.mark.parametrize("role", sorted(STAFF))
async def test_a13_staff_get_nowhere_without_a_second_factor(
    tx: TransactionalDBClient, outside: None, role: Role
) -> None:
    browser = await visitor(await make.person(role))
    for path in ("/ru/", "/ru/journal", "/ru/account", "/ru/calls/new", "/ru/account/password", "/en/calls"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path[:3]}/account/second-step"), path
    answer = await browser.send_form("/ru/account/sessions/end-others")
    assert answer.headers["location"] == "/ru/account/second-step"
    assert (await browser.get("/ru/account/second-step")).status_code == 200
    assert (await browser.send_form("/ru/sign-out")).headers["location"] == "/ru/"


async def test_a13_set_up_opens_the_portal_and_cannot_be_undone_by_staff(
    tx: TransactionalDBClient, outside: None
) -> None:
    person = await make.person(Role.OFFICER)
    browser, thief = await visitor(person), await visitor(person)
    page = (await browser.get("/ru/account/second-step")).text
    sealed, key = re.search(r'name="sealed" value="([^"]+)"', page), re.search(r"<code>([A-Z2-7-]+)</code>", page)
    assert sealed
    assert key
    assert not await SecondFactor.exists(), "reading the page stores nothing"
    secret = key[1].replace("-", "")
    answer = await thief.send_form(
        "/ru/account/second-step", {"sealed": sealed[1], "code": code_of(secret, clock.now())}
    )
    assert answer.status_code == 422, "a secret offered to another session"
    before = browser.cookies["session"]
    answer = await browser.send_form(
        "/ru/account/second-step", {"sealed": sealed[1], "code": code_of(secret, clock.now())}
    )
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert len(re.findall(r"<code>[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}</code>", answer.text)) == rules.RECOVERY_CODES
    assert browser.cookies["session"] != before
    assert (await browser.get("/ru/journal")).status_code == 403
    assert (await browser.get("/ru/calls/new")).status_code == 200
    assert "/sign-in?" in (await thief.get("/ru/account")).headers["location"]
    answer = await browser.send_form("/ru/account/second-step/remove")
    assert answer.status_code == 409
    assert await SecondFactor.exists()


async def test_a13_removed_factor_is_told_by_letter(tx: TransactionalDBClient) -> None:
    with clock.frozen(NOW):
        person = await registered()
        await with_factor(person)
        browser = await visitor(person)
        answer = await browser.send_form("/ru/account/second-step/remove")
        assert answer.headers["location"] == "/ru/account"
    letters = [letter.subject for letter in await Letter.filter(address=person.email).order_by("id")]
    assert letters == ["Включён второй шаг входа", "Второй шаг входа отключён"]
    assert not await SecondFactor.exists()


async def test_a13_administrator_removes_the_factor_of_a_lost_telephone(tx: TransactionalDBClient) -> None:
    with clock.frozen(NOW):
        person, other = await registered(), await make.person(Role.ADMINISTRATOR)
        await with_factor(person)
        await second_factor.remove(person, by=other)
    assert not await Session.filter(person_id=person.id).exists()
    assert await Letter.filter(address=person.email).count() == 2


async def _later(browser: Visitor, minutes: float) -> None:
    """Her last proof is so many minutes old."""
    at = clock.now() - timedelta(minutes=minutes)
    await Session.filter(token_hash=sessions.fingerprint(browser.cookies["session"])).update(confirmed_at=at)


async def test_a13_dangerous_deed_asks_once_more_and_keeps_what_was_typed(tx: TransactionalDBClient) -> None:
    with clock.frozen(NOW):
        person = await registered()
        secret, _ = await with_factor(person)
    with clock.frozen(LATER):
        browser = await visitor(person)
        await _later(browser, 5.1)
        kept = {"word": 'набрано "вчера"', "twice": ["a", "b"]}
        asked = await browser.send_form("/ru/account/second-step/remove", kept)
        assert asked.status_code == 403
        assert 'name="word" value="набрано &#34;вчера&#34;"' in asked.text
        assert asked.text.count('name="twice"') == 2
        assert await SecondFactor.exists()
        for proof, field in (
            ({"confirm-password": "мимо", "confirm-code": code_of(secret, LATER)}, "confirm-password"),
            ({"confirm-password": PASSWORD, "confirm-code": "000000"}, "confirm-code"),
            ({"confirm-password": PASSWORD}, "confirm-code"),
        ):
            answer = await browser.send_form("/ru/account/second-step/remove", {**kept, **proof})
            assert answer.status_code == 403
            assert f'href="#{field}"' in answer.text
            assert await SecondFactor.exists()
        before = browser.cookies["session"]
        right = {"confirm-password": PASSWORD, "confirm-code": code_of(secret, LATER)}
        answer = await browser.send_form("/ru/account/second-step/remove", {**kept, **right})
        assert answer.headers["location"] == "/ru/account"
        assert not await SecondFactor.exists()
        assert browser.cookies["session"] != before
        assert await sessions.find(before) is None, "a copied cookie is not confirmed with her"


async def test_a13_page_to_read_is_come_back_to(tx: TransactionalDBClient) -> None:
    person = await registered()
    browser = await visitor(person)
    await _later(browser, 6)
    answer = await browser.get("/ru/account/second-step?x=1")
    assert answer.headers["location"] == "/ru/account/confirm?next=%2Fru%2Faccount%2Fsecond-step%3Fx%3D1"
    assert (await browser.get(answer.headers["location"])).status_code == 200
    sent = {"next": "/ru/account/second-step?x=1", "confirm-password": PASSWORD}
    wrong = await browser.send_form("/ru/account/confirm", {**sent, "confirm-password": "мимо мимо мимо"})
    assert wrong.status_code == 422
    evil = await browser.send_form("/ru/account/confirm", {"next": "//evil", "confirm-password": PASSWORD})
    assert evil.headers["location"] == "/ru/"
    answer = await browser.send_form("/ru/account/confirm", sent)
    assert answer.headers["location"] == "/ru/account/second-step?x=1"
    assert (await browser.get("/ru/account/second-step")).status_code == 200


async def test_a13_proof_is_limited_like_signing_in(tx: TransactionalDBClient) -> None:
    person = await registered()
    browser = await visitor(person)
    await _later(browser, 6)
    for _ in range(rules.PASSWORDS.of_account):
        await browser.send_form("/ru/account/second-step/remove", {"confirm-password": "мимо мимо мимо"})
    answer = await browser.send_form("/ru/account/second-step/remove", {"confirm-password": PASSWORD})
    assert answer.status_code == 403
    assert "Слишком много неверных паролей" in answer.text


async def test_a13_guard_lets_the_endpoint_see_only_what_was_typed(tx: TransactionalDBClient) -> None:
    seen: list[dict[str, str]] = []

    @access.door(Role.EDITOR, confirmed=True)
    async def deed(request: Request) -> Response:
        from portal.kit.forms import read_form

        seen.append(dict(await read_form(request)))
        return PlainTextResponse("done")

    assert confirming.PROOF == ("confirm-password", "confirm-code")
    assert deed.door == frozenset({Role.EDITOR})  # type: ignore[attr-defined]
    person = await registered()
    token = await sessions.open_session(person.id, "")
    body = f"form_token={sessions.signature(settings().secret, token)}&word=a&confirm-password=x".encode()

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "type": "http", "method": "POST", "path": "/ru/x", "query_string": b"", "server": ("localhost", 80),
        "headers": [(b"cookie", f"session={token}".encode()), (b"content-type", b"application/x-www-form-urlencoded")],
    }  # fmt: skip
    assert (await deed(Request(scope, receive))).body == b"done"
    assert seen[0]["word"] == "a", "fresh from signing in, nothing is asked"


async def test_a4_changed_roles_end_sessions_that_had_the_old_ones(tx: TransactionalDBClient) -> None:
    person, other = await registered(), await make.person(Role.ADMINISTRATOR)
    browser, half = await visitor(person), await ticket_of(person)
    await Membership.create(person_id=person.id, role=Role.SIGNATORY)
    await service.sign_out_everywhere(person, by=other)
    assert "/sign-in?" in (await browser.get("/ru/account")).headers["location"]
    assert await tickets.holder(half, Purpose.CODE) is None
    loaded = await load(person.id)
    assert loaded is not None
    assert loaded.roles == {Role.EDITOR, Role.SIGNATORY}
