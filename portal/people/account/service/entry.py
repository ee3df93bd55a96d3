"""Verbs of entry: to sign in and out, to give the code where one is needed, to prove once more that it is still she."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from portal.kit import journal, sessions
from portal.kit.errors import Refusal
from portal.kit.i18n import say
from portal.kit.numbers import Unreadable
from portal.kit.sessions import Session
from portal.kit.verb import verb
from portal.people.account import rules
from portal.people.account.models import Purpose, RefusedSignIn, SecondFactor
from portal.people.account.service import hashing, second_factor, tickets, tries
from portal.people.person.models import Person
from portal.people.person.rules import canonical_email
from portal.settings import settings


@dataclass(frozen=True, slots=True)
class Entry:
    """What a right password gives: the token of a session, or of a ticket that waits for the code."""

    token: str
    awaits_code: bool = False


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from: the device in its own words, its address, the mark of a browser known before."""

    device: str = ""
    network: str = ""
    mark: str = ""
    replacing: str = ""
    """The token of the session that this browser had, which a new one ends."""


def device_mark(email: str, mark: str = "") -> str:
    """A mark for the browser in which this person has signed in: strangers' wrong passwords do not count against it."""
    nonce = mark.partition(".")[0] or secrets.token_urlsafe(16)
    return f"{nonce}.{sessions.signature(settings().secret, _marked(nonce, email))}"


def _marked(nonce: str, email: str) -> str:
    return f"device:{nonce}:{email}"


def _is_marked(email: str, mark: str) -> bool:
    nonce, _, signed = mark.partition(".")
    return bool(nonce) and sessions.is_signed(signed, settings().secrets, _marked(nonce, email))


async def _begin(address: str, browser: Browser) -> RefusedSignIn:
    known = browser.mark if _is_marked(address, browser.mark) else ""
    network = known or rules.network_of(browser.network)
    return await tries.begin(rules.PASSWORDS, account=f"{address}:{known}", network=network)


async def sign_in(email: str, password: str, browser: Browser) -> Entry | None:
    """A new session, or a ticket for the code; None for no such person, one not active, a wrong password: all alike.

    Raises Refusal after too many wrong passwords for this account or network; a browser with this account's mark has
    a count of its own.
    """
    try:
        address = canonical_email(email)
    except Unreadable:
        address = ""
    tried = await _begin(address or email[:300], browser)
    may_enter = Person.filter(email=address, is_active=True, memberships__id__isnull=False)
    person = await may_enter.first() if address else None
    if await hashing.fits(person.password_hash if person else "", password) and person:
        if await SecondFactor.exists(person_id=person.id):
            return Entry(await ask_code(person, tried=tried), awaits_code=True)
        return Entry(await enter(person, browser, tried=tried))
    await turn_away(person, tried=tried)
    return None


@verb
async def enter(person: Person, browser: Browser, *, tried: RefusedSignIn | None = None, strong: bool = False) -> str:
    """She has a new session, the one it replaces is gone, and her wrong tries are forgotten; answers with its token.

    Asks nothing: whoever calls has seen the password, the code or the letter's link.
    """
    if tried is not None:
        await tries.forgive(tried)
    token = await sessions.open_session(person.id, browser.device, replacing=browser.replacing, strong=strong)
    await journal.write(person, by=person)
    return token


@verb
async def ask_code(person: Person, *, tried: RefusedSignIn) -> str:
    """The password was right; a ticket waits ten minutes for the code, and opens nothing by itself."""
    await tries.forgive(tried)
    await journal.write(person, by=person)
    return await tickets.issue(person, Purpose.CODE)


@verb
async def turn_away(person: Person | None, *, tried: RefusedSignIn) -> None:
    """The journal says that the try was wrong, and whose account it was if there is one."""
    await journal.write(person or tried, by=journal.PORTAL)


async def give_code(ticket: str, typed: str, browser: Browser) -> tuple[Person, str] | None:
    """The person and the token of her new session; None for a wrong code.

    Raises Refusal where the ticket is not good any more (410), or after too many wrong codes (429).
    """
    person = await tickets.holder(ticket, Purpose.CODE)
    if person is None:
        raise Refusal(say("Too much time has passed since you gave the password. Sign in from the beginning."), 410)
    tried = await _begin_code(person, browser)
    try:
        return person, await enter_with_code(ticket, typed, browser, tried=tried)
    except second_factor.WrongCode:
        await turn_away(person, tried=tried)
        return None


async def _begin_code(person: Person, browser: Browser) -> RefusedSignIn:
    return await tries.begin(rules.CODES, account=str(person.id), network=rules.network_of(browser.network))


@verb
async def enter_with_code(ticket: str, typed: str, browser: Browser, *, tried: RefusedSignIn) -> str:
    """The code is used up, the ticket too, and a strong session stands. Raises WrongCode, and then nothing happens."""
    person = await tickets.holder(ticket, Purpose.CODE, lock=True)
    if person is None:
        raise second_factor.WrongCode
    await second_factor.spend(person, typed)
    await tickets.tear_up(person, Purpose.CODE)
    await journal.write(person, by=person)
    return await enter(person, browser, tried=tried, strong=True)


async def prove(person: Person, password: str, code: str, browser: Browser) -> None:
    """It is still she: password, and code where she has a second factor, are right. Raises Refusal where they are not.

    Wrong ones count like those of signing in.
    """
    tried = await _begin(person.email, browser)
    if not await hashing.fits(person.password_hash, password):
        await turn_away(person, tried=tried)
        raise Refusal(say("This is not your password."), 422)
    if await SecondFactor.exists(person_id=person.id):
        tried_code = await _begin_code(person, browser)
        try:
            await second_factor.use(person, code, tried=tried_code)
        except second_factor.WrongCode as wrong:
            await turn_away(person, tried=tried_code)
            raise wrong from None
    await tries.forgive(tried)


@verb
async def confirm(person: Person, session: Session) -> str:
    """For five minutes dangerous deeds are open to this session; its old token is dead, this is the new one."""
    await journal.write(person, by=person)
    return await sessions.renew(session, strong=session.is_strong)


@verb
async def sign_out(token: str, *, by: Person) -> None:
    """The session of this token is ended."""
    await sessions.close(token)
    await journal.write(by, by=by)
