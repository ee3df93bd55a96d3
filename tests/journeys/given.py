"""What stands before a story begins that does not tell it: made by the portal's own verbs, as people would make it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from decimal import Decimal

from tortoise.context import TortoiseContext

from portal.app import MODELS
from portal.applications.application import service as applications
from portal.applications.application.models import Application
from portal.applications.award import service as awards
from portal.applications.call import service as calls
from portal.applications.call.models import Call
from portal.applications.review import service as reviews
from portal.applications.review.models import Review
from portal.kit import clock, db
from portal.kit.i18n import MOSCOW
from portal.people.person.models import Person, whole
from tests.journeys.steps import CRITERIA, Way

LEVELS = [{"mark": 6, "ru": "всё названо"}, {"mark": 3, "ru": "не посчитано"}, {"mark": 1, "ru": "общие слова"}]


@asynccontextmanager
async def behind_the_pages(way: Way) -> AsyncIterator[None]:
    """Inside the block models speak to the database of the portal that the browser sees."""
    async with TortoiseContext() as context:
        await context.init(config=db.config(way.database.app_url, MODELS))
        yield


async def person(who: str) -> Person:
    """A person of the demonstration."""
    return (await whole("person.email = $1", f"{who}@demo.example"))[0]


def at(way: Way, days: int) -> datetime:
    """Noon in Moscow so many days from now."""
    return datetime.combine(way.today + timedelta(days=days), time(12), MOSCOW)


async def an_open_call(way: Way, *, closes: int = 10) -> Call:
    """The story's call is open since thirty days ago, and closes so many days from now."""
    officer = await person("officer")
    with clock.frozen(at(way, -31)):
        call = await calls.create(
            by=officer, number=way.number, name_ru=way.call, name_en="", about_ru="", about_en="",
            opens_at=at(way, -30), closes_at=at(way, closes), fund=Decimal(10_000_000), places=1,
            grant_limit=Decimal(6_000_000), cofinancing_min=Decimal(20), readers=1, first_period=way.periods[0],
            last_period=way.periods[-1], resets_in_january=False, is_demo=True, required=["SS-01", "CH-01"],
            criteria=[{"code": code, "name_ru": name, "name_en": "", "weight": Decimal(weight), "levels": LEVELS}
                      for code, name, weight in (*CRITERIA[:2], ("C", CRITERIA[2][1], "25"))],
        )  # fmt: skip
        return await calls.open(call, by=officer)


async def a_draft(call: Call, sections: Mapping[str, Mapping[str, str]], *, region: str) -> Application:
    """The editor of the region has written these sections, by their codes."""
    editor = await person(f"editor.{region}")
    draft = await applications.start(call, by=editor)
    for section, typed in sections.items():
        await applications.save(draft, section, typed, based_on=0, by=editor)
    return draft


async def an_announced_award(way: Way, sections: Mapping[str, Mapping[str, str]], *, region: str, amount: str) -> None:
    """The region's programme has won, alone, and everybody has been told; one reviewer gave it fives."""
    call = await an_open_call(way, closes=-19)
    with clock.frozen(at(way, -20)):
        one = await a_draft(call, sections, region=region)
        await applications.hand_over(one, by=await person(f"editor.{region}"))
        await applications.submit(one, by=await person(f"signatory.{region}"), at=clock.now())
    officer, council = await person("officer"), await person("council")
    with clock.frozen(at(way, -18)):
        await calls.close(call, by=officer)
        await applications.admit(one, by=officer)
        await it_is_read(one, by=await person("reviewer.1"), officer=officer)
    with clock.frozen(at(way, -10)):
        choice = {"application": one.number, "outcome": "winner", "amount": Decimal(amount)}
        await awards.recommend(call, choices=[choice], by=council)
        await awards.approve(call, board_number="9-у", board_date=clock.today(), by=await person("board"))
        await awards.announce(call, by=officer)


async def it_is_read(application: Application, *, by: Person, officer: Person) -> None:
    """The reviewer has marked every criterion with a five and submitted."""
    review: Review = await reviews.assign(application, by, by=officer)
    await reviews.declare(review, conflict=False, by=by)
    typed = {f"{part}.{code}": said for code, _, _ in CRITERIA for part, said in (("mark", "5"), ("comment", "Верно."))}
    await reviews.save(review, typed, based_on=0, by=by)
    await reviews.submit(review, by=by)
