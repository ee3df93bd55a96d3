"""What a person does on a page, and what the people of the journey have to say."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from playwright.async_api import Locator, Page, expect

from portal.kit import clock
from portal.kit.i18n import quarter
from portal.kit.periods import previous_quarter, quarter_of, quarters, shift, year_of
from tests.conftest import Database
from tests.journeys.conftest import SignedIn

CALL_IN_ENGLISH = "Competition “The way to a grant”"
HOME, RIVAL = "Камчатский край", "Алтайский край"
WAITING = {"ru": "Что меня ждёт", "en": "What waits for me"}
COURSE, MENTORS = "Курсы для родителей", "Встречи с наставниками"

CRITERIA = (("A", "Понятно, кому нужна помощь", "40"), ("B", "Мероприятия ведут к заработку", "35"),
            ("C", "Смета обоснована", "20"))  # fmt: skip


@dataclass
class Way:
    """A way through the portal: who walks it, when, in which call, and what was given to things on the way.

    `mark` ends the number of its call: stories that share a database do not meet.
    """

    people: SignedIn
    everyone: Page
    database: Database
    call: str
    mark: str
    today: date = field(default_factory=clock.today)
    hashes: dict[str, str] = field(default_factory=dict)

    @property
    def periods(self) -> list[str]:
        """The quarters of the programmes: the first has ended already, so that it can be reported."""
        first = previous_quarter(quarter_of(self.today))
        return quarters(first, shift(first, 3))

    @property
    def year(self) -> int:
        """The year of the first quarter, in which all the money is spent."""
        return year_of(self.periods[0])

    @property
    def number(self) -> str:
        """The call's number."""
        return f"{self.year}-{self.mark}"

    def named(self, place: int) -> str:
        """The quarter at `place` as pages name it."""
        return quarter(self.periods[place])

    def day(self, days: int) -> str:
        """So many days from now as people type it."""
        return f"{self.today + timedelta(days=days):%d.%m.%Y}"

    async def home(self, who: str, *, language: str = "ru") -> Page:
        """Her page of what waits for her, in the language in which she works."""
        page = await self.people(who)
        await page.goto(f"/{language}/")
        await titled(page, WAITING[language])
        return page


def main(page: Page) -> Locator:
    """What the page says, without the shell around it."""
    return page.get_by_role("main")


async def says(page: Page, *texts: str) -> None:
    """Each text is on the page."""
    for text in texts:
        await expect(main(page)).to_contain_text(text)


async def titled(page: Page, text: str) -> None:
    """The page is that of this heading."""
    await expect(page.get_by_role("heading", level=1)).to_contain_text(text)


async def fill(where: Page | Locator, values: Mapping[str, str]) -> None:
    """The fields with these labels hold these texts."""
    for label, text in values.items():
        await where.get_by_label(label, exact=True).fill(text)


async def choose(where: Page | Locator, values: Mapping[str, str]) -> None:
    """The lists with these labels have these values or words chosen."""
    for label, option in values.items():
        await where.get_by_label(label, exact=True).select_option(option)


@asynccontextmanager
async def leaving(page: Page) -> AsyncIterator[None]:
    """What is done inside the block leads to another page, which has come.

    A form that saves itself first lets that end, so the page changes some time after the click; whoever went on at once
    would read the page before it, or stop the save.
    """
    async with page.expect_navigation():
        yield


async def press(where: Page | Locator, name: str | re.Pattern[str]) -> None:
    """The button of this name is pressed, and what it leads to has come."""
    button = where.get_by_role("button", name=name, exact=True)
    async with leaving(button.page):
        await button.click()


async def save(page: Page) -> None:
    """The button at the foot of the window is pressed."""
    await press(page.get_by_role("region", name="Сохранение и следующий шаг"), "Сохранить")


async def follow(where: Page | Locator, name: str | re.Pattern[str]) -> None:
    """The link of this name is followed, the first if there are several."""
    link = where.get_by_role("link", name=name, exact=True).first
    async with leaving(link.page):
        await link.click()


async def drawn(page: Page) -> None:
    """Where there are charts, they stand: nothing of the page is put in the place of something else any more."""
    await expect(page.locator("#first-view")).to_have_count(0)


