"""Verbs of reports: typed, signed, submitted, accepted or returned, and corrected by a new revision."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from portal.kit import clock, db, drafts, files, journal, mail
from portal.kit.errors import Refusal, refuse
from portal.kit.forms import Typed
from portal.kit.i18n import Text, Written, quarter, say
from portal.kit.lifecycle import take
from portal.kit.periods import quarters
from portal.kit.uploads import Received
from portal.kit.verb import verb
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.agreement.service import reports_are_opened_by
from portal.monitoring.report import rules
from portal.monitoring.report.models import Report, ReportValue
from portal.monitoring.report.rules import Judged, Line
from portal.monitoring.report.service.figures import appraise, frozen, judged, lines, obstacles
from portal.monitoring.report.states import ACCEPT, BEGIN, HAND_OVER, RETURN, SUBMIT, SUPERSEDE, TAKE_BACK, ReportState
from portal.people.person.models import Person

SECTION, EVIDENCE = "values", "evidence"

for _name in ("one_report_per_period", "one_accepted_report_per_period"):
    db.constraint(_name, say("There is such a report of this quarter already. Open the page again."))


async def open_all(agreement: Agreement, *, by: Person) -> None:
    """The reports of all quarters of the agreement are open, each with its due instant. Called inside a verb."""
    periods = quarters(agreement.first_period, agreement.last_period)
    await Report.bulk_create(Report(agreement=agreement, period=one, due_at=rules.due_at(one)) for one in periods)
    await journal.write(agreement, by=by, reports=periods)


reports_are_opened_by(open_all)


@verb
async def save(report: Report, typed: Mapping[str, str], *, based_on: int, by: Person) -> drafts.Draft:
    """What was typed is kept exactly, valid or not; raises Stale if it was changed elsewhere since `based_on`."""
    await _lock(report)
    refuse(rules.why_not_save(report, by))
    codes = await AgreedIndicator.filter(agreement_id=report.agreement_id).values_list("indicator__code", flat=True)
    known = [f"{code}.{part}" for code in sorted(map(str, codes)) for part in rules.PARTS]
    kept = Typed((name, typed[name]) for name in known if typed.get(name, "").strip())
    saved = await drafts.save(report, SECTION, kept, based_on=based_on, by=by)
    if report.state is not ReportState.DRAFT:
        await take(BEGIN, report, by=by)
    return saved


@verb
async def restore(report: Report, version: int, *, based_on: int, by: Person) -> drafts.Draft:
    """Earlier figures stand again above the newest; raises Stale as `save` does, Refusal where they are not kept."""
    again = partial(save, report, based_on=based_on, by=by)
    return await drafts.restore(report, SECTION, version, by=by, save=again)


@verb
async def attach(report: Report, received: Received, *, by: Person) -> files.StoredFile:
    """The file that was received stands beside the report; raises Refusal where there is no room for it."""
    await _lock(report)
    refuse(rules.why_not_save(report, by))
    return await files.keep(received, report, part=EVIDENCE, owner=by.organisation_id, by=by)


@verb
async def detach(report: Report, public_id: str, *, by: Person) -> None:
    """The file does not stand beside the report any more; raises NotFound where there is none of that id."""
    await _lock(report)
    file = await files.named(public_id, report)
    refuse(rules.why_not_remove(report, by, file.uploaded_at))
    await files.remove(report, file, by=by)


async def _written(report: Report) -> tuple[int, list[Line], list[Judged]]:
    asked = await lines(report)
    draft = (await drafts.latest(report)).get(SECTION)
    return draft.version if draft else 0, asked, judged(report, asked, draft.content if draft else {})


@verb
async def hand_over(report: Report, *, by: Person) -> Report:
    """The report waits for the signatory, and nobody types into it meanwhile."""
    await _lock(report)
    version, _, found = await _written(report)
    refuse(rules.why_not_hand_over(report, by, obstacles(found)))
    await take(HAND_OVER, report, by=by, draft=version)
    return report


@verb
async def take_back(report: Report, *, by: Person) -> Report:
    """The report is open for typing again."""
    await _lock(report)
    refuse(rules.why_not_take_back(report, by))
    await take(TAKE_BACK, report, by=by)
    return report


@verb
async def submit(report: Report, *, by: Person, seen: int | None = None) -> Report:
    """The saved values are frozen as the next attempt. `seen` is the saved version that she read, if it is known."""
    await _lock(report)
    version, _, found = await _written(report)
    now = clock.received_at()
    refuse(rules.why_not_submit(report, by, obstacles(found), now))
    if seen is not None and seen != version:
        raise Refusal(say("The report was changed after you opened it. Read it again before you sign it."))
    attempt = await _last_attempt(report) + 1
    await ReportValue.bulk_create(
        ReportValue(
            report=report,
            attempt=attempt,
            agreed_id=one.line.agreed_id,
            numerator=one.figure.numerator,
            denominator=one.figure.denominator,
            missing=one.figure.missing,
            explanation=one.figure.why,
        )
        for one in found
    )
    report.submitted_at, report.submitted_by_name = now, by.name_in_journal
    await report.save(update_fields=["submitted_at", "submitted_by_name"])
    await take(SUBMIT, report, by=by, attempt=attempt, draft=version)
    return report


async def _last_attempt(report: Report) -> int:
    value = await ReportValue.filter(report_id=report.id).order_by("-attempt").first()
    return value.attempt if value else 0


@verb
async def accept(report: Report, *, by: Person, seen: int | None = None) -> Report:
    """The values are accepted for good; a corrected report gives its place. `seen` is the attempt that she read."""
    await _lock(report)
    asked = await lines(report)
    attempt, typed = await frozen(report, asked)
    errors = [error for one in judged(report, asked, typed) for error in one.errors]
    refuse(rules.why_not_accept(report, by, errors))
    _still(attempt, seen)
    for old in await Report.filter(agreement_id=report.agreement_id, period=report.period, state=ReportState.ACCEPTED):
        await take(SUPERSEDE, old, by=by, by_revision=report.revision)
    report.accepted_at, report.accepted_by_name = clock.now(), by.name_in_journal
    await report.save(update_fields=["accepted_at", "accepted_by_name"])
    await take(ACCEPT, report, by=by, attempt=attempt)
    await appraise(report.agreement)
    await _tell(report, say("The report for %(period)s has been accepted", period=Written(quarter, report.period)), [
        say("The Foundation has accepted your report for %(period)s under agreement No. %(number)s. Its values no "
            "longer change; a mistake is corrected by a new revision.",
            period=Written(quarter, report.period), number=report.agreement.number),
    ])  # fmt: skip
    return report


def _still(attempt: int, seen: int | None) -> None:
    if seen is not None and seen != attempt:
        raise Refusal(say("The report was submitted anew after you opened it. Read the new numbers first."))


@verb
async def send_back(report: Report, *, reason: str, by: Person, seen: int | None = None) -> Report:
    """The region reads the reason at the top of its report and corrects it; the submitted attempt stays."""
    await _lock(report)
    refuse(rules.why_not_return(report, by, reason))
    _still(await _last_attempt(report), seen)
    report.returned_because = reason.strip()
    await report.save(update_fields=["returned_because"])
    await take(RETURN, report, by=by, why=report.returned_because)
    await _tell(report, say("The report for %(period)s has been returned", period=Written(quarter, report.period)), [
        say("The Foundation asks you to correct your report for %(period)s under agreement No. %(number)s.",
            period=Written(quarter, report.period), number=report.agreement.number),
        say("Reason: %(reason)s", reason=report.returned_because),
    ])  # fmt: skip
    return report


@verb
async def correct(report: Report, *, reason: str, by: Person) -> Report:
    """A new revision stands, prefilled with the accepted values; until it is accepted the old one counts."""
    await _lock(report)
    revisions = await Report.filter(agreement_id=report.agreement_id, period=report.period).order_by("-revision")
    refuse(rules.why_not_correct(report, by, revisions[0].revision, reason))
    correction = await Report.create(
        agreement=report.agreement,
        period=report.period,
        revision=report.revision + 1,
        due_at=report.due_at,
        corrects_because=reason.strip(),
    )
    await journal.write(correction, by=by, corrects=report.revision, why=correction.corrects_because)
    _, typed = await frozen(report, await lines(report))
    await drafts.save(correction, SECTION, typed, based_on=0, by=by)
    await take(BEGIN, correction, by=by)
    return correction


async def _lock(report: Report) -> None:
    """The report is as it is now, and no other verb moves a report of its agreement until this one has ended."""
    held = Agreement.select_for_update(of=("agreement",)).select_related("application__call")
    agreement = await held.get(id=report.agreement_id)
    await report.refresh_from_db()
    report.agreement = agreement


async def _tell(report: Report, subject: Text, body: list[Text]) -> None:
    """A letter to each editor and signatory of the region."""
    link = say("The report: %(link)s", link=mail.link(f"reports/{rules.number_of(report)}"))
    await mail.write(await Person.speaking_for(report.agreement.region_id), subject, [*body, link])
