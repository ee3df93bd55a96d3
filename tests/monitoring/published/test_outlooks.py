"""Status and forecast in public: made of public cells alone, absent where a cell is hidden, equal to the staff's."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal

import pytest
from tortoise.exceptions import IntegrityError

from portal.applications.call.methods import Thresholds
from portal.directory.indicator.models import Indicator
from portal.kit.bilingual import Bilingual
from portal.monitoring import published
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.published import Cell, CellState, Outlook, Series, Status
from portal.monitoring.published.expecting import expected
from portal.monitoring.release.models import Release, ReleaseFigure
from portal.monitoring.report.methods import Pace
from portal.monitoring.report.models import Forecast
from portal.monitoring.report.rules import Figure, Promise, outlook
from tests import make
from tests.conftest import Database

STEP = Decimal("0.0001")
AT_WILL = published.Release(
    1, make.NOW, "2026Q4", Bilingual("Конкурс", "Call"), "2026", 1, 1, thresholds=Thresholds(at_risk=0.1)
)


async def series() -> list[Series]:
    release = await published.latest()
    assert release is not None
    return await published.series(release.number)


def figure(cell: Cell) -> Figure:
    return Figure(cell.numerator, cell.denominator, "" if cell.state is CellState.VALUE else str(cell.state))


async def recomputed(row: Series) -> Pace:
    """What anyone can compute who has nothing but the published series."""
    indicator = await Indicator.get(code=row.indicator_code)
    told = {one.period: figure(one.actual) for one in row.points if one.actual.state is not CellState.NOT_DUE}
    plan = {one.period: figure(one.plan) for one in row.points}
    first = row.baseline if row.baseline.state is CellState.VALUE else Cell(CellState.NOT_REPORTED)
    return outlook(Promise(indicator, Figure(first.numerator, first.denominator), plan), told, told)


async def test_s5_every_public_forecast_follows_from_the_published_cells_alone(demonstrated: Database) -> None:
    """Nothing can be learned from a forecast that the cells beside it do not say."""
    rows = [one for one in await series() if one.outlook]
    assert len(rows) > 20
    for row in rows:
        assert row.outlook is not None
        pace = await recomputed(row)
        assert row.outlook.status is pace.status
        assert row.outlook.method == pace.method == published.method(None).version
        low, high = pace.interval_80 or (None, None)
        for public, found in zip(
            (row.outlook.forecast, row.outlook.low, row.outlook.high), (pace.forecast, low, high), strict=True
        ):
            assert public == (None if found is None else Decimal(found).quantize(STEP))


async def test_s5_a_hidden_cell_has_neither_status_nor_forecast_in_any_release(demonstrated: Database) -> None:
    hidden = 0
    for release in await published.releases():
        for row in await published.series(release.number):
            if row.latest.state is CellState.HIDDEN:
                hidden += 1
                assert row.outlook is None
            if row.latest.state is CellState.NOT_REPORTED:
                assert row.outlook is None or (row.outlook.status, row.outlook.forecast) == (Status.NO_DATA, None)
    for one in await ReleaseFigure.exclude(state="value"):
        payload = json.dumps([one.numerator, one.denominator, one.forecast, one.low, one.high], default=str)
        assert payload == "[null, null, null, null, null]"
    stored = await ReleaseFigure.filter(state="hidden").count()
    assert stored or hidden, "the demonstration has small counts"


async def test_s5_the_database_refuses_a_forecast_of_a_hidden_cell(demonstrated: Database) -> None:
    release = await Release.all().order_by("-number").first()
    agreed = await AgreedIndicator.all().first()
    with pytest.raises(IntegrityError, match="hidden_figures_expect_nothing"):
        await ReleaseFigure.create(release=release, agreed=agreed, period="2099Q1", state="hidden", status="on_track")


async def test_s9_public_and_staff_read_the_same_where_nothing_is_hidden(demonstrated: Database) -> None:
    """And at the same quarter: a release tells what it was published with, the staff what is accepted now."""
    compared = 0
    agreed = await AgreedIndicator.all().prefetch_related("agreement__region", "indicator")
    keys = {(one.agreement.region.code, one.indicator.code): one.id for one in agreed}
    for row in await series():
        cells = [one.actual for one in row.points]
        whole = all(one.state in (CellState.VALUE, CellState.NOT_DUE) for one in cells)
        if not row.outlook or not whole or row.baseline.state is not CellState.VALUE:
            continue
        last = max(one.period for one in row.points if one.actual.state is CellState.VALUE)
        staff = await Forecast.filter(agreed_id=keys[row.region_code, row.indicator_code], period=last).order_by("-id")
        if staff and row.outlook.forecast is not None:
            assert row.outlook.status == staff[0].status
            assert float(row.outlook.forecast) == pytest.approx(staff[0].forecast, abs=1e-4)
            compared += 1
    assert compared > 20


async def test_a_total_sums_forecasts_and_counts_statuses(demonstrated: Database) -> None:
    release = await published.latest()
    assert release is not None
    for total in await published.totals(release.number):
        rows = await published.series(release.number, indicator=total.indicator_code)
        told = [one.outlook for one in rows if one.outlook]
        assert sum(total.statuses.values()) == len(told)
        if total.expected:
            assert total.expected.regions == sum(one.forecast is not None for one in told)
            assert total.expected.low <= total.expected.forecast <= total.expected.high


def row(kind: str, forecast: str, spread: str, target: str, people: str | None = None) -> Series:
    goal = Cell(CellState.VALUE, Decimal(1), Decimal(people) if people else None, Decimal(target))
    middle, half = Decimal(forecast), Decimal(spread)
    end = Outlook(Status.UNCLEAR, middle, middle - half, middle + half, "pace-bayes/1")
    return Series("RU-KAM", kind, goal, goal, (), goal, end)


def test_counts_add_up_and_their_uncertainty_in_quadrature() -> None:
    found = expected(Indicator(kind="count").kind, [row("c", "100", "30", "120"), row("c", "50", "40", "60")])
    assert found is not None
    assert (found.forecast, found.low, found.high, found.target, found.regions) == (150, 100, 200, 180, 2)
    assert expected(Indicator(kind="count").kind, []) is None


def test_shares_are_a_ratio_of_sums() -> None:
    rows = [row("s", "0.5", "0.1", "0.6", "100"), row("s", "0.2", "0.1", "0.2", "300")]
    found = expected(Indicator(kind="share").kind, rows)
    assert found is not None
    assert (found.forecast, found.target) == (Decimal("0.275"), Decimal("0.3"))
    assert found.high - found.forecast == pytest.approx(Decimal("0.0790569"), abs=Decimal("1e-6"))


def test_the_method_is_told_with_its_thresholds_and_simulated_errors() -> None:
    method = published.method(None)
    assert method.thresholds["at_risk"] == method.usual["at_risk"] == 0.2
    of_a_call = published.method(AT_WILL)
    assert (of_a_call.thresholds["at_risk"], of_a_call.usual, of_a_call.errors) == (0.1, method.usual, method.errors)
    assert {one.world for one in method.errors} == set(method.coverage) == {"fits", "spike", "revision", "amended"}
    for one in method.errors:
        assert sum(one.statuses.values()) == pytest.approx(1, abs=1e-3)
        assert set(one.statuses) <= set(Status)
    for covered in method.coverage["fits"].values():
        assert 0.76 <= covered <= 0.84
    red = [
        one.statuses.get(Status.OFF_TRACK, 0) for one in method.errors if (one.world, one.pace) == ("fits", "on_plan")
    ]
    assert sum(red) / len(red) <= 0.1, "one in ten or fewer that are exactly on plan are called red"
    assert json.dumps([asdict(one) for one in method.errors])
