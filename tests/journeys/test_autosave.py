"""Saving while one types, in a browser: the line goes, the session ends, another window writes; nothing is lost."""

from __future__ import annotations

import asyncio
import re
import time

import pytest
from playwright.async_api import Locator, Page, expect

from tests.journeys.conftest import PATIENCE, SignedIn
from tests.journeys.steps import leaving, press, titled

AWAY = "Не сохранено: нет связи. Текст сохранён на этом устройстве и уйдёт, когда связь появится"
HELD = "name => [document.getElementsByName(name)[0].value, localStorage.length]"
SAVED = re.compile(r"Сохранено в \d\d:\d\d")


def status(page: Page) -> Locator:
    return page.locator("[data-saved]")


async def writes(page: Page, name: str, words: str) -> None:
    """So many words more at the end of the field, key by key."""
    field = page.locator(f"[name='{name}']")
    await field.press("Control+End")
    await field.press_sequentially(words)


async def holds(page: Page, name: str, words: str) -> None:
    """The portal itself has the words: a page opened anew shows them, and the device has nothing left to send.

    The page may tell of a save that came before the last word, so what is opened is opened until it is there.
    """
    fresh = await page.context.new_page()
    until = time.monotonic() + PATIENCE / 1000
    while True:
        await fresh.goto(page.url)
        value, left = await fresh.evaluate(HELD, name)
        if words in value and not left:
            break
        assert time.monotonic() < until, f"{words} is not in {value}, and {left} texts are unsent"
    await fresh.close()


async def section(page: Page, code: str) -> None:
    """A section of the region's draft."""
    await page.goto("/ru/applications")
    await page.locator("tr", has_text="черновик").locator("a.num").first.click()
    await page.goto(f"{page.url}/sections/{code}")


@pytest.fixture
async def editor(people: SignedIn, page: Page) -> Page:
    """The editor of Kamchatka, whose browser is expected to complain of lost connections and conflicts."""
    signed_in = await people("editor.kamchatka")
    cookies = await signed_in.context.cookies()
    await page.context.add_cookies([{"name": c["name"], "value": c["value"], "url": signed_in.url} for c in cookies])
    opened = await page.context.new_page()  # Not watched: a refused request is an error of the console.
    await section(opened, "goal")
    return opened


@pytest.mark.journey
async def test_d7_text_outlives_the_line_and_the_session(editor: Page) -> None:
    await writes(editor, "goal", " Первая мысль.")
    await expect(status(editor)).to_have_text(SAVED)
    await holds(editor, "goal", "Первая мысль.")
    await editor.context.set_offline(True)
    await writes(editor, "goal", " Вторая мысль.")
    await expect(status(editor)).to_contain_text(AWAY)
    await editor.context.set_offline(False)
    await expect(status(editor)).to_have_text(SAVED)
    await holds(editor, "goal", "Вторая мысль.")
    cookies = await editor.context.cookies()
    await editor.context.clear_cookies(name="session")
    await writes(editor, "goal", " Третья мысль.")
    await expect(status(editor)).to_contain_text("Войдите снова. Текст сохранён на этом устройстве.")
    await status(editor).get_by_role("link", name="Войти").click(delay=500)  # It is not redrawn while pressed.
    await expect(editor.get_by_label("Пароль")).to_be_visible()
    await editor.context.add_cookies([{"name": c["name"], "value": c["value"], "url": editor.url} for c in cookies])
    await editor.go_back()
    await expect(status(editor)).to_have_text(SAVED)
    await holds(editor, "goal", "Третья мысль.")


@pytest.mark.journey
async def test_i1_two_windows_meet_and_both_texts_are_shown(editor: Page) -> None:
    other = await editor.context.new_page()
    await other.goto(editor.url)
    async with other.expect_response(lambda answer: answer.request.method == "POST"):
        await other.locator("[name='problem']").fill("Слова из другого окна.")  # At once: saved once.
    await writes(editor, "goal", " Слова <b>из этого</b> окна.")
    async with leaving(editor):
        await status(editor).get_by_role("button", name="Сравнить два текста").click()
    await titled(editor, "Два текста: выберите, какой оставить")
    await expect(editor.locator(".prose", has_text="Слова из другого окна.")).to_have_count(1)
    await expect(editor.locator(".prose", has_text="Слова <b>из этого</b> окна.")).to_have_count(1)
    await press(editor, "Сохранить выбранное")
    await titled(editor, "Цель и целевые группы")
    await holds(editor, "goal", "Слова <b>из этого</b> окна.")
    await holds(editor, "problem", "Слова из другого окна.")


@pytest.mark.journey
async def test_whoever_signs_out_leaves_no_text_on_the_device(editor: Page) -> None:
    await editor.route("**/sections/goal", lambda route: route.abort())
    await writes(editor, "goal", " Тайная мысль.")
    await expect(status(editor)).to_contain_text(AWAY)
    assert "unsent" in await editor.evaluate("Object.keys(localStorage)[0]")
    async with editor.expect_event("dialog") as asked:
        editor.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await editor.get_by_role("button", name="Выйти").click()
    assert "пропадёт" in (await asked.value).message
    await expect(editor.get_by_role("link", name="Войти").first).to_be_visible()
    assert await editor.evaluate("localStorage.length") == 0


@pytest.mark.journey
async def test_totals_of_the_budget_follow_each_edit(editor: Page) -> None:
    await section(editor, "budget")
    cell = editor.locator("input[name$='.foundation']").first
    await cell.fill("9 999 999 999")
    await cell.press("Tab")
    await expect(editor.locator("#grant")).to_contain_text("больше наибольшего")
    await expect(editor.locator("#grant")).to_have_class("bad")
    await cell.fill("сто рублей")
    await cell.press("Tab")
    await expect(editor.locator("tbody.set").first.locator("[data-hints]")).to_be_visible()
    await expect(status(editor)).to_have_text(SAVED)
