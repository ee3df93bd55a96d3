"""The pages of regions, in both languages."""

from decimal import Decimal

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.directory.region import service
from portal.directory.region.models import Region
from portal.directory.region.routes import by_year, hours_from_moscow, in_alphabet
from portal.kit.journal import PORTAL
from tests.visit import visitor


def test_alphabet_puts_yo_after_ye_and_before_zhe() -> None:
    assert sorted(["Ёлка", "Ель", "Жук", "Ежи", "Ёж"], key=in_alphabet) == ["Ежи", "Ель", "Ёж", "Ёлка", "Жук"]


def test_years_without_a_figure_are_missing_and_the_break_is_marked() -> None:
    years = by_year(
        [("poverty_rate", 2020, Decimal(12)), ("population", 2021, Decimal(9)), ("other", 1999, Decimal(1))], {}
    )
    assert [(line.year, line.figures, line.is_break) for line in years] == [
        (2020, (Decimal(12), None, None, None), False),
        (2021, (None, None, None, Decimal(9)), True),
    ]


@pytest.mark.parametrize(("zone", "hours"), [("Asia/Kamchatka", 9), ("Europe/Moscow", 0), ("Europe/Kaliningrad", -1)])
def test_hours_from_moscow(zone: str, hours: int) -> None:
    assert hours_from_moscow(zone) == hours


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_pages_are_read_by_everyone(tx: TransactionalDBClient, language: str) -> None:
    browser = await visitor()
    assert (await browser.get(f"/{language}/regions")).status_code == 200
    await service.import_all(by=PORTAL)
    listed = await browser.get(f"/{language}/regions")
    shown = await browser.get(f"/{language}/regions/RU-KAM")
    assert listed.status_code == shown.status_code == 200
    assert listed.text.count(f"/{language}/regions/RU-") == 83
    assert ("Росстат" if language == "ru" else "Rosstat") in shown.text
    assert shown.text.index("2020</th>") < shown.text.index("message-row") < shown.text.index("2021</th>")


async def test_unknown_and_hidden_regions_do_not_exist(tx: TransactionalDBClient) -> None:
    await service.import_all(by=PORTAL)
    await Region.filter(code="RU-KAM").update(is_hidden=True)
    browser = await visitor()
    assert (await browser.get("/ru/regions/RU-KAM")).status_code == 404
    assert (await browser.get("/ru/regions/RU-XX")).status_code == 404
    assert "RU-KAM" not in (await browser.get("/ru/regions")).text
