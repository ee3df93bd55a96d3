"""What could wait for somebody, as rows of the earlier rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.applications.application.states import ApplicationState
from portal.applications.award.states import ProtocolState
from portal.applications.call.states import CallState
from portal.applications.review.states import ReviewState
from portal.kit.bilingual import Bilingual
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.report.states import ReportState


@dataclass(frozen=True, slots=True)
class Progress:
    """How many applications of a call wait for what."""

    new: int = 0
    """Submitted, to be admitted or not."""
    admitted: int = 0
    lacking: int = 0
    """Admitted, with fewer readers than are wanted."""
    unread: int = 0
    """Admitted, and not every reader is done, or there is none."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call that is not over; `protocol` is the state of its decision, None before a recommendation."""

    number: str
    name: Bilingual
    state: CallState
    opens_at: datetime
    closes_at: datetime
    protocol: ProtocolState | None = None
    progress: Progress = Progress()

    def is_accepting(self, now: datetime) -> bool:
        """Whether an application may still come in."""
        return self.state is CallState.OPEN and self.opens_at <= now < self.closes_at


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application of the person's region, or a winner without an agreement."""

    number: str
    call: str
    call_name: Bilingual
    region: Bilingual
    state: ApplicationState
    since: datetime
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
