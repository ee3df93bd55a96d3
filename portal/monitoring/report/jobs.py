"""What the clock does for reports: it reminds regions before one is due, and them and officers when it is late."""

from __future__ import annotations

from portal.kit import clock, jobs, mail, reminders
from portal.kit.i18n import Text, Written, instant, quarter, say
from portal.kit.reminders import DAY, LEFT, WEEK
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.report.models import Report
from portal.monitoring.report.rules import number_of
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import Role

STEPS = (WEEK, DAY)
OWED = (ReportState.OPEN, ReportState.DRAFT, ReportState.AWAITING)


@jobs.scheduled("remind_of_reports", "15,45 * * * *")
async def remind_of_reports() -> dict[str, object] | None:
    """A region has a letter a week and a day before its report is due; a day after, it and every officer has one."""
    now, written = clock.now(), 0
    owed = Report.filter(state__in=OWED, due_at__gt=now - WEEK, due_at__lt=now + WEEK, revision=0)
    signed = owed.filter(agreement__state=AgreementState.SIGNED).select_related("agreement__region")
    for report in await signed.order_by("due_at", "id"):
        readers: list[Person] = await Person.speaking_for(report.agreement.region_id)
        period = Written(quarter, report.period)
        if (step := reminders.reached(now, report.due_at, STEPS)) is not None:
            subject = say("The report for %(period)s: %(left)s", period=period, left=LEFT[step])
            once = reminders.key(f"report {number_of(report)}", report.due_at, step)
        elif now - report.due_at > DAY:
            subject = say("The report for %(period)s is late", period=period)
            once = reminders.key(f"report {number_of(report)}", report.due_at, -DAY)
            readers += await Person.filter(is_active=True, memberships__role=Role.OFFICER).order_by("id")
        else:
            continue
        written += await mail.write(readers, subject, _body(report), once=once)
    return {"letters": written} if written else None


def _body(report: Report) -> list[Text]:
    return [
        say("%(region)s, agreement %(number)s.", region=report.agreement.region.name, number=report.agreement.number),
        say("The report is due before %(when)s. It has not been submitted.", when=Written(instant, report.due_at)),
        say("The report: %(link)s", link=mail.link(f"reports/{number_of(report)}")),
    ]
