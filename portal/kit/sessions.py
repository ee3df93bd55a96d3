"""Who is signed in: a random token in a cookie, its hash in a table; ended by a row's removal, at once everywhere."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from tortoise import fields
from tortoise.models import Model

from portal.kit import clock
from portal.kit.db import columns, record, rows

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)


class Session(Model):
    """One sign-in on one device. Flash messages wait here for the next page."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person_id = fields.BigIntField(db_index=True)
    opened_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    device = fields.CharField(max_length=300, default="")
    flashes: list[dict[str, str]] = fields.JSONField(default=list)

    class Meta:
        table = "session"


def fingerprint(token: str) -> str:
    """What of a token is stored: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def signature(secret: str, token: str) -> str:
    """The form token that belongs to this session or anonymous cookie and to no other."""
    return hmac.new(secret.encode(), b"form:" + token.encode(), hashlib.sha256).hexdigest()


async def open_session(person_id: int, device: str, *, replacing: str = "") -> str:
    """A new session stands, the replaced one is gone; answers with the token for the cookie."""
    if replacing:
        await Session.filter(token_hash=fingerprint(replacing)).delete()
    token = secrets.token_urlsafe(32)
    now = clock.now()
    await Session.create(
        token_hash=fingerprint(token), person_id=person_id, opened_at=now, seen_at=now, device=device[:300]
    )
    return token


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


async def close_all(person_id: int) -> None:
    """Every session of this person is ended, on all devices."""
    await Session.filter(person_id=person_id).delete()
