"""While the demonstration runs its open call stays open: the officer gives it more time before the last ten minutes."""

from __future__ import annotations

from datetime import timedelta

from portal.applications.call import service as calls
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.kit import clock, jobs
from portal.people.person.models import Person

LEFT = timedelta(minutes=41)
TOO_LITTLE = timedelta(minutes=10)
REASON = "Демонстрация: чтобы открытый конкурс оставался открытым."


async def give_more_time(too_little: timedelta) -> None:
    """An open call of the demonstration that closes in less than `too_little` closes in forty minutes."""
    now = clock.now().replace(second=0, microsecond=0)
    officer = await Person.get(email="officer@demo.example")
    for call in await Call.filter(state=CallState.OPEN, is_demo=True, closes_at__lt=now + too_little):
        await calls.extend(call, closes_at=now + LEFT, reason=REASON, by=officer)


@jobs.scheduled("keep_open", "*/5 * * * *")
async def keep_open() -> None:
    """The open call has more than the last ten minutes."""
    await give_more_time(TOO_LITTLE)
