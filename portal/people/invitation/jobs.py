"""What the clock and the queue do for invitations: requests are put before the Foundation, old ones removed."""

from __future__ import annotations

from tortoise.expressions import Q

from portal.kit import clock, jobs
from portal.people.invitation.models import KEPT, Invitation
from portal.people.invitation.service import receive
from portal.people.invitation.states import InvitationState


@jobs.handler("registration_request")
async def registration_request(task: dict[str, str]) -> None:
    """The request waits, or whoever has the address already is told so by letter."""
    await receive(task)


@jobs.scheduled("clean_requests", "37 3 * * *")
async def clean_requests() -> dict[str, object] | None:
    """Names and addresses of people who did not become members are gone after `KEPT`: nobody decided, it was declined
    or withdrawn, or the link was never used."""
    before = clock.now() - KEPT
    old = Q(sent_at__lt=before) | Q(sent_at__isnull=True, asked_at__lt=before)
    removed = await Invitation.exclude(state=InvitationState.ACCEPTED).filter(old).delete()
    return {"requests": removed} if removed else None
