"""Regions of the Russian Federation and their official series."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from portal.kit.bilingual import Bilingual


class Region(Model):
    """A constituent entity. A closed or hidden one keeps its history; none is fixed in code."""

    id = fields.BigIntField(primary_key=True)
    code = fields.CharField(max_length=6, unique=True)
    name_ru = fields.CharField(max_length=120)
    short_ru = fields.CharField(max_length=80)
    name_en = fields.CharField(max_length=120)
    kind = fields.CharField(max_length=40)
    district_code = fields.CharField(max_length=8)
    district_ru = fields.CharField(max_length=60)
    district_en = fields.CharField(max_length=60)
    oktmo = fields.CharField(max_length=11)
    timezone = fields.CharField(max_length=40)
    is_hidden = fields.BooleanField(default=False)

    class Meta:
        table = "region"

    def __str__(self) -> str:
        return self.name_ru

    @property
    def name(self) -> Bilingual:
        """Its full name."""
        return Bilingual(self.name_ru, self.name_en)

    @property
    def short(self) -> Bilingual:
        """Its name for tables and maps."""
        return Bilingual(self.short_ru, self.name_en)

    @property
    def district(self) -> Bilingual:
        """The federal district."""
        return Bilingual(self.district_ru, self.district_en)


class Observation(Model):
    """One year of one official series in one region, or in the country where the region is empty."""

    id = fields.BigIntField(primary_key=True)
    series = fields.CharField(max_length=60)
    region: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "portal.Region", related_name="observations", on_delete=fields.RESTRICT, null=True
    )
    region_id: int | None
    year = fields.IntField()
    value = fields.DecimalField(max_digits=15, decimal_places=4)
    unit = fields.CharField(max_length=20)

    class Meta:
        table = "observation"
        unique_together = (("series", "region", "year"),)

    def __str__(self) -> str:
        return f"{self.series} {self.year}"


class DirectoryImport(Model):
    """One bringing-in of reference data that changed something: which data, how many rows, and when."""

    id = fields.BigIntField(primary_key=True)
    what = fields.CharField(max_length=40)
    added = fields.IntField()
    changed = fields.IntField()
    unchanged = fields.IntField()
    done_at = fields.DatetimeField()

    class Meta:
        table = "directory_import"

    def __str__(self) -> str:
        return self.what