async def hurry(page: Page, values: Mapping[str, str]) -> None:
    """The same fields by their names, all at once, for one who does what another has done slowly before her."""
    missing = await page.evaluate(
        """values => Object.entries(values).filter(([name, value]) => {
             const fields = [...document.getElementsByName(name)];
             for (const field of fields) {
               if (["checkbox", "radio"].includes(field.type)) field.checked = field.value === value;
               else field.value = value;
             }
             return !fields.length;
           }).map(([name]) => name)""",
        dict(values),
    )
    assert missing == []


PASSPORT = {
    "Название комплекса мер": "Шаг за шагом",
    "Суть комплекса мер, в нескольких предложениях": "Родители учатся ремеслу, семье помогает наставник.",
    "Ответственный исполнитель": "Министерство социального благополучия",
    "Вид акта, которым утверждён комплекс мер": "Постановление правительства края",
    "Номер акта": "12-П",
    "К кому обращаться": "Отдел программ, program@region.example",
    "Название по-английски (необязательно)": "Step by step",
}
GOAL = {
    "Что не так сейчас": "Семьи живут далеко от работы и не знают, с чего начать.",
    "Что изменится": "Каждая третья семья, закончившая программу, живёт на свой заработок.",
}
GROUPS = (
    {"Кто это": "Семьи с тремя и более детьми", "Семьи": "350", "Детей в них": "1 120"},
    {"Кто это": "Неполные семьи", "Семьи": "250", "Детей в них": "300"},
)
ACTIVITIES = (
    ("Социальный контракт", COURSE, "Учат ремеслу, на которое есть спрос.", "180 семей живут на свой заработок"),
    ("Наставничество", MENTORS, "Предприниматель ведёт семью год.", "15 наставников работают с семьями"),
)
PLAN = {
    "SS-01": (("40", "400"), ("30", "250"), ("70", "400"), ("120", "500"), ("180", "600")),
    "CH-01": (("0",), ("4",), ("25",), ("50",), ("80",)),
    "ME-02": (("2",), ("4",), ("8",), ("12",), ("15",)),
}
PARTS = {1: ("значение",), 2: ("числитель", "знаменатель")}


def plan_cells(way: Way, code: str) -> dict[str, str]:
    """The cells of an indicator by their labels, baseline first."""
    cells = {}
    for when, figures in zip(("Базовое значение", *map(quarter, way.periods)), PLAN[code], strict=True):
        for part, figure in zip(PARTS[len(figures)], figures, strict=True):
            cells[f"{code}, {when}, {part}"] = figure
    return cells


SECTIONS = {"passport": "Паспорт", "goal": "Цель и целевые группы", "activities": "Мероприятия по направлениям",
            "indicators": "План показателей", "budget": "Смета"}  # fmt: skip


def short_programme(way: Way) -> dict[str, dict[str, str]]:
    """The sections of a short programme without a mistake, by their codes and the names of their fields."""
    first, last = way.periods[0], way.periods[-1]
    plan: dict[str, str] = {}
    for code in ("SS-01", "CH-01"):
        for when, figures in zip(("base", *way.periods), PLAN[code], strict=True):
            plan |= {f"{code}.{when}.{part}": figure for part, figure in zip("nd", figures, strict=False)}
    return {
        "passport": {"title": "Своя грядка", "summary": "Семьи растят овощи на продажу.", "executor": "Ведомство края",
                     "act_kind": "Приказ", "act_number": "7", "act_date": way.day(-35), "contact": "Отдел семьи"},
        "goal": {"problem": "Земля пустует.", "goal": "Семьи продают урожай.",
                 "groups-0-name": "Сельские семьи", "groups-0-families": "60"},
        "activities": {
            "activities-0-key": "a1", "activities-0-direction": "contract", "activities-0-title": "Теплицы",
            "activities-0-first": first, "activities-0-last": last, "activities-0-description": "Ставят теплицы.",
            "activities-0-result": "60 теплиц"},
        "indicators": plan,
        "budget": {"lines-0-key": "b1", "lines-0-title": "Теплицы", "lines-0-activity": "a1",
                   f"lines-0-{way.year}.foundation": "2000000", f"lines-0-{way.year}.regional": "900000",
                   "justification": "60 теплиц по цене поставщика."},
    }  # fmt: skip
