"""Who may do what with a report, and when; and the day it is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

from portal.kit.i18n import MOSCOW, Text, Written, day, quarter, say, say_many
from portal.kit.periods import first_day, next_quarter
from portal.monitoring.report.models import Report
from portal.monitoring.report.rules.figures import Remark
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import Role

S = ReportState
WRITABLE = frozenset({S.OPEN, S.DRAFT, S.RETURNED})
DUE_DAY = 15


def due_at(period: str) -> datetime:
    """The first instant that is late: the end of the 15th day of the month after the quarter, Moscow time."""
    day = first_day(next_quarter(period)).replace(day=DUE_DAY + 1)
    return datetime(day.year, day.month, day.day, tzinfo=MOSCOW)


def number_of(report: Report) -> str:
    """The report's number, 2025-07-2026Q2: its agreement must be loaded."""
    return f"{report.agreement.number}-{report.period}"


def _foreign(report: Report, by: Person, *roles: Role) -> bool:
    return by.region_id != report.agreement.region_id or not by.roles & frozenset(roles)


def is_dropped(report: Report) -> bool:
    """Whether it is no longer due: its agreement is over. A mistake in accepted numbers can still be corrected."""
    return report.agreement.is_over and not report.revision


def _settled(report: Report) -> Text | None:
    """Why nothing is typed into a report that has left the region, or whose agreement is over."""
    if is_dropped(report) and report.state not in (S.ACCEPTED, S.CORRECTED):
        return say("The agreement has been over since %(day)s: its reports are no longer due.",
                   day=Written(day, report.agreement.ended_on))  # fmt: skip
    match report.state:
        case S.SUBMITTED:
            return say("The report has been submitted. Only the officer can return it for correction.")
        case S.ACCEPTED | S.CORRECTED:
            return say("Accepted values never change. If there is a mistake, start a correction: it is a new revision.")
    return None


def why_not_save(report: Report, by: Person) -> Text | None:
    """None if she may type into the report now."""
    if _foreign(report, by, Role.EDITOR):
        return say("Only the editors of the region fill in its report.")
    if report.state is S.AWAITING and not is_dropped(report):
        return say("The report waits for the signature. To change it, take it back first.")
    return _settled(report)


def why_not_remove(report: Report, by: Person, uploaded_at: datetime) -> Text | None:
    """None if a file beside the report that came at `uploaded_at` can be removed: it was not submitted with it."""
    if report.submitted_at is not None and uploaded_at <= report.submitted_at:
        return say("The file was submitted with the report. What was submitted does not change.")
    return why_not_save(report, by)


def why_not_hand_over(report: Report, by: Person, obstacles: Sequence[Remark]) -> Text | None:
    """None if the report can go to the signatory; `obstacles` are its errors, empty rows and unanswered questions."""
    if _foreign(report, by, Role.EDITOR):
        return say("Only the editors of the region hand its report over.")
    if report.state is S.AWAITING and not is_dropped(report):
        return say("The report is with the signatory already.")
    return _settled(report) or _unfinished(report, obstacles)


def why_not_take_back(report: Report, by: Person) -> Text | None:
    """None if the report can be opened for typing again before it is submitted."""
    if _foreign(report, by, Role.EDITOR, Role.SIGNATORY):
        return say("Only the region takes its report back.")
    if report.state is not S.AWAITING:
        return _settled(report) or say("The report is open for typing: there is nothing to take back.")
    return _settled(report)


def why_not_submit(report: Report, by: Person, obstacles: Sequence[Remark], now: datetime) -> Text | None:
    """None if the signatory may submit the report at `now`: its quarter is over and nothing is left to correct."""
    if _foreign(report, by, Role.SIGNATORY):
        return say("Only the signatory of the region submits its report.")
    return _settled(report) or why_too_early(report, now) or _unfinished(report, obstacles)


@cache
def _day_after(period: str) -> date:
    return first_day(next_quarter(period))


def is_over(period: str, now: datetime) -> bool:
    """Whether the quarter is over in Moscow."""
    return now.astimezone(MOSCOW).date() >= _day_after(period)


def why_too_early(report: Report, now: datetime) -> Text | None:
    """None once the quarter is over: before that its figures are not known."""
    if is_over(report.period, now):
        return None
    return say("%(period)s is not over. The report can be submitted from %(day)s.",
               period=Written(quarter, report.period), day=Written(day, _day_after(report.period)))  # fmt: skip


def _unfinished(report: Report, obstacles: Sequence[Remark]) -> Text | None:
    if report.state in (S.OPEN, S.RETURNED):
        return say("Nothing has been saved since the report was opened.")
    if obstacles:
        return say_many("%(num)s thing is to be corrected or explained first.",
                        "%(num)s things are to be corrected or explained first.", len(obstacles))  # fmt: skip
    return None


def why_not_accept(report: Report, by: Person, errors: Sequence[Remark]) -> Text | None:
    """None if the officer may accept; `errors` are those that its submitted numbers have now."""
    if Role.OFFICER not in by.roles:
        return say("Only a programme officer accepts reports.")
    if report.state is not S.SUBMITTED:
        return say("Only a submitted report can be accepted.")
    if errors:
        return say("Its numbers no longer fit the other accepted reports. Return it with the reason: %(reason)s",
                   reason=errors[0].reason)  # fmt: skip
    return None


def why_not_return(report: Report, by: Person, reason: str) -> Text | None:
    """None if the officer may return the report for the reason given."""
    if Role.OFFICER not in by.roles:
        return say("Only a programme officer returns reports.")
    if report.state is not S.SUBMITTED:
        return say("Only a submitted report can be returned.")
    if is_dropped(report):
        return say("The agreement is over, so the region cannot correct the report any more. Accept it, or leave it.")
    return None if reason.strip() else say("Write what is to be corrected: the region reads it.")


def why_not_correct(report: Report, by: Person, newest: int, reason: str) -> Text | None:
    """None if the region may begin a correction; `newest` is the number of the quarter's newest revision."""
    if _foreign(report, by, Role.EDITOR, Role.SIGNATORY):
        return say("Only the region corrects its report.")
    if report.state is not S.ACCEPTED:
        return say("Only an accepted report needs a correction.")
    if newest != report.revision:
        return say("A correction of this report has been started already.")
    return None if reason.strip() else say("Write what was wrong: the officer reads it with the new numbers.")


def is_late(report: Report, now: datetime) -> bool:
    """Whether its day has passed and it was never submitted; a correction has no day, nor has a dropped report."""
    return now >= report.due_at and not (report.revision or report.submitted_at or is_dropped(report))
