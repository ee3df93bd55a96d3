"""What the desk shows, read in a few queries: what waits for somebody, where the demonstration's stories stand."""

from portal.desk.models.facts import (
    AgreementRow,
    AmendmentRow,
    ApplicationRow,
    CallRow,
    Facts,
    PendingRow,
    Progress,
    ReportRow,
    Requests,
    ReviewRow,
)
from portal.desk.models.stories import Stories, stories
from portal.desk.models.waiting import calls_not_over, gather

__all__ = [
    "AgreementRow",
    "AmendmentRow",
    "ApplicationRow",
    "CallRow",
    "Facts",
    "PendingRow",
    "Progress",
    "ReportRow",
    "Requests",
    "ReviewRow",
    "Stories",
    "calls_not_over",
    "gather",
    "stories",
]
