"""Reports of regions: cumulative values of the agreed indicators, quarter by quarter."""

from __future__ import annotations

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from portal.kit.db import insert_only
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION


class Report(Model):
    """One report of one quarter; revision 0 is the first, each correction after acceptance adds one.

    `due_at` is the first instant that is late. What is typed before submission is in drafts.
    """

    id = fields.BigIntField(primary_key=True)
    agreement: fields.ForeignKeyRelation[Agreement] = fields.ForeignKeyField(
        "portal.Agreement", related_name="reports", on_delete=fields.RESTRICT
    )
    agreement_id: int
    period = fields.CharField(max_length=6)
    revision = fields.IntField(default=0)
    state = fields.CharEnumField(ReportState, max_length=24, default=ReportState.OPEN)
    due_at = fields.DatetimeField()
    submitted_at = fields.DatetimeField(null=True)
    submitted_by_name = fields.CharField(max_length=200, default="")
    accepted_at = fields.DatetimeField(null=True)
    accepted_by_name = fields.CharField(max_length=200, default="")
    returned_because = fields.TextField(default="")
    corrects_because = fields.TextField(default="")
    values: fields.ReverseRelation[ReportValue]

    class Meta:
        table = "report"

    def __str__(self) -> str:
        agreement = self.__dict__.get("_agreement")
        number = agreement.number if agreement else f"agreement {self.agreement_id}"
        return f"{number}-{self.period}" + (f" revision {self.revision}" if self.revision else "")

    @classmethod
    def visible_to(cls, person: Person) -> QuerySet[Report]:
        """Her region's for a region's people; all for the Foundation's officers, council, Board and auditors."""
        if person.roles & FOUNDATION:
            return cls.all()
        return cls.filter(Q(agreement__region_id=person.region_id) if person.region_id is not None else Q(id=0))


@insert_only("report_value")
class ReportValue(Model):
    """A submitted value since the programme began, or the word why there is none (not_reported, not_applicable).

    Each submission of a report writes its values anew under the next `attempt`; the last one counts.
    """

    id = fields.BigIntField(primary_key=True)
    report: fields.ForeignKeyRelation[Report] = fields.ForeignKeyField(
        "portal.Report", related_name="values", on_delete=fields.RESTRICT
    )
    report_id: int
    attempt = fields.IntField()
    agreed: fields.ForeignKeyRelation[AgreedIndicator] = fields.ForeignKeyField(
        "portal.AgreedIndicator", related_name="reported", on_delete=fields.RESTRICT
    )
    agreed_id: int
    numerator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    denominator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    missing = fields.CharField(max_length=16, default="")
    explanation = fields.TextField(default="")

    class Meta:
        table = "report_value"
        unique_together = (("report", "attempt", "agreed"),)
