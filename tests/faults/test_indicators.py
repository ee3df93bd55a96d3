"""I-11: what can go wrong with an indicator between promise and report, and where it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from portal.directory.indicator.models import Indicator
from portal.kit import clock
from portal.kit.errors import Refusal
from portal.monitoring.agreement.models import AgreedIndicator, AgreedValue
from portal.monitoring.release import service as releases
from portal.monitoring.report import service
from portal.monitoring.report.models import Forecast, Report, ReportValue
from tests.conftest import Database
from tests.monitoring.report.test_service import AFTER, FIRST, SECOND, accepted, cast, submitted
from tests.visit import visitor


@pytest.fixture(autouse=True)
def _after_both_quarters() -> Iterator[None]:
    with clock.frozen(AFTER):
        yield


async def test_i11_a_quarter_is_reported_once(tx: object) -> None:
    who = await cast()
    with pytest.raises(IntegrityError, match="one_report_per_period"):
        async with in_transaction():
            await Report.create(agreement=who.first.agreement, period=who.first.period, due_at=who.first.due_at)


@pytest.mark.parametrize("period", ["2026Q4", "2027Q3", "2027Q5", "2027", "2027Q1-2027Q2"])
async def test_i11_no_report_lies_outside_the_agreement(tx: object, period: str) -> None:
    who = await cast()
    editor = await visitor(who.editor)
    number = who.first.agreement.number
    assert (await editor.get(f"/ru/reports/{number}-{period}")).status_code == 404
    answer = await editor.send_form(f"/ru/reports/{number}-{period}/values", {"based_on": "0", **FIRST})
    assert answer.status_code in (404, 422)  # An address longer than any of its kind is not even looked for.


async def test_i11_a_gap_is_covered_by_the_next_quarter_and_nothing_is_made_up(tx: object) -> None:
    who = await cast()
    await accepted(who.second, SECOND, who)
    newest = {row["code"]: row for row in await Forecast.newest([who.second.agreement_id])}
    assert (newest["SC-04"]["status"], newest["SC-04"]["forecast"]) == ("achieved", 210)
    await who.first.fetch_related("agreement__application__call")
    drafts = await releases.cells(who.first.agreement.application.call, "2027Q2", clock.now())
    told = {(one.agreed.indicator.code, one.period): one for one in drafts}
    assert (told["SC-04", "2027Q1"].state, told["SC-04", "2027Q1"].numerator) == ("not_reported", None)


async def test_i11_an_indicator_is_promised_and_reported_once(tx: object) -> None:
    who = await cast()
    await submitted(who.first, FIRST, who)
    agreed = await AgreedIndicator.filter(agreement_id=who.first.agreement_id).first()
    assert agreed is not None
    with pytest.raises(IntegrityError):
        async with in_transaction():
            await AgreedIndicator.create(agreement_id=agreed.agreement_id, indicator_id=agreed.indicator_id, position=9)
    with pytest.raises(IntegrityError):
        async with in_transaction():
            await AgreedValue.create(agreed=agreed, period="2027Q1", numerator=1)
    with pytest.raises(IntegrityError):
        async with in_transaction():
            await ReportValue.create(report=who.first, attempt=1, agreed=agreed, numerator=1)


@pytest.mark.parametrize(
    ("column", "value"), [("unit", "persons"), ("kind", "mean"), ("desired", "down"), ("measured", "as of date")]
)
async def test_i11_what_is_promised_keeps_its_unit_and_meaning(tx: object, column: str, value: str) -> None:
    who = await cast()
    agreed = await AgreedIndicator.filter(agreement_id=who.first.agreement_id).first().select_related("indicator")
    assert agreed is not None
    with pytest.raises(IntegrityError, match="what it measures cannot change"):
        async with in_transaction():
            await Indicator.filter(id=agreed.indicator_id).update(**{column: value})
    await Indicator.filter(id=agreed.indicator_id).update(name_ru="Иначе названный показатель")


@pytest.mark.parametrize(
    "wrong",
    [
        {"SC-04.n": "90"},  # falls
        {"SS-01.n": "50", "SS-01.d": "240"},
        {"SS-01.n": "0", "SS-01.d": "0"},  # 0 of 0
        {"SS-01.n": "130", "SS-01.d": "120"},  # more than the whole
        {"SC-04.n": "2100"},  # ten times the plan, not explained
        {"SC-04.n": "210,5"},
        {"SC-04.n": "-1"},
        {"SC-04.n": "NaN"},
    ],
)
async def test_i11_impossible_and_unlikely_numbers_are_kept_but_not_submitted(
    tx: object, wrong: dict[str, str]
) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    typed = {**SECOND, **wrong}
    saved = await service.save(who.second, typed, based_on=0, by=who.editor)
    assert dict(saved.typed) == typed, "what was typed is never lost"
    with pytest.raises(Refusal, match="corrected"):
        await service.submit(who.second, by=who.signatory)


async def test_i11_ten_times_the_plan_is_submitted_with_an_explanation(tx: object) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    typed = {**SECOND, "SC-04.n": "2100", "SC-04.why": "К программе присоединились соседние районы."}
    await accepted(who.second, typed, who)


async def test_i11_of_two_reports_for_one_quarter_at_once_one_is_refused_with_409(own_database: Database) -> None:
    who = await cast()
    await service.save(who.first, FIRST, based_on=0, by=who.editor)
    signatories = [await visitor(who.signatory) for _ in range(2)]
    number = f"{who.first.agreement.number}-{who.first.period}"
    answers = await asyncio.gather(
        *(one.send_form(f"/ru/reports/{number}/submit", {"seen": "1"}) for one in signatories)
    )
    assert sorted(one.status_code for one in answers) == [303, 409]
    assert await ReportValue.filter(report=who.first).count() == 2
