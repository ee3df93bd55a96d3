"""How the two calls ran: written and opened, applied for, checked, read by reviewers, decided, announced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from portal.applications.application import service as applications
from portal.applications.award import service as awards
from portal.applications.call import service as calls
from portal.applications.review import service as reviews
from portal.applications.review.service import Pair
from portal.demo import content
from portal.demo.days import CallDays, at_desk, friday_or_before, moscow, not_weekend
from portal.demo.diary import World
from portal.kit.drafts import latest
from portal.kit.numbers import read_money


def minutes(count: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def codes() -> dict[str, str]:
    """The code of each criterion by its key."""
    return {criterion["key"]: f"K{place}" for place, criterion in enumerate(content.read("call")["criteria"], 1)}


def plan_calls(world: World) -> None:
    """Both calls are written and opened; the decided one is closed."""
    for key, days in (("decided", world.decided), ("open", world.running)):
        world.diary.note(days["created"], f"create {key}", _create, world, key, days)
        before = moscow(friday_or_before(days["opens"].date() - timedelta(days=1)), "16:30")
        world.diary.note(before, f"open {key}", _open, world, key)
    world.diary.note(world.decided["closes"] + minutes(20), "close", _close, world)


async def _create(world: World, key: str, days: CallDays) -> None:
    told = content.read("call")[key]
    call = await calls.create(by=world.person("officer"), **call_values(told, days))
    world.calls[key] = call.id


def call_values(told: Mapping[str, Any], days: CallDays) -> dict[str, Any]:
    """What the officer writes about a call."""
    known = codes()
    return {
        "name_ru": told["name_ru"].format(year=days.year),
        "name_en": told["name_en"].format(year=days.year),
        "about_ru": told["summary_ru"],
        "about_en": told["summary_en"],
        "opens_at": days["opens"],
        "closes_at": days["closes"],
        "fund": read_money(told["fund"]),
        "places": told["places"],
        "grant_limit": read_money(told["grant_limit"]),
        "cofinancing_min": Decimal(told["cofinancing_minimum"]),
        "readers": told["readings"],
        "first_period": days.first_period,
        "last_period": days.last_period,
        "resets_in_january": False,
        "tie_breaks": [
            f"criterion:{known[key]}" if rule == "criterion" else rule
            for rule, _, key in (one.partition(":") for one in told["tie_breaks"])
        ],
        "is_demo": True,
        "required": told["required_indicators"],
        "criteria": [
            {
                "code": known[criterion["key"]],
                "name_ru": criterion["name_ru"],
                "name_en": criterion["name_en"],
                "weight": Decimal(criterion["weight"]),
                "levels": sorted(criterion["levels"], key=lambda level: -int(level["mark"])),
            }
            for criterion in content.read("call")["criteria"]
        ],
    }


async def _open(world: World, key: str) -> None:
    await calls.open(await world.call(key), by=world.person("officer"))


async def _close(world: World) -> None:
    await calls.close(await world.call("decided"), by=world.person("officer"))


def plan_applications(world: World) -> None:
    """Every region writes its programme, section by section; those of the decided call are submitted."""
    for place, (region, programme) in enumerate(content.programmes("decided").items()):
        closing = world.decided.closing_day
        begun = moscow(closing - timedelta(days=programme["started_days_before_close"]), "10:05") + minutes(17 * place)
        day = friday_or_before(closing - timedelta(days=programme["submitted_days_before_close"]))
        at = moscow(day, programme["submitted_at"])
        _plan_writing(world, region, "decided", begun, at - minutes(180))
        world.diary.note(at - minutes(90), f"{region} hand over", _hand_over, world, region, "decided")
        world.diary.note(at, f"{region} submit", _submit, world, region, at)
    for place, (region, programme) in enumerate(content.programmes("open").items()):
        begun = world.now - timedelta(days=programme["started_days_ago"], minutes=300 - 31 * place)
        edited = world.now - timedelta(days=programme["edited_days_ago"], minutes=40 + 13 * place)
        if programme["edited_days_ago"]:
            edited = at_desk(edited, world.regions[region].timezone)
        _plan_writing(world, region, "open", begun, edited)
        if programme.get("handed_over"):
            world.diary.note(edited + minutes(6), f"{region} hand over", _hand_over, world, region, "open")


def _plan_writing(world: World, region: str, call: str, begun: datetime, finished: datetime) -> None:
    """The editor starts the application and saves its sections in her working hours, the last one at the end."""
    days, zone = (world.decided if call == "decided" else world.running), world.regions[region].timezone
    required = content.read("call")[call]["required_indicators"]
    written = content.sections(content.programmes(call)[region], days, required)
    world.diary.note(at_desk(begun, zone), f"{region} start", _start, world, region, call)
    for place, (section, typed) in enumerate(written.items(), 1):
        between = begun + (finished - begun) * place / len(written)
        at = at_desk(between, zone) if place < len(written) else finished
        world.diary.note(at, f"{region} save {section}", _save, world, region, call, section, typed)


async def _start(world: World, region: str, call: str) -> None:
    application = await applications.start(await world.call(call), by=world.editor(region))
    world.applications[call, region] = application.id


async def _save(world: World, region: str, call: str, section: str, typed: Mapping[str, str]) -> None:
    by = world.editor(region)
    application = await world.application(region, by, call)
    saved = (await latest(application)).get(section)
    await applications.save(application, section, typed, based_on=saved.version if saved else 0, by=by)


async def _hand_over(world: World, region: str, call: str) -> None:
    by = world.editor(region)
    await applications.hand_over(await world.application(region, by, call), by=by)


async def _submit(world: World, region: str, at: datetime) -> None:
    by = world.signatory(region)
    await applications.submit(await world.application(region, by), by=by, at=at)


def plan_eligibility(world: World) -> None:
    """The officer admits the applications, one after another, and refuses those that have a reason against them."""
    reasons = {one["region"]: one["reason"] for one in content.read("reviews")["eligibility"] if not one["admitted"]}
    for place, region in enumerate(content.programmes("decided")):
        at = world.decided["eligibility"] + minutes(9 * place)
        world.diary.note(at, f"{region} eligibility", _check, world, region, reasons.get(region))


async def _check(world: World, region: str, reason: str | None) -> None:
    by = world.person("officer")
    application = await world.application(region, by)
    if reason:
        await applications.reject(application, reason=reason, by=by)
    else:
        await applications.admit(application, by=by)


def plan_reviews(world: World) -> None:
    """Reviewers are assigned, say whether they have a conflict, mark and submit; a conflict moves a review on."""
    told, assigned = content.read("reviews"), world.decided["assigned"]
    replaced = {(one["region"], one["replaced_by"]) for one in told["conflicts"]}
    pairs = [(one["region"], one["reviewer"]) for one in told["reviews"]]
    first = [pair for pair in pairs if pair not in replaced]
    first += [(one["region"], one["reviewer"]) for one in told["conflicts"]]
    world.diary.note(assigned, "assign", _assign, world, first)
    for place, conflict in enumerate(told["conflicts"]):
        at = not_weekend_at(assigned + timedelta(days=2, minutes=41 + 5 * place))
        world.diary.note(at, "conflict", _pass_on, world, conflict)
    for place, review in enumerate(told["reviews"]):
        at = not_weekend_at(assigned + timedelta(days=review["days_after_assignment"], minutes=place * 67 % 360))
        opened = at_desk(assigned + (at - assigned) / 2 + minutes(place), "Europe/Moscow")
        world.diary.note(opened, "declare", _declare, world, review["region"], review["reviewer"])
        world.diary.note(at - minutes(50), "mark", _mark, world, review)
        world.diary.note(at, "submit", _submit_review, world, review["region"], review["reviewer"])


def not_weekend_at(instant: datetime) -> datetime:
    """The same hour of that day, or of the Monday after it."""
    return instant + (not_weekend(instant.date()) - instant.date())


async def _assign(world: World, pairs: list[tuple[str, str]]) -> None:
    officer = world.person("officer")
    numbers = {region: (await world.application(region, officer)).number for region, _ in pairs}
    add = [Pair(numbers[region], world.person(reviewer).id) for region, reviewer in pairs]
    due = world.decided["reviewed"].date()
    await reviews.arrange(await world.call("decided"), add=add, remove=[], by=officer, due_on=due)


async def _pass_on(world: World, told: Mapping[str, str]) -> None:
    """The reviewer declares a conflict, and the officer asks another one."""
    region, reviewer = told["region"], told["reviewer"]
    review = await world.review(region, reviewer)
    await reviews.declare(review, conflict=True, note=told["reason"], by=world.person(reviewer))
    officer = world.person("officer")
    application = await world.application(region, officer)
    due = world.decided["reviewed"].date()
    await reviews.assign(application, world.person(told["replaced_by"]), by=officer, due_on=due)


async def _declare(world: World, region: str, reviewer: str) -> None:
    await reviews.declare(await world.review(region, reviewer), conflict=False, by=world.person(reviewer))


async def _mark(world: World, told: Mapping[str, Any]) -> None:
    review = await world.review(told["region"], told["reviewer"])
    await reviews.save(review, content.marks(told, codes()), based_on=0, by=world.person(told["reviewer"]))


async def _submit_review(world: World, region: str, reviewer: str) -> None:
    await reviews.submit(await world.review(region, reviewer), by=world.person(reviewer))


def plan_decision(world: World) -> None:
    """The council recommends, the Board approves, the officer announces."""
    days = world.decided
    world.diary.note(days["council"], "recommend", _recommend, world)
    world.diary.note(days["board"] + minutes(45), "approve", _approve, world)
    world.diary.note(days["announced"], "announce", _announce, world)


async def _recommend(world: World) -> None:
    by, told = world.person("council"), content.read("reviews")
    refused = {one["region"] for one in told["eligibility"] if not one["admitted"]}
    given = {one["region"]: ("winner", read_money(one["amount"]), one.get("reason", "")) for one in told["awards"]}
    given |= {one["region"]: ("reserve", None, one["reason"]) for one in told["reserve"]}
    choices = []
    for region in content.programmes("decided"):
        if region not in refused:
            outcome, amount, reason = given.get(region, ("declined", None, ""))
            number = (await world.application(region, by)).number
            choices.append({"application": number, "outcome": outcome, "amount": amount, "reason": reason})
    await awards.recommend(await world.call("decided"), choices=choices, by=by)


async def _approve(world: World) -> None:
    number = content.read("call")["decided"]["board"]["number"]
    day = world.decided["board"].date()
    await awards.approve(
        await world.call("decided"), board_number=number, board_date=day, by=world.person("board")
    )  # fmt: skip


async def _announce(world: World) -> None:
    await awards.announce(await world.call("decided"), by=world.person("officer"))
