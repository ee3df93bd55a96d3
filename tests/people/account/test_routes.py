"""Signing in and out as a browser does it."""

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import sessions
from portal.kit.sessions import Session
from portal.people.person.models import Person
from portal.people.roles import Role
from portal.settings import settings
from tests.people.account.test_service import PASSWORD, registered
from tests.visit import Visitor, steady, visitor

TYPED = {"email": "editor@region.ru", "password": PASSWORD}


async def signed_in(browser: Visitor, **typed: str) -> None:
    answer = await browser.send_form("/ru/sign-in", {**TYPED, **typed})
    assert answer.status_code == 303


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_sign_in_page_is_there_and_lists_the_people_of_the_demonstration(
    tx: TransactionalDBClient, language: str
) -> None:
    page = await (await visitor()).get(f"/{language}/sign-in?next=/ru/calls")
    assert page.status_code == 200
    assert 'value="/ru/calls"' in page.text
    assert settings().demo
    assert page.text.count('name="password" value=') == len(Role)


async def test_sign_in_opens_a_new_session_and_goes_back_to_the_page(tx: TransactionalDBClient) -> None:
    person = await registered()
    browser = await visitor()
    answer = await browser.send_form("/ru/sign-in", {**TYPED, "next": "http://localhost/ru/applications/2027-001"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ru/applications/2027-001")
    kept = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("session="))
    assert "HttpOnly" in kept
    assert "SameSite=lax" in kept
    assert "Path=/" in kept
    assert str(person.name) in (await browser.get("/ru/regions")).text


@pytest.mark.parametrize("evil", ["//evil", "/\\evil", "https:evil", "javascript:alert(1)", "/ru\r\nSet-Cookie: a=b"])
async def test_next_never_leads_elsewhere(tx: TransactionalDBClient, evil: str) -> None:
    await registered()
    browser = await visitor()
    assert 'name="next" value="/ru/"' in (await browser.get("/ru/sign-in", params={"next": evil})).text
    answer = await browser.send_form("/ru/sign-in", {**TYPED, "next": evil})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ru/")
    assert "a=b" not in str(answer.headers)


async def test_wrong_sign_ins_look_alike_and_keep_no_password(tx: TransactionalDBClient) -> None:
    await registered()
    await Person.filter(email="editor@region.ru").update(is_active=True)
    browser = await visitor()
    known = await browser.send_form("/ru/sign-in", {"email": "editor@region.ru", "password": "мимо-мимо-мимо"})
    nobody = await browser.send_form("/ru/sign-in", {"email": "person@region.ru", "password": "мимо-мимо-мимо"})
    assert known.status_code == nobody.status_code == 422
    assert steady(known.text).replace("editor@", "person@") == steady(nobody.text).replace("editor@", "person@")
    assert "мимо" not in known.text
    assert browser.cookies.get("session") is None


async def test_empty_form_is_told_field_by_field(tx: TransactionalDBClient) -> None:
    answer = await (await visitor()).send_form("/en/sign-in", {"email": "", "password": ""})
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert 'href="#password"' in answer.text


async def test_planted_session_dies_at_sign_in(tx: TransactionalDBClient) -> None:
    person = await registered()
    browser = await visitor()
    planted = await sessions.open_session(person.id, "attacker")
    browser.cookies.set("session", planted)
    await signed_in(browser)
    assert await sessions.find(planted) is None
    assert await Session.all().count() == 1


async def test_copied_cookie_is_dead_after_sign_out(tx: TransactionalDBClient) -> None:
    await registered()
    browser, thief = await visitor(), await visitor()
    await signed_in(browser)
    thief.cookies.set("session", browser.cookies["session"])
    answer = await browser.send_form("/en/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/")
    assert "Выйти" not in (await thief.get("/ru/regions")).text
    assert (await thief.get("/ru/journal")).headers["location"].startswith("/ru/sign-in?next=")


async def test_role_and_activity_are_asked_at_every_request(tx: TransactionalDBClient) -> None:
    person = await registered()
    browser = await visitor(person)
    assert (await browser.get("/ru/journal")).status_code == 403
    await Person.filter(id=person.id).update(is_active=False)
    assert (await browser.get("/ru/journal")).status_code == 303


async def test_who_sends_a_form_after_an_hour_is_told_how_to_keep_what_she_wrote(tx: TransactionalDBClient) -> None:
    browser = await visitor()
    answer = await browser.send_form("/ru/calls/2027/applications", {"goal": "Полчаса работы"})
    assert answer.headers["location"].endswith("&unsaved=yes")
    assert "дважды нажмите «Назад»" in (await browser.get(answer.headers["location"])).text


async def test_form_of_another_browser_is_refused(tx: TransactionalDBClient) -> None:
    await registered()
    browser, other = await visitor(), await visitor()
    other.cookies.set("form", "another browser")
    answer = await browser.post("/ru/sign-in", data={**TYPED, "form_token": other.form_token})
    assert answer.status_code == 403


@pytest.mark.parametrize(("chosen", "kept"), [("clear", "clear"), ("plain", "plain"), ("<script>", "plain")])
async def test_view_is_kept_and_the_page_comes_back(tx: TransactionalDBClient, chosen: str, kept: str) -> None:
    browser = await visitor()
    answer = await browser.send_form("/ru/view", {"view": chosen, "back": "/ru/regions"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ru/regions")
    assert browser.cookies["view"] == kept
    assert ('data-view="clear"' in (await browser.get("/ru/regions")).text) is (kept == "clear")
