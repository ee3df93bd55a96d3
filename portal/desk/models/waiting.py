"""What could wait for somebody: rows of the earlier rooms, read in a few queries. The desk has no tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tortoise import connections
from tortoise.expressions import Q, RawSQL

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.award.states import ProtocolState
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.review.models import Review
from portal.applications.review.states import ReviewState
from portal.kit.bilingual import Bilingual
from portal.kit.i18n import MOSCOW
from portal.kit.periods import quarter_of
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.amendment.models import Amendment
from portal.monitoring.amendment.states import AmendmentState
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.invitation.models import Invitation
from portal.people.invitation.states import InvitationState
from portal.people.person.models import Person
from portal.people.roles import REGIONAL, Role


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call that is not over; `protocol` is the state of its decision, None before a recommendation."""

    number: str
    name: Bilingual
    state: CallState
    opens_at: datetime
    closes_at: datetime
    protocol: ProtocolState | None = None

    def is_accepting(self, now: datetime) -> bool:
        """Whether an application may still come in."""
        return self.state is CallState.OPEN and self.opens_at <= now < self.closes_at


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application with its readers: how many are wanted, how many have it, how many are done."""

    number: str
    call: str
    call_name: Bilingual
    region: Bilingual
    state: ApplicationState
    since: datetime
    wanted: int = 0
    readers: int = 0
    done: int = 0
    agreement: str | None = None
    problems: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review of the person's own."""

    public_id: str
    application: str
    call_name: Bilingual
    state: ReviewState
    assigned_at: datetime
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement that both have not signed."""

    number: str
    region: Bilingual
    state: AgreementState
    grant: Decimal
    drafted_at: datetime
    region_signed: bool = False
    foundation_signed: bool = False


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """An amendment that the region has not signed."""

    agreement: str
    number: int
    reason: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that is not accepted; `number` is that of its address."""

    number: str
    region: Bilingual
    period: str
    state: ReportState
    due_at: datetime
    submitted_at: datetime | None = None
    returned_because: str = ""


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A call with accepted reports that no release holds."""

    call: str
    call_name: Bilingual
    accepted: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests for registration that nobody has decided, and since when the first one waits."""

    number: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the person may know and that could wait for her."""

    calls: Sequence[CallRow] = ()
    applications: Sequence[ApplicationRow] = ()
    reviews: Sequence[ReviewRow] = ()
    agreements: Sequence[AgreementRow] = ()
    amendments: Sequence[AmendmentRow] = ()
    reports: Sequence[ReportRow] = ()
    pending: Sequence[PendingRow] = ()
    requests: Requests = Requests()


DECIDING = frozenset({Role.OFFICER, Role.COUNCIL, Role.BOARD})
TYPED = [ReportState.DRAFT, ReportState.AWAITING, ReportState.RETURNED, ReportState.SUBMITTED]
READERS = "(SELECT count(*) FROM review WHERE application_id = application.id AND state <> 'declined')"
DONE = "(SELECT count(*) FROM review WHERE application_id = application.id AND state = 'submitted')"
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
    of_region, decides = bool(roles & REGIONAL), bool(roles & DECIDING)
    return Facts(
        calls=await calls_not_over(),
        applications=await _applications(person, readers=decides) if of_region or decides else (),
        reviews=await _reviews(person) if Role.REVIEWER in roles else (),
        agreements=await _agreements(person) if of_region or roles & {Role.OFFICER, Role.BOARD} else (),
        amendments=await _amendments(person) if Role.SIGNATORY in roles else (),
        reports=await _reports(person, now) if of_region or Role.OFFICER in roles else (),
        pending=await _pending() if Role.OFFICER in roles else (),
        requests=await _requests() if roles & {Role.OFFICER, Role.ADMINISTRATOR} else Requests(),
    )


def _name(row: dict[str, Any], prefix: str, ru: str = "name_ru") -> Bilingual:
    return Bilingual(row[prefix + ru], row[prefix + "name_en"])


async def calls_not_over() -> list[CallRow]:
    """Calls in preparation, open or being decided, the next to close first. Drafts are for officers only."""
    rows = (
        await Call.filter(state__in=[CallState.DRAFT, CallState.OPEN, CallState.CLOSED])
        .order_by("closes_at")
        .values("number", "name_ru", "name_en", "state", "opens_at", "closes_at", "protocol__state")
    )
    return [
        CallRow(
            row["number"], _name(row, ""), CallState(row["state"]), row["opens_at"], row["closes_at"],
            ProtocolState(row["protocol__state"]) if row["protocol__state"] else None,
        )
        for row in rows
    ]  # fmt: skip


async def _applications(person: Person, *, readers: bool) -> list[ApplicationRow]:
    columns = [
        "number", "state", "started_at", "call__number", "call__name_ru", "call__name_en", "call__readers",
        "region__short_ru", "region__name_en", "agreement__number",
    ]  # fmt: skip
    query = Application.visible_to(person).exclude(state=ApplicationState.WITHDRAWN).order_by("number")
    if readers:
        query = query.annotate(readers=RawSQL(READERS), done=RawSQL(DONE))
        columns += ["readers", "done"]
    return [
        ApplicationRow(
            row["number"], row["call__number"], _name(row, "call__"), _name(row, "region__", "short_ru"),
            ApplicationState(row["state"]), row["started_at"], row["call__readers"], row.get("readers", 0),
            row.get("done", 0), row["agreement__number"],
        )
        for row in await query.values(*columns)
    ]  # fmt: skip


async def _reviews(person: Person) -> list[ReviewRow]:
    waiting = [ReviewState.ASSIGNED, ReviewState.IN_PROGRESS, ReviewState.RETURNED]
    rows = (
        await Review.filter(reviewer_id=person.id, state__in=waiting, application__state=ApplicationState.ELIGIBLE)
        .order_by("assigned_at", "id")
        .values(
            "public_id", "state", "assigned_at", "due_on", "application__number", "application__call__name_ru",
            "application__call__name_en",
        )
    )  # fmt: skip
    return [
        ReviewRow(
            row["public_id"], row["application__number"], _name(row, "application__call__"), ReviewState(row["state"]),
            row["assigned_at"], row["due_on"],
        )
        for row in rows
    ]  # fmt: skip


async def _agreements(person: Person) -> list[AgreementRow]:
    rows = (
        await Agreement.visible_to(person)
        .filter(state=AgreementState.DRAFTED)
        .order_by("number")
        .values(
            "number", "state", "grant", "drafted_at", "region_signed_at", "foundation_signed_at", "region__short_ru",
            "region__name_en",
        )
    )  # fmt: skip
    return [
        AgreementRow(
            row["number"], _name(row, "region__", "short_ru"), AgreementState(row["state"]), row["grant"],
            row["drafted_at"], row["region_signed_at"] is not None, row["foundation_signed_at"] is not None,
        )
        for row in rows
    ]  # fmt: skip


async def _amendments(person: Person) -> list[AmendmentRow]:
    waiting = Amendment.visible_to(person).filter(state=AmendmentState.PROPOSED).order_by("proposed_at")
    rows = await waiting.values("agreement__number", "number", "reason", "proposed_at")
    return [AmendmentRow(row["agreement__number"], row["number"], row["reason"], row["proposed_at"]) for row in rows]


async def _reports(person: Person, now: datetime) -> list[ReportRow]:
    ended = Q(period__lt=quarter_of(now.astimezone(MOSCOW).date()))
    rows = (
        await Report.visible_to(person)
        .filter(ended | Q(state__in=TYPED))
        .filter(Q(agreement__state=AgreementState.SIGNED) | Q(state=ReportState.SUBMITTED) | Q(revision__gt=0))
        .exclude(state__in=[ReportState.ACCEPTED, ReportState.CORRECTED])
        .order_by("due_at", "id")
        .values(
            "period", "state", "due_at", "submitted_at", "returned_because", "agreement__number",
            "agreement__region__short_ru", "agreement__region__name_en",
        )
    )  # fmt: skip
    return [
        ReportRow(
            f"{row['agreement__number']}-{row['period']}", _name(row, "agreement__region__", "short_ru"), row["period"],
            ReportState(row["state"]), row["due_at"], row["submitted_at"], row["returned_because"],
        )
        for row in rows
    ]  # fmt: skip


async def _requests() -> Requests:
    waiting = Invitation.filter(state=InvitationState.ASKED).order_by("asked_at").values_list("asked_at", flat=True)
    instants: list[Any] = list(await waiting)
    return Requests(len(instants), instants[0]) if instants else Requests()


async def _pending() -> list[PendingRow]:
    rows = await connections.get("default").execute_query_dict(NOT_RELEASED)
    return [PendingRow(row["number"], _name(row, ""), row["accepted"], row["since"]) for row in rows]
