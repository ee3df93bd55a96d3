"""The figures behind a page as a file: the same rows, the same filters, the same silence about what is hidden."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards import files, tables
from dashboards.address import Address
from dashboards.reading import read
from portal.monitoring import published


@dataclass(frozen=True, slots=True)
class Saved:
    """A file ready to be taken away."""

    name: str
    kind: str
    body: bytes


async def save(asked: Address, *, demo: bool) -> Saved | None:
    """The file of an address; None where the release has no such figures."""
    table = await _table(asked, demo=demo)
    if table is None:
        return None
    return Saved(f"{table.name}.{asked.file}", files.KINDS[asked.file], files.written(table, asked.file))


async def _table(asked: Address, *, demo: bool) -> tables.Table | None:
    if asked.page == "poverty":
        country = await published.poverty()
        if not asked.region:
            return tables.of_poverty(country)
        own = await published.poverty(asked.region)
        return tables.of_poverty(country, region=asked.region, of=own) if own else None
    reading = await read(asked, demo=demo)
    if reading is None:
        return None
    if asked.page == "region":
        return tables.of_region(reading, asked.region) if asked.region in reading.programmes else None
    return tables.of_indicator(reading, reading.indicators[asked.indicator])
