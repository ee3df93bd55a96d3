"""From the results to a number: agreement, report, release, and the way back to the promise."""

from __future__ import annotations

import re
import time

from playwright.async_api import expect

from tests.journeys.steps import CALL, COURSE, HOME, MENTORS, Way, fill, follow, press, says, titled


async def the_agreement_is_signed(way: Way) -> None:
    page = await way.home("officer")
    await follow(page, f"Соглашение: {HOME}")
    await press(page, f"Составить соглашение {HOME}")
    await titled(page, f"Соглашение № {way.number}-01")
    await says(page, "версия 1", "В заявке просили 4 000 000,50 ₽", "3 600 000 ₽")
    plan = page.get_by_role("table", name="Показатели по кварталам")
    await expect(plan.get_by_role("row", name="SS-01")).to_contain_text("30,0 %180 из 600")
    budget = page.get_by_role("table", name="Смета по статьям")
    await expect(budget.get_by_role("rowgroup").filter(has_text=COURSE)).to_contain_text("2 699 999,66")
    await expect(budget.get_by_role("rowgroup").filter(has_text=MENTORS)).to_contain_text("900 000,34")
    region = await way.home("signatory.kamchatka")
    await follow(region, f"Соглашение {way.number}-01, {HOME}")
    await press(region, "Подписать от имени региона")
    await says(region, "Ваша подпись записана.")
    await page.reload()
    await press(page, "Подписать от имени Фонда")
    await says(page, "действует")


async def the_region_reports(way: Way) -> None:
    page = await way.home("editor.kamchatka")
    await follow(page, f"Отчёт за {way.named(0)}")
    await fill(page, {"SS-01, числитель": "360", "SS-01, знаменатель": "240", "CH-01, число": "3", "ME-02, число": "5"})
    await press(page, "Проверить отчёт")
    await says(page, "SS-01: 360 из 240 — часть больше целого.", "CH-01: 3 вместо 4 по плану.")
    await fill(page, {"SS-01, числитель": "36"})
    await fill(page.locator("#CH-01"), {"Пояснение": "Один ребёнок продолжит обучение в следующем квартале."})
    await press(page, "Проверить отчёт")
    await expect(page.get_by_role("rowgroup").filter(has_text="SS-01")).to_contain_text("15,0 %")
    await press(page, "Передать на подпись")
    page = await way.home("signatory.kamchatka")
    await follow(page, f"Отчёт за {way.named(0)}")
    await says(page, "Один ребёнок продолжит обучение")
    await press(page, "Подписать и отправить отчёт")
    await says(page, "отправлен")


async def the_report_is_accepted(way: Way) -> None:
    page = await way.home("officer")
    await follow(page, f"{HOME}: отчёт за {way.named(0)}")
    await press(page, "Принять отчёт")
    await says(page, "принят")
    await way.home("officer")
    await follow(page, f"Выпуск данных: {CALL}")
    row = page.get_by_role("table", name="Что прочтут").get_by_role("row", name=HOME)
    await expect(row).to_contain_text("15,0 %")
    await expect(row).to_contain_text("скрыто: малое число")


async def everyone_sees_the_number(way: Way) -> None:
    officer, page = await way.people("officer"), way.everyone
    async with officer.expect_response(lambda answer: answer.request.method == "POST"):
        await press(officer, re.compile("^Опубликовать выпуск № 4"))
    published = time.monotonic()
    seen = await page.request.get("/ru/dashboards/regions/RU-KAM")
    assert "15,0\u00a0%" in await seen.text()
    assert time.monotonic() - published < 2
    await page.goto("/ru/dashboards/regions/RU-KAM")
    await expect(page.locator("#first-view")).to_have_count(0)
    for twin in await page.locator("summary").all():
        await twin.click()
    figures = page.get_by_role("table", name=re.compile("^Доля семей, достигших самообеспечения"))
    await expect(figures.get_by_role("row").nth(1)).to_contain_text("12 %15,0 %36 из 240")
    await says(page, "Шаг за шагом", "3 600 000 ₽", "36 из 240", "Сейчас 15,0 %", "скрыто: малое число")
    await page.goto("/ru/dashboards/")
    await says(page, "Выпуск № 4", "36", "240", "скрыто: малое число")
    ways = page.get_by_role("table", name=re.compile("^Доля семей, достигших"))
    await expect(ways.get_by_role("row", name=HOME)).to_contain_text("10 %15,0 %30 %")


async def the_number_leads_back_to_its_promise(way: Way) -> None:
    page = way.everyone
    await page.goto("/ru/dashboards/regions/RU-KAM")
    await page.get_by_role("link", name=re.compile("^откуда число: Доля семей, достигших")).click()
    await titled(page, "Откуда число 15,0 %")
    await says(page, "Обещание", "12 %", f"план на {way.named(0)}", f"Заявка № {way.number}-001", "5,20",
               "Протокол № 9-у", f"Соглашение № {way.number}-01", "36 из 240", "Выпуск № 4")  # fmt: skip
    await page.get_by_role("link", name="English").click()
    await titled(page, "Where the number 15.0% comes from")
    await says(page, "Promise", "12%", f"Application no. {way.number}-001", "36 of 240", "Release no. 4")
