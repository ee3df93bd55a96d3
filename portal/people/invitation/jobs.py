"""What the worker does for invitations: a request for registration is put before the Foundation."""

from __future__ import annotations

from portal.kit import jobs
from portal.people.invitation.service import receive


@jobs.handler("registration_request")
async def registration_request(task: dict[str, str]) -> None:
    """The request waits, or whoever has the address already is told so by letter."""
    await receive(task)
