"""Bringing in the regions and their series: whole, once, and told."""

from decimal import Decimal

from tortoise.backends.base.client import TransactionalDBClient

from portal.directory.region import service
from portal.directory.region.models import Observation, Region
from portal.kit.journal import PORTAL, JournalEntry


async def test_import_brings_everything_and_tells_it_once(tx: TransactionalDBClient) -> None:
    report = await service.import_all(by=PORTAL)
    assert (report.added, report.changed, report.unchanged) == (83 + 3857, 0, 0)
    assert await Region.all().count() == 83
    russia = await Observation.get(series="poverty_rate", region_id=None, year=2021)
    assert russia.value == Decimal("11.0")
    lines = await JournalEntry.filter(deed="region.bring_in").order_by("id")
    assert [(line.subject_name, line.detail["added"]) for line in lines] == [("regions", 83), ("series", 3857)]


async def test_import_again_changes_and_tells_nothing(tx: TransactionalDBClient) -> None:
    await service.import_all(by=PORTAL)
    again = await service.import_all(by=PORTAL)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 83 + 3857)
    assert await JournalEntry.filter(deed="region.bring_in").count() == 2


async def test_import_repairs_what_differs_and_leaves_what_it_does_not_know(tx: TransactionalDBClient) -> None:
    await service.import_all(by=PORTAL)
    await Region.filter(code="RU-KAM").update(name_ru="Камчатка", is_hidden=True)
    await Observation.filter(series="poverty_rate", region__code="RU-KAM", year=2020).update(value=Decimal("1.0"))
    await Region.create(
        code="RU-X", name_ru="Новый", short_ru="Новый", name_en="New", kind="krai", district_code="X",
        district_ru="Новый", district_en="New", oktmo="1", timezone="Europe/Moscow",
    )  # fmt: skip
    report = await service.import_all(by=PORTAL)
    assert (report.added, report.changed) == (0, 2)
    kamchatka = await Region.get(code="RU-KAM")
    assert (kamchatka.name_ru, kamchatka.is_hidden) == ("Камчатский край", True)
    assert await Region.filter(code="RU-X").exists()
    line = await JournalEntry.filter(deed="region.bring_in").order_by("-id").first()
    assert line is not None
    assert (line.subject_name, line.actor_name) == ("series", "portal")


def test_source_is_named_in_both_languages() -> None:
    assert "Росстат" in service.source("region", "regional_statistics.csv").ru
    assert "Rosstat" in service.source("region", "regional_statistics.csv").en
