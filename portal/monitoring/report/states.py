"""The life of a report."""

from enum import StrEnum

from portal.kit.lifecycle import step


class ReportState(StrEnum):
    """Where a report stands. A correction after acceptance is a new revision with a life of its own."""

    OPEN = "open"
    DRAFT = "draft"
    AWAITING = "awaiting_signature"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"


S = ReportState
BEGIN = step("begin", {S.OPEN, S.RETURNED}, S.DRAFT)
HAND_OVER = step("hand over", S.DRAFT, S.AWAITING)
TAKE_BACK = step("take back", S.AWAITING, S.DRAFT)
SUBMIT = step("submit", {S.DRAFT, S.AWAITING}, S.SUBMITTED)
RETURN = step("return", S.SUBMITTED, S.RETURNED)
ACCEPT = step("accept", S.SUBMITTED, S.ACCEPTED)
SUPERSEDE = step("supersede", S.ACCEPTED, S.CORRECTED)
