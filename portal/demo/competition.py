"""How the calls ran: written and opened, applied for, checked, read by reviewers, decided, announced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from portal.applications.application import service as applications
from portal.applications.award import service as awards
from portal.applications.award.jobs import rank_call
from portal.applications.call import service as calls
from portal.demo import content, marking
from portal.demo.days import CallDays, at_desk, friday_or_before, moscow
from portal.demo.diary import World
from portal.kit.numbers import read_money


def minutes(count: int) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def codes() -> dict[str, str]:
    """The code of each criterion by its key."""
    return {criterion["key"]: f"K{place}" for place, criterion in enumerate(content.read("call")["criteria"], 1)}


def plan_calls(world: World) -> None:
    """All calls are written and opened; those that are decided or read are closed."""
    for key in ("decided", "read", "open"):
        days = world.days(key)
        world.diary.note(days["created"], f"create {key}", _create, world, key, days)
        before = moscow(friday_or_before(days["opens"].date() - timedelta(days=1)), "16:30")
        world.diary.note(before, f"open {key}", _open, world, key)
        if key != "open":
            world.diary.note(days["closes"] + minutes(20), f"close {key}", _close, world, key)


async def _create(world: World, key: str, days: CallDays) -> None:
    told = content.read("call")[key]
    call = await calls.create(by=world.person("officer"), **call_values(told, days))
    world.calls[key] = call.id


def call_values(told: Mapping[str, Any], days: CallDays) -> dict[str, Any]:
    """What the officer writes about a call."""
    known = codes()
    return {
        "number": told.get("number", "").format(year=days.year),
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


async def _close(world: World, key: str) -> None:
    await calls.close(await world.call(key), by=world.person("officer"))


def plan_applications(world: World) -> None:
    """Every region writes its programme, section by section; those of calls that are over are submitted."""
    for call in ("decided", "read"):
        for place, (region, programme) in enumerate(content.programmes(call).items()):
            closing = world.days(call).closing_day
            # A weekend may bring the closing day nearer to the opening one.
            begun = moscow(closing - timedelta(days=programme["started_days_before_close"]), "10:05")
            begun = max(begun, world.days(call)["opens"] + minutes(5))
            day = friday_or_before(closing - timedelta(days=programme["submitted_days_before_close"] + 1))
            at = moscow(day, programme["submitted_at"])
            _plan_writing(world, region, call, begun + minutes(17 * place % 240), at - minutes(180))
            _plan_submission(world, region, call, at)
    for place, (region, programme) in enumerate(content.programmes("open").items()):
        begun = world.now - timedelta(days=programme["started_days_ago"], minutes=300 - 31 * place)
        edited = world.now - timedelta(days=programme["edited_days_ago"], minutes=40 + 13 * place)
        if programme["edited_days_ago"]:
            edited = at_desk(edited, world.regions[region].timezone)
        _plan_writing(world, region, "open", begun, edited)
        ends = programme.get("ends", "")
        if ends:
            _plan_submission(world, region, "open", edited + minutes(95))
        elif programme.get("handed_over"):
            world.diary.note(edited + minutes(6), f"{region} hand over", _hand_over, world, region, "open")
        if ends == "withdrawn":
            world.diary.note(edited + minutes(230), f"{region} withdraw", _withdraw, world, region, programme["reason"])


def _plan_submission(world: World, region: str, call: str, at: datetime) -> None:
    world.diary.note(at - minutes(90), f"{region} hand over", _hand_over, world, region, call)
    world.diary.note(at, f"{region} submit", _submit, world, region, call, at)


def _plan_writing(world: World, region: str, call: str, begun: datetime, finished: datetime) -> None:
    """The editor starts the application and saves its sections in her working hours, the last one at the end."""
    days, zone = world.days(call), world.regions[region].timezone
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
    await applications.save(await world.application(region, by, call), section, typed, based_on=0, by=by)


async def _hand_over(world: World, region: str, call: str) -> None:
    by = world.editor(region)
    await applications.hand_over(await world.application(region, by, call), by=by)


async def _submit(world: World, region: str, call: str, at: datetime) -> None:
    by = world.signatory(region)
    await applications.submit(await world.application(region, by, call), by=by, at=at)


async def _withdraw(world: World, region: str, reason: str) -> None:
    by = world.signatory(region)
    await applications.withdraw(await world.application(region, by, "open"), reason=reason, by=by)


def plan_eligibility(world: World) -> None:
    """The officer admits the applications, one after another, and refuses those that have a reason against them."""
    reasons = {one["region"]: one["reason"] for one in content.read("reviews")["eligibility"] if not one["admitted"]}
    for call in ("decided", "read"):
        for place, region in enumerate(content.programmes(call)):
            at = world.days(call)["eligibility"] + minutes(4 * place)
            world.diary.note(at, f"{region} eligibility", _check, world, region, call, reasons.get(region))


async def _check(world: World, region: str, call: str, reason: str | None) -> None:
    by = world.person("officer")
    application = await world.application(region, by, call)
    if reason:
        await applications.reject(application, reason=reason, by=by)
    else:
        await applications.admit(application, by=by)


def plan_decision(world: World) -> None:
    """The council recommends, the Board approves, the officer announces."""
    days = world.decided
    world.diary.note(days["council"], "recommend", _recommend, world)
    world.diary.note(days["board"] + minutes(45), "approve", _approve, world)
    world.diary.note(days["announced"], "announce", _announce, world)


async def _recommend(world: World) -> None:
    by, told = world.person("council"), content.read("reviews")
    reserve = {one["region"]: one["reason"] for one in told["reserve"]}
    choices = []
    for place, (region, _) in enumerate(marking.ranked()):
        number = (await world.application(region, by)).number
        outcome = "reserve" if region in reserve else "declined"
        choice: dict[str, Any] = {"application": number, "outcome": outcome, "reason": reserve.get(region, "")}
        if place < content.read("call")["decided"]["places"]:
            cut = told["cuts"].get(region, {})
            amount = read_money(cut["amount"]) if cut else content.asked(content.programmes("decided")[region])
            choice |= {"outcome": "winner", "amount": amount, "reason": cut.get("reason", "")}
        choices.append(choice)
    call = await world.call("decided")
    await rank_call({"call": call.id})
    await awards.recommend(call, choices=choices, by=by)


async def _approve(world: World) -> None:
    number = content.read("call")["decided"]["board"]["number"]
    day = world.decided["board"].date()
    await awards.approve(
        await world.call("decided"), board_number=number, board_date=day, by=world.person("board")
    )  # fmt: skip


async def _announce(world: World) -> None:
    await awards.announce(await world.call("decided"), by=world.person("officer"))
