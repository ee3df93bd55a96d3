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
from portal.kit.db import rows
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


@dataclass(frozen=True, slots=True)
class ToRead:
    """An admitted application with the number of its readers; who has declined reads nothing."""

    id: int
    number: str
    region_id: int
    region: Bilingual
    title: Bilingual
    readers: int


@dataclass(frozen=True, slots=True)
class Available:
    """Somebody who can be asked to read: her own region, if she has one, and how many of the call's she has."""

    id: int
    name: Bilingual
    region_id: int | None
    load: int


READERS = "(SELECT count(*) FROM review WHERE application_id = application.id AND review.state <> 'declined')"
TO_READ = f"""
SELECT application.id, application.number, application.region_id, region.short_ru, region.name_en, version.title_ru,
       version.title_en, {READERS} AS readers
  FROM application
  JOIN region ON region.id = application.region_id
  LEFT JOIN LATERAL (
       SELECT content::json #>> '{{passport,title,ru}}' AS title_ru,
              content::json #>> '{{passport,title,en}}' AS title_en
         FROM application_version WHERE application_id = application.id
        ORDER BY application_version.number DESC LIMIT 1) version ON true
 WHERE application.call_id = $1 AND application.state = 'eligible'
 ORDER BY application.number OFFSET $2 LIMIT $3
"""
AVAILABLE = """
SELECT person.id, person.name_ru, person.name_en, organisation.region_id,
       (SELECT count(*) FROM review JOIN application ON application.id = review.application_id
         WHERE review.reviewer_id = person.id AND application.call_id = $1 AND review.state <> 'declined') AS load
  FROM person JOIN organisation ON organisation.id = person.organisation_id
 WHERE person.is_active AND EXISTS (SELECT FROM membership WHERE person_id = person.id AND role = 'reviewer')
 ORDER BY person.name_ru, person.id
"""


async def waiting_for_readers(call: int, wanted: int) -> tuple[int, int]:
    """How many applications of the call of this id are admitted, and how many of them have fewer than `wanted`."""
    found = await rows(
        f"SELECT count(*) AS number, count(*) FILTER (WHERE {READERS} < $2::int) AS lacking"
        " FROM application WHERE call_id = $1 AND state = 'eligible'",
        call,
        wanted,
    )
    return found[0]["number"], found[0]["lacking"]


async def to_read(call: int, *, offset: int, limit: int) -> list[ToRead]:
    """The admitted applications of the call of this id, by number."""
    return [
        ToRead(
            row["id"], row["number"], row["region_id"], Bilingual(row["short_ru"], row["name_en"]),
            Bilingual(row["title_ru"] or "", row["title_en"] or ""), row["readers"],
        )
        for row in await rows(TO_READ, call, offset, limit)
    ]  # fmt: skip


async def available(call: int) -> list[Available]:
    """All who review, by name."""
    return [
        Available(row["id"], Bilingual(row["name_ru"], row["name_en"]), row["region_id"], row["load"])
        for row in await rows(AVAILABLE, call)
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
