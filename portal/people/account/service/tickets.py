"""Tickets: random tokens for one deed and a short time, dead as soon as the address or the password changes."""

from __future__ import annotations

import secrets

from portal.kit import clock, sessions
from portal.people.account.models import LIFE, Purpose, Ticket
from portal.people.person.models import Person
from portal.people.person.service import load
from portal.settings import settings


def _bound_to(person: Person) -> str:
    return f"ticket:{person.id}:{person.email}:{person.password_hash}"


async def issue(person: Person, purpose: Purpose) -> str:
    """A new token for her; tickets that have outlived their time are gone."""
    now = clock.now()
    await Ticket.filter(person=person, made_at__lt=now - max(LIFE.values())).delete()
    token = secrets.token_urlsafe(32)
    await Ticket.create(
        purpose=purpose,
        token_hash=sessions.fingerprint(token),
        person=person,
        made_at=now,
        bound=sessions.signature(settings().secret, _bound_to(person)),
    )
    return token


async def holder(token: str, purpose: Purpose, *, lock: bool = False) -> Person | None:
    """Whose ticket this is, if it is still good; with `lock`, nobody else uses it until the transaction ends."""
    found = Ticket.filter(token_hash=sessions.fingerprint(token), purpose=purpose)
    ticket = await (found.select_for_update() if lock else found).first()
    if ticket is None or clock.now() - ticket.made_at >= LIFE[purpose]:
        return None
    person = await load(ticket.person_id)
    return person if person and sessions.is_signed(ticket.bound, settings().secrets, _bound_to(person)) else None


async def tear_up(person: Person, *purposes: Purpose) -> None:
    """All her tickets for these purposes are gone; without any named, all."""
    hers = Ticket.filter(person=person)
    await (hers.filter(purpose__in=purposes) if purposes else hers).delete()
