"""From the closing hour to the results: admission, reviews, the council, the Board."""

from __future__ import annotations

import re

import asyncpg
from playwright.async_api import Page, expect

from tests.journeys.steps import CALL, CRITERIA, HOME, RIVAL, Way, choose, fill, follow, main, press, says, titled

MARKS = {
    "reviewer.1": {HOME: ("6", "5", "5"), RIVAL: ("4", "5", "3")},
    "reviewer.2": {HOME: ("5", "5", "Не применимо"), RIVAL: ("5", "4", "4")},
}


async def the_hour_comes(way: Way) -> None:
    """The clock of the portal is the clock of the world: the only thing that is not done by pages."""
    connection = await asyncpg.connect(way.database.owner_url)
    await connection.execute("UPDATE call SET closes_at = now() WHERE number = $1", way.number)
    await connection.close()
    late = await way.people("editor.altai")
    await late.goto(f"/ru/calls/{way.number}")
    await says(late, "Сейчас заявки не принимают.")
    page = await way.home("officer")
    await follow(page, CALL)
    await press(page, "Закрыть конкурс")
    await says(page, "Конкурс закрыт.")


async def applications_are_admitted_and_given_readers(way: Way) -> None:
    page = await way.people("officer")
    for number in ("001", "002"):
        await page.goto(f"/ru/applications?call={way.number}")
        await follow(page, f"{way.number}-{number}")
        await press(page, "Допустить к конкурсу")
        await says(page, "Заявка допущена.")
    await way.home("officer")
    await follow(page, "Не хватает экспертов: 2 заявки")
    for reviewer in ("Эксперт 1", "Эксперт 2"):
        for region in (HOME, RIVAL):
            await page.get_by_role("checkbox", name=f"{reviewer} читает заявку: {region}").check()
    await press(page, "Сохранить назначения")
    await says(page, "Назначено: 4 прочтения.")


async def reviewers_mark_them(way: Way) -> None:
    addresses = {}
    for who, marks in MARKS.items():
        page = await way.people(who)
        for region, given in marks.items():
            await page.goto("/ru/reviews")
            await follow(page, re.compile(rf"^{region}\s*, {way.number}"))
            await titled(page, "конфликт интересов")
            assert "Шаг за шагом" not in await main(page).inner_text() or region == HOME
            await page.get_by_role("radio", name="Нет, я могу судить беспристрастно").check()
            await press(page, "Ответить и продолжить")
            await mark(page, who, given)
            addresses[who, region] = page.url
    second = await way.people("reviewer.2")
    assert (await second.request.get(addresses["reviewer.1", HOME])).status == 404
    assert (await second.request.get(f"/ru/calls/{way.number}/ranking")).status == 403


async def mark(page: Page, who: str, given: tuple[str, ...]) -> None:
    """The text is read and marked with comments; nothing on the page tells what another has written."""
    for place, ((_, name, _), one) in enumerate(zip(CRITERIA, given, strict=True), 1):
        group = page.get_by_role("group", name=f"{place}. {name}")
        await group.get_by_role("radio", name=one, exact=True).check()
        await fill(group, {"Почему такая оценка": f"Так судит {who}."})
    await press(page, "Сохранить и проверить")
    others = [one for one in MARKS if one != who]
    for other in others:
        assert f"судит {other}" not in await page.content()
    await press(page, "Отправить оценку")
    await says(page, f"Так судит {who}.")


async def the_foundation_decides(way: Way) -> None:
    page = await way.home("council")
    await follow(page, f"Рейтинг: {CALL}")
    order = page.get_by_role("table", name="Рейтинг заявок")
    await expect(order.get_by_role("row", name=HOME)).to_contain_text("5,2000")
    await expect(order.get_by_role("row", name=RIVAL)).to_contain_text("4,2500")
    await fill(page, {f"Грант, {HOME}": "3 600 000"})
    await choose(page, {f"Решение, {RIVAL}": "reserve"})
    await press(page, "Записать рекомендацию совета")
    await says(page, "Рекомендация совета записана.", "6 400 000")
    page = await way.home("board")
    await follow(page, CALL)
    await fill(page, {"Номер решения правления": "9-у", "Дата решения правления": way.day(-1)})
    await press(page, "Записать решение правления")
    await says(page, "Решение правления записано.")
    results = f"/ru/calls/{way.number}/results"
    assert (await way.everyone.request.get(results)).status == 404
    page = await way.home("officer")
    await page.goto(f"/ru/calls/{way.number}/ranking")
    await press(page, "Объявить итоги")
    await way.everyone.goto(results)
    await titled(way.everyone, "Поддержана 1 программа")
    winners = way.everyone.get_by_role("table", name="Победители")
    await expect(winners.get_by_role("row", name=HOME)).to_contain_text("5,2000")
    await says(way.everyone, "№ 9-у", "Алтайский край", "Своя грядка", "4,2500")
