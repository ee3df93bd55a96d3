"""What the officer says stands beside the computed status, with a reason, and is public only where that is."""

from __future__ import annotations

import pytest
from tortoise.exceptions import IntegrityError

from portal.kit.errors import Refusal
from portal.kit.journal import JournalEntry
from portal.monitoring import published
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.published import Series, Status
from portal.monitoring.release import service as releases
from portal.monitoring.release.models import Release, ReleaseFigure
from portal.monitoring.report import service
from portal.monitoring.report.models import Forecast, ManualStatus
from portal.monitoring.report.rules import STATED
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.visit import visitor

WHY = "Семьи зачислены, доходы подтвердят в апреле."


async def judged(status: str = "", *, hidden: bool = False) -> tuple[AgreedIndicator, ReleaseFigure]:
    """An indicator of the newest release whose public cell has a status other than this, or is hidden."""
    release = await Release.all().order_by("-number").first()
    assert release is not None
    last = ReleaseFigure.filter(release_id=release.id, period=release.period)
    others = [one for one in STATED if one != status]
    last = last.filter(state="hidden") if hidden else last.filter(status__in=others, state="value")
    figure = await last.order_by("id").first().select_related("agreed__agreement__region", "agreed__indicator")
    assert figure is not None
    return figure.agreed, figure


async def computed(agreed: AgreedIndicator) -> Forecast:
    """The last forecast of the indicator."""
    last = await Forecast.filter(agreed_id=agreed.id).order_by("-id").first()
    assert last is not None
    return last


async def officer() -> Person:
    return await make.person(Role.OFFICER, name="Кураторова")


async def public(agreed: AgreedIndicator) -> Series:
    """The indicator in a release that is published now."""
    release = await Release.all().order_by("-number").select_related("call").first()
    assert release is not None
    newest = await releases.publish(release.call, period=release.period, by=await officer())
    region, code = agreed.agreement.region.code, agreed.indicator.code
    return (await published.series(newest.number, region=region, indicator=code))[0]


async def test_it_stands_beside_the_computed_one_everywhere_and_is_taken_back(demonstrated: Database) -> None:
    agreed, figure = await judged("at_risk")
    last, by = await computed(agreed), await officer()
    browser, anyone = await visitor(by), await visitor()
    page = f"/ru/agreements/{agreed.agreement.number}/indicators/{agreed.indicator.code}"
    answer = await browser.send_form(f"{page}/status", {"status": "at_risk", "reason": WHY})
    assert answer.status_code == 303
    told = (await browser.get(page)).text
    assert WHY in told
    assert "есть риск" in told
    entry = await JournalEntry.filter(deed="report.state").order_by("-id").first()
    assert entry is not None
    assert entry.detail["why"] == WHY
    assert entry.detail["computed"] == last.status
    row = await public(agreed)
    assert row.outlook is not None
    assert (row.outlook.status, row.outlook.stated, row.outlook.because) == (figure.status, Status.AT_RISK, WHY)
    file = await anyone.get(f"/ru/dashboards/regions/{row.region_code}.csv")
    assert WHY in file.text
    assert WHY in (await anyone.get(f"/ru/dashboards/regions/{row.region_code}")).text

    assert (await browser.send_form(f"{page}/status", {"status": "", "reason": WHY})).status_code == 303
    again = await public(agreed)
    assert again.outlook is not None
    assert again.outlook.stated is None
    assert (await browser.get(page)).text.count(WHY) == 1, "in the history"


async def test_it_speaks_of_the_quarter_that_was_accepted_then(demonstrated: Database) -> None:
    agreed, _ = await judged("off_track")
    await service.state(agreed, status="off_track", reason=WHY, by=await officer())
    last = await computed(agreed)
    last.pk = None
    last.period = "2099Q1"
    await last.save(force_create=True)
    row = next(one for one in await Forecast.newest([agreed.agreement_id]) if one["agreed_id"] == agreed.id)
    assert (row["period"], row["stated"], row["because"]) == ("2099Q1", None, None)


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [("same", WHY, "такой же"), ("on_track", " ", "почему"), ("", "", "Выберите статус"), ("no_data", WHY, "Выберите")],
)
async def test_it_needs_a_reason_and_says_something_else(
    demonstrated: Database, status: str, reason: str, words: str
) -> None:
    agreed, _ = await judged("on_track")
    last = await computed(agreed)
    browser = await visitor(await officer())
    page = f"/ru/agreements/{agreed.agreement.number}/indicators/{agreed.indicator.code}"
    sent = {"status": last.status if status == "same" else status, "reason": reason}
    answer = await browser.send_form(f"{page}/status", sent)
    assert answer.status_code in (409, 422)
    assert words in answer.text
    assert reason.strip() in answer.text
    assert not await ManualStatus.filter(agreed_id=agreed.id).exists()


async def test_s5_nothing_is_said_in_public_of_a_hidden_cell(demonstrated: Database) -> None:
    agreed, _ = await judged(hidden=True)
    last = await computed(agreed)
    other = next(one for one in ("on_track", "off_track") if one != last.status)
    if not last.status:
        with pytest.raises(Refusal):
            await service.state(agreed, status=other, reason=WHY, by=await officer())
        return
    await service.state(agreed, status=other, reason=WHY, by=await officer())
    assert (await public(agreed)).outlook is None
    assert not await ReleaseFigure.filter(because=WHY).exists()


async def test_the_database_keeps_it_beside_a_computed_one(demonstrated: Database) -> None:
    _, figure = await judged()
    with pytest.raises(IntegrityError, match="manual_status_stands_beside_a_computed_one"):
        await ReleaseFigure.create(
            release_id=figure.release_id, agreed_id=figure.agreed_id, period="2099Q1", state="value", stated="on_track",
            because=WHY,
        )  # fmt: skip


async def test_only_officers_say_it(demonstrated: Database) -> None:
    agreed, _ = await judged("on_track")
    with pytest.raises(Refusal):
        await service.state(agreed, status="on_track", reason=WHY, by=await make.person(Role.COUNCIL))
