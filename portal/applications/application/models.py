"""Applications of regions and the versions that were submitted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call
from portal.directory.region.models import Region
from portal.kit.bilingual import Bilingual
from portal.kit.db import columns, insert_only, record, rows
from portal.people.person.models import Organisation, Person
from portal.people.roles import FOUNDATION


class Application(Model):
    """A region's programme on its way through a call. Its text before submission is in drafts, after it in versions."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=16, unique=True)
    call: fields.ForeignKeyRelation[Call] = fields.ForeignKeyField(
        "portal.Call", related_name="applications", on_delete=fields.RESTRICT
    )
    call_id: int
    region: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "portal.Region", related_name="applications", on_delete=fields.RESTRICT
    )
    region_id: int
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "portal.Organisation", related_name="applications", on_delete=fields.RESTRICT
    )
    state = fields.CharEnumField(ApplicationState, max_length=24, default=ApplicationState.DRAFT)
    started_at = fields.DatetimeField()
    ineligible_because = fields.TextField(default="")
    versions: fields.ReverseRelation[ApplicationVersion]

    class Meta:
        table = "application"

    def __str__(self) -> str:
        return self.number

    @classmethod
    def visible_to(cls, person: Person) -> QuerySet[Application]:
        """Those that exist for her: her region's for a region's people, what was submitted for the Foundation's.

        A reviewer reaches an application only through her review. Drafts are the region's alone.
        """
        seen = Q(id=0)
        if person.region_id is not None:
            seen |= Q(region_id=person.region_id)
        if person.roles & FOUNDATION:
            seen |= Q(versions__number=1)
        return cls.filter(seen).distinct()

    @classmethod
    async def of_number(cls, number: str, person: Person) -> Application | None:
        """The application of this number if it is `visible_to` her, whole."""
        return next(iter(await whole(f"{SEEN} AND application.number = $3", *_reach(person), number)), None)


SEEN = """(application.region_id = $1 OR $2 AND EXISTS (
        SELECT FROM application_version WHERE application_id = application.id AND number = 1))"""
"""`visible_to` for hand-written queries: what `_reach` gives of her are their first two values."""


def _reach(person: Person) -> tuple[int | None, bool]:
    return person.region_id, bool(person.roles & FOUNDATION)


async def whole(condition: str, *values: object) -> list[Application]:
    """The applications of which the SQL `condition` is true, with call, region and organisation.

    One hand-written query: every page and every save of an application begins with it.
    """
    joined = {Application: "application", Call: "call", Region: "region", Organisation: "organisation"}
    found = await rows(
        f"SELECT {', '.join(columns(model, alias) for model, alias in joined.items())} FROM application"
        " JOIN call ON call.id = application.call_id JOIN region ON region.id = application.region_id"
        f" JOIN organisation ON organisation.id = application.organisation_id WHERE {condition}",
        *values,
    )
    return [
        record(
            Application,
            row,
            "application",
            call=record(Call, row, "call"),
            region=record(Region, row, "region"),
            organisation=record(Organisation, row, "organisation"),
        )
        for row in found
    ]


@insert_only("application_version")
class ApplicationVersion(Model):
    """What was submitted, for ever: canonical JSON, its SHA-256, and the sums that it promises in roubles."""

    id = fields.BigIntField(primary_key=True)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "portal.Application", related_name="versions", on_delete=fields.RESTRICT
    )
    application_id: int
    number = fields.IntField()
    content = fields.TextField()
    sha256 = fields.CharField(max_length=64)
    grant = fields.DecimalField(max_digits=15, decimal_places=2)
    total = fields.DecimalField(max_digits=15, decimal_places=2)
    submitted_at = fields.DatetimeField()
    submitted_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "portal.Person", related_name="submitted_versions", on_delete=fields.RESTRICT
    )

    class Meta:
        table = "application_version"
        unique_together = (("application", "number"),)

    def __str__(self) -> str:
        return f"{self.application_id}/{self.number}"

    @property
    def cofinancing(self) -> Decimal:
        """What others than the Foundation put in."""
        return self.total - self.grant


