"""Amendments of agreements: the reason, the values proposed, and who signed them."""

from __future__ import annotations

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from portal.kit.db import insert_only
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.amendment.states import AmendmentState
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION


class Amendment(Model):
    """One change of one agreement's plan, numbered from 1. The officer proposes it, the region's signatory signs it."""

    id = fields.BigIntField(primary_key=True)
    agreement: fields.ForeignKeyRelation[Agreement] = fields.ForeignKeyField(
        "portal.Agreement", related_name="amendments", on_delete=fields.RESTRICT
    )
    agreement_id: int
    number = fields.IntField()
    state = fields.CharEnumField(AmendmentState, max_length=24, default=AmendmentState.PROPOSED)
    reason = fields.TextField()
    proposed_at = fields.DatetimeField()
    proposed_by = fields.CharField(max_length=200)
    signed_at = fields.DatetimeField(null=True)
    signed_by = fields.CharField(max_length=200, default="")
    changes: fields.ReverseRelation[AmendedValue]

    class Meta:
        table = "amendment"
        unique_together = (("agreement", "number"),)

    def __str__(self) -> str:
        return f"{self.agreement.number}/{self.number}"

    @classmethod
    def visible_to(cls, person: Person) -> QuerySet[Amendment]:
        """Those of the agreements that exist for her."""
        if person.roles & FOUNDATION:
            return cls.all()
        return cls.filter(Q(agreement__region_id=person.region_id) if person.region_id is not None else Q(id=0))


@insert_only("amended_value")
class AmendedValue(Model):
    """What an amendment proposes for an indicator by the end of a quarter, and what stood there before."""

    id = fields.BigIntField(primary_key=True)
    amendment: fields.ForeignKeyRelation[Amendment] = fields.ForeignKeyField(
        "portal.Amendment", related_name="changes", on_delete=fields.RESTRICT
    )
    agreed: fields.ForeignKeyRelation[AgreedIndicator] = fields.ForeignKeyField(
        "portal.AgreedIndicator", related_name="changes", on_delete=fields.RESTRICT
    )
    agreed_id: int
    period = fields.CharField(max_length=6)
    numerator = fields.DecimalField(max_digits=15, decimal_places=2)
    denominator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    before_numerator = fields.DecimalField(max_digits=15, decimal_places=2)
    before_denominator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)

    class Meta:
        table = "amended_value"
        unique_together = (("amendment", "agreed", "period"),)
