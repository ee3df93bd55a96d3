"""The life of an application."""

from enum import StrEnum

from portal.kit.lifecycle import step


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    AWAITING = "awaiting_signature"
    SUBMITTED = "submitted"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    AWARDED = "awarded"
    RESERVE = "reserve"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


S = ApplicationState
HAND_OVER = step("hand over", S.DRAFT, S.AWAITING)
TAKE_BACK = step("take back", S.AWAITING, S.DRAFT)
SUBMIT = step("submit", {S.DRAFT, S.AWAITING}, S.SUBMITTED)
WITHDRAW = step("withdraw", {S.DRAFT, S.AWAITING, S.SUBMITTED, S.ELIGIBLE}, S.WITHDRAWN)
ADMIT = step("admit", S.SUBMITTED, S.ELIGIBLE)
REJECT = step("reject", S.SUBMITTED, S.INELIGIBLE)
AWARD = step("award", S.ELIGIBLE, S.AWARDED)
HOLD = step("hold in reserve", S.ELIGIBLE, S.RESERVE)
DECLINE = step("decline", S.ELIGIBLE, S.DECLINED)
