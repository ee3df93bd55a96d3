"""The way of an application from signing in to its submission without a mouse: every stop is seen, none is lost."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import FilePayload, Page, expect

from portal.demo import PASSWORD
from tests.conftest import Database
from tests.journeys import given
from tests.journeys.conftest import SignedIn
from tests.journeys.keyboard import Keyboard
from tests.journeys.steps import PASSPORT, Way, says, short_programme, titled
from tests.kit import papers


async def signs_in(keys: Keyboard, who: str) -> None:
    """By the first stop of every page she skips its head; by the next ones she comes to the entrance."""
    await keys.page.goto("/ru/")
    await keys.page.keyboard.press("Tab")
    assert (await keys.focus())["says"] == "К содержанию"
    await keys.page.keyboard.press("Enter")
    assert (await keys.page.evaluate("document.activeElement.id")) == "main"
    await keys.go("Войти", back=True)
    await keys.write("Электронная почта", f"{who}@demo.example")
    await keys.write("Пароль", PASSWORD)
    await keys.press()
    await titled(keys.page, "Что меня ждёт")


async def she_writes_a_section(way: Way, keys: Keyboard) -> None:
    """A save leaves her where she is; a mistake is listed where her focus comes to, and leads to its field."""
    await keys.go("Паспорт")
    for label in ("Название комплекса мер", "Суть комплекса мер, в нескольких предложениях"):
        await keys.write(re.compile(f"^{label}"), PASSPORT[label])
    await keys.write("Ответственный исполнитель", PASSPORT["Ответственный исполнитель"])
    await keys.press()  # Enter in a field saves.
    assert (await keys.focus())["id"] == "executor"
    for label in ("Вид акта, которым утверждён комплекс мер", "Номер акта"):
        await keys.write(label, PASSPORT[label])
    await keys.write("Дата акта", "32.13.2026")
    await keys.write(re.compile("^К кому обращаться"), PASSPORT["К кому обращаться"])
    await keys.go("Сохранить")
    assert (await keys.focus())["says"] == "Сохранить"
    await keys.go("Проверить и вернуться к разделам")
    assert "1 замечание" in (await keys.focus())["says"]
    await keys.tab_to("Такого дня нет в календаре.", tag="a")
    await keys.page.keyboard.press("Enter")
    assert (await keys.focus())["id"] == "act_date"
    await keys.rewrite(way.day(-60))
    await keys.go("Проверить и вернуться к разделам")
    await says(keys.page, "Готово 4 раздела из 5.")


async def she_attaches_a_letter(keys: Keyboard) -> None:
    await keys.go("Письма поддержки, расчёты")
    await keys.tab_to("Файл", tag="input")
    async with keys.page.expect_file_chooser() as chooser:
        await keys.page.keyboard.press("Space")
    letter = FilePayload(name="Письмо.pdf", mimeType="application/pdf", buffer=papers.pdf())
    await (await chooser.value).set_files(letter)
    await keys.go("Приложить файл")
    await says(keys.page, "1 файл", "Письмо.pdf")
    await keys.go(re.compile("^Заявка "), back=True)


async def she_checks_and_hands_over(way: Way, keys: Keyboard) -> None:
    await keys.go("Все замечания и весь текст")
    await keys.go(re.compile("^Доля софинансирования"))
    assert (await keys.focus())["id"] == "share"
    await keys.write(f"Теплицы, {way.year}, Регион", "900 000")
    await keys.press()
    assert (await keys.focus())["id"].endswith(".regional")
    await keys.go("Проверить и вернуться к разделам")
    await says(keys.page, "Все разделы готовы.")
    await keys.go("Передать на подпись")
    await says(keys.page, "Заявка ждёт подписи.")
    await keys.go("Выйти", back=True)
    await expect(keys.page.get_by_role("link", name="Войти").first).to_be_visible()


@pytest.mark.journey
async def test_an_application_is_written_and_submitted_without_a_mouse(
    people: SignedIn, page: Page, lived_database: Database
) -> None:
    way, keys = Way(people, page, lived_database, call="Конкурс «Без мыши»", mark="K"), Keyboard(page)
    page.on("filechooser", lambda _: None)  # The browser is told to ask us long before a key opens it.
    programme = short_programme(way)
    del programme["passport"]
    programme["budget"][f"lines-0-{way.year}.regional"] = "300000"
    async with given.behind_the_pages(way):
        await given.a_draft(await given.an_open_call(way), programme, region="ryazan")
    await signs_in(keys, "editor.ryazan")
    await keys.go(re.compile(f"{way.number}-001"))
    await she_writes_a_section(way, keys)
    await she_attaches_a_letter(keys)
    await she_checks_and_hands_over(way, keys)
    await signs_in(keys, "signatory.ryazan")
    await keys.go(re.compile(f"{way.number}-001"))
    await keys.go("Прочитать и подать")
    await keys.go("Отправить заявку на конкурс")
    await titled(page, f"Заявка № {way.number}-001 подана")
