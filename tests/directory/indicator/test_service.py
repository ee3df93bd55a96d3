"""Bringing in the catalogue and the directions."""

from tortoise.backends.base.client import TransactionalDBClient

from portal.directory.indicator import service
from portal.directory.indicator.models import Direction, Indicator, Kind
from portal.kit.journal import PORTAL, JournalEntry


async def test_import_brings_the_catalogue_in_its_order_and_again_nothing(tx: TransactionalDBClient) -> None:
    first = await service.import_all(by=PORTAL)
    again = await service.import_all(by=PORTAL)
    assert (first.added, first.changed) == (42 + 8, 0)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 50)
    assert await JournalEntry.filter(subject="DirectoryImport").count() == 2
    indicator = await Indicator.get(position=1)
    assert (indicator.code, indicator.kind, indicator.is_quotient) == ("SC-01", Kind.SHARE, True)
    assert [direction.code for direction in await Direction.all().order_by("position")] == [
        "contract", "accompaniment", "mentoring", "children", "teenagers", "prevention", "interagency", "informing",
    ]  # fmt: skip


async def test_import_repairs_a_changed_definition(tx: TransactionalDBClient) -> None:
    await service.import_all(by=PORTAL)
    await Indicator.filter(code="SC-01").update(name_ru="Другое", kind=Kind.COUNT)
    report = await service.import_all(by=PORTAL)
    assert (report.added, report.changed) == (0, 1)
    assert (await Indicator.get(code="SC-01")).kind is Kind.SHARE
