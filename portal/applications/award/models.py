"""The decision on a call: one protocol, one award for each admitted application."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tortoise import fields
from tortoise.models import Model
from tortoise.query_utils import Prefetch

from portal.applications.application.models import Application, ApplicationVersion, titles
from portal.applications.application.states import ApplicationState
from portal.applications.award.states import Outcome, ProtocolState
from portal.applications.call.models import Call, Criterion
from portal.applications.review.models import Mark, Review
from portal.applications.review.states import ReviewState
from portal.kit.bilingual import Bilingual
from portal.kit.db import insert_only

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


async def contest_of(call: Call, *, locked: bool = False) -> Contest:
    """What the ranking of the call is made of, in six queries; `locked` until the end of the transaction."""
    admitted = Application.filter(call_id=call.id, state__in=ADMITTED).select_related("region").order_by("id")
    applications = await (admitted.select_for_update(of=("application",)) if locked else admitted)
    keys = [application.id for application in applications]
    rows = await ApplicationVersion.filter(application_id__in=keys).order_by("number").values(
        "application_id", "grant", "total", "submitted_at", "sha256"
    )  # fmt: skip
    versions = {row["application_id"]: row for row in rows}
    named = await titles(keys)
    reviews: dict[int, list[tuple[str, ReviewState, Reader]]] = {key: [] for key in keys}
    wanted = Review.filter(application_id__in=keys).exclude(state=ReviewState.DECLINED)
    columns = ("application_id", "public_id", "state", "reviewer_id", "reviewer__name_ru", "reviewer__name_en")
    for key, name, state, reader, name_ru, name_en in await wanted.values_list(*columns):
        reviews[key].append((name, state, Reader(reader, Bilingual(name_ru, name_en))))
    marks: dict[str, dict[str, int | None]] = {}
    given = Mark.filter(review__application_id__in=keys, review__state=ReviewState.SUBMITTED)
    for review, code, value in await given.values_list("review__public_id", "criterion__code", "value"):
        marks.setdefault(review, {})[code] = value
    contestants = tuple(
        Contestant(
            id=application.id,
            number=application.number,
            region=application.region.short,
            region_code=application.region.code,
            title=named[application.id],
            requested=versions[application.id]["grant"],
            total=versions[application.id]["total"],
            submitted_at=versions[application.id]["submitted_at"],
            version_sha256=versions[application.id]["sha256"],
            marks={name: marks[name] for name, _, _ in reviews[application.id] if name in marks},
            unfinished=sum(state != ReviewState.SUBMITTED for _, state, _ in reviews[application.id]),
            readers={name: reader for name, _, reader in reviews[application.id] if name in marks},
        )
        for application in applications
    )
    return Contest(tuple(await Criterion.filter(call_id=call.id).order_by("position")), contestants)


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
