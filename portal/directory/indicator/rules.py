"""What a file of the indicator catalogue and a file of directions must be like; texts in, rows out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.directory.indicator.models import Kind
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
    "code", "group_ru", "name_ru", "name_en", "kind", "unit", "okei", "direction", "level", "numerator_ru",
    "denominator_ru", "disaggregation_ru", "measured", "period", "small_numbers", "status", "basis", "reference",
)  # fmt: skip
DIRECTION_COLUMNS = ("code", "name_ru", "name_en", "seminar_recommendation_ru")


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator as the catalogue gives it; `code` is its key, `disaggregation_ru` the breakdowns one by one."""

    code: str
    group_ru: str
    name_ru: str
    name_en: str
    kind: str
    unit: str
    okei: str
    direction: str
    level: str
    numerator_ru: str
    denominator_ru: str
    disaggregation_ru: tuple[str, ...]
    measured: str
    period: str
    small_numbers: str
    status: str
    basis: str
    reference: str

    @property
    def is_quotient(self) -> bool:
        """Reported as a numerator and a denominator; the quotient is computed, never typed."""
        return self.kind != Kind.COUNT


@dataclass(frozen=True, slots=True)
class DirectionRow:
    """A direction of a programme, with the seminar's recommendation it answers; `code` is its key."""

    code: str
    name_ru: str
    name_en: str
    seminar_recommendation_ru: str


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
        group_ru=row.text("group_ru"),
        name_ru=row.text("name_ru"),
        name_en=row.text("name_en"),
        kind=row.one_of("kind", KINDS),
        unit=row.text("unit"),
        okei=row.matching("okei", re.compile(r"[0-9]{3,4}").fullmatch, say("Write the digits of the OKEI code.")),
        direction=row.one_of("direction", DIRECTIONS),
        level=row.one_of("level", LEVELS),
        numerator_ru=row.text("numerator_ru"),
        denominator_ru=row.maybe("denominator_ru"),
        disaggregation_ru=tuple(part.strip() for part in row.maybe("disaggregation_ru").split(";") if part.strip()),
        measured=row.one_of("measured", MEASURED),
        period=row.one_of("period", PERIODS),
        small_numbers=row.one_of("small_numbers", SMALL_NUMBERS),
        status=row.one_of("status", STATUSES),
        basis=row.one_of("basis", BASES),
        reference=row.maybe("reference"),
    )
    if not row.faults:
        _check_parts(row, indicator)
    return indicator


def _check_parts(row: Row, indicator: IndicatorRow) -> None:
    if indicator.is_quotient and not indicator.denominator_ru:
        row.fault("denominator_ru", say("This kind of indicator needs a denominator. Write what it is."))
    if not indicator.is_quotient and indicator.denominator_ru:
        row.fault("denominator_ru", say("A count has no denominator. Leave the cell empty, or change the kind."))
    if indicator.status == "computed" and (indicator.kind == Kind.CONTEXT or indicator.direction == "neutral"):
        row.fault("status", say("A context or neutral indicator has no status. Write: none."))
    if indicator.basis != "proposed" and not indicator.reference:
        row.fault("reference", say("Name the order or document that the indicator comes from."))


def _direction(row: Row) -> DirectionRow:
    return DirectionRow(
        code=row.matching("code", re.compile(r"[a-z_]+").fullmatch, say("Write small Latin letters only.")),
        name_ru=row.text("name_ru"),
        name_en=row.text("name_en"),
        seminar_recommendation_ru=row.text("seminar_recommendation_ru"),
    )