async def titles(applications: Iterable[int]) -> dict[int, Bilingual]:
    """The programme's name by application, from the last submitted version; drafts have none here."""
    found = await rows(
        "SELECT DISTINCT ON (application_id) application_id AS id, content::json #>> '{passport,title,ru}' AS ru,"
        " content::json #>> '{passport,title,en}' AS en FROM application_version"
        " WHERE application_id = ANY($1) ORDER BY application_id, number DESC",
        list(applications),
    )
    return {row["id"]: Bilingual(row["ru"] or "", row["en"] or "") for row in found}


@dataclass(frozen=True, slots=True)
class Unsubmitted:
    """An application that was begun and is not submitted: that it is there and since when, never its text."""

    number: str
    call: Bilingual
    region: Bilingual
    state: ApplicationState
    started_at: datetime
    saved_at: datetime | None


async def unsubmitted(call: str = "") -> list[Unsubmitted]:
    """What regions have begun and not submitted in the named call, or in all not decided; newest call first."""
    found = await rows(
        "SELECT application.number, application.state, application.started_at, call.name_ru, call.name_en,"
        " region.short_ru, region.name_en AS region_en,"
        " (SELECT max(saved_at) FROM draft WHERE subject = 'Application' AND subject_id = application.id) AS saved_at"
        "  FROM application JOIN call ON call.id = application.call_id JOIN region ON region.id = application.region_id"
        " WHERE application.state IN ('draft', 'awaiting_signature') AND call.state IN ('open', 'closed')"
        "   AND ($1 = '' OR call.number = $1) ORDER BY call.closes_at DESC, application.number",
        call,
    )
    return [
        Unsubmitted(
            row["number"], Bilingual(row["name_ru"], row["name_en"]), Bilingual(row["short_ru"], row["region_en"]),
            ApplicationState(row["state"]), row["started_at"], row["saved_at"],
        )
        for row in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """A line in a list of applications: sum and instant of the last version, both None before it is submitted."""

    number: str
    state: ApplicationState
    call: Bilingual
    region: Bilingual
    title: Bilingual
    grant: Decimal | None
    submitted_at: datetime | None


LISTED = f"""
  FROM application JOIN call ON call.id = application.call_id WHERE {SEEN} AND ($3 = '' OR call.number = $3)
"""
LINES = f"""
SELECT listed.*, region.short_ru AS region_ru, region.name_en AS region_en, version."grant", version.submitted_at,
       coalesce(version.title ->> 'ru', draft.typed ->> 'title', '') AS title_ru,
       coalesce(version.title ->> 'en', draft.typed ->> 'title_en', '') AS title_en
  FROM (SELECT application.id, application.number, application.state, application.region_id,
               call.name_ru AS call_ru, call.name_en AS call_en, call.closes_at
        {LISTED} ORDER BY call.closes_at DESC, application.number OFFSET $4 LIMIT $5) listed
  JOIN region ON region.id = listed.region_id
  LEFT JOIN LATERAL (
       SELECT "grant", submitted_at, content::json #> '{{passport,title}}' AS title FROM application_version
        WHERE application_id = listed.id ORDER BY application_version.number DESC LIMIT 1) version ON true
  LEFT JOIN LATERAL (
       SELECT typed FROM draft WHERE subject = 'Application' AND subject_id = listed.id AND section = 'passport'
        ORDER BY draft.version DESC LIMIT 1) draft ON version.submitted_at IS NULL
 ORDER BY listed.closes_at DESC, listed.number
"""


async def number_of(person: Person, call: str) -> int:
    """How many applications there are for her, in the call of this number or in all."""
    found = await rows(f"SELECT count(*) AS number {LISTED}", *_reach(person), call)
    return int(found[0]["number"])


async def listed(person: Person, call: str, *, offset: int, limit: int) -> list[ApplicationRow]:
    """Lines of these applications, the call that closes last first; a draft is called as its region calls it."""
    return [
        ApplicationRow(
            row["number"], ApplicationState(row["state"]), Bilingual(row["call_ru"], row["call_en"]),
            Bilingual(row["region_ru"], row["region_en"]), Bilingual(row["title_ru"], row["title_en"]),
            row["grant"], row["submitted_at"],
        )
        for row in await rows(LINES, *_reach(person), call, offset, limit)
    ]  # fmt: skip
