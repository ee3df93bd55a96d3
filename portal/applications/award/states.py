"""The life of a decision."""

from enum import StrEnum

from portal.kit.lifecycle import step


class ProtocolState(StrEnum):
    """Where the decision on a call stands."""

    RECOMMENDED = "recommended"
    APPROVED = "approved"
    ANNOUNCED = "announced"


class Outcome(StrEnum):
    """What an application gets."""

    WINNER = "winner"
    RESERVE = "reserve"
    DECLINED = "declined"


RECOMMEND = step("recommend again", ProtocolState.RECOMMENDED, ProtocolState.RECOMMENDED)
APPROVE = step("approve", ProtocolState.RECOMMENDED, ProtocolState.APPROVED)
ANNOUNCE = step("announce", ProtocolState.APPROVED, ProtocolState.ANNOUNCED)
