"""Verbs of persons and organisations, and who is loaded for a session."""

from __future__ import annotations

from portal.directory.region.models import Region
from portal.kit import journal
from portal.kit.errors import Invalid, Problem
from portal.kit.i18n import say
from portal.kit.verb import verb
from portal.people.person.models import Organisation, Person, whole


@verb
async def found_organisation(
    *, name_ru: str, name_en: str = "", region: Region | None = None, by: journal.Actor
) -> Organisation:
    """The organisation stands; with a region it speaks for it."""
    if not name_ru.strip():
        raise Invalid([Problem("name_ru", say("Write the name of the organisation."))])
    organisation = await Organisation.create(name_ru=name_ru.strip(), name_en=name_en.strip(), region=region)
    await journal.write(organisation, by=by, region=region.code if region else None)
    return organisation


async def load(person_id: int) -> Person | None:
    """The person with her roles, organisation and region; None if she may not enter any more or has no role left."""
    found = await whole("person.id = $1 AND person.is_active", person_id)
    return found[0] if found and found[0].roles else None
