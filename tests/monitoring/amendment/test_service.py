"""Amendments: proposed for quarters not yet reported, signed by the region, the old plan kept beside the new."""

from decimal import Decimal

import pytest

from portal.kit import clock
from portal.kit.errors import Invalid, Refusal
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.amendment import service
from portal.monitoring.amendment.models import Amendment
from portal.monitoring.amendment.states import AmendmentState
from portal.monitoring.report.models import Report
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make


class Scene:
    """An agreement in force on a count planned 100 and 200, its officer and the region's signatory."""

    agreement: Agreement
    officer: Person
    signatory: Person

    async def propose(self, **values: str) -> Amendment:
        typed = {name.replace("_", ".").replace("SC.04", "SC-04"): value for name, value in values.items()}
        return await service.propose(self.agreement, reason="Меньше семей", typed=typed, by=self.officer)

    async def planned(self) -> list[tuple[str, Decimal, int]]:
        count = (await service.indicators_of(self.agreement))[0]
        return [(period, one.numerator, one.edition) for period, one in sorted(count.planned().items())]


@pytest.fixture
async def scene(tx: object) -> Scene:
    made = Scene()
    region = await make.region(*make.KAMCHATKA)
    made.agreement = await make.agreement(region)
    made.officer = await make.person(Role.OFFICER)
    made.signatory = await make.person(Role.SIGNATORY, region=region)
    return made


async def test_signed_amendment_is_the_plan_and_the_old_plan_stays(scene: Scene) -> None:
    before = clock.now()
    amendment = await scene.propose(SC_04_2027Q2_n="150")
    assert await scene.planned() == [("2027Q1", Decimal(100), 0), ("2027Q2", Decimal(200), 0)]
    await service.sign(amendment, by=scene.signatory)
    assert await scene.planned() == [("2027Q1", Decimal(100), 0), ("2027Q2", Decimal(150), 1)]
    count = (await service.indicators_of(scene.agreement))[0]
    assert count.planned(before)["2027Q2"].numerator == 200
    assert await Letter.filter(subject__contains=scene.agreement.number).count() >= 2
    deeds = await JournalEntry.filter(subject="Amendment").order_by("id").values_list("deed", flat=True)
    assert deeds == ["amendment.propose", "amendment.sign"]


async def test_reported_quarters_keep_their_plan(scene: Scene) -> None:
    await Report.filter(agreement=scene.agreement, period="2027Q1").update(submitted_at=clock.now())
    assert await service.open_quarters(scene.agreement) == ["2027Q2"]
    with pytest.raises(Invalid, match="Check"):
        await scene.propose(SC_04_2027Q1_n="50")
    amendment = await scene.propose(SC_04_2027Q2_n="150")
    await Report.filter(agreement=scene.agreement, period="2027Q2").update(submitted_at=clock.now())
    with pytest.raises(Refusal, match="reported on in the meantime"):
        await service.sign(amendment, by=scene.signatory)


@pytest.mark.parametrize("value", ["150,5", "-1", "50", "много", ""])
async def test_plan_that_an_application_could_not_have_is_refused(scene: Scene, value: str) -> None:
    with pytest.raises(Invalid) as invalid:
        await scene.propose(SC_04_2027Q2_n=value)
    assert [problem.field for problem in invalid.value.problems] == ["SC-04.2027Q2.n"]
    assert not await Amendment.all().exists()


async def test_nothing_changed_or_no_reason_is_refused(scene: Scene) -> None:
    with pytest.raises(Invalid):
        await scene.propose(SC_04_2027Q2_n="200")
    with pytest.raises(Invalid) as invalid:
        await service.propose(scene.agreement, reason=" ", typed={"SC-04.2027Q2.n": "150"}, by=scene.officer)
    assert [problem.field for problem in invalid.value.problems] == ["reason"]


async def test_one_waits_at_a_time_and_others_cannot(scene: Scene) -> None:
    amendment = await scene.propose(SC_04_2027Q2_n="150")
    with pytest.raises(Refusal, match="waits for the region"):
        await scene.propose(SC_04_2027Q2_n="160")
    with pytest.raises(Refusal, match="signatory of the region"):
        await service.sign(amendment, by=scene.officer)
    with pytest.raises(Refusal, match="officer withdraws"):
        await service.withdraw(amendment, by=scene.signatory)
    withdrawn = await service.withdraw(amendment, by=scene.officer)
    assert withdrawn.state is AmendmentState.WITHDRAWN
    with pytest.raises(Refusal, match="signed or withdrawn"):
        await service.sign(withdrawn, by=scene.signatory)
    second = await scene.propose(SC_04_2027Q2_n="160")
    assert second.number == 2


async def test_agreement_that_is_not_in_force_is_not_amended(tx: object) -> None:
    agreement = await make.agreement(await make.region(*make.KAMCHATKA), signed=False)
    with pytest.raises(Refusal, match="in force"):
        await service.propose(agreement, reason="Да", typed={}, by=await make.person(Role.OFFICER))
