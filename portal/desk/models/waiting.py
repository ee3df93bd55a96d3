"""What could wait for somebody, read from the earlier rooms in a few queries. The desk has no tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.applications.application.states import ApplicationState
from portal.applications.award.states import ProtocolState
from portal.applications.call.states import CallState
from portal.applications.review.models import Review
from portal.applications.review.states import ReviewState
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
from portal.kit.bilingual import Bilingual
from portal.kit.db import rows
from portal.kit.i18n import MOSCOW
from portal.kit.periods import quarter_of
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.amendment.models import Amendment
from portal.monitoring.amendment.states import AmendmentState
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, REGIONAL, Role

DECIDING = frozenset({Role.OFFICER, Role.COUNCIL, Role.BOARD})
TYPED = [ReportState.DRAFT, ReportState.AWAITING, ReportState.RETURNED, ReportState.SUBMITTED]
CALLS = """
SELECT call.number, call.name_ru, call.name_en, call.state, call.opens_at, call.closes_at, protocol.state AS protocol
  FROM call LEFT JOIN protocol ON protocol.call_id = call.id
 WHERE call.state IN ('draft', 'open', 'closed') ORDER BY call.closes_at
"""
PROGRESS = """
SELECT call.number,
       count(*) FILTER (WHERE application.state = 'submitted') AS new,
       count(*) FILTER (WHERE application.state = 'eligible') AS admitted,
       count(*) FILTER (WHERE application.state = 'eligible' AND reading.readers < call.readers) AS lacking,
       count(*) FILTER (WHERE application.state = 'eligible' AND reading.done IS NOT TRUE) AS unread
  FROM call
  JOIN application ON application.call_id = call.id
  LEFT JOIN LATERAL (
       SELECT count(*) AS readers, bool_and(review.state = 'submitted') AS done FROM review
        WHERE review.application_id = application.id AND review.state <> 'declined') reading ON true
 WHERE call.state IN ('draft', 'open', 'closed') AND application.state IN ('submitted', 'eligible')
 GROUP BY call.number
"""
APPLICATIONS = """
SELECT application.number, application.state, application.started_at, call.number AS call, call.name_ru, call.name_en,
       region.short_ru, region.name_en AS region_en, agreement.number AS agreement
  FROM application
  JOIN call ON call.id = application.call_id
  JOIN region ON region.id = application.region_id
  LEFT JOIN agreement ON agreement.application_id = application.id
 WHERE (application.region_id = $1 AND application.state <> 'withdrawn')
    OR ($2 AND application.state = 'awarded' AND agreement.id IS NULL)
 ORDER BY application.number
"""
AGREEMENTS = """
SELECT agreement.number, agreement.state, agreement."grant", agreement.drafted_at, agreement.region_signed_at,
       agreement.foundation_signed_at, region.short_ru, region.name_en
  FROM agreement JOIN region ON region.id = agreement.region_id
 WHERE agreement.state = 'drafted' AND ($1 OR agreement.region_id = $2) ORDER BY agreement.number
"""
REPORTS = """
SELECT report.period, report.state, report.due_at, report.submitted_at, report.returned_because, agreement.number,
       region.short_ru, region.name_en
  FROM report
  JOIN agreement ON agreement.id = report.agreement_id
  JOIN region ON region.id = agreement.region_id
 WHERE ($1 OR agreement.region_id = $2) AND (report.period < $3 OR report.state = ANY($4))
   AND (agreement.state = 'signed' OR report.state = 'submitted' OR report.revision > 0)
   AND report.state NOT IN ('accepted', 'corrected')
 ORDER BY report.due_at, report.id
"""
NOT_RELEASED = """
SELECT call.number, call.name_ru, call.name_en, count(*) AS accepted, min(report.accepted_at) AS since
  FROM report
  JOIN agreement ON agreement.id = report.agreement_id
  JOIN application ON application.id = agreement.application_id
  JOIN call ON call.id = application.call_id
 WHERE report.state = 'accepted'
   AND report.accepted_at > coalesce((SELECT max(published_at) FROM release WHERE call_id = call.id), '-infinity')
 GROUP BY call.id ORDER BY call.number
