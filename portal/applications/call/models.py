"""Calls for programmes: their instants, money, places, criteria and required indicators."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from portal.applications.call.methods import DEFAULT, Thresholds
from portal.applications.call.states import CallState
from portal.directory.indicator.models import Indicator
from portal.kit.bilingual import Bilingual
from portal.kit.db import records
from portal.kit.errors import NotFound
from portal.people.person.models import Person
from portal.people.roles import Role


class Call(Model):
    """One competition. Money in roubles, `cofinancing_min` in percent of the whole budget.

    `first_period` and `last_period` are the quarters of the programmes ("2027Q1"). `closes_at` is the first instant
    that is late. `tie_breaks` is a list of "criterion:CODE", "cofinancing" and "submitted", applied in that order.
    `judging` has the thresholds of a status that differ from the method's own, by name. `text_version` is the version
    of the typed text from which the conditions were read.
    """

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=12, unique=True)
    name_ru = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200, default="")
    about_ru = fields.TextField(default="")
    about_en = fields.TextField(default="")
    state = fields.CharEnumField(CallState, max_length=24, default=CallState.DRAFT)
    opens_at = fields.DatetimeField()
    closes_at = fields.DatetimeField()
    fund = fields.DecimalField(max_digits=15, decimal_places=2)
    places = fields.IntField(default=20)
    grant_limit = fields.DecimalField(max_digits=15, decimal_places=2)
    cofinancing_min = fields.DecimalField(max_digits=5, decimal_places=2)
    readers = fields.IntField(default=3)
    first_period = fields.CharField(max_length=6)
    last_period = fields.CharField(max_length=6)
    resets_in_january = fields.BooleanField(default=False)
    tie_breaks: list[str] = fields.JSONField(default=list)
    publishes_certainty = fields.BooleanField(default=False, db_default=False)
    judging: dict[str, Any] = fields.JSONField(default=dict, db_default="{}")
    text_version = fields.IntField(default=0, db_default=0)
    is_demo = fields.BooleanField(default=False)
    criteria: fields.ReverseRelation[Criterion]
    required: fields.ReverseRelation[RequiredIndicator]

    class Meta:
        table = "call"

    def __str__(self) -> str:
        return self.number

    @classmethod
    def visible_to(cls, person: Person | None) -> QuerySet[Call]:
        """Every call that was ever opened is public; one that is being written exists for officers and auditors."""
        if person is not None and person.roles & {Role.OFFICER, Role.AUDITOR}:
            return cls.all()
        return cls.exclude(state=CallState.DRAFT)

    @property
    def name(self) -> Bilingual:
        """Its name."""
        return Bilingual(self.name_ru, self.name_en)

    @property
    def about(self) -> Bilingual:
        """What it is for, in a paragraph."""
        return Bilingual(self.about_ru, self.about_en)

    @property
    def thresholds(self) -> Thresholds:
        """By what the status of an indicator is judged in its programmes."""
        return replace(DEFAULT, **self.judging)


class Criterion(Model):
    """What reviewers judge, with its weight in percent. `levels` describe marks: [{"mark", "ru", "en"}], best first."""

    id = fields.BigIntField(primary_key=True)
    call: fields.ForeignKeyRelation[Call] = fields.ForeignKeyField(
        "portal.Call", related_name="criteria", on_delete=fields.RESTRICT
    )
    call_id: int
    code = fields.CharField(max_length=8)
    position = fields.IntField()
    name_ru = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200, default="")
    weight = fields.DecimalField(max_digits=5, decimal_places=2)
    levels: list[dict[str, Any]] = fields.JSONField(default=list)

    class Meta:
        table = "criterion"
        unique_together = (("call", "code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name_ru}"

    @property
    def name(self) -> Bilingual:
        """Its name."""
        return Bilingual(self.name_ru, self.name_en)


async def opened(number: str) -> Call:
    """The call of this number, if it was ever opened; NotFound for others."""
    for call in await records(Call, "number = $1 AND state <> $2", number, str(CallState.DRAFT)):
        return call
    raise NotFound


async def criteria_of(call: int) -> list[Criterion]:
    """The criteria of the call of this id, in order."""
    return await records(Criterion, "call_id = $1 ORDER BY position", call)


class RequiredIndicator(Model):
    """An indicator that every programme of the call must promise."""

    id = fields.BigIntField(primary_key=True)
    call: fields.ForeignKeyRelation[Call] = fields.ForeignKeyField(
        "portal.Call", related_name="required", on_delete=fields.RESTRICT
    )
    indicator: fields.ForeignKeyRelation[Indicator] = fields.ForeignKeyField(
        "portal.Indicator", related_name="required_by", on_delete=fields.RESTRICT
    )

    class Meta:
        table = "required_indicator"
        unique_together = (("call", "indicator"),)


class PlacesDecision(Model):
    """A dated decision of the Board that changed the number of places of a call."""

    id = fields.BigIntField(primary_key=True)
    call: fields.ForeignKeyRelation[Call] = fields.ForeignKeyField(
        "portal.Call", related_name="places_decisions", on_delete=fields.RESTRICT
    )
    places = fields.IntField()
    decided_on = fields.DateField()
    document = fields.CharField(max_length=200)

    class Meta:
        table = "places_decision"

    def __str__(self) -> str:
        return self.document
