"""The public window on the whole demonstration: equal to what was accepted, silent about what is hidden."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.monitoring import published
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.published import Cell, CellState
from portal.monitoring.published.reading import baseline, nothing_of
from portal.monitoring.report.models import Report, ReportValue
from portal.monitoring.report.states import ReportState
from tests import make
from tests.conftest import Database


async def latest() -> published.Release:
    found = await published.latest()
    assert found is not None
    return found


async def test_every_public_figure_is_the_accepted_one(demonstrated: Database) -> None:
    release = await latest()
    accepted = {}
    for report in await Report.filter(state=ReportState.ACCEPTED).prefetch_related("agreement__region"):
        values = await ReportValue.filter(report=report).order_by("attempt").prefetch_related("agreed__indicator")
        for value in values:
            accepted[report.agreement.region.code, value.agreed.indicator.code, report.period] = value
    compared = 0
    for series in await published.series(release.number):
        for point in series.points:
            if point.actual.state is CellState.VALUE:
                value = accepted[series.region_code, series.indicator_code, point.period]
                assert (point.actual.numerator, point.actual.denominator) == (value.numerator, value.denominator)
                compared += 1
    assert compared > 50


async def test_hidden_figures_hold_no_number_anywhere(demonstrated: Database) -> None:
    release = await latest()
    cells = [point.actual for series in await published.series(release.number) for point in series.points]
    cells += [series.baseline for series in await published.series(release.number)]
    hidden = [cell for cell in cells if cell.state is CellState.HIDDEN]
    assert hidden, "the demonstration has small counts"
    for cell in cells:
        if cell.state is not CellState.VALUE:
            assert (cell.numerator, cell.denominator, cell.value) == (None, None, None)
    for series in await published.series(release.number):
        indicators = {one.code: one for one in await published.indicators(release.number)}
        for point in series.points:
            if indicators[series.indicator_code].kind == "share" and point.actual.state is CellState.VALUE:
                assert point.actual.value is not None
                assert Decimal(0) <= point.actual.value <= Decimal(1)


async def test_totals_are_ratios_of_sums_over_shown_regions(demonstrated: Database) -> None:
    release = await latest()
    for total in await published.totals(release.number):
        rows = await published.series(release.number, indicator=total.indicator_code)
        shown = [row.latest for row in rows if row.latest.state is CellState.VALUE]
        assert (total.regions, total.regions_shown) == (len(rows), len(shown))
        if shown:
            assert total.actual.numerator == sum(cell.numerator or 0 for cell in shown)
            if shown[0].denominator is not None:
                below = sum(cell.denominator or 0 for cell in shown)
                assert total.actual.value == total.actual.numerator / below


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([CellState.HIDDEN], CellState.HIDDEN),
        ([CellState.NOT_REPORTED, CellState.HIDDEN], CellState.HIDDEN),
        ([CellState.NOT_APPLICABLE, CellState.NOT_REPORTED], CellState.NOT_REPORTED),
        ([CellState.NOT_DUE], CellState.NOT_DUE),
    ],
)
def test_a_total_without_numbers_says_why(states: list[CellState], told: CellState) -> None:
    assert nothing_of([Cell(state) for state in states]) == Cell(told)


async def test_every_number_is_traced_back_to_its_promise(demonstrated: Database) -> None:
    release, amended = await latest(), set()
    for series in await published.series(release.number):
        for point in series.points:
            if point.actual.state is CellState.NOT_DUE:
                continue
            trace = await published.trace(release.number, series.region_code, series.indicator_code, point.period)
            assert trace is not None
            assert trace.promised.state is CellState.VALUE
            assert trace.agreed == point.plan
            if trace.promised != trace.agreed:
                amended.add(series.region_code)
            assert trace.reported == point.actual
            assert trace.signed_at > trace.submitted_at
    assert amended == {"RU-NGR"}


@pytest.mark.parametrize(("small_numbers", "shown"), [("protect", CellState.HIDDEN), ("open", CellState.VALUE)])
async def test_a_small_baseline_is_hidden_like_a_report(tx: object, small_numbers: str, shown: CellState) -> None:
    indicator = await make.indicator(small_numbers=small_numbers)
    cell = baseline(AgreedIndicator(indicator=indicator, baseline_numerator=Decimal(3)))
    assert cell.state is shown
    assert (cell.numerator is None) == (shown is CellState.HIDDEN)


async def test_unknown_things_are_none(demonstrated: Database) -> None:
    assert await published.programmes(999) == []
    assert await published.series(999) == []
    assert await published.trace((await latest()).number, "RU-XX", "SS-01", "2026Q1") is None


async def test_late_region_is_not_reported_and_counted(demonstrated: Database) -> None:
    release = await latest()
    missing = ("RU-ULY", "RU-CU", "RU-SAM", "RU-ROS")
    assert release.reported == release.regions - len(missing)
    for region in missing:
        late = await published.series(release.number, region=region)
        assert {one.latest.state for one in late} == {CellState.NOT_REPORTED}


async def test_poverty_of_the_country_breaks_in_2021(demonstrated: Database) -> None:
    years = await published.poverty()
    assert [one.year for one in years] == list(range(2011, 2022))
    assert [one.year for one in years if one.breaks] == [2021]
