"""Passwords guessed, accounts asked after, links used twice, letters sent to look-alikes."""

from __future__ import annotations

import asyncio
import re
import time
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import clock, sessions
from portal.kit.errors import Refusal
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.kit.numbers import Unreadable
from portal.kit.sessions import Session
from portal.people.account import rules, service
from portal.people.account.models import RefusedSignIn, Ticket
from portal.people.account.service import Browser, hashing, reset
from portal.people.account.service.reset import answer
from portal.people.person.models import Person
from portal.settings import settings
from tests.conftest import Database
from tests.faults.test_who_has_an_account import cast
from tests.people.account.test_service import PASSWORD, registered, sign_in
from tests.visit import Visitor, visitor

pytestmark = pytest.mark.breaks_the_rules  # Its people have roles of every kind in one organisation.

NEW = "совсем другие четыре слова"


async def linked(email: str = "editor@region.ru") -> str:
    """The path of the link in the newest letter, asked for by this address."""
    await answer(email)
    letter = await Letter.all().order_by("-id").first()
    assert letter is not None
    found = re.search(r"(/ru/password-reset/[\w-]{40,})", letter.body)
    assert found is not None
    return found[1]


async def test_a1_forwarded_addresses_do_not_spread_the_tries(
    tx: TransactionalDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody's proxy is listed, so every request comes from the one address of its line."""
    monkeypatch.setattr(rules, "PASSWORDS", replace(rules.PASSWORDS, of_network=5))
    browser = await visitor()
    for place in range(rules.PASSWORDS.of_network + 1):
        answer = await browser.post(
            "/ru/sign-in",
            data={"form_token": browser.form_token, "email": f"a{place}@region.ru", "password": "x"},
            headers={"x-forwarded-for": f"10.0.{place}.1", "forwarded": f"for=10.0.{place}.1", "x-real-ip": "10.9.9.9"},
        )
        assert answer.status_code == (422 if place < rules.PASSWORDS.of_network else 429)


async def test_a1_parallel_tries_do_not_pass_the_limit_together(own_database: Database) -> None:
    await registered()
    tries = [sign_in("editor@region.ru", f"wrong {place}", network=f"10.0.0.{place}") for place in range(20)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert answers.count(None) == rules.PASSWORDS.of_account
    refused = [one for one in answers if isinstance(one, Refusal)]
    assert [one.status for one in refused] == [429] * (20 - rules.PASSWORDS.of_account)
    assert await RefusedSignIn.all().count() == rules.PASSWORDS.of_account


async def test_a3_every_step_of_entry_gives_a_new_session(tx: TransactionalDBClient) -> None:
    person = await registered()
    browser = await visitor()
    sent = {"form_token": browser.form_token, "email": person.email, "password": PASSWORD}
    browser.hold("attacker")
    await browser.post("/ru/sign-in", data=sent)
    first = browser.cookies["session"]
    assert first != "attacker"
    await browser.send_form("/ru/account/password", {"present": PASSWORD, "password": NEW})
    second = browser.cookies["session"]
    assert second != first
    assert await sessions.find(first) is None
    assert await sessions.find(second) is not None


async def test_a4_password_changed_elsewhere_ends_this_session(tx: TransactionalDBClient) -> None:
    person = await registered()
    here, there = await visitor(person), await visitor(person)
    answer = await here.send_form("/ru/account/password", {"present": PASSWORD, "password": NEW})
    assert answer.headers["location"] == "/ru/account"
    assert (await here.get("/ru/account")).status_code == 200
    assert "/sign-in?" in (await there.get("/ru/account")).headers["location"]
    assert await sign_in(person.email, PASSWORD) is None
    assert await sign_in(person.email, NEW)
    letter = await Letter.all().order_by("-id").first()
    assert letter is not None
    assert (letter.address, letter.subject) == (person.email, "Ваш пароль изменён")


async def test_a7_reading_the_link_uses_nothing_up(tx: TransactionalDBClient) -> None:
    await registered()
    path, scanner = await linked(), await visitor()
    before = await JournalEntry.all().count()
    for _ in range(5):
        assert (await scanner.get(path)).status_code == 200
        await scanner.head(path)
    assert (await Ticket.all().count(), await JournalEntry.all().count()) == (1, before)


async def test_a7_link_serves_once_and_ends_every_other_link_and_session(tx: TransactionalDBClient) -> None:
    person = await registered()
    older, newer, opened = await linked(), await linked(), await visitor(person)
    browser = await visitor()
    weak = await browser.send_form(newer, {"password": "короткий"})
    assert weak.status_code == 422
    answer = await browser.send_form(newer, {"password": NEW})
    assert answer.headers["location"] == "/ru/sign-in?changed=yes"
    assert browser.cookies.get("session") is None, "the link signs nobody in"
    for path in (newer, older):
        assert (await browser.send_form(path, {"password": "ещё один хороший пароль"})).status_code == 410
        assert (await browser.get(path)).status_code == 410
    assert "/sign-in?" in (await opened.get("/ru/account")).headers["location"]
    assert (await Session.all().count(), await Ticket.all().count()) == (0, 0)
    assert await sign_in(person.email, NEW)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
async def test_a7_link_dies_after_an_hour(tx: TransactionalDBClient, late: timedelta) -> None:
    await registered()
    with clock.frozen(clock.now()):
        begun, path = clock.now(), await linked()
    with clock.frozen(begun + timedelta(hours=1) - timedelta(seconds=1) + late):
        status = (await (await visitor()).send_form(path, {"password": NEW})).status_code
    assert status == (410 if late else 303)


@pytest.mark.parametrize(
    "changed", [{"email": "other@region.ru"}, {"is_active": False}, {"password_hash": "x"}], ids=str
)
async def test_a7_link_dies_with_what_it_was_made_for(tx: TransactionalDBClient, changed: dict[str, object]) -> None:
    person = await registered()
    path = await linked()
    await Person.filter(id=person.id).update(**changed)
    assert (await (await visitor()).send_form(path, {"password": NEW})).status_code == 410


async def test_a7_one_of_many_simultaneous_uses_succeeds(own_database: Database) -> None:
    await registered()
    token = (await linked()).rpartition("/")[2]
    uses = (service.set_by_link(token, f"{NEW} {place}") for place in range(8))
    answers = await asyncio.gather(*uses, return_exceptions=True)
    assert answers.count(None) == 1
    assert all(one.status == 410 for one in answers if isinstance(one, Refusal))


async def test_a7_letters_are_limited(tx: TransactionalDBClient) -> None:
    browser = await visitor()
    for place in range(rules.LETTERS.of_account + 1):
        answered = await browser.send_form("/ru/password-reset", {"email": "nobody@region.ru"})
        assert answered.status_code == (303 if place < rules.LETTERS.of_account else 429)


LOOK_ALIKES = [
    "еditor@region.ru", "editоr@region.ru", "ed\u0131tor@region.ru", "ed\u0130tor@region.ru", "editor@region.ru.",
    "editor@regi\u043en.ru", unicodedata.normalize("NFD", "éditor@region.ru"), "editor@region.ru\u200b",
    "editor@\uff52egion.ru", "editor@region.ru, evil@x.ru", "editor@region.ru\nBcc: a@b.ru", "editor@region。ru",
]  # fmt: skip


@pytest.mark.parametrize("typed", LOOK_ALIKES, ids=ascii)
async def test_a8_look_alike_gets_no_letter(tx: TransactionalDBClient, typed: str) -> None:
    await registered()
    with pytest.raises(Unreadable):
        await service.ask_for_link(typed, Browser())
    await answer(typed)
    assert not await Letter.exists()


@bounded(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a8_letter_goes_to_the_stored_address_only(data: st.DataObject) -> None:
    """Whatever is typed either is no e-mail or comes out as the one that is stored, letter by letter of ASCII."""
    from portal.people.person.rules import canonical_email

    stored = "editor@region.ru"
    signs = [data.draw(st.sampled_from([sign, sign.upper(), "\u0131", "\u212a", "е", "о"])) for sign in stored]
    try:
        assert canonical_email("".join(signs)) == stored
    except Unreadable:
        assert not "".join(signs).isascii()


async def test_a9_letter_of_a_forged_request_leads_to_our_address(tx: TransactionalDBClient) -> None:
    await registered()
    browser: Visitor = await visitor()
    sent = {"form_token": browser.form_token, "email": "editor@region.ru"}
    forged = {"host": "evil", "x-forwarded-host": "evil"}
    assert (await browser.post("/ru/password-reset", data=sent, headers=forged)).status_code == 400
    await browser.post("/ru/password-reset", data=sent, headers={"x-forwarded-host": "evil", "forwarded": "host=evil"})
    path = await linked()
    letter = await Letter.all().order_by("-id").first()
    assert letter is not None
    assert f"{settings().base_url}{path}" in letter.body
    assert "evil" not in letter.body


TAKEN = [
    "двенадцать.букв.и.ещё", "парус над серым полем", "correct horse battery staple", "ёёёжик в тумане ночью",
    "x9!vT#q2LmZ8", "".join(chr(0x430 + place * 7 % 32) for place in range(64)),
]  # fmt: skip
REFUSED = [
    "коротко", "Фонд2026Фонд2026", "ФондФонд2026!!!!", "1234567890123", "qwertyuiop[]", "йцукенгшщзхъ", "1q2w3e4r5t6y",
    "P@ssw0rd12345", "Комплексы-мер-2026", "passwordpassword", "01.01.1990-1990", "aaaaaaaaaaaaaaaa", "editor-region-1",
    "абвгдежзийкл", "qazwsxedcrfv", "Пароль!2026!!", "ghbdtnghbdtn1", "xyzxyzxyzxyz",
    "123qweasdzxc", "1qaz2wsx3edc", "q1w2e3r4t5y6", "leavemealone", "1qazxsw23edc", "qweasdzxc123",
]  # fmt: skip


@pytest.mark.parametrize("password", TAKEN)
def test_a10_long_password_is_taken_as_it_is(password: str) -> None:
    assert rules.why_not_password(password, "editor@region.ru") is None


@pytest.mark.parametrize("password", REFUSED)
def test_a10_guessable_password_is_refused(password: str) -> None:
    assert rules.why_not_password(password, "editor@region.ru") is not None


async def test_a10_endless_and_broken_passwords_cost_nothing(
    tx: TransactionalDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await registered()
    browser, path = await visitor(person), await linked()
    monkeypatch.setattr(hashing, "_in_thread", lambda _: pytest.fail("it was hashed"))
    for password in ("п" * 5_000, "п" * 10_000, "п" * 1025, "двенадцать\x00букв", "", " "):
        for place, typed in (("/ru/account/password", {"present": password}), (path, {})):
            answered = await browser.send_form(place, {**typed, "password": password})
            assert answered.status_code == 422, (place, len(password))
        answered = await (await visitor()).send_form(
            "/ru/sign-in", {"email": person.email, "password": password + "\x00"}
        )
        assert answered.status_code == 422


@bounded(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_a10_no_password_breaks_the_rule(password: str) -> None:
    assert 0 <= rules.effort(password) <= len(rules.as_typed_once(password))


async def test_a10_password_of_many_signs_opens_as_typed(tx: TransactionalDBClient) -> None:
    person = await registered()
    long = unicodedata.normalize("NFD", "йод, ёлка и 64 знака: ") + "".join(chr(0x430 + n * 5 % 32) for n in range(64))
    await service.set_password(person, long, by=person)
    assert await sign_in(person.email, unicodedata.normalize("NFC", long))
    assert await sign_in(person.email, long[:-1]) is None


def test_a10_rule_is_quick_for_any_length() -> None:
    begun = time.perf_counter()
    for password in ("a" * 1024, "ab" * 512, "пароль" * 170, "abcdefgh" * 128, "x1y2" * 256):
        assert rules.why_not_password(password, "editor@region.ru") is not None
    assert time.perf_counter() - begun < 2


async def test_a8_unknown_disabled_and_uninvited_people_get_no_letter(tx: TransactionalDBClient) -> None:
    people = await cast()
    unset = await registered("editor05@region.ru")
    await Person.filter(id=unset.id).update(password_hash="")
    for email in (people["missing"], people["disabled"], unset.email):
        await reset.answer(email)
    assert not await Letter.exists()
