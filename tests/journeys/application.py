"""From a call to a receipt: an officer writes and opens it, regions write programmes and submit them."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.journeys.steps import (
    ACTIVITIES,
    CALL_IN_ENGLISH,
    COURSE,
    CRITERIA,
    GOAL,
    GROUPS,
    HOME,
    MENTORS,
    PASSPORT,
    PLAN,
    SECTIONS,
    Way,
    choose,
    fill,
    follow,
    hurry,
    plan_cells,
    press,
    save,
    says,
    short_programme,
    titled,
)

LEVELS = "6 — всё названо и посчитано\n3 — названо, но не посчитано\n1 — общие слова"


async def an_officer_opens_a_call(way: Way) -> None:
    page = await way.home("officer")
    await follow(page.get_by_role("navigation", name="Разделы"), "Конкурсы")
    await follow(page, "Составить новый конкурс")
    await fill(page.get_by_role("group", name="Название", exact=True), {
        "Номер конкурса (необязательно)": way.number, "Название по-русски": way.call,
        "Название по-английски (необязательно)": CALL_IN_ENGLISH,
    })  # fmt: skip
    await fill(page, {
        "Для чего этот конкурс, по-русски": "Поддержать семьи, которые хотят жить на свой заработок.",
        "Приём начинается": way.day(-2), "Приём заканчивается": f"{way.day(10)} 18:00",
        "Грантовый фонд, рублей": "10 000 000", "Мест": "1", "Наибольший грант, рублей": "6 000 000",
        "Наименьшая доля софинансирования, % всей сметы": "20", "Экспертов на заявку": "2",
    })  # fmt: skip
    first, last = way.periods[0], way.periods[-1]
    await choose(page, {"Первый квартал комплексов мер": first, "Последний квартал комплексов мер": last})
    for place, (code, name, weight) in enumerate(CRITERIA, 1):
        row = page.get_by_role("group", name=f"Критерий {place}", exact=True)
        await fill(row, {"Код": code, "Критерий": name, "Вес, %": weight, "Что значат оценки": LEVELS})
    for indicator in ("SS-01", "CH-01"):
        await page.get_by_role("checkbox", name=re.compile(f"^{indicator}")).check()
    await press(page, "Добавить критерий")
    await choose(page, {"Правило 1": "criterion:B", "Правило 2": "cofinancing", "Правило 3": "submitted"})
    await press(page, "Сохранить конкурс как черновик")
    await says(page, "Сумма весов критериев — 95, а должна быть 100.")
    assert (await way.everyone.request.get(f"/ru/calls/{way.number}")).status == 404
    await follow(page, "Изменить условия")
    await fill(page.get_by_role("group", name="Критерий 3", exact=True), {"Вес, %": "25"})
    await press(page, "Сохранить конкурс как черновик")
    await press(page, "Открыть конкурс")
    await says(page, "Конкурс открыт. Регионы уже могут его прочитать.")


async def everyone_reads_it(way: Way) -> None:
    page = way.everyone
    await page.goto("/ru/calls")
    await follow(page, way.call)
    await titled(page, way.call)
    await says(page, "идёт приём заявок", "10 000 000 ₽", "6 000 000 ₽", "Не меньше 20 %", "18:00 (МСК)",
               f"{way.named(0)} — {way.named(3)}", "SS-01", "CH-01")  # fmt: skip
    weights = page.get_by_role("table", name="По каждому критерию")
    await expect(weights.get_by_role("row", name="Смета обоснована")).to_contain_text("25")
    await expect(weights.get_by_role("row", name="Всего")).to_contain_text("100")
    rules = page.get_by_role("listitem").filter(has_text="выше оценка по критерию «Мероприятия ведут к заработку»")
    await expect(rules).to_be_visible()


async def an_editor_writes_a_programme(way: Way) -> None:
    page = await way.home("editor.kamchatka")
    await follow(page, way.call)
    await press(page, "Написать заявку региона")
    await says(page, "Готово 0 разделов из 5.", HOME)
    await follow(page, "Паспорт")
    await says(page, HOME, "Росстат")
    await fill(page, {**PASSPORT, "Дата акта": way.day(-60)})
    await leave(page, "Паспорт")
    await follow(page, "Цель и целевые группы")
    await fill(page, GOAL)
    await fill(page.get_by_role("group", name="Целевая группа 1"), GROUPS[0])
    await press(page, "Добавить целевую группу")
    await fill(page.get_by_role("group", name="Целевая группа 2"), GROUPS[1])
    await leave(page, "Цель и целевые группы")
    await follow(page, "Мероприятия по направлениям")
    for place, (direction, title, what, result) in enumerate(ACTIVITIES, 1):
        if place > 1:
            await press(page, "Добавить мероприятие")
        row = page.get_by_role("group", name=f"Мероприятие {place}")
        await choose(row, {"Направление": direction, "Первый квартал": way.periods[0],
                           "Последний квартал": way.periods[-1]})  # fmt: skip
        await fill(row, {"Название мероприятия": title, "Что будет сделано": what,
                         "Результат, который можно проверить": result})  # fmt: skip
    await leave(page, "Мероприятия по направлениям")
    await she_plans_and_counts(way, page)


async def leave(page: Page, section: str) -> None:
    """The section is ready, and the list of tasks says so."""
    await press(page, "Проверить и вернуться к разделам")
    task = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=section, exact=True))
    await expect(task).to_contain_text("готово")


async def she_plans_and_counts(way: Way, page: Page) -> None:
    await follow(page, "План показателей")
    await page.get_by_role("main").locator("summary", has_text="Наставничество").click()
    await page.get_by_role("checkbox", name=re.compile("^ME-02")).check()
    await save(page)
    for code in PLAN:
        await fill(page, plan_cells(way, code))
    await page.get_by_label(f"CH-01, {way.named(2)}, значение", exact=True).fill("")
    await save(page)
    await says(page, "CH-01: пуста 1 ячейка.", "30,0 %", "12,0 %", "10,0 %")
    await follow(page.get_by_role("navigation", name="Где вы"), re.compile("^Заявка"))
    await follow(page, "Смета")
    await fill(page, {"Строка 1: на что нужны деньги": COURSE, f"Строка 1, {way.year}, Фонд": "3 000 000",
                      f"Строка 1, {way.year}, Регион": "500 000"})  # fmt: skip
    await choose(page, {"Строка 1: мероприятие": COURSE})
    await press(page, "Добавить строку")
    await fill(page, {"Строка 2: на что нужны деньги": MENTORS, f"Строка 2, {way.year}, Фонд": "1000000,50",
                      f"Строка 2, {way.year}, Муниципалитеты": "200 000",
                      "Как рассчитаны суммы": "120 мест по 25 000 ₽; 15 наставников."})  # fmt: skip
    await choose(page, {"Строка 2: мероприятие": MENTORS})
    await save(page)
    await says(page, "4 000 000,50 ₽", "14,9 %", "4 700 000,50 ₽")


async def she_corrects_it_and_hands_it_over(way: Way) -> None:
    page = await way.people("editor.kamchatka")
    await page.goto(f"/ru/applications/{way.number}-001")
    await follow(page, "Все замечания и весь текст")
    await says(page, "До подписи осталось исправить 2 замечания.", "Шаг за шагом", "Семьи с тремя и более детьми")
    await expect(page.get_by_role("button", name="Передать на подпись")).to_have_count(0)
    await says(page, "не менее чем на 300 000,13")
    await follow(page, re.compile("^Доля софинансирования"))
    await fill(page, {f"{COURSE}, {way.year}, Регион": "800 000,13"})
    await press(page, "Проверить и вернуться к разделам")
    await press_link_to_first_remark(page)
    await fill(page, {f"CH-01, {way.named(2)}, значение": "50"})
    await press(page, "Проверить и вернуться к разделам")
    await says(page, "Все разделы готовы.")
    await follow(page, "Смета")
    await says(page, "20,0 %", "5 000 000,63 ₽")
    await page.go_back()
    await press(page, "Передать на подпись")
    await says(page, "Заявка ждёт подписи.")


async def press_link_to_first_remark(page: Page) -> None:
    await follow(page, "Перейти к первому замечанию")
    await titled(page, "План показателей")


async def a_signatory_submits_it(way: Way, region: str, place: str) -> None:
    page = await way.home(f"signatory.{region}")
    await follow(page, re.compile(f"Заявка № {way.number}-{place}"))
    await follow(page, "Прочитать и подать")
    await press(page, "Отправить заявку на конкурс")
    await titled(page, f"Заявка № {way.number}-{place} подана")
    told = await page.locator("code.hash").inner_text()
    assert re.fullmatch("[0-9a-f]{64}", told)
    way.hashes[place] = told
    await follow(page, "Прочитать поданный текст")
    await says(page, told)


async def another_region_takes_part(way: Way) -> None:
    page = await way.home("editor.altai")
    await follow(page, way.call)
    await press(page, "Написать заявку региона")
    for section, values in short_programme(way).items():
        await follow(page, SECTIONS[section])
        await hurry(page, values)
        await leave(page, SECTIONS[section])
    await press(page, "Передать на подпись")
    await says(page, "Заявка ждёт подписи.")
    await a_signatory_submits_it(way, "altai", "002")
    assert way.hashes["001"] != way.hashes["002"]
