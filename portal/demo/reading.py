"""How the applications were read: reviewers assigned, conflicts declared, marks written and submitted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from portal.applications.review import service as reviews
from portal.applications.review.service import Pair
from portal.demo import content, marking
from portal.demo.competition import codes, minutes
from portal.demo.days import at_desk, not_weekend
from portal.demo.diary import World


def plan_reviews(world: World) -> None:
    """Reviewers are assigned, say whether they have a conflict, mark and submit; a conflict moves a review on."""
    told, assigned = content.read("reviews"), world.decided["assigned"]
    replaced = {(one["region"], one["replaced_by"]) for one in told["conflicts"]}
    pairs = [(one["region"], one["reviewer"]) for one in marking.reviews()]
    first = [pair for pair in pairs if pair not in replaced]
    first += [(one["region"], one["reviewer"]) for one in told["conflicts"]]
    world.diary.note(assigned, "assign", _assign, world, "decided", first)
    for place, conflict in enumerate(told["conflicts"]):
        at = not_weekend_at(assigned + timedelta(days=2, minutes=41 + 5 * place))
        world.diary.note(at, "conflict", _pass_on, world, conflict)
    for place, review in enumerate(marking.reviews()):
        at = not_weekend_at(assigned + timedelta(days=review["days_after_assignment"], minutes=place * 67 % 360))
        opened = at_desk(assigned + (at - assigned) / 2 + minutes(place), "Europe/Moscow")
        world.diary.note(opened, "declare", _declare, world, "decided", review["region"], review["reviewer"])
        world.diary.note(at - minutes(50), "mark", _mark, world, "decided", review)
        world.diary.note(at, "submit", _submit, world, "decided", review["region"], review["reviewer"])


def not_weekend_at(instant: datetime) -> datetime:
    """The same hour of that day, or of the Monday after it."""
    return instant + (not_weekend(instant.date()) - instant.date())


def plan_reading(world: World) -> None:
    """In the small call one review is finished, one is in the middle, one reader has a conflict, others have begun."""
    assigned = world.reading["assigned"]
    told = content.read("reading")
    pairs = [(one["region"], reviewer) for one in told["applications"] for reviewer in one["readers"]]
    world.diary.note(assigned, "assign", _assign, world, "read", pairs)
    for place, conflict in enumerate(told["conflicts"]):
        world.diary.note(assigned + minutes(1500 + place), "conflict", _pass_on, world, conflict, "read")
    for place, review in enumerate(told["reviews"]):
        at = at_desk(world.now - timedelta(days=review["days_ago"], minutes=7 * place), "Europe/Moscow")
        at = min(at, world.now - minutes(20 + place))
        region, reviewer = review["region"], review["reviewer"]
        world.diary.note(at - minutes(240), "declare", _declare, world, "read", region, reviewer)
        world.diary.note(at - minutes(15), "mark", _mark, world, "read", review)
        if review.get("submitted"):
            world.diary.note(at, "submit", _submit, world, "read", region, reviewer)


async def _assign(world: World, call: str, pairs: list[tuple[str, str]]) -> None:
    officer = world.person("officer")
    regions = sorted({region for region, _ in pairs})
    numbers = {region: (await world.application(region, officer, call)).number for region in regions}
    add = [Pair(numbers[region], world.person(reviewer).id) for region, reviewer in pairs]
    due = world.days(call)["reviewed"].date()
    await reviews.arrange(await world.call(call), add=add, remove=[], by=officer, due_on=due)


async def _pass_on(world: World, told: Mapping[str, str], call: str = "decided") -> None:
    """The reviewer declares a conflict, and the officer asks another one."""
    region, reviewer = told["region"], told["reviewer"]
    review = await world.review(region, reviewer, call)
    await reviews.declare(review, conflict=True, note=told["reason"], by=world.person(reviewer))
    officer = world.person("officer")
    application = await world.application(region, officer, call)
    due = world.days(call)["reviewed"].date()
    await reviews.assign(application, world.person(told["replaced_by"]), by=officer, due_on=due)


async def _declare(world: World, call: str, region: str, reviewer: str) -> None:
    await reviews.declare(await world.review(region, reviewer, call), conflict=False, by=world.person(reviewer))


async def _mark(world: World, call: str, told: Mapping[str, Any]) -> None:
    review = await world.review(told["region"], told["reviewer"], call)
    await reviews.save(review, content.marks(told, codes()), based_on=0, by=world.person(told["reviewer"]))


async def _submit(world: World, call: str, region: str, reviewer: str) -> None:
    await reviews.submit(await world.review(region, reviewer, call), by=world.person(reviewer))
