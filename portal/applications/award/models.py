"""The decision on a call: one protocol, one award for each admitted application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from portal.applications.call.models import Call, Criterion, criteria_of
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


@dataclass(frozen=True, slots=True, eq=False)
class Contestant:
    """An admitted application as the decision sees it: sums of its last version, marks of its submitted reviews.

    It is equal to itself alone: what is worked out of it may be kept for as long as it is the same one.
    """

    id: int
    number: str
    region: Bilingual
    region_code: str
    requested: Decimal
    total: Decimal
    submitted_at: datetime
    version_sha256: str
    marks: dict[str, dict[str, int | None]]
    """By public id of the review, then by code of the criterion; None is not applicable."""
    unfinished: int
    """Reviews that are assigned and not submitted."""
    readers: dict[str, int] = field(default_factory=dict)
    """Who wrote a review, by its public id: only numbers here, names are for those who may see the review."""


@dataclass(frozen=True, slots=True)
class Contest:
    """All contestants of a call and its criteria with their weights, in order."""

    criteria: tuple[Criterion, ...]
    contestants: tuple[Contestant, ...]


CONTESTANTS = """
WITH read AS (
     SELECT review.application_id, review.id, review.public_id, review.reviewer_id, review.state,
            json_object_agg(criterion.code, mark.value ORDER BY criterion.position) FILTER (WHERE mark.id IS NOT NULL)
            AS marks
       FROM application
       JOIN review ON review.application_id = application.id AND review.state <> 'declined'
       LEFT JOIN mark ON mark.review_id = review.id AND review.state = 'submitted'
       LEFT JOIN criterion ON criterion.id = mark.criterion_id
      WHERE application.call_id = $1
      GROUP BY review.id),
     reading AS (
     SELECT application_id, count(*) FILTER (WHERE state <> 'submitted') AS unfinished,
            json_object_agg(public_id, marks ORDER BY id) FILTER (WHERE marks IS NOT NULL) AS marks,
            json_object_agg(public_id, reviewer_id ORDER BY id) FILTER (WHERE marks IS NOT NULL) AS readers
       FROM read
      GROUP BY application_id),
     found AS (
     SELECT application.id, application.number, region.code, region.short_ru, region.name_en, version."grant",
            version.total, version.submitted_at, version.sha256, reading.marks, reading.readers,
            coalesce(reading.unfinished, 0) AS unfinished
       FROM application
       JOIN region ON region.id = application.region_id
       JOIN LATERAL (
            SELECT "grant", total, submitted_at, sha256
              FROM application_version WHERE application_id = application.id ORDER BY number DESC LIMIT 1) version
         ON true
       LEFT JOIN reading ON reading.application_id = application.id
      WHERE application.call_id = $1 AND application.state = ANY($2)),
     whole AS (
     SELECT sha256(convert_to(coalesce(string_agg(found::text, '' ORDER BY id), ''), 'UTF8')) AS print FROM found)
SELECT whole.print, found.* FROM whole LEFT JOIN found ON whole.print <> $3 ORDER BY found.id
"""


KEPT = 4
"""Calls whose contestants a process remembers."""
_kept: dict[int, tuple[bytes, tuple[Contestant, ...]]] = {}


async def contest_of(call: Call, *, locked: bool = False) -> Contest:
    """What the ranking of the call is made of, in two queries; `locked` until the end of the transaction.

    The database sends it only if it is not what was read before, by the hash of all of it: then they are the same.
    """
    if locked:  # In a statement of its own, so that what is read next is as it stands once everybody else is done.
        await Application.filter(call_id=call.id, state__in=ADMITTED).order_by("id").select_for_update().only("id")
    known, contestants = _kept.get(call.id, (b"", ()))
    found = await rows(CONTESTANTS, call.id, [str(state) for state in ADMITTED], known)
    if (now := found[0]["print"]) != known:
        contestants = tuple(_contestant(row) for row in found if row["id"])
    _kept.pop(call.id, None)
    _kept[call.id] = now, contestants
    for oldest in list(_kept)[:-KEPT]:
        del _kept[oldest]
    return Contest(tuple(await criteria_of(call.id)), contestants)


def _contestant(row: Mapping[str, Any]) -> Contestant:
    return Contestant(
        id=row["id"],
        number=row["number"],
        region=Bilingual(row["short_ru"], row["name_en"]),
        region_code=row["code"],
        requested=row["grant"],
        total=row["total"],
        submitted_at=row["submitted_at"],
        version_sha256=row["sha256"],
        marks=orjson.loads(row["marks"] or "{}"),
        unfinished=row["unfinished"],
        readers=orjson.loads(row["readers"] or "{}"),
    )


async def result_of(call: Call, digest: str) -> dict[str, Any] | None:
    """What was computed on the basis of this digest; None until it is there."""
    found = await rows("SELECT result FROM certainty WHERE call_id = $1 AND basis_sha256 = $2", call.id, digest)
    return orjson.loads(found[0]["result"]) if found else None


async def names_of(readers: Iterable[int]) -> dict[int, Bilingual]:
    """How these people are called."""
    found = await rows("SELECT id, name_ru, name_en FROM person WHERE id = ANY($1)", sorted(set(readers)))
    return {row["id"]: Bilingual(row["name_ru"], row["name_en"]) for row in found}


async def announced(number: str) -> Protocol | None:
    """The announced decision on the call with its awards by place, or None: until that instant there is none."""
    return (
        await Protocol.filter(call__number=number, state=ProtocolState.ANNOUNCED)
        .select_related("call", "certainty")
        .prefetch_related(
            Prefetch("awards", queryset=Award.all().order_by("place", "id").select_related("application__region"))
        )
        .first()
    )
