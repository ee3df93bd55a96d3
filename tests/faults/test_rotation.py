"""The portal's secret is changed: what was made with the old one is read while it is named, and with no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import access, clock, sessions
from portal.people.account.models import Purpose, SecondFactor
from portal.people.account.service import entry, second_factor, tickets
from portal.people.roles import Role
from portal.settings import Unsafe, read_settings, settings
from tests import make
from tests.faults.test_second_factor import LATER, NOW, code_of, give, with_factor
from tests.people.account.test_service import registered
from tests.visit import visitor

OLD, NEW, OTHER = "0f1e2d3c4b5a6978" * 4, "0123456789abcdef" * 4, "fedcba9876543210" * 4
Change = Callable[..., None]


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Change:
    """The secret of the portal and its earlier ones are these from now on; at first it is OLD."""
    whole = settings()

    def changed(secret: str, before: str = "") -> None:
        now = replace(whole, secret=secret, secret_before=before)
        for module in (access, entry, second_factor, tickets):
            monkeypatch.setattr(module, "settings", lambda: now)

    changed(OLD)
    return changed


async def test_o5_second_factor_outlives_a_new_secret_and_is_sealed_anew(
    tx: TransactionalDBClient, change: Change
) -> None:
    with clock.frozen(NOW):
        person = await registered()
        secret, codes = await with_factor(person)
    with clock.frozen(LATER):
        change(NEW)
        assert not await give(person, code_of(secret, LATER)), "nothing says what it was sealed with"
        change(NEW, before=f"{OTHER} {OLD}")
        assert await give(person, code_of(secret, LATER))
        assert await give(person, codes[0])
        assert not await give(person, codes[0]), "a recovery code serves once"
        change(NEW)
        assert not await give(person, codes[1]), "recovery codes end with the secret that made them"
    with clock.frozen(LATER + timedelta(minutes=1)):
        assert await give(person, code_of(secret, LATER + timedelta(minutes=1))), "it was sealed anew at its use"
        assert await SecondFactor.exists(person_id=person.id)


async def test_o5_links_and_known_browsers_outlive_a_new_secret(tx: TransactionalDBClient, change: Change) -> None:
    person = await registered()
    token, mark = await tickets.issue(person, Purpose.RESET), entry.device_mark(person.email)
    for before, good in ((OLD, True), ("", False), (OTHER, False)):
        change(NEW, before=before)
        assert (await tickets.holder(token, Purpose.RESET) is not None) is good
        assert entry._is_marked(person.email, mark) is good
        assert not entry._is_marked("another@region.ru", mark)


async def test_o5_open_form_outlives_a_new_secret_and_its_session_too(
    tx: TransactionalDBClient, change: Change
) -> None:
    browser = await visitor(await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA)))
    token = sessions.signature(OLD, browser.cookies["session"])
    for before, status in (("", 403), (OTHER, 403), (OLD, 303)):
        change(NEW, before=before)
        assert (await browser.get("/ru/calls")).status_code == 200
        answer = await browser.post("/ru/account/language", data={"form_token": token, "language": "en"})
        assert answer.status_code == status


def test_o5_earlier_secrets_are_as_strong_as_the_secret() -> None:
    good = {
        "PORTAL_SECRET": NEW, "PORTAL_BASE_URL": "https://portal.example.org", "PORTAL_DATABASE_URL": "postgresql://x/y",
    }  # fmt: skip
    assert read_settings({**good, "PORTAL_SECRET_BEFORE": f"{OLD}  {OTHER}"}).secrets == (NEW, OLD, OTHER)
    assert read_settings(good).secrets == (NEW,)
    with pytest.raises(Unsafe, match="PORTAL_SECRET_BEFORE"):
        read_settings({**good, "PORTAL_SECRET_BEFORE": "short"})
