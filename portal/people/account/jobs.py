"""What the clock does for accounts: sessions that nobody can use and wrong passwords that count no more are removed."""

from __future__ import annotations

from portal.kit import clock, jobs
from portal.kit.sessions import ABSOLUTE, Session
from portal.people.account.models import RefusedSignIn
from portal.people.account.rules import WINDOW


@jobs.scheduled("clean_sessions", "17 3 * * *")
async def clean_sessions() -> dict[str, object] | None:
    """Sessions past their end and wrong passwords out of their quarter of an hour are gone."""
    now = clock.now()
    ended = await Session.filter(opened_at__lt=now - ABSOLUTE).delete()
    forgotten = await RefusedSignIn.filter(at__lt=now - WINDOW).delete()
    return {"sessions": ended, "sign_ins": forgotten} if ended or forgotten else None
