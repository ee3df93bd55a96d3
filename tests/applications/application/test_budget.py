"""A sum is shown as it was read, to the kopeck, or is not submitted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application import service as applications
from portal.applications.application.models import Application, ApplicationVersion
from portal.kit.i18n import amount, speaking
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.visit import Visitor, visitor

READ = ("1 234,56", "1234.56", "1.234,56", "1,234.56", "1\u00a0234,56", "1\u202f234,56 ₽", "01234,56")
REFUSED = (
    "-1234",
    "1e309",
    "NaN",
    "Infinity",
    "１２３４",
    "1234,567",
    "1,234",
    "12 34",
    "1.234.56",
    "1 234,56 млн",
    "0x4",
)


@dataclass
class Budget:
    """The budget of one draft, which one person writes and signs."""

    application: Application
    writer: Person
    browser: Visitor
    saves: int = 0

    async def page_of(self, foundation: str, regional: str) -> str:
        """The page after these sums were typed."""
        sums = {"lines-0-2027.foundation": foundation, "lines-0-2027.regional": regional}
        typed = make.texts(self.application.call)["budget"] | sums
        await applications.save(self.application, "budget", typed, based_on=self.saves, by=self.writer)
        self.saves += 1
        return (await self.browser.get(f"/ru/applications/{self.application.number}/sections/budget")).text

    async def submit(self) -> int:
        """The status of the answer."""
        return (await self.browser.send_form(f"/ru/applications/{self.application.number}/submit")).status_code


@pytest.fixture
async def budget(tx: TransactionalDBClient) -> Budget:
    region = await make.region(*make.KAMCHATKA)
    both = await make.person(Role.EDITOR, Role.SIGNATORY, region=region)
    application = await applications.start(await make.call(), by=both)
    for section, typed in make.texts(application.call).items():
        if section != "budget":
            await applications.save(application, section, typed, based_on=0, by=both)
    return Budget(application, both, await visitor(both))


async def test_i10_sum_is_echoed_as_it_was_read_and_kept_to_the_kopeck(budget: Budget) -> None:
    with speaking("ru"):
        total = amount(Decimal("2234.57"))
    for typed in READ:
        page = await budget.page_of("1000,01", typed)
        assert f'value="{typed}"' in page
        assert total in page, typed
    assert await budget.submit() == 303
    version = await ApplicationVersion.get()
    assert (version.grant, version.total) == (Decimal("1000.01"), Decimal("2234.57"))


async def test_i10_sum_that_is_none_or_may_be_two_is_not_submitted(budget: Budget) -> None:
    for typed in REFUSED:
        page = await budget.page_of("1000", typed)
        assert f'value="{typed}"' in page, "what was typed is kept, for her to mend"
        assert await budget.submit() == 409, typed
    assert not await ApplicationVersion.exists()


@pytest.mark.parametrize(
    ("foundation", "regional", "taken"),
    [
        ("10 000 000,00", "2 500 000,00", True),
        ("10 000 000,01", "9 000 000,00", False),
        ("1 000 000,00", "250 000,00", True),
        ("1 000 000,00", "249 999,99", False),
    ],
)
async def test_i10_limit_and_own_share_hold_to_the_kopeck(
    budget: Budget, foundation: str, regional: str, *, taken: bool
) -> None:
    await budget.page_of(foundation, regional)
    assert await budget.submit() == (303 if taken else 409)
    assert await ApplicationVersion.exists() is taken
