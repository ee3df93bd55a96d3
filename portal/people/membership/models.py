"""People and organisations as the administrator's pages list them. The tables are those of the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.kit.bilingual import Bilingual
from portal.kit.db import rows
from portal.people.roles import Role

SEEN = """
greatest((SELECT max(seen_at) FROM session WHERE person_id = person.id),
         (SELECT max(at) FROM journal
           WHERE subject = 'Person' AND subject_id = person.id AND deed = 'account.enter'))"""
PEOPLE = f"""
SELECT person.public_id, person.name_ru, person.name_en, person.email, person.is_active,
       organisation.name_ru AS organisation_ru, organisation.name_en AS organisation_en,
       ARRAY(SELECT role FROM membership WHERE person_id = person.id) AS roles, {SEEN} AS seen_at,
       count(*) OVER () AS number
  FROM person JOIN organisation ON organisation.id = person.organisation_id
 WHERE ($1 = '' OR position(lower($1) IN lower(person.name_ru || ' ' || person.name_en || ' ' || person.email)) > 0)
   AND ($2 = '' OR EXISTS (SELECT FROM membership WHERE person_id = person.id AND role = $2))
   AND ($3 = '' OR organisation.public_id = $3)
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


async def people(
    *, words: str = "", role: str = "", organisation: str = "", page: int, size: int
) -> tuple[Sequence[PersonRow], int]:
    """One page of the people whose name or e-mail holds `words`, by name; and how many there are on all pages."""
    found = await rows(PEOPLE, words, role, organisation, size, (page - 1) * size)
    return [_person(row) for row in found], found[0]["number"] if found else 0


def _person(row: Any) -> PersonRow:
    return PersonRow(
        row["public_id"], Bilingual(row["name_ru"], row["name_en"]), row["email"],
        Bilingual(row["organisation_ru"], row["organisation_en"]), tuple(sorted(map(Role, row["roles"]))),
        row["is_active"], row["seen_at"],
    )  # fmt: skip


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
