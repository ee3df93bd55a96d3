"""Publishing: the accepted figures of a call become a numbered release, small counts already taken out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from portal.applications.call.models import Call
from portal.kit import clock, db, journal
from portal.kit.errors import Refusal, refuse
from portal.kit.i18n import say
from portal.kit.periods import quarters
from portal.kit.verb import verb
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.release.methods import Protection, Showing, suppress
from portal.monitoring.release.models import Release, ReleaseFigure
from portal.monitoring.release.rules import expected, public_promise, why_not_publish
from portal.monitoring.report.methods import Pace
from portal.monitoring.report.models import ManualStatus, Report, ReportValue
from portal.monitoring.report.rules import Figure, outlook
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person

NOT_DUE = "not_due"

db.constraint("release_number_key", say("Somebody published another release at the same moment. Try once more."))


@dataclass(frozen=True, slots=True)
class Draft:
    """A cell as it would be published: hidden and missing ones hold no numbers. `report_id` is where it comes from.

    The last cell of an indicator holds its status and forecast, if it has one, and what the officer says of it.
    """

    agreement_id: int
    agreed: AgreedIndicator
    period: str
    state: str
    numerator: Decimal | None
    denominator: Decimal | None
    report_id: int | None
    pace: Pace | None = None
    said: ManualStatus | None = None


async def cells(call: Call, period: str, now: datetime) -> list[Draft]:
    """Every cell of a release of the call up to and including `period`, as it would be published at `now`."""
    signed = Agreement.that_were_in_force().filter(application__call_id=call.id)
    agreements = await signed.prefetch_related("indicators__indicator", "indicators__plan")
    reports = await Report.filter(agreement__application__call_id=call.id)
    accepted = {(one.agreement_id, one.period): one for one in reports if one.state is ReportState.ACCEPTED}
    due = {(one.agreement_id, one.period): one.due_at for one in reports if one.revision == 0}
    values = await _values([report.id for report in accepted.values()])
    said = await ManualStatus.newest([agreement.id for agreement in agreements])
    drafts = []
    for agreement in agreements:
        last, until = min(period, agreement.last_period), min(now, agreement.ended_at or now)
        for agreed in sorted(agreement.indicators, key=lambda agreed: agreed.position):
            row = []
            for one in quarters(agreement.first_period, last) if agreement.first_period <= last else []:
                report = accepted.get((agreement.id, one))
                value = values.get((report.id, agreed.id)) if report else None
                row.append(_cell(agreed, one, report, value, is_due=due.get((agreement.id, one), now) <= until))
            is_open = agreement.state is not AgreementState.TERMINATED
            drafts += _judged(agreed, row, call, said.get(agreed.id)) if is_open else row
    return drafts


def _judged(agreed: AgreedIndicator, row: list[Draft], call: Call, said: ManualStatus | None) -> list[Draft]:
    """The cells of one indicator, the last one with what can be expected from all of them as the public sees them."""
    told = {
        one.period: Figure(one.numerator, one.denominator, "" if one.state == Showing.SHOWN else one.state)
        for one in row
        if one.state != NOT_DUE
    }
    if not told or row[-1].state in (Showing.HIDDEN, Showing.NOT_APPLICABLE):
        return row
    pace = outlook(public_promise(agreed, call), told, told)
    if not pace.status:
        return row
    return [*row[:-1], replace(row[-1], pace=pace, said=said if said and said.period == row[-1].period else None)]


async def _values(reports: list[int]) -> dict[tuple[int, int], ReportValue]:
    """The values of the last attempt of each report, by report and agreed indicator."""
    rows = await ReportValue.filter(report_id__in=reports).order_by("attempt")
    return {(row.report_id, row.agreed_id): row for row in rows}


def _cell(
    agreed: AgreedIndicator, period: str, report: Report | None, value: ReportValue | None, *, is_due: bool
) -> Draft:
    if report is None or value is None:
        state = Showing.NOT_REPORTED if is_due else NOT_DUE
        return Draft(agreed.agreement_id, agreed, period, state, None, None, None)
    if value.missing:
        return Draft(agreed.agreement_id, agreed, period, value.missing, None, None, report.id)
    protection = Protection(protect=agreed.indicator.is_protected)
    shown = suppress(agreed.indicator.kind, value.numerator, value.denominator, protection=protection)
    numbers = (value.numerator, value.denominator) if shown.showing is Showing.SHOWN else (None, None)
    return Draft(agreed.agreement_id, agreed, period, shown.showing, *numbers, report.id)


async def next_number() -> int:
    """The number that the next release will have."""
    last = await Release.all().order_by("-number").first()
    return last.number + 1 if last else 1


@verb
async def publish(call: Call, *, period: str, by: Person, number: int | None = None) -> Release:
    """A new release stands and everyone may read it: all that is accepted for the call up to and including `period`.

    Raises Refusal if there is nothing accepted for the period, it lies outside the programmes, or the release would not
    have the `number` that she was shown: of a form that comes twice, one is published.
    """
    await Call.select_for_update().get(id=call.id)
    if number is not None and number != await next_number():
        raise Refusal(say("A release was published after you had opened this page. Read it before the next one."))
    drafts = await cells(call, period, clock.now())
    refuse(why_not_publish(call, period, any(draft.report_id and draft.period == period for draft in drafts)))
    release = await Release.create(
        number=await next_number(),
        call=call,
        period=period,
        published_at=clock.now(),
        published_by_name=by.name_in_journal,
    )
    await ReleaseFigure.bulk_create(
        ReleaseFigure(
            release=release,
            agreed_id=draft.agreed.id,
            period=draft.period,
            state=str(draft.state),
            numerator=draft.numerator,
            denominator=draft.denominator,
            report_id=draft.report_id,
            **expected(draft.pace, draft.said),
        )
        for draft in drafts
    )
    hidden = sum(draft.state == Showing.HIDDEN for draft in drafts)
    await journal.write(release, by=by, call=call.number, period=period, cells=len(drafts), hidden=hidden)
    return release
