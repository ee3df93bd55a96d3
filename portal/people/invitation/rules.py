"""Pure questions about invitations: who may ask whom in, and when a link opens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from portal.kit.i18n import Text, say
from portal.people.invitation.models import Invitation
from portal.people.invitation.states import InvitationState
from portal.people.person.models import Person
from portal.people.person.rules import why_not_hold
from portal.people.roles import REGIONAL, Role

GIVES: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.OFFICER: frozenset({Role.REVIEWER}),
    Role.SIGNATORY: frozenset({Role.EDITOR}),
}
DECIDES = frozenset({Role.ADMINISTRATOR, Role.OFFICER})
UNKNOWN = say("This link leads to no invitation. Open the newest letter, or ask whoever invites you for another.")


def roles_to_give(inviter: Collection[Role]) -> list[Role]:
    """The roles to which a person of these roles may invite, in the order in which roles are named."""
    given = frozenset[Role]().union(*(GIVES.get(role, frozenset()) for role in inviter))
    return [role for role in Role if role in given]


def why_not_invite(
    inviter: Person, roles: Collection[Role], *, region_id: int | None, was_asked: bool = False
) -> Text | None:
    """Why she cannot invite to these roles in an organisation of this region; `was_asked`: a request is approved."""
    may_give = set(roles_to_give(inviter.roles)) | (REGIONAL if was_asked and DECIDES & inviter.roles else set())
    if not set(roles) <= may_give:
        return say("You cannot invite to this role.")
    if not inviter.is_staff and region_id != inviter.region_id:
        return say("You can invite only to your own region.")
    return why_not_hold(roles, has_region=region_id is not None)


def why_not_accept(invitation: Invitation, inviter: Person | None, now: datetime) -> Text | None:
    """Why the link does not open; the inviter is as she is now, None if she may not enter any more."""
    if invitation.state is InvitationState.ACCEPTED:
        return say("This invitation is accepted already. Sign in with your e-mail and password.")
    if invitation.state is not InvitationState.SENT or inviter is None or invitation.organisation is None:
        return say("This invitation was withdrawn. Ask the organisation that invited you.")
    if invitation.ends_at is None or now >= invitation.ends_at:
        return say("This invitation has expired: a link works for seven days. Ask for another letter.")
    region_id, asked = invitation.organisation.region_id, invitation.asked_at is not None
    if why_not_invite(inviter, invitation.given, region_id=region_id, was_asked=asked):
        return say("This invitation was withdrawn. Ask the organisation that invited you.")
    return None


def why_not_send_again(invitation: Invitation) -> Text | None:
    """Only an invitation that is neither used nor withdrawn goes again."""
    sent = invitation.state is InvitationState.SENT
    return None if sent else say("Only an invitation that waits for an answer can be sent again or withdrawn.")


def why_not_decide(invitation: Invitation, roles: Collection[Role]) -> Text | None:
    """Only a request that waits is decided, by an officer or an administrator."""
    if not DECIDES & set(roles):
        return say("Requests are decided by the Foundation.")
    if invitation.state is not InvitationState.ASKED:
        return say("This request is decided already.")
    return None
