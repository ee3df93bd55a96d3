"""Verbs of indicators: to bring in the catalogue and the directions, as often as one likes."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from portal.directory.indicator import rules
from portal.directory.indicator.models import Direction, Indicator, Kind
from portal.directory.region.service import Report, renew
from portal.kit import db, journal
from portal.kit.bilingual import Bilingual
from portal.kit.i18n import say

DATA = files("portal.directory.indicator") / "data"

db.constraint(
    "promised_indicator_keeps_its_meaning",
    say("A region has promised this indicator: what it measures cannot change. Add a new one with a code of its own."),
)


async def import_all(*, by: journal.Actor) -> Report:
    """The catalogue and the directions of the package are in the database; doing it again changes and tells nothing."""
    catalogue = rules.read_catalogue((DATA / "indicators.csv").read_text("utf-8"))
    directions = rules.read_directions((DATA / "directions.csv").read_text("utf-8"))
    indicators = [_indicator(position, row) for position, row in enumerate(catalogue, 1)]
    report = await renew("indicators", Indicator, ["code"], indicators, by=by)
    ways = [_direction(position, row) for position, row in enumerate(directions, 1)]
    return report + await renew("directions", Direction, ["code"], ways, by=by)


def _indicator(position: int, row: rules.IndicatorRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "position": position,
        **_columns("group", row.group),
        **_columns("name", row.name),
        "kind": Kind(row.kind),
        "unit": row.unit,
        "okei": row.okei,
        "desired": row.direction,
        "level": row.level,
        **_columns("numerator", row.numerator),
        **_columns("denominator", row.denominator),
        **_columns("disaggregation", row.disaggregation),
        "measured": row.measured,
        "frequency": row.period,
        "small_numbers": row.small_numbers,
        "status": row.status,
        "basis": row.basis,
        **_columns("reference", row.reference),
    }


def _direction(position: int, row: rules.DirectionRow) -> dict[str, Any]:
    return {
        "code": row.code,
        **_columns("name", row.name),
        **_columns("recommendation", row.recommendation),
        "position": position,
    }


def _columns(name: str, text: Bilingual) -> dict[str, str]:
    return {f"{name}_ru": text.ru, f"{name}_en": text.en}
