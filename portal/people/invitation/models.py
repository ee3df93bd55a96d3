"""Invitations: who is asked in, by whom, as whom; and the key of the link, of which only the hash is kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from portal.directory.region.models import Region
from portal.kit.bilingual import Bilingual
from portal.people.invitation.states import InvitationState
from portal.people.person.models import DRAWN, Organisation, Person
from portal.people.roles import Role

LIFE = timedelta(days=7)
KEPT = timedelta(days=90)
"""How long the portal knows somebody who was asked in, or asked, and has no account."""


class Invitation(Model):
    """One person asked in. A request has the region and the organisation as typed until somebody approves it."""

    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=16, unique=True, db_default=DRAWN)
    state = fields.CharEnumField(InvitationState, max_length=24)
    email = fields.CharField(max_length=254, db_index=True)
    name_ru = fields.CharField(max_length=200)
    language = fields.CharField(max_length=2, default="ru")
    roles: list[str] = fields.JSONField()
    position = fields.CharField(max_length=200, default="")
    typed_organisation = fields.CharField(max_length=300, default="")
    region: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "portal.Region", related_name="invitations", on_delete=fields.RESTRICT, null=True
    )
    region_id: int | None
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "portal.Organisation", related_name="invitations", on_delete=fields.RESTRICT, null=True
    )
    organisation_id: int | None
    invited_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "portal.Person", related_name="invited", on_delete=fields.RESTRICT, null=True
    )
    invited_by_id: int | None
    person: fields.OneToOneNullableRelation[Person] = fields.OneToOneField(
        "portal.Person", related_name="invitation", on_delete=fields.RESTRICT, null=True
    )
    person_id: int | None
    token_hash = fields.CharField(max_length=64, unique=True, null=True)
    asked_at = fields.DatetimeField(null=True)
    sent_at = fields.DatetimeField(null=True)
    declined_because = fields.CharField(max_length=500, default="")

    class Meta:
        table = "invitation"

    def __str__(self) -> str:
        return self.name_ru

    @property
    def given(self) -> frozenset[Role]:
        """The roles that the person will have."""
        return frozenset(map(Role, self.roles))

    @property
    def ends_at(self) -> datetime | None:
        """When its link stops working."""
        return self.sent_at + LIFE if self.sent_at else None

    @property
    def organisation_name(self) -> Bilingual:
        """The organisation, or what the person calls it who asks for registration."""
        return self.organisation.name if self.organisation else Bilingual(self.typed_organisation)

    @classmethod
    def visible_to(cls, person: Person) -> QuerySet[Invitation]:
        """All for those who look after the portal; an officer's own and requests; her region's for a signatory."""
        if person.roles & {Role.ADMINISTRATOR, Role.AUDITOR}:
            return cls.all()
        seen = Q(invited_by_id=person.id)
        if Role.OFFICER in person.roles:
            seen |= Q(asked_at__isnull=False)
        if Role.SIGNATORY in person.roles:
            seen |= Q(organisation__region_id=person.region_id, organisation__region_id__isnull=False)
        return cls.filter(seen)


def drawn_token() -> str:
    """A new key for a letter's link."""
    return secrets.token_urlsafe(32)
