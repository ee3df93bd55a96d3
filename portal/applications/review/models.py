"""Reviews and their marks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from portal.applications.application.models import Application
from portal.applications.call.models import Criterion
from portal.applications.review.states import Conflict, ReviewState
from portal.kit.bilingual import Bilingual
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, Role


class Review(Model):
    """One reviewer's reading of one application. Marks typed before submission are in drafts."""

    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=16, unique=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "portal.Application", related_name="reviews", on_delete=fields.RESTRICT
    )
    application_id: int
    reviewer: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "portal.Person", related_name="reviews", on_delete=fields.RESTRICT
    )
    reviewer_id: int
    state = fields.CharEnumField(ReviewState, max_length=24, default=ReviewState.ASSIGNED)
    conflict = fields.CharEnumField(Conflict, max_length=12, default=Conflict.NOT_ASKED)
    conflict_note = fields.TextField(default="")
    assigned_at = fields.DatetimeField()
    due_on = fields.DateField(null=True)
    submitted_at = fields.DatetimeField(null=True)
    returned_because = fields.TextField(default="")
    marks: fields.ReverseRelation[Mark]

    class Meta:
        table = "review"
        unique_together = (("application", "reviewer"),)

    def __str__(self) -> str:
        return self.public_id

    @classmethod
    def visible_to(cls, person: Person) -> QuerySet[Review]:
        """A reviewer's own; all of them for officers, the council, the Board and auditors; nobody else's.

        Who reads as a reviewer sees her own only, whatever other roles she has: marks are given unseen.
        """
        if Role.REVIEWER in person.roles:
            return cls.filter(reviewer_id=person.id)
        return cls.all() if person.roles & FOUNDATION else cls.filter(id=0)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A line in a list of reviews."""

    public_id: str
    application_id: int
    number: str
    region: Bilingual
    reviewer: Bilingual
    state: ReviewState
    due_on: date | None
    conflict_note: str


async def listed(seen: QuerySet[Review], *, offset: int, limit: int) -> list[ReviewRow]:
    """Lines of the reviews `seen`, the newest call first, by application and reviewer."""
    found = await (
        seen.order_by("-application__call_id", "application__number", "reviewer__name_ru", "id")
        .offset(offset)
        .limit(limit)
        .values_list(
            "public_id", "application_id", "application__number", "application__region__short_ru",
            "application__region__name_en", "reviewer__name_ru", "reviewer__name_en", "state", "due_on",
            "conflict_note",
        )
    )  # fmt: skip
    return [
        ReviewRow(key, of, number, Bilingual(short, region), Bilingual(ru, en), state, due_on, note)
        for key, of, number, short, region, ru, en, state, due_on, note in found
    ]


class Mark(Model):
    """A submitted mark on one criterion, from 1 to 6, or not applicable; always with a comment."""

    id = fields.BigIntField(primary_key=True)
    review: fields.ForeignKeyRelation[Review] = fields.ForeignKeyField(
        "portal.Review", related_name="marks", on_delete=fields.RESTRICT
    )
    review_id: int
    criterion: fields.ForeignKeyRelation[Criterion] = fields.ForeignKeyField(
        "portal.Criterion", related_name="marks", on_delete=fields.RESTRICT
    )
    criterion_id: int
    value = fields.IntField(null=True)
    comment = fields.TextField()

    class Meta:
        table = "mark"
        unique_together = (("review", "criterion"),)
