"""The life of a review."""

from enum import StrEnum

from portal.kit.lifecycle import step


class ReviewState(StrEnum):
    """Where a review stands."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    RETURNED = "returned"


class Conflict(StrEnum):
    """Whether the reviewer has a conflict of interest: not asked, none, yes."""

    NOT_ASKED = "not_asked"
    NONE = "none"
    YES = "yes"


S = ReviewState
BEGIN = step("begin", S.ASSIGNED, S.IN_PROGRESS)
SUBMIT = step("submit", {S.IN_PROGRESS, S.RETURNED}, S.SUBMITTED)
DECLINE = step("decline", {S.ASSIGNED, S.IN_PROGRESS, S.RETURNED}, S.DECLINED)
RETURN = step("return", S.SUBMITTED, S.RETURNED)
