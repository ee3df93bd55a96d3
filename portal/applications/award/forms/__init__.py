"""What the pages of the decision may send, and what they show."""

from portal.applications.award.forms.council import (
    APPROVAL,
    AT_ONCE,
    added,
    choosing,
    decided,
    kept,
    proposed,
    read_approval,
    read_choices,
    recommended,
    rest,
    told,
    weighed,
)
from portal.applications.award.forms.naming import writing
from portal.applications.award.forms.showing import lines

__all__ = [
    "APPROVAL",
    "AT_ONCE",
    "added",
    "choosing",
    "decided",
    "kept",
    "lines",
    "proposed",
    "read_approval",
    "read_choices",
    "recommended",
    "rest",
    "told",
    "weighed",
    "writing",
]
