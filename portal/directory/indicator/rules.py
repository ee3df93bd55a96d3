"""What a file of the indicator catalogue and a file of directions must be like; texts in, rows out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.directory.indicator.models import Kind
from portal.kit.bilingual import UNSAID, Bilingual
from portal.kit.i18n import say
from portal.kit.rows import Row, read_rows

KINDS = tuple(kind.value for kind in Kind)
DIRECTIONS = ("up", "down", "neutral")
LEVELS = ("process", "output", "outcome", "impact", "context")
MEASURED = ("over the period", "as of date")
PERIODS = ("Q", "Y")
SMALL_NUMBERS = ("protect", "open")
STATUSES = ("computed", "none")
BASES = ("official", "adapted", "proposed")
CATALOGUE_COLUMNS = (
    "code", "group_ru", "group_en", "name_ru", "name_en", "kind", "unit", "okei", "direction", "level",
    "numerator_ru", "numerator_en", "denominator_ru", "denominator_en", "disaggregation_ru", "disaggregation_en",
    "measured", "period", "small_numbers", "status", "basis", "reference_ru", "reference_en",
)  # fmt: skip
DIRECTION_COLUMNS = ("code", "name_ru", "name_en", "seminar_recommendation_ru", "seminar_recommendation_en")


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator as the catalogue gives it; `code` is its key, `disaggregation` the breakdowns one after another."""

    code: str
    group: Bilingual
    name: Bilingual
    kind: str
    unit: str
    okei: str
    direction: str
    level: str
    numerator: Bilingual
    denominator: Bilingual
    disaggregation: Bilingual
    measured: str
    period: str
    small_numbers: str
    status: str
    basis: str
    reference: Bilingual

    @property
    def is_quotient(self) -> bool:
        """Reported as a numerator and a denominator; the quotient is computed, never typed."""
        return self.kind != Kind.COUNT


@dataclass(frozen=True, slots=True)
class DirectionRow:
    """A direction of a programme, with the seminar's recommendation it answers; `code` is its key."""

    code: str
    name: Bilingual
    recommendation: Bilingual


def read_catalogue(text: str) -> list[IndicatorRow]:
    """Every indicator, in the file's order.

    Faulty where a code or name repeats, a word is not one of those known, a quotient lacks its denominator, a count
    has one, or a context or neutral indicator would get a status.
    """
    return read_rows(text, CATALOGUE_COLUMNS, _indicator, unique=[["code"], ["name_ru"]])


def read_directions(text: str) -> list[DirectionRow]:
    """Every direction, in the file's order. Faulty where a code or name repeats or a cell is empty."""
    return read_rows(text, DIRECTION_COLUMNS, _direction, unique=[["code"], ["name_ru"]])


def _indicator(row: Row) -> IndicatorRow:
    indicator = IndicatorRow(
        code=row.matching("code", re.compile(r"[A-Z]{2}-[0-9]{2}").fullmatch, say("Write the code like this: SC-01.")),
        group=_both(row, "group"),
        name=_both(row, "name"),
        kind=row.one_of("kind", KINDS),
        unit=row.text("unit"),
        okei=row.matching("okei", re.compile(r"[0-9]{3,4}").fullmatch, say("Write the digits of the OKEI code.")),
        direction=row.one_of("direction", DIRECTIONS),
        level=row.one_of("level", LEVELS),
        numerator=_both(row, "numerator"),
        denominator=_both(row, "denominator", required=False),
        disaggregation=_both(row, "disaggregation", required=False),
        measured=row.one_of("measured", MEASURED),
        period=row.one_of("period", PERIODS),
        small_numbers=row.one_of("small_numbers", SMALL_NUMBERS),
        status=row.one_of("status", STATUSES),
        basis=row.one_of("basis", BASES),
        reference=_both(row, "reference", required=False),
    )
    if not row.faults:
        _check_parts(row, indicator)
    return indicator


def _both(row: Row, column: str, *, required: bool = True) -> Bilingual:
    """The text in both languages; one that may be missing is missing in both."""
    if not required and not row.maybe(f"{column}_ru") and not row.maybe(f"{column}_en"):
        return UNSAID
    return Bilingual(row.text(f"{column}_ru"), row.text(f"{column}_en"))


def _check_parts(row: Row, indicator: IndicatorRow) -> None:
    if indicator.is_quotient and not indicator.denominator:
        row.fault("denominator_ru", say("This kind of indicator needs a denominator. Write what it is."))
    if not indicator.is_quotient and indicator.denominator:
        row.fault("denominator_ru", say("A count has no denominator. Leave the cell empty, or change the kind."))
    if indicator.status == "computed" and (indicator.kind == Kind.CONTEXT or indicator.direction == "neutral"):
        row.fault("status", say("A context or neutral indicator has no status. Write: none."))
    if indicator.basis != "proposed" and not indicator.reference:
        row.fault("reference_ru", say("Name the order or document that the indicator comes from."))


def _direction(row: Row) -> DirectionRow:
    return DirectionRow(
        code=row.matching("code", re.compile(r"[a-z_]+").fullmatch, say("Write small Latin letters only.")),
        name=_both(row, "name"),
        recommendation=_both(row, "seminar_recommendation"),
    )
