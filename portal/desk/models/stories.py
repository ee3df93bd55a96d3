"""Where the demonstration's stories stand, read in one query for its home page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from tortoise import connections


@dataclass(frozen=True, slots=True)
class Stories:
    """Where the demonstration's stories stand now; what somebody has moved on since is None."""

    application: str | None = None
    closes_at: datetime | None = None
    review: str | None = None
    written: int = 0
    criteria: int = 0
    decided: str | None = None
    places: int = 0
    gap: Fraction | None = None
    corrected: str | None = None


STORIES = """
SELECT mine.number AS application, mine.closes_at, text.public_id AS review, decided.number AS decided, decided.places,
       coalesce((SELECT count(*) FROM draft, jsonb_each_text(draft.typed) AS said
          WHERE draft.subject = 'Review' AND draft.subject_id = text.id
            AND said.key LIKE 'comment.%' AND said.value <> ''
          GROUP BY draft.version ORDER BY draft.version DESC LIMIT 1), 0) AS written,
       (SELECT count(*) FROM criterion WHERE call_id = text.call_id) AS criteria,
       (SELECT array_agg(score ORDER BY place) FROM award JOIN protocol ON protocol.id = protocol_id
         WHERE call_id = decided.id AND place IN (decided.places, decided.places + 1)) AS line,
       (SELECT agreement.number || '-' || report.period FROM report JOIN agreement ON agreement.id = agreement_id
         WHERE report.state = 'corrected' ORDER BY report.id LIMIT 1) AS corrected,
       (SELECT count(*) FROM application) AS applications, (SELECT count(*) FROM region WHERE NOT is_hidden) AS regions
  FROM (SELECT 1) AS one
  LEFT JOIN LATERAL (SELECT application.number, closes_at FROM application JOIN call ON call.id = call_id
         JOIN person ON person.organisation_id = application.organisation_id
         WHERE call.state = 'open' AND email = ANY($1) AND application.state = 'draft' LIMIT 1) AS mine ON true
  LEFT JOIN LATERAL (SELECT review.id, review.public_id, call_id FROM review
         JOIN application ON application.id = application_id JOIN person ON person.id = reviewer_id
         WHERE review.state = 'in_progress' AND email = ANY($1) LIMIT 1)
         AS text ON true
  LEFT JOIN LATERAL (SELECT id, number, places FROM call WHERE state = 'decided' ORDER BY id LIMIT 1) AS decided ON true
"""


async def stories(emails: Collection[str]) -> tuple[Stories, int, int]:
    """Where the stories of these people stand, and how many regions and applications there are."""
    row = (await connections.get("default").execute_query_dict(STORIES, [list(emails)]))[0]
    line = [Fraction(score) for score in row.pop("line") or ()]
    regions, applications = row.pop("regions"), row.pop("applications")
    gap = line[0] - line[1] if len(line) == 2 else None
    return Stories(**{**row, "places": row["places"] or 0}, gap=gap), regions, applications
