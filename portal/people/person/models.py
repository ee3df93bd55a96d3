"""Persons, the organisations they speak for, and their roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from portal.directory.region.models import Region
from portal.kit.bilingual import Bilingual
from portal.kit.db import columns, record, rows
from portal.people.roles import REGIONAL, STAFF, Role

# What names a person or an organisation in an address: drawn by the database, tells nothing and is never used twice.
DRAWN = SqlDefault("substr(md5(gen_random_uuid()::text), 1, 16)")


class Organisation(Model):
    """A regional body, the Foundation, or where a reviewer works. Only a regional body has a region."""

    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=16, unique=True, db_default=DRAWN)
    name_ru = fields.CharField(max_length=300)
    name_en = fields.CharField(max_length=300, default="")
    region: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "portal.Region", related_name="organisations", on_delete=fields.RESTRICT, null=True
    )
    region_id: int | None

    class Meta:
        table = "organisation"

    def __str__(self) -> str:
        return self.name_ru

    @property
    def name(self) -> Bilingual:
        """Its name."""
        return Bilingual(self.name_ru, self.name_en)


class Person(Model):
    """Somebody who signs in. `email` is stored in lower case; an inactive person enters nowhere."""

    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=16, unique=True, db_default=DRAWN)
    email = fields.CharField(max_length=254, unique=True)
    name_ru = fields.CharField(max_length=200)
    name_en = fields.CharField(max_length=200, default="")
    password_hash = fields.CharField(max_length=200, default="")
    language = fields.CharField(max_length=2, default="ru")
    is_active = fields.BooleanField(default=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "portal.Organisation", related_name="people", on_delete=fields.RESTRICT
    )
    organisation_id: int
    memberships: fields.ReverseRelation[Membership]

    class Meta:
        table = "person"

    def __str__(self) -> str:
        return self.name_ru

    @classmethod
    async def speaking_for(cls, *regions: int) -> list[Person]:
        """The editors and signatories of these regions who may sign in, with their roles and organisations."""
        found = await whole(
            "person.is_active AND organisation.region_id = ANY($1)"
            " AND EXISTS (SELECT FROM membership WHERE person_id = person.id AND role = ANY($2))",
            list(regions),
            [role.value for role in REGIONAL],
        )
        return sorted(found, key=lambda one: one.id)

    @property
    def name(self) -> Bilingual:
        """Her name."""
        return Bilingual(self.name_ru, self.name_en)

    @property
    def name_in_journal(self) -> str:
        """Her name as the journal keeps it."""
        return self.name_ru

    @property
    def roles(self) -> frozenset[Role]:
        """Her roles; memberships and organisation with its region must be loaded."""
        return frozenset(membership.role for membership in self.memberships)

    @property
    def region(self) -> Region | None:
        """The region for which she speaks."""
        return self.organisation.region

    @property
    def region_id(self) -> int | None:
        """The key of the region for which she speaks: only editors and signatories speak for one."""
        return self.organisation.region_id if self.roles & REGIONAL else None

    @property
    def is_staff(self) -> bool:
        """Whether she works for the Foundation and sees every region."""
        return bool(self.roles & STAFF)


class Membership(Model):
    """One role of one person."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "portal.Person", related_name="memberships", on_delete=fields.CASCADE
    )
    role = fields.CharEnumField(Role, max_length=24)

    class Meta:
        table = "membership"
        unique_together = (("person", "role"),)

    def __str__(self) -> str:
        return self.role.value


async def whole(condition: str, *values: object) -> list[Person]:
    """The people of whom the SQL `condition` on `person` is true, by name, with organisation, region and roles.

    One hand-written query: whoever asks for a page is read by it.
    """
    found = await rows(
        f"SELECT {columns(Person, 'person')}, {columns(Organisation, 'organisation')}, {columns(Region, 'region')},"
        " ARRAY(SELECT role FROM membership WHERE person_id = person.id) AS roles"
        " FROM person JOIN organisation ON organisation.id = person.organisation_id"
        f" LEFT JOIN region ON region.id = organisation.region_id WHERE {condition} ORDER BY person.name_ru, person.id",
        *values,
    )
    return [_whole(row) for row in found]


def _whole(row: Mapping[str, Any]) -> Person:
    region = record(Region, row, "region") if row["organisation.region_id"] else None
    organisation = record(Organisation, row, "organisation", region=region)
    person = record(Person, row, "person", organisation=organisation)
    roles = [Membership(person_id=person.id, role=Role(role)) for role in row["roles"]]
    person.memberships._set_result_for_query(roles, None)
    return person
