"""What waits for the people of the Foundation: officers, council, Board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from portal.applications.application.states import ApplicationState
from portal.applications.award.states import ProtocolState
from portal.applications.call.states import CallState
from portal.desk.models import CallRow, Facts, ReportRow
from portal.desk.rules.item import Item, each_or_all
from portal.desk.rules.region import to_sign
from portal.kit.i18n import Text, Written, quarter, say, say_many
from portal.monitoring.report.states import ReportState


def for_officer(facts: Facts, now: datetime) -> Iterator[Item]:
    """Calls to open, close and announce; applications to admit and to give readers; agreements, reports, releases."""
    for call in facts.calls:
        step = _call_step(call, now)
        if step:
            yield step
        yield from _applications_of(call)
    drafts = [row for row in facts.applications if row.state is ApplicationState.AWARDED and row.agreement is None]
    yield from each_or_all(
        drafts,
        lambda row: Item(
            "early", say("winner"), say("Agreement with %(region)s", region=row.region),
            say("Everything promised is taken over from the application; nothing is typed again."),
            say("Open the agreements"), "agreement:list",
        ),
        Item(
            "early", say("winners"),
            say_many("%(num)s agreement to draw up", "%(num)s agreements to draw up", len(drafts)),
            say("Everything promised is taken over from the applications."), say("Open the agreements"),
            "agreement:list",
        ),
    )  # fmt: skip
    yield from (to_sign(row) for row in facts.agreements if not row.foundation_signed)
    yield from _reports_of_officer(facts.reports, now)
    for row in facts.pending:
        yield Item(
            "early", say("not public yet"), say("Release of figures: %(call)s", call=row.call_name),
            say_many("%(num)s accepted report is in no release.", "%(num)s accepted reports are in no release.",
                     row.accepted),
            say("Prepare the release"), "release:new", query={"call": row.call}, since=row.since,
        )  # fmt: skip


def _call_step(call: CallRow, now: datetime) -> Item | None:
    if call.state is CallState.DRAFT:
        word, text = say("draft"), say("The call is not open yet. Check it and open it.")
    elif call.state is CallState.OPEN and call.closes_at <= now:
        word, text = say("time is over"), say("The closing instant has passed. Close the call.")
    elif call.protocol is ProtocolState.APPROVED:
        word, text = say("approved"), say("The Board has approved the decision. Announce it to the regions.")
        return _of_call(call, word, text, say("Open the decision"), "award:ranking")
    else:
        return None
    return _of_call(call, word, text, say("Open the call"), "call:page")


def _of_call(call: CallRow, word: Text, text: Text, action: Text, page: str) -> Item:
    return Item("risk", word, call.name, text, action, page, {"number": call.number})


def _applications_of(call: CallRow) -> Iterator[Item]:
    new, lacking = call.progress.new, call.progress.lacking
    if new:
        yield Item(
            "unsure", say("to check"), say_many("%(num)s application to admit", "%(num)s applications to admit", new),
            say("Check that the conditions of “%(call)s” are met.", call=call.name), say("Open the applications"),
            "application:list",
        )  # fmt: skip
    if lacking and call.protocol is None:
        yield Item(
            "risk", say("readers wanted"),
            say_many("%(num)s application lacks reviewers", "%(num)s applications lack reviewers", lacking),
            say("“%(call)s”: choose who reads them.", call=call.name), say("Choose reviewers"),
            "review:assignments", {"number": call.number},
        )  # fmt: skip


def _reports_of_officer(reports: Sequence[ReportRow], now: datetime) -> Iterator[Item]:
    new = [row for row in reports if row.state is ReportState.SUBMITTED]
    late = [row for row in reports if row.state is not ReportState.SUBMITTED and row.due_at <= now]
    yield from each_or_all(
        new,
        lambda row: _report(row, "unsure", say("to check"), say("Compare it with the plan, then accept or return it.")),
        Item(
            "unsure", say("to check"), say_many("%(num)s report to check", "%(num)s reports to check", len(new)),
            say("Compare them with the plans, then accept or return them."), say("Open the reports"), "report:list",
        ),
    )  # fmt: skip
    yield from each_or_all(
        late,
        lambda row: _report(row, "behind", say("overdue"), say("The region has not sent it."), due=row.due_at),
        Item(
            "behind", say("overdue"), say_many("%(num)s report is late", "%(num)s reports are late", len(late)),
            say("The regions have not sent them."), say("Open the reports"), "report:list",
            due=min((row.due_at for row in late), default=None),
        ),
    )  # fmt: skip


def _report(row: ReportRow, kind: str, word: Text, text: Text, due: datetime | None = None) -> Item:
    title = say("%(region)s: report for %(quarter)s", region=row.region, quarter=Written(quarter, row.period))
    params = {"number": row.number}
    return Item(kind, word, title, text, say("Open the report"), "report:page", params, due=due, since=row.submitted_at)


def regions_behind(reports: Sequence[ReportRow], now: datetime) -> list[tuple[ReportRow, str, Text]]:
    """The newest report of each region that has not sent it, or waits for it to be read: its status, icon and word."""
    newest = {row.region: row for row in reports if row.due_at <= now or row.state is ReportState.SUBMITTED}
    return [(row, *_stands(row)) for row in newest.values()]


def _stands(row: ReportRow) -> tuple[str, Text]:
    match row.state:
        case ReportState.SUBMITTED:
            return "unsure", say("to check")
        case ReportState.RETURNED:
            return "risk", say("being revised")
        case _:
            return "behind", say("overdue")


def for_council(facts: Facts, now: datetime) -> Iterator[Item]:
    """Closed calls whose admitted applications have all been read."""
    for call in facts.calls:
        known = call.progress
        is_read = known.admitted and not known.unread and not known.new
        if call.state is CallState.CLOSED and call.protocol is None and is_read:
            yield Item(
                "risk", say("all reviews are in"), say("Ranking: %(call)s", call=call.name),
                say_many("%(num)s application is ranked. Recommend who is supported.",
                         "%(num)s applications are ranked. Recommend who is supported.", known.admitted),
                say("Open the ranking"), "award:ranking", {"number": call.number},
            )  # fmt: skip


def for_whoever_registers(facts: Facts) -> Iterator[Item]:
    """Requests for registration, all in one line."""
    if number := facts.requests.number:
        yield Item(
            "unsure", say("to decide"),
            say_many("%(num)s request for registration", "%(num)s requests for registration", number),
            say("Make sure that the people work there; then approve or decline."), say("Open the requests"),
            "invitation:list", query={"state": "asked"}, since=facts.requests.since,
        )  # fmt: skip


def for_board(facts: Facts, now: datetime) -> Iterator[Item]:
    """Recommendations to approve and agreements to sign."""
    for call in facts.calls:
        if call.protocol is ProtocolState.RECOMMENDED:
            text = say("The council has recommended the winners. Approve it with the protocol's number and date.")
            yield _of_call(call, say("recommended"), text, say("Open the decision"), "award:ranking")
    yield from (to_sign(row) for row in facts.agreements if row.region_signed and not row.foundation_signed)
