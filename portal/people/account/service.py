"""Verbs of people: to sign in and out, to register a person, to found an organisation."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from portal.kit import clock, journal, sessions
from portal.kit.db import constraint
from portal.kit.errors import Invalid, Refusal, refuse
from portal.kit.i18n import Text, say
from portal.kit.numbers import Unreadable
from portal.kit.verb import verb
from portal.people.account import rules
from portal.people.account.models import RefusedSignIn
from portal.people.person.models import Membership, Organisation, Person
from portal.people.person.rules import canonical_email, why_not_hold
from portal.people.person.service import load
from portal.people.roles import Role
from portal.settings import settings

R = TypeVar("R")

constraint("person_email_key", say("Somebody with this e-mail is registered already."))

# 19 MiB and two passes: the least that OWASP's Password Storage Cheat Sheet asks of Argon2id.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe(16))
# Two at once and no more than this many waiting: hashing must not starve the rest.
_threads = ThreadPoolExecutor(2, "passwords")
WAITING = 40
_waiting = 0


async def _in_thread(work: Callable[[], R]) -> R:
    global _waiting
    if _waiting >= WAITING:
        raise Refusal(say("Many people are signing in at this moment. Try again in a minute."), 503)
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work)
    finally:
        _waiting -= 1


def _fits(hashed: str, password: str) -> bool:
    known = password == rules.DEMONSTRATION and not settings().demo
    try:
        return _hasher.verify(hashed, rules.as_typed_once(password)) and not known
    except (Argon2Error, InvalidHashError):
        return False


def device_mark(email: str, mark: str = "") -> str:
    """A mark for the browser in which this person has signed in: strangers' wrong passwords do not count against it."""
    nonce = mark.partition(".")[0] or secrets.token_urlsafe(16)
    return f"{nonce}.{sessions.signature(settings().secret, f'device:{nonce}:{email}')}"


def _is_marked(email: str, mark: str) -> bool:
    return bool(mark) and hmac.compare_digest(device_mark(email, mark).encode(), mark.encode())


async def sign_in(
    email: str, password: str, *, device: str, replacing: str = "", network: str = "", mark: str = ""
) -> str | None:
    """The token of a new session; None for no such person, one not active, a wrong password: alike in time and answer.

    The session `replacing` is ended. Raises Refusal after too many wrong passwords for this account or network; a
    browser with this account's `mark` has a count of its own.
    """
    try:
        address = canonical_email(email)
    except Unreadable:
        address = ""
    known = _is_marked(address, mark)
    account = sessions.fingerprint(f"account:{address or email[:300]}:{mark if known else ''}")
    origin = sessions.fingerprint(f"network:{mark if known else rules.network_of(network)}")
    reason = await _why_not_try(account, origin)
    if reason is not None:
        raise Refusal(reason, 429)
    may_enter = Person.filter(email=address, is_active=True, memberships__id__isnull=False)
    person = await may_enter.first() if address else None
    if not rules.is_too_long(password):
        hashed = person.password_hash if person and person.password_hash else _nobody
        if await _in_thread(lambda: _fits(hashed, password)) and person and person.password_hash:
            return await enter(person, account=account, device=device, replacing=replacing)
    await turn_away(person, account=account, origin=origin)
    return None


async def _why_not_try(account: str, origin: str) -> Text | None:
    since = clock.now() - rules.WINDOW
    by_account = await RefusedSignIn.filter(account=account, at__gt=since).count()
    by_network = await RefusedSignIn.filter(network=origin, at__gt=since).count()
    return rules.why_not_try(by_account, by_network)


@verb
async def enter(person: Person, *, account: str, device: str, replacing: str) -> str:
    """She has a new session, the one it replaces is gone, and her wrong passwords are forgotten."""
    await RefusedSignIn.filter(account=account).delete()
    token = await sessions.open_session(person.id, device, replacing=replacing)
    await journal.write(person, by=person)
    return token


@verb
async def turn_away(person: Person | None, *, account: str, origin: str) -> None:
    """The wrong password counts for a quarter of an hour; the journal says whose account it was if there is one."""
    now = clock.now()
    await RefusedSignIn.filter(at__lt=now - rules.WINDOW).delete()
    refused = await RefusedSignIn.create(account=account, network=origin, at=now)
    await journal.write(person or refused, by=journal.PORTAL)


@verb
async def sign_out(token: str, *, by: Person) -> None:
    """The session of this token is ended."""
    await sessions.close(token)
    await journal.write(by, by=by)


@verb
async def register(
    *,
    email: str,
    name_ru: str,
    name_en: str = "",
    organisation: Organisation,
    roles: Collection[Role],
    password: str,
    by: journal.Actor,
    language: str = "ru",
) -> Person:
    """The person can sign in. Raises Invalid with every problem, Refusal if the roles do not go together."""
    address, problems = rules.read_person(email, name_ru, password, language)
    if problems:
        raise Invalid(problems)
    refuse(why_not_hold(roles, has_region=organisation.region_id is not None))
    person = await Person.create(
        email=address,
        name_ru=name_ru.strip(),
        name_en=name_en.strip(),
        organisation=organisation,
        language=language,
        password_hash=await _in_thread(lambda: _hasher.hash(rules.as_typed_once(password))),
    )
    await Membership.bulk_create([Membership(person=person, role=role) for role in sorted(set(roles))])
    await journal.write(person, by=by, roles=sorted(set(roles)))
    loaded = await load(person.id)
    assert loaded is not None
    return loaded


_offered: list[tuple[Text, str, str]] = []


def offer(sign_ins: Sequence[tuple[Text, str, str]]) -> None:
    """From now on the sign-in page shows these people as (who, e-mail, password): only in the demonstration."""
    if not settings().demo:
        raise RuntimeError("outside the demonstration no password is shown")
    _offered[:] = sign_ins


def offered() -> list[tuple[Text, str, str]]:
    """The people whom one may be in the demonstration; none outside it."""
    return list(_offered)
