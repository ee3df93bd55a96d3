"""Verbs of regions: to bring in the regions and their official series, as often as one likes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tortoise.models import Model

from portal.directory.region import rules
from portal.directory.region.models import DirectoryImport, Observation, Region
from portal.kit import clock, journal
from portal.kit.bilingual import Bilingual
from portal.kit.verb import verb

DATA = files("portal.directory.region") / "data"
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, in rows. What is no longer in the files stays: it is history."""

    added: int
    changed: int
    unchanged: int

    def __add__(self, other: Report) -> Report:
        return Report(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)


@dataclass(frozen=True, slots=True)
class Comparison:
    """New records, those known whose values differ (already set to the new ones), and how many are the same."""

    added: Sequence[Model]
    changed: Sequence[Model]
    unchanged: int

    @property
    def report(self) -> Report:
        """How many of each."""
        return Report(len(self.added), len(self.changed), self.unchanged)


def compare(
    model: type[Model], key: Sequence[str], known: Iterable[Any], wanted: Iterable[Mapping[str, Any]]
) -> Comparison:
    """What it takes for `model` to hold the wanted rows, told apart by the columns of `key`."""
    by_key = {tuple(getattr(record, column) for column in key): record for record in known}
    added: list[Model] = []
    changed: list[Model] = []
    unchanged = 0
    for row in wanted:
        record = by_key.get(tuple(row[column] for column in key))
        if record is None:
            added.append(model(**row))
        elif all(getattr(record, column) == value for column, value in row.items()):
            unchanged += 1
        else:
            changed.append(record.update_from_dict(dict(row)))
    return Comparison(added, changed, unchanged)


@verb
async def bring_in(what: str, comparison: Comparison, *, by: journal.Actor) -> None:
    """The new records stand, the changed ones hold their new values, and the journal says how many of each."""
    for model in {type(record) for record in comparison.added}:
        await model.bulk_create(comparison.added, batch_size=BATCH)
    for model in {type(record) for record in comparison.changed}:
        columns = sorted(model._meta.fields_db_projection.keys() - {"id"})
        await model.bulk_update(comparison.changed, columns, batch_size=BATCH)
    counts = comparison.report
    done = await DirectoryImport.create(
        what=what, added=counts.added, changed=counts.changed, unchanged=counts.unchanged, done_at=clock.now()
    )
    await journal.write(done, by=by, added=counts.added, changed=counts.changed)


async def renew(
    what: str, model: type[Model], key: Sequence[str], wanted: Sequence[Mapping[str, Any]], *, by: journal.Actor
) -> Report:
    """`model` holds the wanted rows, known by the columns of `key`; where it did already, nothing is done or told."""
    comparison = compare(model, key, await model.all(), wanted)
    if comparison.added or comparison.changed:
        await bring_in(what, comparison, by=by)
    return comparison.report


@cache
def source(room: str, file: str) -> Bilingual:
    """The line that names the source of a file of reference data, as the room's sources.toml has it."""
    told = files("portal.directory") / room / "data" / "sources.toml"
    lines = tomllib.loads(told.read_text("utf-8"))[file]
    return Bilingual(lines["ru"], lines["en"])


async def import_all(*, by: journal.Actor) -> Report:
    """The regions and series of the package are in the database; doing it again changes nothing and tells nothing."""
    rows = rules.read_regions((DATA / "regions.csv").read_text("utf-8"))
    regions = await renew("regions", Region, ["code"], [_region(row) for row in rows], by=by)
    ids = dict(await Region.all().values_list("code", "id"))
    values = rules.read_series((DATA / "regional_statistics.csv").read_text("utf-8"), ids.keys())
    wanted = [_observation(row, ids.get(row.iso_code)) for row in values]
    return regions + await renew("series", Observation, ["series", "region_id", "year"], wanted, by=by)


def _region(row: rules.RegionRow) -> dict[str, Any]:
    return {
        "code": row.iso_code,
        "name_ru": row.name_ru,
        "short_ru": row.short_ru,
        "name_en": row.name_en,
        "kind": row.kind,
        "district_code": row.federal_district_code,
        "district_ru": row.federal_district_ru,
        "district_en": row.federal_district_en,
        "oktmo": row.oktmo,
        "timezone": row.tz_iana,
    }


def _observation(row: rules.SeriesRow, region_id: int | None) -> dict[str, Any]:
    return {"series": row.series, "region_id": region_id, "year": row.year, "value": row.value, "unit": row.unit}
