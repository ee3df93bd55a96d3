"""The catalogue of indicators and the directions of programmes."""

from __future__ import annotations

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from portal.kit.bilingual import Bilingual
from portal.kit.i18n import Text, say


class Kind(StrEnum):
    """What an indicator is: a value, a quotient of people, a quotient of money, an average, or context."""

    COUNT = "count"
    SHARE = "share"
    RATIO = "ratio"
    MEAN = "mean"
    CONTEXT = "context"


UNITS = {
    "percent": say("%"),
    "persons": say("people"),
    "families": say("families"),
    "contracts": say("contracts"),
    "agencies": say("agencies"),
    "families per specialist": say("families per specialist"),
}
"""The units of the catalogue in words."""

OVER_THE_PERIOD = "over the period"
"""How an indicator is measured that adds up over periods."""


def unit_name(unit: str) -> Text | str:
    """The unit in words; one that has none is its own name."""
    return UNITS.get(unit, unit)


class Direction(Model):
    """A direction of a programme, by default from the seminar's recommendations."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=24, unique=True)
    name_ru = fields.CharField(max_length=120)
    name_en = fields.CharField(max_length=120)
    recommendation_ru = fields.CharField(max_length=300, default="")
    recommendation_en = fields.CharField(max_length=300, default="", db_default="")
    position = fields.IntField()

    class Meta:
        table = "direction"

    def __str__(self) -> str:
        return self.name_ru

    @property
    def name(self) -> Bilingual:
        """Its name."""
        return Bilingual(self.name_ru, self.name_en)

    @property
    def recommendation(self) -> Bilingual:
        """The seminar's recommendation that it answers."""
        return Bilingual(self.recommendation_ru, self.recommendation_en)


class Indicator(Model):
    """One indicator with its definition. `desired` says which way is better: up, down or neutral."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=8, unique=True)
    position = fields.IntField()
    group_ru = fields.CharField(max_length=80)
    group_en = fields.CharField(max_length=80, default="", db_default="")
    name_ru = fields.CharField(max_length=300)
    name_en = fields.CharField(max_length=300)
    kind = fields.CharEnumField(Kind, max_length=12)
    unit = fields.CharField(max_length=40)
    okei = fields.CharField(max_length=4)
    desired = fields.CharField(max_length=8)
    level = fields.CharField(max_length=12)
    numerator_ru = fields.CharField(max_length=400)
    numerator_en = fields.CharField(max_length=400, default="", db_default="")
    denominator_ru = fields.CharField(max_length=400, default="")
    denominator_en = fields.CharField(max_length=400, default="", db_default="")
    disaggregation_ru = fields.CharField(max_length=300, default="")
    disaggregation_en = fields.CharField(max_length=300, default="", db_default="")
    measured = fields.CharField(max_length=20)
    frequency = fields.CharField(max_length=1)
    small_numbers = fields.CharField(max_length=8)
    status = fields.CharField(max_length=10)
    basis = fields.CharField(max_length=10)
    reference_ru = fields.CharField(max_length=200, default="", db_default="")
    reference_en = fields.CharField(max_length=200, default="", db_default="")

    class Meta:
        table = "indicator"

    def __str__(self) -> str:
        return f"{self.code} {self.name_ru}"

    @property
    def name(self) -> Bilingual:
        """Its name."""
        return Bilingual(self.name_ru, self.name_en)

    @property
    def group(self) -> Bilingual:
        """The part of the catalogue in which it stands."""
        return Bilingual(self.group_ru, self.group_en)

    @property
    def numerator(self) -> Bilingual:
        """What is counted."""
        return Bilingual(self.numerator_ru, self.numerator_en)

    @property
    def denominator(self) -> Bilingual:
        """What it is divided by; empty for a count."""
        return Bilingual(self.denominator_ru, self.denominator_en)

    @property
    def disaggregation(self) -> Bilingual:
        """The breakdowns in which it may be kept, one after another."""
        return Bilingual(self.disaggregation_ru, self.disaggregation_en)

    @property
    def reference(self) -> Bilingual:
        """The document that it comes from."""
        return Bilingual(self.reference_ru, self.reference_en)

    @property
    def is_quotient(self) -> bool:
        """Whether it has a numerator and a denominator; its value is then computed, never typed."""
        return self.kind is not Kind.COUNT

    @property
    def accumulates(self) -> bool:
        """Whether it is measured over the period and so adds up over periods, or as of a date."""
        return self.measured == OVER_THE_PERIOD

    @property
    def is_protected(self) -> bool:
        """Whether small counts of it could reveal a family and are hidden in public."""
        return self.small_numbers == "protect"
