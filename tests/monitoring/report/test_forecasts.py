"""Forecasts are kept when what they stand on changes, and shown to the officer and to the region."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from portal.kit import clock
from portal.monitoring.amendment import service as amendments
from portal.monitoring.report import service
from portal.monitoring.report.models import Forecast, Report
from portal.monitoring.report.states import ReportState
from tests import make
from tests.bench.asking import statements
from tests.conftest import Database
from tests.monitoring.report.test_service import AFTER, FIRST, SECOND, Cast, accepted, cast, submitted
from tests.visit import visitor

WEAK = {"SC-04.n": "150", "SC-04.why": "Набор идёт медленно.", "SS-01.n": "80", "SS-01.d": "240",
        "SS-01.why": "Осенью будет больше."}  # fmt: skip


@pytest.fixture(autouse=True)
def _after_both_quarters() -> Iterator[None]:
    with clock.frozen(AFTER):
        yield


async def kept(who: Cast) -> list[tuple[str, str]]:
    return [(row["period"], row["status"]) for row in await Forecast.newest([who.first.agreement_id])]


async def test_acceptance_keeps_a_forecast_of_every_indicator(tx: object) -> None:
    who = await cast()
    assert await kept(who) == [(None, None)] * 2
    await submitted(who.first, FIRST, who)
    assert await kept(who) == [(None, None)] * 2, "what is not accepted counts for nothing"
    await service.accept(who.first, by=who.officer)
    assert await kept(who) == [("2027Q1", "too_early")] * 2
    await accepted(who.second, SECOND, who)
    assert await kept(who) == [("2027Q2", "achieved")] * 2
    assert await Forecast.all().count() == 4, "what was expected before stays"
    assert {row.method for row in await Forecast.all()} == {"pace-bayes/1"}


async def test_a_correction_is_judged_once_it_is_accepted(tx: object) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    await accepted(who.second, SECOND, who)
    correction = await service.correct(who.second, reason="Ошибка", by=who.editor)
    correction = await Report.get(id=correction.id).select_related("agreement")
    await submitted(correction, WEAK, who, based_on=1)
    assert await kept(who) == [("2027Q2", "achieved")] * 2
    await service.accept(correction, by=who.officer)
    assert await kept(who) == [("2027Q2", "off_track")] * 2


async def test_an_amended_plan_is_what_is_compared_with(tx: object) -> None:
    who = await cast()
    await accepted(who.first, {**FIRST, "SC-04.n": "95"}, who)
    before = {row["code"]: row for row in await Forecast.newest([who.first.agreement_id])}
    agreement = who.first.agreement
    amendment = await amendments.propose(
        agreement, reason="Меньше семей", typed={"SC-04.2027Q2.n": "140"}, by=who.officer
    )
    await amendments.sign(amendment, by=who.signatory)
    after = {row["code"]: row for row in await Forecast.newest([agreement.id])}
    assert (before["SC-04"]["target_numerator"], after["SC-04"]["target_numerator"]) == (200, 140)
    assert after["SC-04"]["forecast"] < before["SC-04"]["forecast"]
    assert after["SC-04"]["p_target"] > before["SC-04"]["p_target"] - 0.5


async def test_kept_forecasts_are_never_changed(own_database: Database) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    for change in ("UPDATE forecast SET status = 'achieved'", "DELETE FROM forecast"):
        with pytest.raises(OperationalError):
            async with in_transaction() as connection:
                await connection.execute_query(change)


@pytest.mark.parametrize(("language", "words"), [("ru", "отстаёт"), ("en", "off track")])
async def test_the_board_lists_what_needs_attention_first(tx: object, language: str, words: str) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    await accepted(who.second, WEAK, who)
    officer = await visitor(who.officer)
    page = (await officer.get(f"/{language}/reports")).text
    listed = page.split('id="standing"')[1]
    assert words in listed
    assert listed.count('href="#i-behind"') == 2
    for query in ("show=well", "show=all&order=region", "show=all&order=indicator", "show=x&order=y"):
        answer = await officer.get(f"/{language}/reports?{query}")
        assert answer.status_code == 200
        assert (words in answer.text.split('id="standing"')[1]) == (query != "show=well")
    mine = (await (await visitor(who.editor)).get(f"/{language}/reports")).text
    assert words in mine


async def test_a_late_region_is_no_data_and_comes_before_those_at_risk(tx: object) -> None:
    who = await cast()
    with clock.frozen(datetime(2027, 4, 20, tzinfo=UTC)):
        page = (await (await visitor(who.officer)).get("/ru/reports")).text.split('id="standing"')[1]
    assert page.count('href="#i-none"') == 2
    await accepted(who.first, FIRST, who)
    page = (await (await visitor(who.officer)).get("/ru/reports")).text.split('id="standing"')[1]
    assert page.count('href="#i-none"') == 2, "the second quarter is late now"
    await submitted(who.second, SECOND, who)
    page = (await (await visitor(who.officer)).get("/ru/reports?show=all")).text.split('id="standing"')[1]
    assert page.count('href="#i-early"') == 2, "what waits to be read is not late"


async def test_the_board_asks_eight_times_at_most(demonstrated: Database) -> None:
    officer = await visitor(await make.person(make.Role.OFFICER))
    await officer.get("/ru/reports")
    with statements() as sent:
        page = await officer.get("/ru/reports?show=all")
    assert page.status_code == 200
    assert len(sent) <= 8, sent


async def test_a_foreign_region_sees_nothing_of_it(tx: object) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    other = await make.person(make.Role.EDITOR, region=await make.region(*make.NOVGOROD))
    page = (await (await visitor(other)).get("/ru/reports")).text
    assert "рано оценивать" not in page
    assert who.first.agreement.number not in page


async def test_two_acceptances_at_once_leave_one_forecast_last(own_database: Database) -> None:
    """The agreement is locked: the later one sees what the earlier one accepted."""
    who = await cast()
    await submitted(who.first, FIRST, who)
    await submitted(who.second, SECOND, who)
    reports = [await Report.get(id=one.id).select_related("agreement") for one in (who.first, who.second)]
    await asyncio.gather(*(service.accept(one, by=who.officer) for one in reports))
    assert await Report.filter(state=ReportState.ACCEPTED).count() == 2
    assert await kept(who) == [("2027Q2", "achieved")] * 2
