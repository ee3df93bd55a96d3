"""A review that two windows write, in a browser: both texts are shown, and a choice for each field."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import SignedIn
from tests.journeys.steps import follow, titled
from tests.journeys.test_autosave import SAVED, holds, status
from tests.journeys.test_pages import barriers

HERE, THERE = "Слова <b>этого</b> окна.", "Слова другого окна."


@pytest.mark.journey
async def test_i1_two_windows_write_a_review_and_nothing_is_overwritten(people: SignedIn, page: Page) -> None:
    signed_in = await people("reviewer.1")
    cookies = await signed_in.context.cookies()
    await page.context.add_cookies([{"name": c["name"], "value": c["value"], "url": signed_in.url} for c in cookies])
    one, two = await page.context.new_page(), await page.context.new_page()  # A refused save complains in the console.
    await one.goto("/ru/reviews")
    await one.locator("tr", has_text="в работе").get_by_role("link").first.click()
    await two.goto(one.url)
    await two.locator("[name='comment.K1']").fill(THERE)
    await expect(status(two)).to_have_text(SAVED)
    await one.locator("[name='comment.K2']").fill(HERE)
    await status(one).get_by_role("button", name="Сравнить два текста").click()
    await titled(one, "Два текста: выберите, какой оставить")
    for text in (HERE, THERE):
        await expect(one.locator(".prose", has_text=text)).to_have_count(1)
    await expect(one.locator("[name='choose.comment.K1'][value=theirs]")).to_be_checked()
    await expect(one.locator("[name='choose.comment.K2'][value=mine]")).to_be_checked()
    assert await barriers(one) == []
    await one.get_by_role("button", name="Сохранить выбранное").click()
    await expect(one.locator("[name='comment.K1']")).to_have_value(THERE)
    await holds(one, "comment.K2", HERE)
    await follow(one, "Версии: кто, что и когда изменил")
    await titled(one, "Сохранённые версии")
    await one.locator("details").first.click()
    await expect(one.locator(".history .prose", has_text=HERE)).to_have_count(1)
    assert await barriers(one) == []
