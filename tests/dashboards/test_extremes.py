"""S-10: whatever the figures are, every page and file stands: empty, one point, 0 of 0, huge, negative, thousands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from dashboards import charts, files, funnel, maps, tables
from dashboards.address import Address, read
from dashboards.reading import Reading
from portal.kit.bilingual import Bilingual
from portal.monitoring.published import Cell, CellState, Outlook, Point, Series, Status
from tests.dashboards import rows
from tests.dashboards.test_adapter import asked

COUNT, _DOWN, SHARE, _MEAN = rows.INDICATORS
PAGES = ("?indicator=SC-04", "map?indicator=SC-04", "indicators/SC-04", "indicators/SS-01", "regions/RU-NGR",
         "indicators/SC-04.csv", "regions/RU-NGR.xlsx?indicator=SS-01")  # fmt: skip
WRONG = re.compile(r"NaN|undefined|Infinity|>None<|Decimal\(")


def changed(how: Callable[[Cell], Cell]) -> list[Series]:
    """The invented rows with every figure changed."""
    return [
        replace(
            one,
            baseline=how(one.baseline),
            target=how(one.target),
            latest=how(one.latest),
            points=tuple(Point(point.period, how(point.plan), how(point.actual)) for point in one.points),
        )
        for one in rows.SERIES
    ]


def constant(value: str) -> Callable[[Cell], Cell]:
    """Every figure is this one."""
    figure = Decimal(value)
    return lambda cell: Cell(CellState.VALUE, figure, None, figure) if cell.value is not None else cell


def long(series: Series) -> Series:
    """The series with 5,000 points."""
    period, cell = rows.NEWEST, series.latest
    return replace(series, points=tuple(Point(period, rows.count(40), cell) for _place in range(5000)))


CASES: dict[str, list[Series]] = {
    "nothing": [],
    "one point": [replace(one, points=one.points[-1:]) for one in rows.SERIES],
    "no point": [replace(one, points=()) for one in rows.SERIES],
    "0 of 0": changed(lambda _cell: rows.IDLE),
    "all hidden": changed(lambda _cell: rows.HIDDEN),
    "zero": changed(constant("0")),
    "huge": changed(constant("1000000000")),
    "negative": changed(constant("-12.5")),
    "tiny": changed(constant("0.0001")),
    "5,000 points": [long(rows.SERIES[0])],
    "forecasts beyond": [
        replace(one, outlook=Outlook(Status.UNCLEAR, Decimal(10) ** 9, Decimal(0), Decimal(10) ** 10, "pace-bayes/1"))
        for one in rows.SERIES
    ],
}


@pytest.mark.parametrize("case", CASES)
def test_s10_every_page_and_file_stands(client: TestClient, window: rows.Window, case: str) -> None:
    window.series_rows = CASES[case]
    for page in PAGES:
        path, _sign, query = f"/ru/dashboards/{page}".partition("?")
        answer = client.get(f"/ru/dashboards/{page}")
        assert answer.status_code == 200, page
        if ".xlsx" in page:
            openpyxl.load_workbook(io.BytesIO(answer.content))
            continue
        assert not WRONG.search(answer.text), page
        if ".csv" not in page:
            told = client.post("/ru/dashboards/_dash-update-component", json=asked(path, f"?{query}" if query else ""))
            assert told.status_code == 200, page
            assert not WRONG.search(told.text), page


@pytest.mark.parametrize(
    "search",
    ["?release=9", "?release=0", "?release=1e9", "?release=-1", "?district=ZZZ", "?district=../x", "?indicator=XX-01",
     "?release=3&district=NOPE", "?release=3%00", "?district=cfd"],
)  # fmt: skip
def test_s8_a_filter_that_nobody_offered_is_not_found(client: TestClient, search: str) -> None:
    assert client.get(f"/ru/dashboards/{search}").status_code == 404
    assert client.get(f"/ru/dashboards/map{search}").status_code == 404
    told = client.post("/ru/dashboards/_dash-update-component", json=asked("/ru/dashboards/", search))
    assert told.status_code == 422
    assert client.get(f"/ru/dashboards/indicators/SS-01.csv{search}").status_code in (200, 404)


def test_s8_a_district_chooses_rows_and_never_makes_a_sum(client: TestClient) -> None:
    """A sum of a district could be subtracted from the sum of all."""
    page = client.get("/en/dashboards/indicators/SS-01?district=FEFD").text
    assert "Kamchatka Territory" in page
    assert "Novgorod Region" not in page
    assert "3,214 families, 26.4% of the 12,174" in page
    lines = client.get("/en/dashboards/indicators/SS-01.csv?district=FEFD").text.splitlines()[1:]
    assert {line.split(",")[0] for line in lines} == {"RU-KAM", "RU-ZAB"}
    assert read("/dashboards/regions/RU-KAM", "?district=FEFD") == Address("region", region="RU-KAM")


def test_an_older_release_says_so_and_keeps_its_number_in_the_links(client: TestClient) -> None:
    page = client.get("/en/dashboards/?release=2").text
    assert "You are reading release no. 2" in page
    assert "/en/dashboards/regions/RU-KAM?release=2" in page
    assert "You are reading" not in client.get("/en/dashboards/?release=3").text


def test_a_quarter_is_a_code_and_a_word_in_a_file(client: TestClient) -> None:
    lines = list(csv.DictReader(io.StringIO(client.get("/en/dashboards/regions/RU-NGR.csv").text.lstrip("\ufeff"))))
    told = {(line["Quarter, code"], line["Quarter"]) for line in lines}
    assert ("2026Q3", "Q3 2026") in told
    assert all(re.fullmatch(r"20\d\dQ[1-4]", code) for code, _word in told)


def test_a_region_stands_beside_its_official_rate_and_the_country(client: TestClient) -> None:
    page = client.get("/en/dashboards/regions/RU-NGR").text
    assert "In 2020 17.1% of the region&#x27;s people were poor, 12.1% in the country" in page
    assert "2017–2021" in page
    assert "In 2021 the series breaks" in page
    assert "Source: Rosstat (EMISS), figures up to 2021" in page
    saved = client.get("/en/dashboards/poverty.csv?region=RU-NGR").text.splitlines()
    assert saved[-1] == "2021,11.0,no,16.0"
    assert client.get("/en/dashboards/poverty.csv?region=RU-MOW").status_code == 404
    assert "people were poor" not in client.get("/en/dashboards/regions/RU-MOW").text


@pytest.mark.parametrize(("path", "current"), [("", "Overview"), ("map", "Map"), ("method", "Method")])
def test_dashboards_have_a_way_to_the_map_and_the_method(client: TestClient, path: str, current: str) -> None:
    page = client.get(f"/en/dashboards/{path}").text
    nav = page[page.index('<nav class="tabs"') :].partition("</nav>")[0]
    assert re.findall(r">([A-Z]\w+)</a>", nav) == ["Overview", "Map", "Method"]
    assert f'aria-current="page">{current}</a>' in nav


def reading(*series: Series) -> Reading:
    """A reading of these rows alone."""
    programmes = {one.region_code: one for one in rows.PROGRAMMES}
    indicators = {one.code: one for one in rows.INDICATORS}
    return Reading(Address("indicator"), rows.RELEASE, (rows.RELEASE,), programmes, indicators, {}, series, demo=True)


def test_o1_text_of_a_file_is_never_a_formula() -> None:
    evil = "=HYPERLINK(1)"
    named = {**reading().programmes, "RU-NGR": replace(rows.PROGRAMMES[0], region_short=Bilingual(evil, evil))}
    table = tables.of_indicator(replace(reading(rows.SERIES[0]), programmes=named), COUNT)
    first = list(csv.reader(io.StringIO(files.as_csv(table).decode("utf-8-sig"))))[1]
    assert first[1] == f"'{evil}"
    sheet = openpyxl.load_workbook(io.BytesIO(files.as_xlsx(table))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == evil]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_file_says_whose_data_it_is_and_keeps_numbers_as_numbers() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(files.as_xlsx(tables.of_indicator(reading(*rows.SERIES), SHARE)))).active
    told = [row[0].value for row in sheet.iter_rows(max_row=5)]
    assert "Демонстрационные данные" in told
    assert any(text and "Выпуск №\u00a03 от" in text for text in told)
    heads = [cell.value for cell in sheet[7]]
    place, state = heads.index("Сделано"), heads.index("Что в ячейке")
    for row in sheet.iter_rows(min_row=8):
        assert isinstance(row[place].value, int | float) == (row[state].value == "число")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], ()),
        ([5, 5], ()),
        ([19, 31, 24, 26, 28, 27, 30, 29], (25, 30)),
        ([0, 1], (Decimal("0.4"),)),
    ],
)
def test_classes_of_the_map_are_divided_by_round_figures(values: list[int], expected: tuple[Any, ...]) -> None:
    assert maps.breaks([Decimal(value) for value in values]) == expected


def test_limits_of_chance_are_wilsons_and_byars() -> None:
    """Wilson 1927 for 15 of 50; the exact limits of a Poisson count of 10 are 4.80 to 18.39."""
    low, high = funnel.wilson(0.3, 50, funnel.USUAL)
    assert (round(low, 4), round(high, 4)) == (0.1910, 0.4375)
    low, high = funnel.byar(1.0, 10, funnel.USUAL)
    assert (round(low * 10, 2), round(high * 10, 2)) == (4.79, 18.39)


def test_funnel_names_only_those_outside_the_limits() -> None:
    usual = [replace(rows.SERIES[2], region_code=f"RU-A{letter}", latest=rows.share(30, 100)) for letter in "ABCDE"]
    far = replace(rows.SERIES[2], region_code="RU-NGR", latest=rows.share(65, 100))
    found = funnel.funnel([*usual, far], SHARE)
    assert found is not None
    assert [one.region for one in funnel.outside(found)] == ["RU-NGR"]
    assert len(charts.funnels(found, SHARE, reading(*usual, far))) == 2
    assert funnel.funnel(usual[:2], SHARE) is None
    hidden = [replace(one, latest=rows.HIDDEN) for one in usual]
    assert funnel.funnel(hidden, SHARE) is None
