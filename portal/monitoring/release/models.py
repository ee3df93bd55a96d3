"""Releases: numbered publications of accepted figures, never changed afterwards."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from portal.applications.call.models import Call
from portal.kit.db import insert_only
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.report.models import Report


@insert_only("release")
class Release(Model):
    """One publication: everything accepted for one call up to and including `period`."""

    id = fields.BigIntField(primary_key=True)
    number = fields.IntField(unique=True)
    call: fields.ForeignKeyRelation[Call] = fields.ForeignKeyField(
        "portal.Call", related_name="releases", on_delete=fields.RESTRICT
    )
    call_id: int
    period = fields.CharField(max_length=6)
    published_at = fields.DatetimeField()
    published_by_name = fields.CharField(max_length=200)

    class Meta:
        table = "release"

    def __str__(self) -> str:
        return str(self.number)


@insert_only("release_figure")
class ReleaseFigure(Model):
    """One public cell: an agreed indicator at the end of a quarter. Hidden and missing ones hold no numbers at all.

    The cell of the last quarter carries status and forecast too, computed from public cells alone by `method`, and what
    the programme officer has `stated` beside that.
    """

    id = fields.BigIntField(primary_key=True)
    release: fields.ForeignKeyRelation[Release] = fields.ForeignKeyField(
        "portal.Release", related_name="figures", on_delete=fields.RESTRICT
    )
    release_id: int
    agreed: fields.ForeignKeyRelation[AgreedIndicator] = fields.ForeignKeyField(
        "portal.AgreedIndicator", related_name="figures", on_delete=fields.RESTRICT
    )
    agreed_id: int
    period = fields.CharField(max_length=6)
    state = fields.CharField(max_length=16)
    numerator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    denominator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    status = fields.CharField(max_length=16, default="", db_default="")
    forecast = fields.DecimalField(max_digits=19, decimal_places=4, null=True)
    low = fields.DecimalField(max_digits=19, decimal_places=4, null=True)
    high = fields.DecimalField(max_digits=19, decimal_places=4, null=True)
    method = fields.CharField(max_length=40, default="", db_default="")
    stated = fields.CharField(max_length=16, default="", db_default="")
    because = fields.TextField(default="", db_default="")
    report: fields.ForeignKeyNullableRelation[Report] = fields.ForeignKeyField(
        "portal.Report", related_name="figures", on_delete=fields.RESTRICT, null=True
    )
    report_id: int | None

    class Meta:
        table = "release_figure"
        unique_together = (("release", "agreed", "period"),)
