"""What the fields of a report are called, and the report as the pages of its versions show it."""

from __future__ import annotations

from portal.kit.i18n import Written, quarter, say
from portal.kit.pages import url
from portal.kit.versions import Named, Writing, among
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.report import rules, service
from portal.monitoring.report.models import Report
from portal.people.person.models import Person

COUNT, QUOTIENT = {"n": say("number")}, {"n": say("numerator"), "d": say("denominator")}
WORDS = {
    "missing": say("no data"),
    "why": say("explanation"),
}


async def writing(report: Report, person: Person) -> Writing:
    """The figures as the pages of their versions and of two texts show them: for the region's own people.

    The report's agreement must be loaded with its region.
    """
    number, agreed = rules.number_of(report), AgreedIndicator.filter(agreement_id=report.agreement_id)
    fields = [
        Named(f"{one.indicator.code}.{part}", say("%(row)s: %(field)s", row=one.indicator.name, field=word),
              tuple(rules.MISSING.items()) if part == "missing" else ())
        for one in await agreed.select_related("indicator").order_by("position")
        for part, word in ((QUOTIENT if one.indicator.is_quotient else COUNT) | WORDS).items()
    ]  # fmt: skip
    here = url("report:page", number=number)
    return Writing(
        record=report,
        section=service.SECTION,
        over=say("Report for %(period)s, agreement No. %(number)s", period=Written(quarter, report.period),
                 number=report.agreement.number),
        trail=[(url("report:list"), say("Reports")),
               (here, say("Report for %(period)s", period=Written(quarter, report.period)))],
        form=here,
        save=url("report:save", number=number),
        history=url("report:history", number=number),
        restore=url("report:restore", number=number),
        fields=among(fields),
        closed=rules.why_not_save(report, person),
        zone=report.agreement.region.timezone,
    )  # fmt: skip