"""


async def gather(person: Person, now: datetime) -> Facts:
    """What the person's roles could have to do, in no more than seven queries."""
    roles = person.roles
    of_region, is_officer = bool(roles & REGIONAL), Role.OFFICER in roles
    calls = await calls_not_over()
    return Facts(
        calls=await _with_progress(calls) if roles & DECIDING else calls,
        applications=await _applications(person) if of_region or is_officer else (),
        reviews=await _reviews(person) if Role.REVIEWER in roles else (),
        agreements=await _agreements(person) if of_region or roles & {Role.OFFICER, Role.BOARD} else (),
        amendments=await _amendments(person) if Role.SIGNATORY in roles else (),
        reports=await _reports(person, now) if of_region or is_officer else (),
        pending=await _pending() if is_officer else (),
        requests=await _requests() if roles & {Role.OFFICER, Role.ADMINISTRATOR} else Requests(),
    )


def _name(row: Mapping[str, Any], ru: str = "name_ru", en: str = "name_en") -> Bilingual:
    return Bilingual(row[ru], row[en])


def _scope(person: Person) -> tuple[bool, int | None]:
    """Whether she sees what is of any region, and the region whose own she sees: as `visible_to` has it."""
    return bool(person.roles & FOUNDATION), person.region_id


async def calls_not_over() -> list[CallRow]:
    """Calls in preparation, open or being decided, the next to close first. Drafts are for officers only."""
    return [
        CallRow(
            row["number"], _name(row), CallState(row["state"]), row["opens_at"], row["closes_at"],
            ProtocolState(row["protocol"]) if row["protocol"] else None,
        )
        for row in await rows(CALLS)
    ]  # fmt: skip


async def _with_progress(calls: list[CallRow]) -> list[CallRow]:
    found = {
        row["number"]: Progress(row["new"], row["admitted"], row["lacking"], row["unread"])
        for row in await rows(PROGRESS)
    }
    return [replace(call, progress=found.get(call.number, Progress())) for call in calls]


async def _applications(person: Person) -> list[ApplicationRow]:
    return [
        ApplicationRow(
            row["number"], row["call"], _name(row), _name(row, "short_ru", "region_en"), ApplicationState(row["state"]),
            row["started_at"], row["agreement"],
        )
        for row in await rows(APPLICATIONS, person.region_id, Role.OFFICER in person.roles)
    ]  # fmt: skip


async def _reviews(person: Person) -> list[ReviewRow]:
    waiting = [ReviewState.ASSIGNED, ReviewState.IN_PROGRESS, ReviewState.RETURNED]
    found = (
        await Review.filter(reviewer_id=person.id, state__in=waiting, application__state=ApplicationState.ELIGIBLE)
        .order_by("assigned_at", "id")
        .values(
            "public_id", "state", "assigned_at", "due_on", "application__number", "application__call__name_ru",
            "application__call__name_en",
        )
    )  # fmt: skip
    return [
        ReviewRow(
            row["public_id"], row["application__number"],
            _name(row, "application__call__name_ru", "application__call__name_en"), ReviewState(row["state"]),
            row["assigned_at"], row["due_on"],
        )
        for row in found
    ]  # fmt: skip


async def _agreements(person: Person) -> list[AgreementRow]:
    return [
        AgreementRow(
            row["number"], _name(row, "short_ru"), AgreementState(row["state"]), row["grant"], row["drafted_at"],
            row["region_signed_at"] is not None, row["foundation_signed_at"] is not None,
        )
        for row in await rows(AGREEMENTS, *_scope(person))
    ]  # fmt: skip


async def _amendments(person: Person) -> list[AmendmentRow]:
    waiting = Amendment.visible_to(person).filter(state=AmendmentState.PROPOSED).order_by("proposed_at")
    found = await waiting.values("agreement__number", "number", "reason", "proposed_at")
    return [AmendmentRow(row["agreement__number"], row["number"], row["reason"], row["proposed_at"]) for row in found]


async def _reports(person: Person, now: datetime) -> list[ReportRow]:
    this_quarter = quarter_of(now.astimezone(MOSCOW).date())
    return [
        ReportRow(
            f"{row['number']}-{row['period']}", _name(row, "short_ru"), row["period"], ReportState(row["state"]),
            row["due_at"], row["submitted_at"], row["returned_because"],
        )
        for row in await rows(REPORTS, *_scope(person), this_quarter, [str(state) for state in TYPED])
    ]  # fmt: skip


async def _requests() -> Requests:
    found = await rows("SELECT count(*) AS number, min(asked_at) AS since FROM invitation WHERE state = 'asked'")
    return Requests(found[0]["number"], found[0]["since"])


async def _pending() -> list[PendingRow]:
    return [PendingRow(row["number"], _name(row), row["accepted"], row["since"]) for row in await rows(NOT_RELEASED)]
