"""The six doors of the demonstration: each leads in one click to the page of its story; outside it there are none."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.demo import PASSWORD, SIGN_INS
from portal.desk import rules
from portal.desk.models import Stories
from portal.kit import clock
from portal.kit.i18n import speaking
from portal.people.account.service import offering
from tests.conftest import Database
from tests.visit import Visitor, visitor

DOOR = re.compile(r"<li><h3>.*?</li>", re.S)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
STORIES = {
    "editor.kamchatka": (r"/applications/[0-9]{4}-[0-9]{3}/sections/budget$", ("19,3", "107\u00a0000,13")),
    "reviewer.1": (r"/reviews/[0-9a-f]+$", ("подросток видит, что от его труда остаётся",)),
    "council": (r"/calls/[0-9]{4}/ranking#line$", ("Коми", "Тверская область", 'id="line"')),
    "officer": (r"/reports$", ("просрочен", "возвращён", ">отправлен<")),
    "": (r"/dashboards/$", ()),
    "auditor": (r"/journal\?subject=Report&words=", ("посчитали их дважды", "Подписант, Калужская область")),
}


async def doors_of(browser: Visitor, language: str = "ru") -> list[dict[str, str]]:
    """What each door sends or where it leads, in their order."""
    page = await browser.get(f"/{language}/")
    assert page.status_code == 200
    found = []
    for door in DOOR.findall(page.text):
        link = re.search(r'<a href="([^"]+)">', door)
        sent = {name: html.unescape(value) for name, value in HIDDEN.findall(door)}
        found.append(sent or {"next": link[1] if link else "", "email": ""})
    return found


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_each_door_leads_in_one_click_to_its_story(demonstrated: Database, language: str) -> None:
    doors = await doors_of(await visitor(), language)
    assert [door["email"].removesuffix("@demo.example") for door in doors] == list(STORIES)
    for door, (address, texts) in zip(doors, STORIES.values(), strict=True):
        assert re.search(address, door["next"]), door["next"]
        assert door["next"].startswith(f"/{language}/")
        browser = await visitor()
        if door["email"]:
            entered = await browser.post(f"/{language}/sign-in", data={**door, "form_token": browser.form_token})
            assert entered.status_code == 303
            assert entered.headers["location"] == door["next"]
        page = await browser.get(door["next"].partition("#")[0])
        assert page.status_code == 200
        for text in texts if language == "ru" else ():
            assert text in page.text, (door["email"], text)


async def test_p1_outside_the_demonstration_there_are_no_doors(
    demonstrated: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await visitor()
    monkeypatch.setattr(offering, "_offered", [])
    assert not await doors_of(browser)
    text = (await browser.get("/ru/")).text
    assert PASSWORD not in text
    assert "demo.example" not in text


async def test_doors_without_a_call_lead_to_lists(tx: TransactionalDBClient) -> None:
    doors = await doors_of(await visitor())
    assert [door["next"].removeprefix("/ru") for door in doors] == [
        "/applications", "/reviews", "/calls", "/reports", "/dashboards/", "/journal",
    ]  # fmt: skip


def test_the_editor_reads_how_many_minutes_are_left() -> None:
    now = clock.now()
    for left, word in ((40, "40 minutes"), (1, "1 minute "), (-1, "passed"), (9999, "about to close")):
        stories = Stories(application="2027-001", closes_at=now + timedelta(minutes=left))
        with speaking("en"):
            assert word in str(rules.doors(stories, SIGN_INS, now)[0].figure)
