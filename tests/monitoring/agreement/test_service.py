"""Agreements: drafted from the winning version with nothing retyped, signed by both, once each."""

from decimal import Decimal

import pytest

from portal.applications.application.states import ApplicationState
from portal.kit import clock
from portal.kit.errors import Refusal
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.monitoring.agreement import service
from portal.monitoring.agreement.models import AgreedCost, AgreedIndicator, Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.report import service as report_service
from portal.monitoring.report.models import Report
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make

assert report_service  # It is the room that opens reports.


async def officer() -> Person:
    return await make.person(Role.OFFICER)


async def test_draft_takes_over_the_version_and_fits_the_budget(tx: object) -> None:
    region = await make.region(*make.KAMCHATKA)
    application = await make.winner(region, amount=Decimal("900000.00"))
    await application.fetch_related("call")
    agreement = await service.draft(application, by=await officer())
    assert agreement.number == f"{application.call.number}-01"
    assert (agreement.grant, agreement.title_ru) == (Decimal("900000.00"), "Шаг вперёд")
    assert (agreement.first_period, agreement.last_period) == ("2027Q1", "2027Q2")
    sums = {cost.source: cost.amount for cost in await AgreedCost.filter(agreement=agreement)}
    assert sums == {"foundation": Decimal("900000.00"), "regional": Decimal("300000.00")}
    count, share = await AgreedIndicator.filter(agreement=agreement).order_by("position").prefetch_related("plan")
    assert [(p.period, p.numerator, p.denominator) for p in sorted(count.plan, key=lambda p: p.period)] == [
        ("2027Q1", Decimal(10), None), ("2027Q2", Decimal(20), None)
    ]  # fmt: skip
    assert (share.baseline_numerator, share.baseline_denominator) == (Decimal(4), Decimal(10))
    assert await JournalEntry.filter(deed="agreement.draft", subject_name=agreement.number).count() == 1
    assert await Letter.filter(subject__contains=agreement.number).count() >= 1


async def test_draft_is_refused_twice_without_an_award_and_to_others(tx: object) -> None:
    region = await make.region(*make.KAMCHATKA)
    application = await make.winner(region)
    with pytest.raises(Refusal, match="officer drafts"):
        await service.draft(application, by=await make.person(Role.BOARD))
    await service.draft(application, by=await officer())
    with pytest.raises(Refusal, match="drafted already"):
        await service.draft(application, by=await officer())
    other = await make.winner(await make.region(*make.NOVGOROD))
    await type(other).filter(id=other.id).update(state=ApplicationState.RESERVE)
    with pytest.raises(Refusal, match="with a winner"):
        await service.draft(other, by=await officer())


async def test_winners_of_one_place_have_numbers_of_their_own(tx: object) -> None:
    first = await make.winner(await make.region(*make.KAMCHATKA))
    second = await make.winner(await make.region(*make.NOVGOROD), of=await first.call)
    from portal.applications.award.models import Award

    await Award.filter(application=second).update(place=1)
    one, two = [await service.draft(made, by=await officer()) for made in (first, second)]
    assert two.number == f"{one.number}a"


async def test_second_signature_puts_in_force_and_opens_reports(tx: object) -> None:
    region = await make.region(*make.KAMCHATKA)
    agreement = await make.agreement(region, signed=False)
    signatory, staff = await make.person(Role.SIGNATORY, region=region), await officer()
    with clock.frozen(make.NOW):
        await service.sign(agreement, by=signatory)
        assert not await Report.filter(agreement=agreement).exists()
        with pytest.raises(Refusal, match="The region has signed"):
            await service.sign(agreement, by=signatory)
        await service.sign(agreement, by=staff)
    kept = await Agreement.get(id=agreement.id)
    assert kept.state is AgreementState.SIGNED
    assert (kept.region_signed_by, kept.foundation_signed_by) == (signatory.name_ru, staff.name_ru)
    reports = await Report.filter(agreement=agreement).order_by("period")
    assert [(r.period, r.due_at.isoformat()) for r in reports] == [
        ("2027Q1", "2027-04-15T21:00:00+00:00"), ("2027Q2", "2027-07-15T21:00:00+00:00")
    ]  # fmt: skip
    with pytest.raises(Refusal, match="Both sides"):
        await service.sign(agreement, by=staff)
    assert await JournalEntry.filter(deed="agreement.sign", subject_id=agreement.id).count() == 4


async def test_strangers_do_not_sign(tx: object) -> None:
    agreement = await make.agreement(await make.region(*make.KAMCHATKA), signed=False)
    novgorod = await make.region(*make.NOVGOROD)
    for person in (
        await make.person(Role.SIGNATORY, region=novgorod),
        await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA)),
        await make.person(Role.AUDITOR),
        await make.person(Role.COUNCIL),
    ):
        with pytest.raises(Refusal, match="sign the agreement"):
            await service.sign(agreement, by=person)
