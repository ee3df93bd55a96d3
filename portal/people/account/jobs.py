"""What the clock does for accounts: sessions that nobody can use and tries that count no more are removed."""

from __future__ import annotations

from portal.kit import clock, jobs
from portal.kit.sessions import ABSOLUTE, Session
from portal.people.account.models import LIFE, RefusedSignIn, Ticket
from portal.people.account.rules import LONGEST
from portal.people.account.service.reset import answer


@jobs.scheduled("clean_sessions", "17 3 * * *")
async def clean_sessions() -> dict[str, object] | None:
    """Sessions past their end, tickets out of their time and tries that count no more are gone."""
    now = clock.now()
    ended = await Session.filter(opened_at__lt=now - ABSOLUTE).delete()
    forgotten = await RefusedSignIn.filter(at__lt=now - LONGEST).delete()
    links = await Ticket.filter(made_at__lt=now - max(LIFE.values())).delete()
    gone: dict[str, object] = {"sessions": ended, "sign_ins": forgotten, "links": links}
    return gone if any(gone.values()) else None


@jobs.handler("password_link")
async def password_link(task: dict[str, str]) -> None:
    """Whoever has this address gets a link for a new password."""
    await answer(task["email"])
