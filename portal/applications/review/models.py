"""Reviews and their marks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from portal.applications.application.models import Application
from portal.applications.call.models import Call, Criterion
from portal.applications.review.states import Conflict, ReviewState
from portal.directory.region.models import Region
from portal.kit.bilingual import Bilingual
from portal.kit.db import columns, record, records, rows
from portal.kit.errors import NotFound
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

    @classmethod
    def scope_of(cls, person: Person) -> tuple[bool, int]:
        """The same for hand-written queries: whether all exist for her, and whose own do in any case."""
        return Role.REVIEWER not in person.roles and bool(person.roles & FOUNDATION), person.id


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


LISTED = """
  FROM review JOIN application ON application.id = review.application_id
 WHERE ($1 OR review.reviewer_id = $2) AND ($3::bigint IS NULL OR application.call_id = $3)
"""
LINES = f"""
SELECT listed.*, region.short_ru, region.name_en, person.name_ru AS reviewer_ru, person.name_en AS reviewer_en
  FROM (SELECT review.public_id, review.application_id, review.reviewer_id, review.state, review.due_on,
               review.conflict_note, review.id, application.number, application.call_id, application.region_id
        {LISTED}) listed
  JOIN region ON region.id = listed.region_id
  JOIN person ON person.id = listed.reviewer_id
 ORDER BY listed.call_id DESC, listed.number, person.name_ru, listed.id OFFSET $4 LIMIT $5
"""
WHOLE = """
SELECT {columns}
  FROM review
  JOIN application ON application.id = review.application_id
  JOIN region ON region.id = application.region_id
  JOIN call ON call.id = application.call_id
  JOIN person ON person.id = review.reviewer_id
 WHERE ($1 OR review.reviewer_id = $2) AND review.public_id = $3
"""


async def number_of(person: Person, call: int | None = None) -> int:
    """How many reviews there are for her, in the call of this id or in all."""
    found = await rows(f"SELECT count(*) AS number {LISTED}", *Review.scope_of(person), call)
    return int(found[0]["number"])


async def listed(person: Person, call: int | None, *, offset: int, limit: int) -> list[ReviewRow]:
    """Lines of the reviews that exist for her, the newest call first, by application and reviewer."""
    return [
        ReviewRow(
            row["public_id"], row["application_id"], row["number"], Bilingual(row["short_ru"], row["name_en"]),
            Bilingual(row["reviewer_ru"], row["reviewer_en"]), ReviewState(row["state"]), row["due_on"],
            row["conflict_note"],
        )
        for row in await rows(LINES, *Review.scope_of(person), call, offset, limit)
    ]  # fmt: skip


async def one_of(person: Person, public_id: str) -> Review:
    """The review of this address with its application, region, call and reviewer; NotFound if she has no such one."""
    loaded = {"review": Review, "application": Application, "region": Region, "call": Call, "person": Person}
    wanted = ", ".join(columns(model, alias) for alias, model in loaded.items())
    for row in await rows(WHOLE.format(columns=wanted), *Review.scope_of(person), public_id):
        region, call = record(Region, row, "region"), record(Call, row, "call")
        application = record(Application, row, "application", region=region, call=call)
        return record(Review, row, "review", application=application, reviewer=record(Person, row, "person"))
    raise NotFound


async def content_of(review: Review) -> str | None:
    """The text that is read: the canonical JSON of the application's last version."""
    found = await rows(
        "SELECT content FROM application_version WHERE application_id = $1 ORDER BY number DESC LIMIT 1",
        review.application_id,
    )
    return found[0]["content"] if found else None


async def calls_with_reviews() -> list[Call]:
    """The calls whose applications are read by somebody, the newest first."""
    return await records(
        Call,
        "EXISTS (SELECT FROM review JOIN application ON application.id = review.application_id"
        " WHERE application.call_id = call.id) ORDER BY id DESC",
    )


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
