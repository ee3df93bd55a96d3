"""The pages of the catalogue, in both languages."""

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.directory.indicator import service
from portal.directory.indicator.models import Indicator
from portal.kit.journal import PORTAL
from tests.visit import visitor


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_every_indicator_has_a_page(tx: TransactionalDBClient, language: str) -> None:
    browser = await visitor()
    assert (await browser.get(f"/{language}/indicators")).status_code == 200
    await service.import_all(by=PORTAL)
    listed = (await browser.get(f"/{language}/indicators")).text
    for code in await Indicator.all().values_list("code", flat=True):
        assert f"/{language}/indicators/{code}" in listed
        shown = await browser.get(f"/{language}/indicators/{code}")
        assert shown.status_code == 200
        assert str(code) in shown.text


async def test_unknown_indicator_does_not_exist(tx: TransactionalDBClient) -> None:
    assert (await (await visitor()).get("/ru/indicators/ZZ-99")).status_code == 404
