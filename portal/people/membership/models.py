"""People and organisations as the administrator's pages list them. The tables are those of the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.kit.bilingual import Bilingual
from portal.kit.db import rows
from portal.people.person.models import Membership, Person
from portal.people.roles import Role

SEEN = """
greatest((SELECT max(seen_at) FROM session WHERE person_id = person.id),
         (SELECT max(at) FROM journal
           WHERE subject = 'Person' AND subject_id = person.id AND deed = 'account.enter'))"""
CHOSEN = """
  FROM person JOIN organisation ON organisation.id = person.organisation_id
 WHERE ($1 = '' OR position(lower($1) IN lower(person.name_ru || ' ' || person.name_en || ' ' || person.email)) > 0)
   AND ($2 = '' OR EXISTS (SELECT FROM membership WHERE person_id = person.id AND role = $2))
   AND ($3 = '' OR organisation.public_id = $3)"""
NUMBER = f"SELECT count(*) AS number {CHOSEN}"
PEOPLE = f"""
SELECT person.public_id, person.name_ru, person.name_en, person.email, person.is_active,
       organisation.name_ru AS organisation_ru, organisation.name_en AS organisation_en,
       ARRAY(SELECT role FROM membership WHERE person_id = person.id) AS roles, {SEEN} AS seen_at
{CHOSEN}
 ORDER BY person.name_ru, person.id LIMIT $4 OFFSET $5
"""
ORGANISATIONS = """
SELECT organisation.public_id, organisation.name_ru, organisation.name_en, region.short_ru AS region_ru,
       region.name_en AS region_en, count(person.id) AS people
  FROM organisation LEFT JOIN region ON region.id = organisation.region_id
  LEFT JOIN person ON person.organisation_id = organisation.id
 GROUP BY organisation.id, region.id ORDER BY region.short_ru NULLS FIRST, organisation.name_ru, organisation.id
"""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in the list; `seen_at` is her last request or sign-in that is known of."""

    public_id: str
    name: Bilingual
    email: str
    organisation: Bilingual
    roles: tuple[Role, ...]
    is_active: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation in the list, with how many people it has."""

    public_id: str
    name: Bilingual
    region: Bilingual | None
    people: int


async def number_of_people(words: str = "", role: str = "", organisation: str = "") -> int:
    """How many people have `words` in their name or e-mail, this role, this organisation, as far as they are named."""
    (row,) = await rows(NUMBER, words, role, organisation)
    return int(row["number"])


async def people(
    words: str = "", role: str = "", organisation: str = "", *, offset: int = 0, size: int
) -> Sequence[PersonRow]:
    """The same people by name: `size` of them after the first `offset`."""
    return [_person(row) for row in await rows(PEOPLE, words, role, organisation, size, offset)]


def _person(row: Any) -> PersonRow:
    return PersonRow(
        row["public_id"], Bilingual(row["name_ru"], row["name_en"]), row["email"],
        Bilingual(row["organisation_ru"], row["organisation_en"]), tuple(sorted(map(Role, row["roles"]))),
        row["is_active"], row["seen_at"],
    )  # fmt: skip


async def is_last_administrator(person: Person) -> bool:
    """Whether nobody would run the portal without this person."""
    others = Membership.filter(role=Role.ADMINISTRATOR, person__is_active=True).exclude(person_id=person.id)
    return Role.ADMINISTRATOR in person.roles and not await others.exists()


async def seen_at(person_id: int) -> datetime | None:
    """When this person was last known to be here."""
    (row,) = await rows(f"SELECT {SEEN} AS seen_at FROM person WHERE id = $1", person_id)
    seen: datetime | None = row["seen_at"]
    return seen


async def organisations() -> Sequence[OrganisationRow]:
    """All organisations: those without a region first, then by region."""
    return [
        OrganisationRow(
            row["public_id"], Bilingual(row["name_ru"], row["name_en"]),
            Bilingual(row["region_ru"], row["region_en"]) if row["region_ru"] else None, row["people"],
        )
        for row in await rows(ORGANISATIONS)
    ]  # fmt: skip
