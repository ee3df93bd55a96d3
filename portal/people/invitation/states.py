"""The life of an invitation. One that was asked for waits until somebody decides; others begin as sent."""

from enum import StrEnum

from portal.kit.lifecycle import step


class InvitationState(StrEnum):
    """Where an invitation stands. That its link is out of time is the clock's word, not a state."""

    ASKED = "asked"
    SENT = "sent"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


S = InvitationState
APPROVE = step("approve", S.ASKED, S.SENT)
DECLINE = step("decline", S.ASKED, S.DECLINED)
ACCEPT = step("accept", S.SENT, S.ACCEPTED)
WITHDRAW = step("withdraw", S.SENT, S.WITHDRAWN)
