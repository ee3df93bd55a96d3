"""Agreements: what a winner promised, taken from the winning version and fitted to the sum awarded."""

from __future__ import annotations

from datetime import datetime, time

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from portal.applications.application.models import Application, ApplicationVersion
from portal.directory.indicator.models import Indicator
from portal.directory.region.models import Region
from portal.kit.bilingual import Bilingual
from portal.kit.db import insert_only
from portal.kit.i18n import MOSCOW
from portal.monitoring.agreement.states import AgreementState
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION


class Agreement(Model):
    """One agreement of the Foundation with one region. Sums in roubles, periods as quarters.

    `ended_on` is the day on which it was closed or terminated, `ended_because` why; a closing may need no words.
    """

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=16, unique=True)
    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "portal.Application", related_name="agreement", on_delete=fields.RESTRICT
    )
    application_id: int
    version: fields.ForeignKeyRelation[ApplicationVersion] = fields.ForeignKeyField(
        "portal.ApplicationVersion", related_name="agreements", on_delete=fields.RESTRICT
    )
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "portal.Region", related_name="agreements", on_delete=fields.RESTRICT
    )
    region_id: int
    state = fields.CharEnumField(AgreementState, max_length=24, default=AgreementState.DRAFTED)
    title_ru = fields.CharField(max_length=300)
    title_en = fields.CharField(max_length=300, default="")
    summary_ru = fields.TextField(default="")
    summary_en = fields.TextField(default="")
    grant = fields.DecimalField(max_digits=15, decimal_places=2)
    first_period = fields.CharField(max_length=6)
    last_period = fields.CharField(max_length=6)
    drafted_at = fields.DatetimeField()
    region_signed_at = fields.DatetimeField(null=True)
    region_signed_by = fields.CharField(max_length=200, default="")
    foundation_signed_at = fields.DatetimeField(null=True)
    foundation_signed_by = fields.CharField(max_length=200, default="")
    ended_on = fields.DateField(null=True)
    ended_because = fields.TextField(default="", db_default="")
    indicators: fields.ReverseRelation[AgreedIndicator]
    costs: fields.ReverseRelation[AgreedCost]

    class Meta:
        table = "agreement"

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> Bilingual:
        """The programme's name."""
        return Bilingual(self.title_ru, self.title_en)

    @property
    def is_over(self) -> bool:
        """Whether it was closed or terminated."""
        return self.state in (AgreementState.CLOSED, AgreementState.TERMINATED)

    @property
    def ended_at(self) -> datetime | None:
        """The first instant of the day on which it ended, in Moscow: from then on nothing more falls due."""
        return datetime.combine(self.ended_on, time.min, MOSCOW) if self.ended_on else None

    @classmethod
    def that_were_in_force(cls) -> QuerySet[Agreement]:
        """Those that both sides have signed, whether or not they are over."""
        return cls.filter(region_signed_at__isnull=False, foundation_signed_at__isnull=False)

    @classmethod
    def visible_to(cls, person: Person) -> QuerySet[Agreement]:
        """Her region's for a region's people; all for the Foundation's officers, council, Board and auditors."""
        if person.roles & FOUNDATION:
            return cls.all()
        return cls.filter(Q(region_id=person.region_id) if person.region_id is not None else Q(id=0))


class AgreedIndicator(Model):
    """An indicator of an agreement with its baseline; counts have no denominator."""

    id = fields.BigIntField(primary_key=True)
    agreement: fields.ForeignKeyRelation[Agreement] = fields.ForeignKeyField(
        "portal.Agreement", related_name="indicators", on_delete=fields.RESTRICT
    )
    agreement_id: int
    indicator: fields.ForeignKeyRelation[Indicator] = fields.ForeignKeyField(
        "portal.Indicator", related_name="agreed", on_delete=fields.RESTRICT
    )
    indicator_id: int
    position = fields.IntField()
    baseline_numerator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    baseline_denominator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    plan: fields.ReverseRelation[AgreedValue]

    class Meta:
        table = "agreed_indicator"
        unique_together = (("agreement", "indicator"),)

    def planned(self, at: datetime | None = None) -> dict[str, AgreedValue]:
        """What is agreed for each quarter, as it stands or as it stood at that instant; `plan` must be loaded."""
        known = [one for one in self.plan if at is None or one.since is None or one.since <= at]
        return {one.period: one for one in sorted(known, key=lambda one: one.edition)}


@insert_only("agreed_value")
class AgreedValue(Model):
    """What an indicator must have reached by the end of a quarter, since the programme began.

    Edition 0 is the agreement as it was signed; an amendment adds values of its own number, in force `since`.
    """

    id = fields.BigIntField(primary_key=True)
    agreed: fields.ForeignKeyRelation[AgreedIndicator] = fields.ForeignKeyField(
        "portal.AgreedIndicator", related_name="plan", on_delete=fields.RESTRICT
    )
    agreed_id: int
    period = fields.CharField(max_length=6)
    numerator = fields.DecimalField(max_digits=15, decimal_places=2)
    denominator = fields.DecimalField(max_digits=15, decimal_places=2, null=True)
    edition = fields.IntField(default=0, db_default=0)
    since = fields.DatetimeField(null=True)

    class Meta:
        table = "agreed_value"
        unique_together = (("agreed", "period", "edition"),)


class AgreedCost(Model):
    """One sum of the agreed budget: line, activity, year and source (foundation, regional, municipal, extra)."""

    id = fields.BigIntField(primary_key=True)
    agreement: fields.ForeignKeyRelation[Agreement] = fields.ForeignKeyField(
        "portal.Agreement", related_name="costs", on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    title = fields.CharField(max_length=300)
    activity = fields.CharField(max_length=300)
    year = fields.IntField()
    source = fields.CharField(max_length=12)
    amount = fields.DecimalField(max_digits=15, decimal_places=2)

    class Meta:
        table = "agreed_cost"
        unique_together = (("agreement", "position", "year", "source"),)
