"""Verbs of amendments: proposed by the officer, signed by the region, and from then on the plan."""

from __future__ import annotations

from collections.abc import Mapping

from portal.applications.call.models import Call
from portal.applications.programme.models import facts_of
from portal.kit import clock, db, journal, mail
from portal.kit.errors import Invalid, Problem, refuse
from portal.kit.i18n import Text, say
from portal.kit.lifecycle import take
from portal.kit.verb import verb
from portal.monitoring.agreement.models import AgreedIndicator, AgreedValue, Agreement
from portal.monitoring.amendment import rules
from portal.monitoring.amendment.models import AmendedValue, Amendment
from portal.monitoring.amendment.states import SIGN, WITHDRAW, AmendmentState
from portal.monitoring.report.models import Report
from portal.monitoring.report.service import appraise
from portal.people.person.models import Person

db.constraint("one_amendment_waits", say("Somebody proposed an amendment at the same moment. Open the page again."))


async def open_quarters(agreement: Agreement) -> list[str]:
    """The quarters whose plan may still change: the region has submitted no report on them or on a later one."""
    reported = await Report.filter(agreement_id=agreement.id, submitted_at__isnull=False).values("period")
    return rules.open_quarters(agreement, [row["period"] for row in reported])


async def indicators_of(agreement: Agreement) -> list[AgreedIndicator]:
    """What is agreed, with its plan, in the agreement's order."""
    agreed = AgreedIndicator.filter(agreement_id=agreement.id).order_by("position")
    return await agreed.select_related("indicator").prefetch_related("plan")


@verb
async def propose(agreement: Agreement, *, reason: str, typed: Mapping[str, str], by: Person) -> Amendment:
    """The amendment waits for the region's signature; the plan is as before until then.

    `typed` holds the new values as `CODE.2027Q3.n` and `.d`; what is not named stays. Raises Invalid with every
    problem.
    """
    agreement = await Agreement.select_for_update().get(id=agreement.id)
    waiting = await Amendment.get_or_none(agreement_id=agreement.id, state=AmendmentState.PROPOSED)
    left = await open_quarters(agreement)
    refuse(rules.why_not_propose(agreement, waiting, left, by))
    call = await Call.get(applications__id=agreement.application_id)
    changes, problems = rules.read_changes(await indicators_of(agreement), await facts_of(call), left, typed)
    if not reason.strip():
        problems.append(Problem("reason", say("Write why the plan is changed: everybody will read it.")))
    if problems:
        raise Invalid(problems)
    amendment = await Amendment.create(
        agreement=agreement,
        number=await Amendment.filter(agreement_id=agreement.id).count() + 1,
        reason=reason.strip(),
        proposed_at=clock.now(),
        proposed_by=by.name_in_journal,
    )
    await AmendedValue.bulk_create(
        AmendedValue(
            amendment=amendment, agreed=one.agreed, period=one.period,
            numerator=one.after.numerator, denominator=one.after.denominator,
            before_numerator=one.before.numerator, before_denominator=one.before.denominator,
        )
        for one in changes
    )  # fmt: skip
    await journal.write(amendment, by=by, agreement=agreement.number, reason=amendment.reason, values=len(changes))
    await _tell(amendment, say("Amendment No. %(number)s to agreement No. %(agreement)s waits for your signature",
                               number=amendment.number, agreement=agreement.number), [
        say("The Foundation proposes to change the plan of the agreement. Reason: %(reason)s", reason=amendment.reason),
        say("Please read it; the signatory can sign it on its page."),
    ])  # fmt: skip
    return amendment


@verb
async def sign(amendment: Amendment, *, by: Person) -> Amendment:
    """The changed values are the agreement's plan; those before them stay and stay visible."""
    agreement = await Agreement.select_for_update().get(id=amendment.agreement_id)
    amendment = await Amendment.get(id=amendment.id).prefetch_related("agreement", "changes")
    changed = [one.period for one in amendment.changes]
    refuse(rules.why_not_sign(amendment, await open_quarters(agreement), changed, by))
    now = clock.now()
    amendment.signed_at, amendment.signed_by = now, by.name_in_journal
    await amendment.save(update_fields=["signed_at", "signed_by"])
    await take(SIGN, amendment, by=by, agreement=agreement.number)
    await AgreedValue.bulk_create(
        AgreedValue(
            agreed_id=one.agreed_id, period=one.period, numerator=one.numerator, denominator=one.denominator,
            edition=amendment.number, since=now,
        )
        for one in amendment.changes
    )  # fmt: skip
    await agreement.fetch_related("application__call")
    await appraise(agreement)
    await _tell(amendment, say("Amendment No. %(number)s to agreement No. %(agreement)s is in force",
                               number=amendment.number, agreement=agreement.number), [
        say("Reports of the quarters that it changes are compared with the new plan."),
    ])  # fmt: skip
    return amendment


@verb
async def withdraw(amendment: Amendment, *, by: Person) -> Amendment:
    """The proposal is taken back, the plan is as before; its text stays."""
    refuse(rules.why_not_withdraw(amendment, by))
    await take(WITHDRAW, amendment, by=by)
    return amendment


async def _tell(amendment: Amendment, subject: Text, body: list[Text]) -> None:
    agreement = await Agreement.get(id=amendment.agreement_id)
    path = f"agreements/{agreement.number}/amendments/{amendment.number}"
    link = say("The amendment: %(link)s", link=mail.link(path))
    await mail.write(await Person.speaking_for(agreement.region_id), subject, [*body, link])
