"""What the ranking says and whether a decision may stand on it: places, the fund, reasons, how sure it is."""

from portal.applications.award.rules.advice import (
    WIDTH,
    Advice,
    Known,
    band_told,
    basis,
    chance_told,
    changes,
    known_of,
    read,
    worth_reading,
)
from portal.applications.award.rules.choices import Choice, beyond, needing_a_reason, problems_with
from portal.applications.award.rules.ranking import (
    Row,
    digest,
    edition,
    explanation,
    finding,
    ranking,
    snapshot,
    tie_words,
)
from portal.applications.award.rules.steps import (
    why_not_announce,
    why_not_approve,
    why_not_approve_yet,
    why_not_look,
    why_not_recommend,
    why_not_write,
)

__all__ = [
    "WIDTH",
    "Advice",
    "Choice",
    "Known",
    "Row",
    "band_told",
    "basis",
    "beyond",
    "chance_told",
    "changes",
    "digest",
    "edition",
    "explanation",
    "finding",
    "known_of",
    "needing_a_reason",
    "problems_with",
    "ranking",
    "read",
    "snapshot",
    "tie_words",
    "why_not_announce",
    "why_not_approve",
    "why_not_approve_yet",
    "why_not_look",
    "why_not_recommend",
    "why_not_write",
    "worth_reading",
]
