"""What is done with reports, and their figures as they are read."""

from portal.monitoring.report.service.figures import (
    appraise,
    frozen,
    judged,
    lines,
    obstacles,
    span_of,
)
from portal.monitoring.report.service.statuses import state
from portal.monitoring.report.service.verbs import (
    SECTION,
    accept,
    attach,
    correct,
    detach,
    hand_over,
    open_all,
    restore,
    save,
    send_back,
    submit,
    take_back,
)

__all__ = [
    "SECTION",
    "accept",
    "appraise",
    "attach",
    "correct",
    "detach",
    "frozen",
    "hand_over",
    "judged",
    "lines",
    "obstacles",
    "open_all",
    "restore",
    "save",
    "send_back",
    "span_of",
    "state",
    "submit",
    "take_back",
]
