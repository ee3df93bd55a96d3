"""From the closing hour to the results: admission, reviews, the council, the Board."""

from __future__ import annotations

import re

import asyncpg
from playwright.async_api import Page, expect

from tests.journeys.steps import (
    CALL_IN_ENGLISH,
    CRITERIA,
    HOME,
    RIVAL,
    Way,
    choose,
    fill,
    follow,
    main,
    press,
    says,
    titled,
)

MARKS = {
    "reviewer.1": {HOME: ("6", "5", "5"), RIVAL: ("4", "5", "3")},
    "reviewer.2": {HOME: ("5", "5", "Not applicable"), RIVAL: ("5", "4", "4")},
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
    await follow(page, way.call)
    await press(page, "Закрыть приём заявок")
    await says(page, "Приём заявок закрыт.")


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
            await page.get_by_role("checkbox", name=f"{reviewer} {region}").check()
    await press(page, "Сохранить назначения")
    await says(page, "Сделано 4 назначения.")


READS = {
    "reviewer.1": {"language": "ru", "conflict": "конфликт интересов", "none": "Нет, я могу судить беспристрастно",
                   "go": "Ответить и продолжить", "why": "Почему такая оценка", "check": "Сохранить и проверить",
                   "submit": "Отправить экспертную оценку", HOME: HOME, RIVAL: RIVAL},
    "reviewer.2": {"language": "en", "conflict": "conflict of interest", "none": "No, I can judge it impartially",
                   "go": "Answer and go on", "why": "Why this mark", "check": "Save and check",
                   "submit": "Submit the review", HOME: "Kamchatka Krai", RIVAL: "Altai Krai"},
}  # fmt: skip
"""What stands on the pages of the two who read, each in a language of her own."""


async def reviewers_mark_them(way: Way) -> None:
    addresses = {}
    for who, marks in MARKS.items():
        page, words = await way.people(who), READS[who]
        for region, given in marks.items():
            await page.goto(f"/{words['language']}/reviews")
            await follow(page, re.compile(rf"^{words[region]}\s*, {way.number}"))
            await titled(page, words["conflict"])
            assert "Шаг за шагом" not in await main(page).inner_text() or region == HOME
            await page.get_by_role("radio", name=words["none"]).check()
            await press(page, words["go"])
            await mark(page, who, given)
            addresses[who, region] = page.url
    second = await way.people("reviewer.2")
    assert (await second.request.get(addresses["reviewer.1", HOME])).status == 404
    assert (await second.request.get(f"/ru/calls/{way.number}/ranking")).status == 403


async def mark(page: Page, who: str, given: tuple[str, ...]) -> None:
    """The text is read and marked with comments; nothing on the page tells what another has written."""
    words = READS[who]
    for place, ((_, name, _), one) in enumerate(zip(CRITERIA, given, strict=True), 1):
        group = page.get_by_role("group", name=f"{place}. {name}")
        await group.get_by_role("radio", name=one, exact=True).check()
        await fill(group, {words["why"]: f"Так судит {who}."})
    await press(page, words["check"])
    others = [one for one in MARKS if one != who]
    for other in others:
        assert f"судит {other}" not in await page.content()
    await press(page, words["submit"])
    await says(page, f"Так судит {who}.")


async def the_foundation_decides(way: Way) -> None:
    """The council and the Board work in English; what they have decided everyone reads in both languages."""
    page = await way.home("council", language="en")
    await follow(page, f"Ranking: {CALL_IN_ENGLISH}")
    order = page.get_by_role("table", name="Ranking of applications")
    await expect(order.get_by_role("row", name="Kamchatka Krai")).to_contain_text("5.2000")
    await expect(order.get_by_role("row", name="Altai Krai")).to_contain_text("4.2500")
    await fill(page, {"Grant, Kamchatka Krai": "3 600 000"})
    await choose(page, {"Outcome, Altai Krai": "reserve"})
    await expect(page.locator("[data-shown=grants]")).to_have_text("3,600,000\u00a0₽")
    await expect(page.locator("[data-shown=fund]")).to_have_text("6,400,000\u00a0₽")
    await press(page, "Write down the council's recommendation")
    await says(page, "The council's recommendation is written down.", "6,400,000")
    page = await way.home("board", language="en")
    await follow(page, CALL_IN_ENGLISH)
    await fill(page, {"Number of the Board's decision": "9-у", "Day of the Board's decision": way.day(-1)})
    await press(page, "Write down the Board's approval")
    await says(page, "The Board's approval is written down.")
    results = f"/ru/calls/{way.number}/results"
    assert (await way.everyone.request.get(results)).status == 404
    page = await way.home("officer")
    await page.goto(f"/ru/calls/{way.number}/ranking")
    await press(page, "Объявить итоги")
    await way.everyone.goto(results)
    await titled(way.everyone, "Поддержан 1 комплекс мер")
    winners = way.everyone.get_by_role("table", name="Победители")
    await expect(winners.get_by_role("row", name=HOME)).to_contain_text("5,2000")
    await says(way.everyone, "№ 9-у", "Алтайский край", "Своя грядка", "4,2500")
    await follow(way.everyone, "English")
    await titled(way.everyone, "1 programme is supported")
    winners = way.everyone.get_by_role("table", name="Winners")
    await expect(winners.get_by_role("row", name="Kamchatka Krai")).to_contain_text("5.2000")
