"""From the results to a number: agreement, report, release, and the way back to the promise."""

from __future__ import annotations

import re

from playwright.async_api import expect

from portal.kit.i18n import language, quarter
from tests.journeys.steps import Way, drawn, fill, follow, leaving, press, says, titled

CODE, REGION, IN_ENGLISH = "RU-TUL", "Тульская область", "Tula Oblast"


def in_english(period: str) -> str:
    """The quarter as English pages name it."""
    spoken = language.set("en")
    try:
        return quarter(period)
    finally:
        language.reset(spoken)


async def the_agreement_is_signed(way: Way) -> None:
    """The officer works in English, the region in Russian."""
    page = await way.home("officer", language="en")
    await follow(page, f"Agreement with {IN_ENGLISH}")
    await press(page, f"Draft the agreement {IN_ENGLISH}")
    await titled(page, f"Agreement No. {way.number}-01")
    await says(page, "version 1", "1,800,000")
    plan = page.get_by_role("table", name="Indicators by quarter")
    await expect(plan.get_by_role("row", name="SS-01")).to_contain_text("30.0%180 of 600")
    budget = page.get_by_role("table", name="Budget by line")
    await expect(budget.get_by_role("rowgroup").filter(has_text="Плёнка")).to_contain_text("1,349,999.66")
    await expect(budget.get_by_role("rowgroup").filter(has_text="Насосы")).to_contain_text("450,000.34")
    region = await way.home("signatory.tula")
    await follow(region, f"Соглашение № {way.number}-01, {REGION}")
    await says(region, "В заявке запрошено 2 000 000,50 ₽", "1 800 000 ₽")
    await press(region, "Подписать от имени региона")
    await says(region, "Ваша подпись записана.")
    await page.reload()
    await press(page, "Sign for the Foundation")
    await says(page, "in force")


async def the_region_reports(way: Way) -> None:
    page = await way.home("editor.tula")
    await follow(page, f"Отчёт за {way.named(0)}")
    await fill(page, {"SS-01, числитель": "360", "SS-01, знаменатель": "240", "CH-01, число": "3"})
    await press(page, "Проверить отчёт")
    await says(page, "SS-01: 360 из 240 — часть больше целого.", "CH-01: 3 вместо 4 по плану.")
    await fill(page, {"SS-01, числитель": "36"})
    await fill(page.locator("#CH-01"), {"Пояснение": "Один ребёнок продолжит обучение в следующем квартале."})
    await press(page, "Проверить отчёт")
    await expect(page.get_by_role("rowgroup").filter(has_text="SS-01")).to_contain_text("15,0 %")
    await press(page, "Передать на подпись")
    page = await way.home("signatory.tula")
    await follow(page, f"Отчёт за {way.named(0)}")
    await says(page, "Один ребёнок продолжит обучение")
    await press(page, "Подписать и отправить отчёт")
    await says(page, "отправлен")


async def the_report_is_accepted(way: Way) -> None:
    page = await way.home("officer", language="en")
    await follow(page, f"{IN_ENGLISH}: report for {in_english(way.periods[0])}")
    await press(page, "Accept the report")
    await says(page, "accepted")
    await way.home("officer", language="en")
    await follow(page, f"Release of figures: {way.call}")
    row = page.get_by_role("table", name="What the public will read").get_by_role("row", name=IN_ENGLISH)
    await expect(row).to_contain_text("15.0%")
    await expect(row).to_contain_text("hidden: small number")


async def everyone_sees_the_number(way: Way) -> None:
    """The first who asks after it was published reads it."""
    officer, page = await way.people("officer"), way.everyone
    await press(officer, re.compile("^Publish release No. 4"))
    seen = await page.request.get(f"/ru/dashboards/regions/{CODE}")
    assert "15,0\u00a0%" in await seen.text()
    await page.goto(f"/ru/dashboards/regions/{CODE}")
    await drawn(page)
    for twin in await page.locator("summary").all():
        await twin.click()
    figures = page.get_by_role("table", name=re.compile("^Доля семей, достигших самообеспечения"))
    await expect(figures.get_by_role("row").nth(1)).to_contain_text("12,0 %15,0 %36 из 240")
    await says(page, "Своя грядка", "1 800 000 ₽", "36 из 240", "Сейчас 15,0 %", "скрыто: малое число")
    await page.goto("/ru/dashboards/")
    await drawn(page)
    await says(page, "Выпуск № 4", "36", "240", "скрыто: малое число")
    ways = page.get_by_role("table", name=re.compile("^Доля семей, достигших"))
    await expect(ways.get_by_role("row", name=REGION)).to_contain_text("10,0 %15,0 %30,0 %")


async def the_number_leads_back_to_its_promise(way: Way) -> None:
    page = way.everyone
    await page.goto(f"/ru/dashboards/regions/{CODE}")
    await drawn(page)
    async with leaving(page):
        await page.get_by_role("link", name=re.compile("^откуда число: Доля семей, достигших")).click()
    await drawn(page)
    await titled(page, "Откуда число 15,0 %")
    await says(page, "Обещание", "12 %", f"план на {way.named(0)}", f"Заявка № {way.number}-001", "5,00",
               "Протокол № 9-у", f"Соглашение № {way.number}-01", "36 из 240", "Выпуск № 4")  # fmt: skip
    await follow(page, "English")
    await drawn(page)
    await titled(page, "Where the number 15.0% comes from")
    await says(page, "Promise", "12%", f"Application no. {way.number}-001", "36 of 240", "Release no. 4")
