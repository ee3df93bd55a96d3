"""Verbs of the end: an agreement is closed or terminated, a call goes to the archive."""

from __future__ import annotations

from datetime import date

from portal.applications.award.models import Award
from portal.applications.award.states import Outcome
from portal.applications.call.models import Call
from portal.applications.call.states import ARCHIVE
from portal.kit import clock, mail
from portal.kit.errors import Invalid, Problem, refuse
from portal.kit.i18n import Text, Written, day, say
from portal.kit.lifecycle import take
from portal.kit.verb import verb
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import CLOSE, TERMINATE
from portal.monitoring.amendment.models import Amendment
from portal.monitoring.amendment.states import AmendmentState
from portal.monitoring.closeout import rules
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person

ACCEPTED = (ReportState.ACCEPTED, ReportState.CORRECTED)


async def unaccepted(agreement: Agreement) -> list[Report]:
    """The first reports of its quarters that were never accepted, the earliest first."""
    first = Report.filter(agreement_id=agreement.id, revision=0).exclude(state__in=ACCEPTED)
    return await first.select_related("agreement").order_by("period")


async def waiting(agreement: Agreement) -> Amendment | None:
    """The amendment that the region has still to sign."""
    return await Amendment.get_or_none(agreement_id=agreement.id, state=AmendmentState.PROPOSED)


@verb
async def close(agreement: Agreement, *, reason: str = "", by: Person) -> Agreement:
    """The programme is over and settled; where a report was not accepted, `reason` says why."""
    agreement = await Agreement.select_for_update().get(id=agreement.id)
    refuse(rules.why_not_close(agreement, await waiting(agreement), by, clock.today()))
    left = [report.period for report in await unaccepted(agreement)]
    _check("close-reason", rules.why_not_close_silently(left, reason))
    await _end(agreement, clock.today(), reason)
    await take(CLOSE, agreement, by=by, why=agreement.ended_because, not_accepted=left)
    await _tell(agreement, say("Agreement No. %(number)s is closed", number=agreement.number), [
        say("The programme is over, and the Foundation has closed agreement No. %(number)s. Thank you for your work.",
            number=agreement.number),
    ])  # fmt: skip
    return agreement


@verb
async def terminate(agreement: Agreement, *, ended_on: date, reason: str, by: Person) -> Agreement:
    """The agreement has ended before its time, on that day; what was accepted stays, nothing more is due."""
    agreement = await Agreement.select_for_update().get(id=agreement.id)
    refuse(rules.why_not_terminate(agreement, await waiting(agreement), by))
    _check("ended_on", rules.why_not_on(agreement, ended_on, clock.today()))
    if not reason.strip():
        raise Invalid([Problem("reason", say("Write why the agreement is terminated: the region reads it."))])
    await _end(agreement, ended_on, reason)
    await take(TERMINATE, agreement, by=by, ended_on=ended_on, why=agreement.ended_because)
    await _tell(agreement, say("Agreement No. %(number)s is terminated", number=agreement.number), [
        say("The Foundation has terminated agreement No. %(number)s as of %(day)s.", number=agreement.number,
            day=Written(day, ended_on)),
        say("Reason: %(reason)s", reason=agreement.ended_because),
        say("Its reports are no longer due. Accepted numbers stay as they are."),
    ])  # fmt: skip
    return agreement


async def left_of(call: Call) -> tuple[int, list[Agreement]]:
    """How many winners of the call have no agreement, and its agreements that are not over, by number."""
    winners = Award.filter(protocol__call_id=call.id, outcome=Outcome.WINNER)
    owed = await winners.filter(application__agreement__id__isnull=True).count()
    running = Agreement.filter(application__call_id=call.id, ended_on__isnull=True).order_by("number")
    return owed, await running.select_related("region")


@verb
async def archive(call: Call, *, by: Person) -> Call:
    """The call has nothing more to decide; its pages stay readable."""
    call = await Call.select_for_update().get(id=call.id)
    owed, running = await left_of(call)
    refuse(rules.why_not_archive(call, owed, [one.number for one in running], by))
    await take(ARCHIVE, call, by=by)
    return call


def _check(field: str, reason: Text | None) -> None:
    if reason is not None:
        raise Invalid([Problem(field, reason)])


async def _end(agreement: Agreement, on: date, reason: str) -> None:
    agreement.ended_on, agreement.ended_because = on, reason.strip()
    await agreement.save(update_fields=["ended_on", "ended_because"])


async def _tell(agreement: Agreement, subject: Text, body: list[Text]) -> None:
    """A letter to each editor and signatory of the region."""
    link = say("The agreement: %(link)s", link=mail.link(f"agreements/{agreement.number}"))
    await mail.write(await Person.speaking_for(agreement.region_id), subject, [*body, link])
