"""The life of an agreement."""

from enum import StrEnum

from portal.kit.lifecycle import step


class AgreementState(StrEnum):
    """Where an agreement stands."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    CLOSED = "closed"
    TERMINATED = "terminated"


SIGN = step("sign", AgreementState.DRAFTED, AgreementState.SIGNED)
CLOSE = step("close", AgreementState.SIGNED, AgreementState.CLOSED)
TERMINATE = step("terminate", {AgreementState.DRAFTED, AgreementState.SIGNED}, AgreementState.TERMINATED)
