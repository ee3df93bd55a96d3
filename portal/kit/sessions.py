"""Who is signed in: a random token in a cookie, its hash in a table; ended by a row's removal, at once everywhere."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta

from tortoise import fields
from tortoise.models import Model

from portal.kit import clock
from portal.kit.db import columns, record, rows

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)
CONFIRMED = timedelta(minutes=5)


class Session(Model):
    """One sign-in on one device. Flash messages wait here for the next page; `is_strong` had a second factor."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person_id = fields.BigIntField(db_index=True)
    opened_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)
    is_strong = fields.BooleanField(default=False, db_default=False)
    device = fields.CharField(max_length=300, default="")
    flashes: list[dict[str, str]] = fields.JSONField(default=list)

    class Meta:
        table = "session"

    @property
    def mark(self) -> str:
        """What names this session on its person's own page; nobody enters with it."""
        return self.token_hash[:16]

    @property
    def is_confirmed(self) -> bool:
        """Whether she has shown within five minutes that it is still she: asked before dangerous deeds."""
        return self.confirmed_at is not None and clock.now() - self.confirmed_at <= CONFIRMED


def fingerprint(token: str) -> str:
    """What of a token is stored: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def signature(secret: str, token: str) -> str:
    """The form token that belongs to this session or anonymous cookie and to no other."""
    return hmac.new(secret.encode(), b"form:" + token.encode(), hashlib.sha256).hexdigest()


def is_signed(sent: str, by: Iterable[str], token: str) -> bool:
    """Whether this is the signature of the token by one of these secrets."""
    return any(hmac.compare_digest(signature(secret, token).encode(), sent.encode()) for secret in by)


def masked(signature: str) -> str:
    """The signature as a page carries it: written anew each time, so that no two pages hold the same."""
    mask = secrets.token_bytes(len(signature) // 2)
    return (mask + _crossed(mask, bytes.fromhex(signature))).hex()


def unmasked(sent: str) -> str:
    """The signature of what a form sent; whatever is not masked is as it was sent."""
    try:
        whole = bytes.fromhex(sent) if len(sent) == 4 * hashlib.sha256().digest_size else b""
    except ValueError:
        return sent
    return _crossed(whole[: len(whole) // 2], whole[len(whole) // 2 :]).hex() if whole else sent


def _crossed(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(len(one))


async def open_session(person_id: int, device: str, *, replacing: str = "", strong: bool = False) -> str:
    """A new session stands, the replaced one is gone; answers with the token for the cookie."""
    if replacing:
        await Session.filter(token_hash=fingerprint(replacing)).delete()
    token = secrets.token_urlsafe(32)
    now = clock.now()
    await Session.create(
        token_hash=fingerprint(token),
        person_id=person_id,
        opened_at=now,
        seen_at=now,
        confirmed_at=now,
        is_strong=strong,
        device=device[:300],
    )
    return token


async def renew(session: Session, *, strong: bool) -> str:
    """The session has a new token, its old one is dead, and it is confirmed; answers with the token for the cookie."""
    token = secrets.token_urlsafe(32)
    session.token_hash, session.confirmed_at, session.is_strong = fingerprint(token), clock.now(), strong
    await Session.filter(id=session.id).update(
        token_hash=session.token_hash, confirmed_at=session.confirmed_at, is_strong=strong
    )
    return token


async def of_person(person_id: int) -> list[Session]:
    """Her sessions that are still good, the one used last first."""
    now = clock.now()
    good = Session.filter(person_id=person_id, seen_at__gte=now - IDLE, opened_at__gte=now - ABSOLUTE)
    return await good.order_by("-seen_at", "-id")


async def find(token: str) -> Session | None:
    """The session of this token if it is still good; its last use is noted at most once a minute."""
    found = await rows(f"SELECT {columns(Session, 'session')} FROM session WHERE token_hash = $1", fingerprint(token))
    if not found:
        return None
    session, now = record(Session, found[0], "session"), clock.now()
    if now - session.seen_at > IDLE or now - session.opened_at > ABSOLUTE:
        return None
    if now - session.seen_at > TOUCH:
        await Session.filter(id=session.id).update(seen_at=now)
    return session


async def close(token: str) -> None:
    """The session of this token is ended."""
    await Session.filter(token_hash=fingerprint(token)).delete()


async def close_all(person_id: int, *, but: Session | None = None) -> None:
    """Every session of this person is ended, on all devices, `but` this one."""
    others = Session.filter(person_id=person_id)
    await (others.exclude(id=but.id) if but else others).delete()
