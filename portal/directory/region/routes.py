"""Pages of regions: the list by federal district, and a region with its official series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.directory.region.models import Observation, Region
from portal.directory.region.rules import POVERTY_BREAK, SERIES
from portal.directory.region.service import source
from portal.kit import clock, pages
from portal.kit.access import public
from portal.kit.db import found
from portal.kit.i18n import MOSCOW, say

POVERTY = "poverty_rate"
KINDS = {
    "republic": say("republic"),
    "krai": say("krai"),
    "oblast": say("oblast"),
    "federal_city": say("city of federal significance"),
    "autonomous_okrug": say("autonomous okrug"),
    "autonomous_oblast": say("autonomous oblast"),
}
# Series with many years are columns of one table by year; those with one year are lines of another.
BY_YEAR = (POVERTY, "income_per_capita_month", "real_income_index_prev_year", "population")
OF_ONE_YEAR = tuple(series for series in SERIES if series not in BY_YEAR)


@dataclass(frozen=True, slots=True)
class Year:
    """One line of the table by year: the region's figures in the order of BY_YEAR, and the country's poverty rate."""

    year: int
    figures: tuple[Decimal | None, ...]
    country: Decimal | None
    is_break: bool


def in_alphabet(name: Any) -> str:
    """The key by which names stand in the order of the Russian alphabet, where ё follows е."""
    return str(name).casefold().replace("ё", "е\uffff")


def by_year(rows: Iterable[tuple[str, int, Decimal]], country: dict[int, Decimal]) -> list[Year]:
    """The years for which the region has any figure, oldest first."""
    values = {(series, year): value for series, year, value in rows}
    years = sorted({year for series, year in values if series in BY_YEAR})
    return [
        Year(year, tuple(values.get((series, year)) for series in BY_YEAR), country.get(year), year == POVERTY_BREAK)
        for year in years
    ]


def hours_from_moscow(timezone: str) -> int:
    """By how many whole hours the region's clocks are ahead of Moscow's now."""
    now = clock.now()
    here, moscow = now.astimezone(ZoneInfo(timezone)).utcoffset(), now.astimezone(MOSCOW).utcoffset()
    assert here is not None
    assert moscow is not None
    return round((here - moscow).total_seconds() / 3600)


@public
async def list_(request: Request) -> Response:
    """All regions by federal district, each with its latest poverty rate."""
    regions = await Region.filter(is_hidden=False)
    rows = await Observation.filter(series=POVERTY).order_by("year").values_list("region_id", "year", "value")
    latest = {region_id: (year, value) for region_id, year, value in rows}
    regions.sort(key=lambda region: (in_alphabet(region.district), in_alphabet(region.short)))
    districts = [(name, list(group)) for name, group in groupby(regions, key=lambda region: str(region.district))]
    return await pages.page(
        request, "region/list.html",
        districts=districts, latest=latest, number=len(regions), source=source("region", "regional_statistics.csv"),
    )  # fmt: skip


@public
async def page(request: Request) -> Response:
    """One region: what it is, and its official series with unit, year and source."""
    region = await found(Region.filter(code=request.path_params["code"], is_hidden=False))
    known = Observation.filter(region_id=region.id).order_by("year")
    rows = await known.values_list("series", "year", "value")
    country = dict(await Observation.filter(region_id=None, series=POVERTY).values_list("year", "value"))
    return await pages.page(
        request, "region/page.html",
        region=region, kind=KINDS.get(region.kind, region.kind), ahead=hours_from_moscow(region.timezone),
        columns=[SERIES[series] for series in BY_YEAR], years=by_year(rows, country),
        facts=[(SERIES[series], year, value) for series, year, value in rows if series in OF_ONE_YEAR],
        source=source("region", "regional_statistics.csv"), names_source=source("region", "regions.csv"),
    )  # fmt: skip


routes = [
    Route("/regions", list_, methods=["GET"], name="region:list"),
    Route("/regions/{code}", page, methods=["GET"], name="region:page"),
]
