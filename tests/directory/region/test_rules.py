"""The files of regions and official series that come with the portal, and what is refused in others."""

import json
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from portal.directory.region import rules
from portal.directory.region.rules import COUNTRY, REGION_COLUMNS, read_regions, read_series
from portal.kit.rows import Faulty

ROOT = Path(__file__).parents[3]
DATA = ROOT / "portal" / "directory" / "region" / "data"
REGIONS = (DATA / "regions.csv").read_text("utf-8")
SERIES = (DATA / "regional_statistics.csv").read_text("utf-8")
HEAD = ",".join(REGION_COLUMNS)
ADYGEA = "RU-AD,Республика Адыгея,Адыгея,Republic of Adygea,republic,SFD,Южный,Southern,79000000,Europe/Moscow"


def faults(read: object, text: str, *rest: object) -> list[tuple[int, str]]:
    assert callable(read)
    with pytest.raises(Faulty) as faulty:
        read(text, *rest)
    return [(fault.line, fault.column) for fault in faulty.value.faults]


def test_the_83_regions_are_read() -> None:
    regions = read_regions(REGIONS)
    assert len(regions) == 83
    assert len({region.federal_district_code for region in regions}) == 8
    kamchatka = next(region for region in regions if region.iso_code == "RU-KAM")
    assert (kamchatka.name_ru, kamchatka.tz_iana, kamchatka.oktmo) == ("Камчатский край", "Asia/Kamchatka", "30000000")


def test_the_3857_values_are_read() -> None:
    codes = {region.iso_code for region in read_regions(REGIONS)}
    values = read_series(SERIES, codes)
    assert len(values) == 3857
    assert {value.series for value in values} == set(rules.SERIES)
    country = [value for value in values if value.iso_code == COUNTRY]
    assert Counter(value.series for value in country) == {
        "poverty_rate": 11,
        "population": 11,
        "real_income_index_prev_year": 11,
        "income_per_capita_month": 9,
    }
    poverty = {value.year: value.value for value in country if value.series == "poverty_rate"}
    assert sorted(poverty) == list(range(2011, 2022))
    assert all(Decimal(10) < value < Decimal(15) for value in poverty.values())


def test_the_map_has_the_same_regions() -> None:
    drawn = json.loads((ROOT / "dashboards" / "assets" / "map" / "regions.geojson").read_text("utf-8"))
    assert {shape["id"] for shape in drawn["features"]} == {region.iso_code for region in read_regions(REGIONS)}


@pytest.mark.parametrize(
    "folder", ["portal/directory/region/data", "portal/directory/indicator/data", "dashboards/assets/map"]
)
def test_every_data_file_has_its_source(folder: str) -> None:
    sources = tomllib.loads((ROOT / folder / "sources.toml").read_text("utf-8"))
    assert set(sources) == {file.name for file in (ROOT / folder).iterdir()} - {"sources.toml"}
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for name, source in sources.items():
        assert source["ru"]
        assert source["en"]
        assert source["terms"]
        assert f"{folder}/{name}" in notice


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("RU-AD", "Адыгея", "iso_code"),
        ("Республика Адыгея,", ",", "name_ru"),
        ("republic,", "emirate,", "kind"),
        ("79000000", "7900000", "oktmo"),
        ("Europe/Moscow", "Europe/Maikop", "tz_iana"),
        ("Europe/Moscow", "../etc/passwd", "tz_iana"),
        ("SFD", "юфо", "federal_district_code"),
    ],
)
def test_a_wrong_region_is_named_by_line_and_column(old: str, new: str, column: str) -> None:
    assert faults(read_regions, f"{HEAD}\n{ADYGEA.replace(old, new)}\n") == [(2, column)]


def test_regions_do_not_repeat() -> None:
    found = faults(read_regions, f"{HEAD}\n{ADYGEA}\n{ADYGEA}\n")
    assert found == [(3, "iso_code"), (3, "name_ru"), (3, "short_ru"), (3, "oktmo")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("poverty,RU-AD,2020,12.1,percent", "series"),
        ("poverty_rate,RU-XX,2020,12.1,percent", "iso_code"),
        ("poverty_rate,US,2020,12.1,percent", "iso_code"),
        ("poverty_rate,RU-AD,20,12.1,percent", "year"),
        ("poverty_rate,RU-AD,2020,,percent", "value"),
        ("poverty_rate,RU-AD,2020,-1,percent", "value"),
        ("poverty_rate,RU-AD,2020,nan,percent", "value"),
        ("poverty_rate,RU-AD,2020,1e3,percent", "value"),
        ("poverty_rate,RU-AD,2020,121,percent", "value"),
        ("population,RU-AD,2020,1.5,persons", "value"),
        ("poverty_rate,RU-AD,2020,12.1,RUB", "unit"),
    ],
)
def test_a_wrong_value_is_named_by_line_and_column(row: str, column: str) -> None:
    good = "poverty_rate,RU,2020,12.1,percent\n"
    found = faults(read_series, f"series,iso_code,year,value,unit\n{good}{row}\n", {"RU-AD"})
    assert (3, column) in found
    assert {line for line, _ in found} == {3}


def test_values_do_not_repeat() -> None:
    row = "poverty_rate,RU,2020,12.1,percent\n"
    assert faults(read_series, f"series,iso_code,year,value,unit\n{row}{row}") == [(3, "year")]
