"""The decision on a call: one protocol, one award for each admitted application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model
from tortoise.query_utils import Prefetch

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.award.states import Outcome, ProtocolState
from portal.applications.call.models import Call, Criterion
from portal.applications.review.states import ReviewState
from portal.kit.bilingual import Bilingual
from portal.kit.db import insert_only, rows

ADMITTED = (
    ApplicationState.ELIGIBLE,
    ApplicationState.AWARDED,
    ApplicationState.RESERVE,
    ApplicationState.DECLINED,
)


@insert_only("certainty")
class Certainty(Model):
    """How sure a ranking was, by a method and a seed, on a basis that is kept whole: anyone can reckon it again."""

    id = fields.BigIntField(primary_key=True)
    call: fields.ForeignKeyRelation[Call] = fields.ForeignKeyField(
        "portal.Call", related_name="certainties", on_delete=fields.RESTRICT
    )
    call_id: int
    made_at = fields.DatetimeField()
    method = fields.CharField(max_length=40)
    seed = fields.BigIntField()
    basis: dict[str, Any] = fields.JSONField()
    basis_sha256 = fields.CharField(max_length=64)
    result: dict[str, Any] = fields.JSONField()

    class Meta:
        table = "certainty"
        unique_together = (("call", "basis_sha256"),)

    def __str__(self) -> str:
        return f"{self.method}, {self.basis_sha256[:8]}"


class Protocol(Model):
    """The council's recommendation and the Board's approval; `ranking` is the snapshot on which both rest."""

    id = fields.BigIntField(primary_key=True)
    call: fields.OneToOneRelation[Call] = fields.OneToOneField(
        "portal.Call", related_name="protocol", on_delete=fields.RESTRICT
    )
    call_id: int
    state = fields.CharEnumField(ProtocolState, max_length=24, default=ProtocolState.RECOMMENDED)
    method = fields.CharField(max_length=40)
    ranking: dict[str, Any] = fields.JSONField()
    ranking_sha256 = fields.CharField(max_length=64)
    recommended_at = fields.DatetimeField()
    recommended_by_name = fields.CharField(max_length=200)
    board_number = fields.CharField(max_length=40, default="")
    board_date = fields.DateField(null=True)
    approved_at = fields.DatetimeField(null=True)
    approved_by_name = fields.CharField(max_length=200, default="")
    announced_at = fields.DatetimeField(null=True)
    certainty: fields.ForeignKeyNullableRelation[Certainty] = fields.ForeignKeyField(
        "portal.Certainty", related_name="protocols", null=True, on_delete=fields.RESTRICT
    )
    certainty_id: int | None
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

    @property
    def exact_score(self) -> Fraction:
        """The score as a number."""
        return Fraction(self.score)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who wrote a review. Names are for those only who may see the review."""

    id: int
    name: Bilingual


@dataclass(frozen=True, slots=True)
class Contestant:
    """An admitted application as the decision sees it: sums of its last version, marks of its submitted reviews."""

    id: int
    number: str
    region: Bilingual
    region_code: str
    title: Bilingual
    requested: Decimal
    total: Decimal
    submitted_at: datetime
    version_sha256: str
    marks: dict[str, dict[str, int | None]]
    """By public id of the review, then by code of the criterion; None is not applicable."""
    unfinished: int
    """Reviews that are assigned and not submitted."""
    readers: dict[str, Reader] = field(default_factory=dict)
    """By public id of the review."""


@dataclass(frozen=True, slots=True)
class Contest:
    """All contestants of a call and its criteria with their weights, in order."""

    criteria: tuple[Criterion, ...]
    contestants: tuple[Contestant, ...]


CONTESTANTS = """
SELECT application.id, application.number, region.code, region.short_ru, region.name_en, version."grant", version.total,
       version.submitted_at, version.sha256, version.title ->> 'ru' AS title_ru, version.title ->> 'en' AS title_en,
       (SELECT json_agg(json_build_array(review.public_id, review.state, person.id, person.name_ru, person.name_en,
                   (SELECT json_object_agg(criterion.code, mark.value ORDER BY criterion.position)
                      FROM mark JOIN criterion ON criterion.id = mark.criterion_id WHERE mark.review_id = review.id))
                 ORDER BY review.id)
          FROM review JOIN person ON person.id = review.reviewer_id
         WHERE review.application_id = application.id AND review.state <> 'declined') AS reviews
  FROM application
  JOIN region ON region.id = application.region_id
  JOIN LATERAL (
       SELECT "grant", total, submitted_at, sha256, content::json #> '{passport,title}' AS title
         FROM application_version WHERE application_id = application.id ORDER BY number DESC LIMIT 1) version ON true
 WHERE application.call_id = $1 AND application.state = ANY($2)
 ORDER BY application.id
"""


async def contest_of(call: Call, *, locked: bool = False) -> Contest:
    """What the ranking of the call is made of, in two queries; `locked` until the end of the transaction."""
    if locked:  # In a statement of its own, so that what is read next is as it stands once everybody else is done.
        await Application.filter(call_id=call.id, state__in=ADMITTED).order_by("id").select_for_update().only("id")
    found = await rows(CONTESTANTS, call.id, [str(state) for state in ADMITTED])
    criteria = await Criterion.filter(call_id=call.id).order_by("position")
    return Contest(tuple(criteria), tuple(_contestant(row) for row in found))


def _contestant(row: Mapping[str, Any]) -> Contestant:
    reviews = orjson.loads(row["reviews"] or "[]")
    done = [review for review in reviews if review[1] == ReviewState.SUBMITTED and review[-1]]
    return Contestant(
        id=row["id"],
        number=row["number"],
        region=Bilingual(row["short_ru"], row["name_en"]),
        region_code=row["code"],
        title=Bilingual(row["title_ru"] or "", row["title_en"] or ""),
        requested=row["grant"],
        total=row["total"],
        submitted_at=row["submitted_at"],
        version_sha256=row["sha256"],
        marks={name: marks for name, *_, marks in done},
        unfinished=sum(state != ReviewState.SUBMITTED for _, state, *_ in reviews),
        readers={name: Reader(reader, Bilingual(ru, en)) for name, _, reader, ru, en, _ in done},
    )


async def announced(number: str) -> Protocol | None:
    """The announced decision on the call with its awards by place, or None: until that instant there is none."""
    return (
        await Protocol.filter(call__number=number, state=ProtocolState.ANNOUNCED)
        .select_related("call")
        .prefetch_related(
            Prefetch("awards", queryset=Award.all().order_by("place", "id").select_related("application__region"))
        )
        .first()
    )
