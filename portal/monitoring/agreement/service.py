"""Verbs of agreements: drafted from the winning version with nothing retyped, signed by both sides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from itertools import chain

from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.award.models import Award
from portal.applications.call.models import Call
from portal.applications.programme.rules import Programme, from_canonical
from portal.directory.indicator.models import Indicator
from portal.kit import clock, journal, mail
from portal.kit.errors import refuse
from portal.kit.i18n import Text, Written, money, say
from portal.kit.lifecycle import take
from portal.kit.verb import verb
from portal.monitoring.agreement import rules
from portal.monitoring.agreement.models import AgreedCost, AgreedIndicator, AgreedValue, Agreement
from portal.monitoring.agreement.states import SIGN
from portal.people.person.models import Person

_open_reports: Callable[..., Awaitable[None]]


def reports_are_opened_by(opens: Callable[..., Awaitable[None]]) -> None:
    """From now on the second signature calls `opens(agreement, by=…)`: reports come later and know agreements."""
    global _open_reports
    _open_reports = opens


@verb
async def draft(application: Application, *, by: Person) -> Agreement:
    """The agreement stands with what the winning version promised, its budget fitted to the awarded amount."""
    call = await Call.select_for_update().get(id=application.call_id)
    locked = await Application.select_for_update().get(id=application.id)
    award = await Award.get_or_none(application_id=locked.id)
    drafted = await Agreement.filter(application_id=locked.id).exists()
    refuse(rules.why_not_draft(locked, award, has_agreement=drafted, by=by))
    assert award is not None
    assert award.amount is not None
    version = await ApplicationVersion.filter(application_id=locked.id).order_by("-number").first()
    assert version is not None
    programme = from_canonical(version.content)
    agreement = await Agreement.create(
        number=await _free_number(f"{call.number}-{award.place:02d}"),
        application=locked,
        version=version,
        region_id=locked.region_id,
        title_ru=programme.passport.title.ru,
        title_en=programme.passport.title.en,
        summary_ru=programme.passport.summary.ru,
        summary_en=programme.passport.summary.en,
        grant=award.amount,
        first_period=programme.first_period,
        last_period=programme.last_period,
        drafted_at=clock.now(),
    )
    await _take_over(agreement, programme)
    await journal.write(agreement, by=by, application=locked.number, version=version.number, sha256=version.sha256,
                        asked=version.grant, awarded=award.amount)  # fmt: skip
    await _tell(agreement, say("Agreement No. %(number)s waits for your signature", number=agreement.number), [
        say("The Foundation has prepared agreement No. %(number)s for %(sum)s. Its indicators, periods and budget are "
            "taken from your application No. %(application)s.", number=agreement.number,
            sum=Written(money, award.amount), application=locked.number),
        say("Please read it; the signatory can sign it on its page."),
    ])  # fmt: skip
    return agreement


async def _free_number(wanted: str) -> str:
    """The number; winners who share a place get letters behind it."""
    for letter in chain(("",), "abcdefgh"):
        if not await Agreement.filter(number=wanted + letter).exists():
            return wanted + letter
    raise LookupError(wanted)


async def _take_over(agreement: Agreement, programme: Programme) -> None:
    codes = [planned.code for planned in programme.indicators]
    indicators = {indicator.code: indicator for indicator in await Indicator.filter(code__in=codes)}
    for position, planned in enumerate(programme.indicators, 1):
        base = planned.baseline
        agreed = await AgreedIndicator.create(
            agreement=agreement,
            indicator=indicators[planned.code],
            position=position,
            baseline_numerator=base and base.numerator,
            baseline_denominator=base and base.denominator,
        )
        await AgreedValue.bulk_create(
            AgreedValue(agreed=agreed, period=period, numerator=value.numerator, denominator=value.denominator)
            for period, value in planned.plan
        )
    await AgreedCost.bulk_create(
        AgreedCost(
            agreement=agreement, position=cost.position, title=cost.title, activity=cost.activity, year=cost.year,
            source=cost.source, amount=cost.agreed,
        )
        for cost in rules.costs(programme, Decimal(agreement.grant))
    )  # fmt: skip


@verb
async def sign(agreement: Agreement, *, by: Person) -> Agreement:
    """Her side has signed; with the second signature the agreement is in force and the reports of all quarters open."""
    await Agreement.select_for_update().get(id=agreement.id)
    await agreement.refresh_from_db()
    refuse(rules.why_not_sign(agreement, by))
    side = rules.side_of(agreement, by)
    setattr(agreement, f"{side}_signed_at", clock.now())
    setattr(agreement, f"{side}_signed_by", by.name_in_journal)
    await agreement.save(update_fields=[f"{side}_signed_at", f"{side}_signed_by"])
    await journal.write(agreement, by=by, side=side, application=agreement.application_id)
    if agreement.region_signed_at and agreement.foundation_signed_at:
        await take(SIGN, agreement, by=by)
        await _open_reports(agreement, by=by)
        await _tell(agreement, say("Agreement No. %(number)s has been signed by both sides", number=agreement.number), [
            say("Agreement No. %(number)s is in force.", number=agreement.number),
            say("The reports of all quarters are open. Each is due by the end of the 15th day after its quarter, "
                "Moscow time."),
        ])  # fmt: skip
    return agreement


async def terms(agreement: Agreement) -> rules.Terms:
    """What the agreement binds to; its version must be loaded."""
    award = await Award.get(application_id=agreement.application_id).select_related("protocol")
    agreed = AgreedIndicator.filter(agreement_id=agreement.id).order_by("position")
    indicators = await agreed.select_related("indicator").prefetch_related("plan")
    programme = from_canonical(agreement.version.content)
    costs = await AgreedCost.filter(agreement_id=agreement.id)
    lines = rules.table(programme, {(cost.position, cost.year, cost.source): cost.amount for cost in costs})
    sums = rules.totals(row for rows in lines for row in rows)
    return rules.Terms(award, indicators, lines, sums, programme.budget.share)


async def _tell(agreement: Agreement, subject: Text, body: list[Text]) -> None:
    """A letter to each editor and signatory of the region."""
    link = say("The agreement: %(link)s", link=mail.link(f"agreements/{agreement.number}"))
    await mail.write(await Person.speaking_for(agreement.region_id), subject, [*body, link])
