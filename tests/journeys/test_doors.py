"""The demonstration in a real browser: six doors, one click each, and a public number back to its promise."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys.steps import drawn, follow, leaving

DOORS = [
    (r"/applications/[0-9-]+/sections/budget$", "Редактор 1, Камчатский край", "Editor 1, Kamchatka Krai"),
    (r"/reviews/[0-9a-f]+$", "Эксперт 1", "Reviewer 1"),
    (r"/calls/[0-9]+/ranking#line$", "Член экспертного совета", "Council member"),
    (r"/reports$", "Куратор программы", "Programme officer"),
    (r"/dashboards/$", "", ""),
    (r"/journal\?subject=Report&words=[^&]+$", "Аудитор", "Auditor"),
]


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_each_door_opens_with_one_click(page: Page, language: str) -> None:
    for place, (address, russian, english) in enumerate(DOORS):
        await page.context.clear_cookies()
        await page.goto(f"/{language}/")
        doors = page.locator(".doors > li")
        await expect(doors).to_have_count(len(DOORS))
        await doors.nth(place).locator(".go button, .go a").click()
        await page.wait_for_url(re.compile(f"/{language}{address}"))
        name = russian if language == "ru" else english
        if name:
            await expect(page.get_by_role("banner")).to_contain_text(name)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def test_a_journalist_comes_from_a_number_to_its_promise_in_four_clicks(page: Page) -> None:
    await page.goto("/ru/")
    await follow(page, "Открыть числа")
    for link in (page.get_by_role("link", name="откуда число"), page.locator('main a[href*="/dashboards/numbers/"]')):
        await drawn(page)
        async with leaving(page):
            await link.first.click()
    await page.wait_for_url(re.compile("/dashboards/numbers/"))
    chain = page.get_by_role("main")
    for step in ("Обещан", "Соглашение", "Отчёт"):
        await expect(chain).to_contain_text(step)
