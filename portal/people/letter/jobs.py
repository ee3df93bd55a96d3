"""What the clock does for letters: the forgotten ones are sent, and texts that are no longer needed are removed."""

from __future__ import annotations

from portal.kit import clock, jobs
from portal.kit.mail import BODY_KEPT, FIRST_DELAY, SECRET_KEPT, Letter, LetterState, is_going, queue


@jobs.scheduled("send_forgotten", "*/10 * * * *")
async def send_forgotten() -> dict[str, object] | None:
    """Letters that are overdue wait for the worker again: a task can be lost with the database that held it."""
    overdue = Letter.filter(state=LetterState.WAITING, due_at__lt=clock.now() - FIRST_DELAY)
    if not is_going():
        return None
    for letter in await overdue.order_by("id").limit(1000):
        await queue(letter)
    return None  # Nothing new: each letter was told of when it was written.


@jobs.scheduled("clean_letters", "27 3 * * *")
async def clean_letters() -> dict[str, object] | None:
    """Of letters that went long ago the texts are gone, of those with a secret link after three days."""
    now = clock.now()
    done = Letter.exclude(state=LetterState.WAITING).exclude(body="")
    old = await done.filter(written_at__lt=now - BODY_KEPT).update(body="")
    opened = await done.filter(secret=True, written_at__lt=now - SECRET_KEPT).update(body="")
    return {"texts": old, "secrets": opened} if old or opened else None
