"""A sum is shown as it was read, to the kopeck, or is not submitted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application import service as applications
from portal.applications.application.models import ApplicationVersion
from portal.kit.i18n import amount, speaking
from portal.people.roles import Role
from tests import make
from tests.visit import visitor


async def _submitted(foundation: str, regional: str) -> tuple[int, str, ApplicationVersion | None]:
    """The status of a submission with these sums, the page of the budget before it, and what was submitted."""
    region = await make.region(*make.KAMCHATKA)
    both = await make.person(Role.EDITOR, Role.SIGNATORY, region=region)
    application = await applications.start(await make.call(), by=both)
    sums = {"lines-0-2027.foundation": foundation, "lines-0-2027.regional": regional}
    budget = make.texts(application.call)["budget"] | sums
    await make.written(application, both, budget=budget)
    browser = await visitor(both)
    page = (await browser.get(f"/ru/applications/{application.number}/sections/budget")).text
    answer = await browser.send_form(f"/ru/applications/{application.number}/submit")
    return answer.status_code, page, await ApplicationVersion.first()


@pytest.mark.parametrize(
    "typed", ["1 234,56", "1234.56", "1.234,56", "1,234.56", "1\u00a0234,56", "1\u202f234,56 ₽", "01234,56"]
)
async def test_i10_sum_is_echoed_as_it_was_read_and_kept_to_the_kopeck(tx: TransactionalDBClient, typed: str) -> None:
    status, page, version = await _submitted("1000,01", typed)
    assert status == 303
    assert version is not None
    assert (version.grant, version.total) == (Decimal("1000.01"), Decimal("2234.57"))
    with speaking("ru"):
        assert amount(Decimal("2234.57")) in page


@pytest.mark.parametrize(
    "typed",
    [
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
        "0x4d2",
    ],
)
async def test_i10_sum_that_is_none_or_may_be_two_is_not_submitted(tx: TransactionalDBClient, typed: str) -> None:
    status, page, version = await _submitted("1000", typed)
    assert (status, version) == (409, None)
    assert f'value="{typed}"' in page, "what was typed is kept, for her to mend"


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
    tx: TransactionalDBClient, foundation: str, regional: str, *, taken: bool
) -> None:
    status, _, version = await _submitted(foundation, regional)
    assert (status == 303, version is not None) == (taken, taken)
