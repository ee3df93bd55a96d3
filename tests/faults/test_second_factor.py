"""Codes of the second factor: used twice, guessed, in other digits; and deeds that ask once more who it is."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pyotp
import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import clock, sessions
from portal.kit.errors import Refusal
from portal.kit.sessions import Session
from portal.people.account import rules, service
from portal.people.account.models import Purpose, RecoveryCode, SecondFactor
from portal.people.account.service import Browser, second_factor, tickets
from portal.people.person.models import Person
from tests import make
from tests.conftest import Database
from tests.people.account.test_service import PASSWORD, registered
from tests.visit import visitor

NOW = make.NOW
LATER = NOW + timedelta(minutes=1)


async def with_factor(person: Person) -> tuple[str, list[str]]:
    """Her secret and recovery codes, set up at NOW."""
    token = await sessions.open_session(person.id, "")
    session = await sessions.find(token)
    assert session is not None
    sealed = second_factor.offered(session)
    secret = second_factor.secret_offered(sealed, session)
    assert secret is not None
    _, codes = await second_factor.set_up(person, sealed, code_of(secret, NOW), session=session)
    return secret, codes


def code_of(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


async def ticket_of(person: Person) -> str:
    return await tickets.issue(person, Purpose.CODE)


async def give(person: Person, typed: str) -> bool:
    return await service.give_code(await ticket_of(person), typed, Browser()) is not None


async def test_a5_code_serves_once_however_it_is_written(tx: TransactionalDBClient) -> None:
    with clock.frozen(NOW):
        person = await registered()
        secret, _ = await with_factor(person)
        assert not await give(person, code_of(secret, NOW)), "it was used to set up"
    with clock.frozen(LATER):
        code = code_of(secret, LATER)
        assert not await give(person, code.translate({ord("0") + n: 0x660 + n for n in range(10)}))
        assert not await give(person, code.translate({ord("0") + n: 0xFF10 + n for n in range(10)}))
        assert await give(person, f" {code[:3]} {code[3:]} ")
        for again in (code, f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"):
            assert not await give(person, again)
        assert not await give(person, code_of(secret, LATER - timedelta(seconds=30))), "an earlier step"
    with clock.frozen(LATER + timedelta(seconds=30)):
        assert await give(person, code_of(secret, LATER + timedelta(seconds=30)))


async def test_a5_of_parallel_uses_one_succeeds(own_database: Database) -> None:
    with clock.frozen(NOW):
        person = await registered()
        secret, recovery = await with_factor(person)
    with clock.frozen(LATER):
        given = [await ticket_of(person) for _ in range(8)]
        uses = (service.give_code(ticket, code_of(secret, LATER), Browser()) for ticket in given)
        answers = await asyncio.gather(*uses, return_exceptions=True)
        assert len([one for one in answers if isinstance(one, tuple)]) == 1
        given = [await ticket_of(person) for _ in range(8)]
        uses = (service.give_code(ticket, recovery[0], Browser()) for ticket in given)
        answers = await asyncio.gather(*uses, return_exceptions=True)
        assert len([one for one in answers if isinstance(one, tuple)]) == 1
    assert await RecoveryCode.filter(used_at__isnull=False).count() == 1


async def test_a6_codes_cannot_be_guessed(tx: TransactionalDBClient) -> None:
    with clock.frozen(NOW):
        person = await registered()
        secret, recovery = await with_factor(person)
    with clock.frozen(LATER):
        for place in range(rules.CODES.of_account):
            assert not await give(person, f"{place:06d}" if place % 2 else "aaaa-aaaa-aaaa")
        for right in (code_of(secret, LATER), recovery[0]):
            with pytest.raises(Refusal) as told:
                await give(person, right)
            assert told.value.status == 429
    with clock.frozen(LATER + timedelta(minutes=29)), pytest.raises(Refusal):
        await give(person, recovery[0])
    with clock.frozen(LATER + timedelta(minutes=31)):
        assert await give(person, recovery[0])
        assert not await give(person, recovery[0])
        assert await give(person, recovery[1].replace("-", " ").upper())


async def test_a6_nothing_of_the_second_factor_is_readable_in_the_database(tx: TransactionalDBClient) -> None:
    with clock.frozen(NOW):
        person = await registered()
        secret, recovery = await with_factor(person)
    factor = await SecondFactor.get(person_id=person.id)
    kept = factor.sealed + "".join([one.code_hash for one in await RecoveryCode.all()])
    assert secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in recovery)
    assert second_factor.unseal(factor.sealed, of=f"person:{person.id}") == secret
    assert second_factor.unseal(factor.sealed, of=f"person:{person.id + 1}") is None
    assert second_factor.unseal(factor.sealed[:-4] + "AAAA", of=f"person:{person.id}") is None
    assert len({*recovery}) == rules.RECOVERY_CODES


async def test_a7_new_password_by_letter_does_not_pass_by_the_code(tx: TransactionalDBClient) -> None:
    with clock.frozen(NOW):
        person = await registered()
        await with_factor(person)
        token = await tickets.issue(person, Purpose.RESET)
        await service.set_by_link(token, "совсем другие четыре слова")
        entered = await service.sign_in(person.email, "совсем другие четыре слова", Browser())
    assert entered is not None
    assert entered.awaits_code
    assert await sessions.find(entered.token) is None


async def test_a3_password_alone_opens_nothing_and_the_code_opens_a_new_session(tx: TransactionalDBClient) -> None:
    browser = await visitor()
    with clock.frozen(NOW):
        person = await registered()
        secret, _ = await with_factor(person)
        await Session.all().delete()
        answer = await browser.send_form(
            "/ru/sign-in", {"email": person.email, "password": PASSWORD, "next": "/ru/calls"}
        )
        assert answer.headers["location"] == "/ru/sign-in/code?next=%2Fru%2Fcalls"
        assert not await Session.exists()
        half = browser.cookies["entry"]
        browser.hold(half)
        assert "/sign-in?" in (await browser.get("/ru/account")).headers["location"]
        browser.cookies.delete("session", domain="localhost.local")
    with clock.frozen(LATER):
        page = await browser.get("/ru/sign-in/code?next=//evil")
        assert 'name="next" value="/ru/"' in page.text
        wrong = await browser.send_form("/ru/sign-in/code", {"code": "000000", "next": "//evil"})
        assert wrong.status_code == 422
        answer = await browser.send_form("/ru/sign-in/code", {"code": code_of(secret, LATER), "next": "/ru/calls"})
        assert answer.headers["location"] == "/ru/calls"
        assert browser.cookies["session"] != half
        assert (await Session.get()).is_strong
        assert browser.cookies.get("entry") is None
        again = await browser.send_form("/ru/sign-in/code", {"code": code_of(secret, LATER)})
        assert again.status_code == 410


async def test_a3_half_open_state_lives_ten_minutes_and_dies_with_the_password(tx: TransactionalDBClient) -> None:
    with clock.frozen(NOW):
        person = await registered()
        _, recovery = await with_factor(person)
        old, other = await ticket_of(person), await ticket_of(person)
    with clock.frozen(NOW + timedelta(minutes=10)), pytest.raises(Refusal):
        await service.give_code(old, recovery[0], Browser())
    with clock.frozen(LATER):
        await service.set_password(person, "совсем другие четыре слова", by=person)
        with pytest.raises(Refusal):
            await service.give_code(other, recovery[0], Browser())
