"""What a file of regions and a file of official series must be like; texts in, rows out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from portal.kit.i18n import Text, say
from portal.kit.rows import Row, read_rows

COUNTRY = "RU"
KINDS = ("republic", "krai", "oblast", "federal_city", "autonomous_okrug", "autonomous_oblast")
REGION_COLUMNS = (
    "iso_code", "name_ru", "short_ru", "name_en", "kind", "federal_district_code", "federal_district_ru",
    "federal_district_en", "oktmo", "tz_iana",
)  # fmt: skip
SERIES_COLUMNS = ("series", "iso_code", "year", "value", "unit")
# Rosstat's "below the subsistence minimum" became "below the poverty line" in this year: no change is read across it.
POVERTY_BREAK = 2021


@dataclass(frozen=True, slots=True)
class Series:
    """An official series: its name, its unit in files and in words, the places after the comma it is published with."""

    name: Text
    unit: str
    unit_name: Text
    places: int


SERIES = {
    "poverty_rate": Series(say("People below the poverty line"), "percent", say("%"), 1),
    "income_per_capita_month": Series(say("Income per person a month"), "RUB", say("roubles"), 0),
    "real_income_index_prev_year": Series(say("Real income"), "percent", say("percent of the year before"), 1),
    "population": Series(say("Population"), "persons", say("people"), 0),
    "subsistence_minimum_month": Series(say("Subsistence minimum a month"), "RUB", say("roubles"), 0),
    "average_wage_month": Series(say("Average wage a month"), "RUB", say("roubles"), 0),
    "children_share_of_population": Series(say("Children among the population"), "percent", say("%"), 1),
    "share_of_poor_who_are_children_under_16": Series(say("Children under 16 among the poor"), "percent", say("%"), 1),
}


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A constituent entity as the file gives it; `iso_code` is its key."""

    iso_code: str
    name_ru: str
    short_ru: str
    name_en: str
    kind: str
    federal_district_code: str
    federal_district_ru: str
    federal_district_en: str
    oktmo: str
    tz_iana: str


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One value of an official series; `iso_code` is a region's, or `RU`, the country. What is missing has no row."""

    series: str
    iso_code: str
    year: int
    value: Decimal
    unit: str


def read_regions(text: str) -> list[RegionRow]:
    """Every region, in the file's order. Faulty where codes, names or OKTMO repeat, or a cell is not as it must be."""
    return read_rows(text, REGION_COLUMNS, _region, unique=[["iso_code"], ["name_ru"], ["short_ru"], ["oktmo"]])


def read_series(text: str, known: Collection[str] | None = None) -> list[SeriesRow]:
    """Every value, in the file's order.

    Faulty where a value repeats or is not a number, or its unit is not the series' own; with `known`, also where a
    region is not among these codes (the country is always known).
    """

    def parse(row: Row) -> SeriesRow:
        return _series(row, known)

    return read_rows(text, SERIES_COLUMNS, parse, unique=[["series", "iso_code", "year"]])


def _region(row: Row) -> RegionRow:
    return RegionRow(
        iso_code=_region_code(row),
        name_ru=row.text("name_ru"),
        short_ru=row.text("short_ru"),
        name_en=row.text("name_en"),
        kind=row.one_of("kind", KINDS),
        federal_district_code=row.matching(
            "federal_district_code", re.compile(r"[A-Z]{2,4}").fullmatch, say("Write two to four Latin capitals.")
        ),
        federal_district_ru=row.text("federal_district_ru"),
        federal_district_en=row.text("federal_district_en"),
        oktmo=row.matching(
            "oktmo", re.compile(r"[0-9]{8}").fullmatch, say("Write the eight digits of the OKTMO code.")
        ),
        tz_iana=row.matching(
            "tz_iana", _is_zone, say("There is no such time zone. Write it like this: Asia/Kamchatka.")
        ),
    )


def _region_code(row: Row) -> str:
    return row.matching(
        "iso_code", re.compile(r"RU-[A-Z0-9]{2,3}").fullmatch, say("Write the ISO 3166-2 code like this: RU-KAM.")
    )


def _series(row: Row, known: Collection[str] | None) -> SeriesRow:
    series = row.one_of("series", tuple(SERIES))
    code = row.text("iso_code") if row.cells["iso_code"] == COUNTRY else _region_code(row)
    if known is not None and code not in known and code != COUNTRY:
        row.fault("iso_code", say("There is no region with the code %(code)s. Add the region first.", code=code))
    year = row.matching("year", re.compile(r"(19|20)[0-9]{2}").fullmatch, say("Write the year in four digits."))
    value = row.matching(
        "value", re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?").fullmatch, say("Write the number like this: 1234.5.")
    )
    unit = row.one_of("unit", (SERIES[series].unit,) if series in SERIES else ("percent", "persons", "RUB"))
    if row.faults:
        return SeriesRow(series, code, 0, Decimal(0), unit)
    if series == "population" and Decimal(value) % 1:
        row.fault("value", say("Write a whole number, without digits after the comma."))
    if unit == "percent" and series != "real_income_index_prev_year" and Decimal(value) > 100:
        row.fault("value", say("A percentage here is at most 100."))
    return SeriesRow(series, code, int(year), Decimal(value), unit)


@cache
def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (KeyError, ValueError, OSError):
        return False
