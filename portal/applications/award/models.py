"""The decision on a call: one protocol, one award for each admitted application."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model

from portal.applications.application.models import Application
from portal.applications.award.states import Outcome, ProtocolState
from portal.applications.call.models import Call


class Protocol(Model):
    """The council's recommendation and the Board's approval; `ranking` is the snapshot on which both rest."""

    id = fields.BigIntField(primary_key=True)
    call: fields.OneToOneRelation[Call] = fields.OneToOneField(
        "portal.Call", related_name="protocol", on_delete=fields.RESTRICT
    )
    call_id: int
    state = fields.CharEnumField(ProtocolState, max_length=24, default=ProtocolState.RECOMMENDED)
    method = fields.CharField(max_length=40)
    ranking: list[dict[str, Any]] = fields.JSONField()
    ranking_sha256 = fields.CharField(max_length=64)
    recommended_at = fields.DatetimeField()
    recommended_by_name = fields.CharField(max_length=200)
    board_number = fields.CharField(max_length=40, default="")
    board_date = fields.DateField(null=True)
    approved_at = fields.DatetimeField(null=True)
    approved_by_name = fields.CharField(max_length=200, default="")
    announced_at = fields.DatetimeField(null=True)
    awards: fields.ReverseRelation[Award]

    class Meta:
        table = "protocol"

    def __str__(self) -> str:
        return self.board_number or f"protocol of call {self.call_id}"


class Award(Model):
    """What one application gets. `score` is the exact weighted mean as a fraction "317/72"; a winner has an amount."""

    id = fields.BigIntField(primary_key=True)
    protocol: fields.ForeignKeyRelation[Protocol] = fields.ForeignKeyField(
        "portal.Protocol", related_name="awards", on_delete=fields.RESTRICT
    )
    protocol_id: int
    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "portal.Application", related_name="award", on_delete=fields.RESTRICT
    )
    application_id: int
    place = fields.IntField()
    score = fields.CharField(max_length=80)
    outcome = fields.CharEnumField(Outcome, max_length=12)
    amount = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    reason = fields.TextField(default="")

    class Meta:
        table = "award"

    def __str__(self) -> str:
        return f"{self.place}"
