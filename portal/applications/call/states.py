"""The life of a call."""

from enum import StrEnum

from portal.kit.lifecycle import step


class CallState(StrEnum):
    """Where a call stands. That its hour has come or passed is not a state: it is the clock."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DECIDED = "decided"
    ARCHIVED = "archived"


OPEN = step("open", CallState.DRAFT, CallState.OPEN)
CLOSE = step("close", CallState.OPEN, CallState.CLOSED)
DECIDE = step("decide", CallState.CLOSED, CallState.DECIDED)
ARCHIVE = step("archive", CallState.DECIDED, CallState.ARCHIVED)
