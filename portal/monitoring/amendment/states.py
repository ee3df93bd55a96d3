"""The life of an amendment."""

from enum import StrEnum

from portal.kit.lifecycle import step


class AmendmentState(StrEnum):
    """Where an amendment stands."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


SIGN = step("sign", AmendmentState.PROPOSED, AmendmentState.SIGNED)
WITHDRAW = step("withdraw", AmendmentState.PROPOSED, AmendmentState.WITHDRAWN)
