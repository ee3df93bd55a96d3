"""What the administrator's pages of people may send."""

from __future__ import annotations

from portal.kit.forms import Field, Kind
from portal.kit.i18n import say
from portal.people.person.models import Organisation
from portal.people.roles import LABELS

WHY = Field("why", say("The reason"), Kind.LONG, say("The person and the journal are told."), limit=500)
ROLES = Field("roles", say("Roles"), Kind.CHOICES, choices=tuple((role.value, word) for role, word in LABELS.items()))
CHANGE_ROLES = (ROLES, WHY)
NAMES = (
    Field("name_ru", say("Name in Russian")),
    Field("name_en", say("Name in English"), required=False),
)


def details(organisations: list[Organisation]) -> tuple[Field, ...]:
    """The fields of a person's details; she belongs to one of these organisations."""
    choices = tuple((one.public_id, one.name) for one in organisations)
    return (
        Field("name_ru", say("Name and patronymic, surname"), limit=200),
        Field("name_en", say("Name in Latin letters"), required=False, limit=200),
        Field("email", say("E-mail"), Kind.EMAIL, limit=254),
        Field("organisation", say("Organisation"), Kind.CHOICE, choices=choices),
    )
