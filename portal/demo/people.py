"""Who takes part in the demonstration: the reference data come first, then organisations, then people."""

from __future__ import annotations

from collections.abc import Iterator

from portal.demo import PASSWORD, content
from portal.demo.diary import World
from portal.directory.indicator import service as indicators
from portal.directory.region import service as regions
from portal.directory.region.models import Region
from portal.kit import clock, journal
from portal.people.account import service
from portal.people.account.service import hashing
from portal.people.person.models import Organisation
from portal.people.person.service import found_organisation
from portal.people.roles import Role


async def settle(world: World) -> None:
    """Regions, series, indicators, organisations and people are there, the day before the first call was written."""
    with clock.frozen(world.decided["founded"]):
        await regions.import_all(by=journal.PORTAL)
        await indicators.import_all(by=journal.PORTAL)
        world.regions = {region.code: region for region in await Region.all()}
        world.slugs |= content.read("people")["slugs"]
        organisations = await _organisations(world)
        hashed = await hashing.hashed(PASSWORD)
        for one in _people(world):
            world.people[one["key"]] = await service.register(
                email=f"{one['key']}@demo.example",
                name_ru=one["name_ru"],
                name_en=one["name_en"],
                organisation=organisations[one["organisation"]],
                roles=[Role(one["role"])],
                password=PASSWORD,
                hashed=hashed,
                by=world.people.get("administrator", journal.PORTAL),
            )


async def _organisations(world: World) -> dict[str, Organisation]:
    """The Foundation, the reviewers, and one agency of each region that applies, by key."""
    found = {
        one["key"]: await found_organisation(name_ru=one["name_ru"], name_en=one["name_en"], by=journal.PORTAL)
        for one in content.read("people")["organisations"]
    }
    for code, slug in world.slugs.items():
        region = world.regions[code]
        found[slug] = await found_organisation(
            name_ru=f"Ведомство социальной защиты, {region.short_ru}",
            name_en=f"Social protection agency, {region.name_en}",
            region=region,
            by=journal.PORTAL,
        )
    return found


def _people(world: World) -> Iterator[dict[str, str]]:
    """Everybody who can sign in: those of the Foundation, the reviewers, and two people of each region."""
    yield from content.read("people")["people"]
    for code, slug in world.slugs.items():
        region = world.regions[code]
        for role, ru, en in (("editor", "Редактор 1", "Editor 1"), ("signatory", "Подписант", "Signatory")):
            yield {
                "key": f"{role}.{slug}", "name_ru": f"{ru}, {region.short_ru}", "name_en": f"{en}, {region.name_en}",
                "role": role, "organisation": slug,
            }  # fmt: skip
