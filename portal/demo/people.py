"""Who takes part in the demonstration: the reference data come first, then organisations, then people."""

from __future__ import annotations

from portal.demo import PASSWORD, content
from portal.demo.diary import World
from portal.directory.indicator import service as indicators
from portal.directory.region import service as regions
from portal.directory.region.models import Region
from portal.kit import clock, journal
from portal.people.account import service
from portal.people.person.models import Organisation
from portal.people.person.service import found_organisation
from portal.people.roles import Role


async def settle(world: World) -> None:
    """Regions, series, indicators, organisations and people are there, the day before the first call was written."""
    with clock.frozen(world.decided["founded"]):
        await regions.import_all(by=journal.PORTAL)
        await indicators.import_all(by=journal.PORTAL)
        world.regions = {region.code: region for region in await Region.all()}
        told = content.read("people")
        organisations = {one["key"]: await _found(world, one) for one in told["organisations"]}
        for one in told["people"]:
            world.people[one["key"]] = await service.register(
                email=one["email"],
                name_ru=one["name_ru"],
                name_en=one["name_en"],
                organisation=organisations[one["organisation"]],
                roles=[Role(one["role"])],
                password=PASSWORD,
                by=world.people.get("administrator", journal.PORTAL),
            )


async def _found(world: World, told: dict[str, str]) -> Organisation:
    region = told.get("region", "")
    if region:
        world.slugs[region] = told["key"]
    return await found_organisation(
        name_ru=told["name_ru"],
        name_en=told["name_en"],
        region=world.regions[region] if region else None,
        by=journal.PORTAL,
    )
