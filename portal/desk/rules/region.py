"""What waits for the people of a region and for reviewers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from portal.applications.application.states import ApplicationState
from portal.applications.review.states import ReviewState
from portal.desk.models import AgreementRow, ApplicationRow, Facts, ReportRow, ReviewRow
from portal.desk.rules.item import Item, end_of
from portal.kit.i18n import Text, Written, money, quarter, say, say_many
from portal.monitoring.report.states import ReportState


def for_editor(facts: Facts, now: datetime) -> Iterator[Item]:
    """Calls without the region's application, drafts to finish, reports to fill in."""
    begun = {row.call for row in facts.applications}
    closing = {call.number: call.closes_at for call in facts.calls if call.is_accepting(now)}
    for call in facts.calls:
        if call.number in closing and call.number not in begun:
            yield Item(
                "early", say("not begun"), call.name,
                say("The call is open, and your region has no application yet."), say("Open the call"),
                "call:page", {"number": call.number}, due=call.closes_at,
            )  # fmt: skip
    for row in facts.applications:
        if row.state is ApplicationState.DRAFT and row.call in closing:
            yield _draft(row, closing[row.call])
    for report in facts.reports:
        if report.state in (ReportState.OPEN, ReportState.DRAFT, ReportState.RETURNED):
            yield _report_to_write(report, now)


def _draft(row: ApplicationRow, closes_at: datetime) -> Item:
    kind, word, text = "unsure", say("draft"), say("Finish it and hand it over to the signatory.")
    if row.problems == 0:
        kind, word, text = "pace", say("ready"), say("Everything is filled in. Hand it over to the signatory.")
    elif row.problems:
        kind, word = "risk", say("not complete")
        text = say_many(
            "%(num)s place still needs your answer.", "%(num)s places still need your answer.", row.problems
        )
    return Item(
        kind, word, say("Application %(number)s: %(call)s", number=row.number, call=row.call_name), text,
        say("Continue"), "application:page", {"number": row.number}, due=closes_at,
    )  # fmt: skip


def _report_to_write(report: ReportRow, now: datetime) -> Item:
    kind, word = "unsure", say("to fill in")
    text = say("Write what has been reached since the programme began.")
    if report.state is ReportState.RETURNED:
        kind, word = "risk", say("returned")
        text = say("The Foundation asks for a correction: %(reason)s", reason=report.returned_because)
    elif report.due_at <= now:
        kind, word = "behind", say("overdue")
    return Item(
        kind, word, say("Report for %(quarter)s", quarter=Written(quarter, report.period)), text,
        say("Open the report"), "report:page", {"number": report.number}, due=report.due_at,
    )  # fmt: skip


def for_signatory(facts: Facts, now: datetime) -> Iterator[Item]:
    """Applications, reports and agreements that only her signature sends on."""
    closing = {call.number: call.closes_at for call in facts.calls if call.is_accepting(now)}
    for row in facts.applications:
        if row.state is ApplicationState.AWAITING and row.call in closing:
            yield Item(
                "risk", say("awaiting signature"),
                say("Application %(number)s: %(call)s", number=row.number, call=row.call_name),
                say("The editor has handed it over. Read it and send it to the competition."), say("Read and send"),
                "application:page", {"number": row.number}, due=closing[row.call],
            )  # fmt: skip
    for report in facts.reports:
        if report.state is ReportState.AWAITING:
            yield Item(
                "behind" if report.due_at <= now else "risk", say("awaiting signature"),
                say("Report for %(quarter)s", quarter=Written(quarter, report.period)),
                say("The editor has filled it in. Read it and send it to the Foundation."), say("Read and send"),
                "report:page", {"number": report.number}, due=report.due_at,
            )  # fmt: skip
    yield from (to_sign(row) for row in facts.agreements if not row.region_signed)
    for amendment in facts.amendments:
        yield Item(
            "risk", say("awaiting signature"),
            say("Amendment No. %(number)s to agreement No. %(agreement)s", number=amendment.number,
                agreement=amendment.agreement),
            say("The Foundation proposes to change the plan: %(reason)s", reason=amendment.reason),
            say("Read and sign"), "amendment:page",
            {"number": amendment.agreement, "amendment": str(amendment.number)}, since=amendment.proposed_at,
        )  # fmt: skip


def to_sign(row: AgreementRow) -> Item:
    """The agreement waits for a signature, of the region or of the Foundation."""
    return Item(
        "risk", say("awaiting signature"),
        say("Agreement %(number)s, %(region)s", number=row.number, region=row.region),
        say("The grant is %(grant)s. Read the agreement and sign it.", grant=Written(money, row.grant)),
        say("Read and sign"), "agreement:page", {"number": row.number}, since=row.drafted_at,
    )  # fmt: skip


def for_reviewer(facts: Facts, now: datetime) -> Iterator[Item]:
    """Her readings: the question about a conflict first, then the marks."""
    for row in facts.reviews:
        yield _reading(row, now)


READINGS: dict[ReviewState, tuple[str, Text, Text, Text]] = {
    ReviewState.ASSIGNED: (
        "early", say("assigned"), say("Say whether you have a conflict of interest; then the text opens."),
        say("Answer the question"),
    ),
    ReviewState.IN_PROGRESS: (
        "unsure", say("in progress"), say("Your marks are saved. Others see them only after you submit."),
        say("Continue"),
    ),
    ReviewState.RETURNED: (
        "risk", say("returned"), say("The Foundation asks you to look at the review again."), say("Open the review"),
    ),
}  # fmt: skip


def _reading(row: ReviewRow, now: datetime) -> Item:
    kind, word, text, action = READINGS[row.state]
    due = end_of(row.due_on)
    return Item(
        "behind" if due and due <= now else kind, word,
        say("Application %(number)s: %(call)s", number=row.application, call=row.call_name), text, action,
        "review:page", {"public_id": row.public_id}, due=due, since=row.assigned_at,
    )  # fmt: skip
