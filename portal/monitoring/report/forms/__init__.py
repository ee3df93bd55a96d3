"""What the pages of a report may send, and what they show."""

from portal.monitoring.report.forms.naming import writing
from portal.monitoring.report.forms.outlooks import (
    GROUPS,
    ORDERS,
    STATING,
    chosen_outlooks,
    outlooks,
    stated,
)
from portal.monitoring.report.forms.showing import (
    MISTAKE,
    REASON,
    checks,
    checks_words,
    due_day,
    filled_words,
    left_words,
    row,
    standing,
    told,
)

__all__ = [
    "GROUPS",
    "MISTAKE",
    "ORDERS",
    "REASON",
    "STATING",
    "checks",
    "checks_words",
    "chosen_outlooks",
    "due_day",
    "filled_words",
    "left_words",
    "outlooks",
    "row",
    "standing",
    "stated",
    "told",
    "writing",
]
