"""What is done with calls: written, opened, given more time, closed, given more places by the Board."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from portal.applications.call import rules
from portal.applications.call.models import Call, Criterion, PlacesDecision, RequiredIndicator
from portal.applications.call.states import CLOSE, OPEN
from portal.directory.indicator.models import Indicator
from portal.kit import clock, db, drafts, jobs, journal
from portal.kit.drafts import Draft
from portal.kit.errors import Invalid, refuse
from portal.kit.forms import Typed
from portal.kit.i18n import say
from portal.kit.lifecycle import take
from portal.kit.periods import year_of
from portal.kit.verb import verb
from portal.people.person.models import Person

COLUMNS = frozenset({
    "number", "name_ru", "name_en", "about_ru", "about_en", "opens_at", "closes_at", "fund", "places", "grant_limit",
    "cofinancing_min", "readers", "first_period", "last_period", "resets_in_january", "tie_breaks", "judging",
    "publishes_certainty", "is_demo",
})  # fmt: skip
PARTS = frozenset({"criteria", "required"})
CONDITIONS, NEW = "conditions", "new_call"
"""The text that is typed of a call's conditions; and of a call that is not there yet, kept with its writer."""
DEFAULTS: Mapping[str, Any] = {
    "places": 20,
    "readers": 3,
    "tie_breaks": (),
    "judging": {},
    "criteria": (),
    "required": (),
}

db.constraint("call_number_key", say("There is a call with this number already. Choose another."))


@verb
async def write(call: Call | None, typed: Typed, *, based_on: int, by: Person) -> Draft:
    """What is typed of the conditions is kept exactly, valid or not; raises Stale if it was changed meanwhile."""
    if call is None:
        return await drafts.save(by, NEW, typed, based_on=based_on, by=by)
    call = await Call.select_for_update().get(id=call.id)
    refuse(rules.why_not_change(call))
    return await drafts.save(call, CONDITIONS, typed, based_on=based_on, by=by)


@verb
async def restore(call: Call, version: int, *, based_on: int, by: Person) -> Draft:
    """An earlier text stands again above the newest; raises Stale as `write` does, Refusal where it is not kept."""
    again = partial(write, call, based_on=based_on, by=by)
    return await drafts.restore(call, CONDITIONS, version, by=by, save=again)


@verb
async def create(*, by: Person, text: Draft | None = None, **values: Any) -> Call:
    """A call stands in draft with its criteria and required indicators; without a number it gets its first year's.

    The `text` from which it was read is not that of a new call any more. Raises Invalid with every problem, TypeError
    for a name that a call does not have.
    """
    values = {**DEFAULTS, **values}
    known = await _checked(values)
    if not values.get("number"):
        values["number"] = await _free_number(str(year_of(values["first_period"])))
    call = await Call.create(**_columns(values))
    await _write_parts(call, values, known)
    await journal.write(call, by=by, **values)
    if text is not None:
        await drafts.save(by, NEW, Typed([]), based_on=text.version, by=by)
    return call


@verb
async def change(call: Call, *, by: journal.Actor, text: Draft | None = None, **values: Any) -> Call:
    """The draft's conditions are these now; what is not named keeps its value, lists are replaced whole.

    They were read from the `text`, if there is one.
    """
    call = await Call.select_for_update().get(id=call.id)
    refuse(rules.why_not_change(call))
    whole = {name: getattr(call, name) for name in COLUMNS} | await _parts(call)
    known = await _checked({**whole, **values})
    read = {"text_version": text.version} if text else {}
    await Call.filter(id=call.id).update(**_columns({**whole, **values}), **read)
    if PARTS & values.keys():
        await Criterion.filter(call_id=call.id).delete()
        await RequiredIndicator.filter(call_id=call.id).delete()
        await _write_parts(call, {**whole, **values}, known)
    await journal.write(call, by=by, **values)
    await call.refresh_from_db()
    return call


async def is_read(call: Call) -> bool:
    """Whether the conditions are those of the newest text."""
    newest = await drafts.newest(call, CONDITIONS)
    return newest is None or newest.version == call.text_version


@verb
async def open(call: Call, *, by: journal.Actor) -> Call:
    """Regions read the call; from its opening instant on they write."""
    call = await Call.select_for_update().get(id=call.id)
    criteria = await Criterion.filter(call_id=call.id).order_by("position")
    required = await RequiredIndicator.filter(call_id=call.id).count()
    refuse(rules.why_not_open(call, criteria, required, clock.now(), is_read=await is_read(call)))
    await take(OPEN, call, by=by, opens_at=call.opens_at, closes_at=call.closes_at)
    return call


@verb
async def close(call: Call, *, by: journal.Actor) -> Call:
    """The call is closed, after its closing instant and not before."""
    call = await Call.select_for_update().get(id=call.id)
    refuse(rules.why_not_close(call, clock.now()))
    await take(CLOSE, call, by=by)
    return call


@verb
async def extend(call: Call, *, closes_at: datetime, reason: str, by: journal.Actor) -> Call:
    """The call takes applications until the later instant; the journal and letters to those who write say why."""
    call = await Call.select_for_update().get(id=call.id)
    refuse(rules.why_not_extend(call, closes_at, reason, clock.now()))
    before = call.closes_at
    call.closes_at = closes_at
    await call.save(update_fields=["closes_at"])
    await journal.write(call, by=by, closed_at=before, closes_at=closes_at, reason=reason.strip())
    told = {"call": call.id, "before": before.isoformat(), "now": closes_at.isoformat(), "reason": reason.strip()}
    await jobs.enqueue("tell_of_more_time", told)
    return call


@verb
async def raise_places(
    call: Call, *, places: int, decided_on: date, document: str, by: journal.Actor
) -> PlacesDecision:
    """The call has more places, and the Board's decision that gave them stands beside it."""
    call = await Call.select_for_update().get(id=call.id)
    refuse(rules.why_not_raise_places(call, places, decided_on, clock.today()))
    decision = await PlacesDecision.create(call=call, places=places, decided_on=decided_on, document=document)
    await Call.filter(id=call.id).update(places=places)
    await journal.write(call, by=by, places_before=call.places, places=places, decided_on=decided_on, document=document)
    return decision


async def _checked(values: Mapping[str, Any]) -> dict[str, int]:
    """The keys of indicators by code, where the conditions are as they must be."""
    if unknown := values.keys() - COLUMNS - PARTS:
        raise TypeError(f"a call has no {', '.join(sorted(unknown))}")
    known = {one["code"]: one["id"] for one in await Indicator.all().values("code", "id")}
    if problems := rules.wrong_conditions(values, known):
        raise Invalid(problems)
    return known


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in COLUMNS} | {
        "tie_breaks": list(values["tie_breaks"])
    }


async def _parts(call: Call) -> dict[str, Any]:
    criteria = Criterion.filter(call_id=call.id).order_by("position")
    rows = await criteria.values("code", "name_ru", "name_en", "weight", "levels")
    required = await RequiredIndicator.filter(call_id=call.id).values("indicator__code")
    return {"criteria": rows, "required": [one["indicator__code"] for one in required]}


async def _write_parts(call: Call, values: Mapping[str, Any], known: Mapping[str, int]) -> None:
    for position, criterion in enumerate(values["criteria"]):
        levels = sorted(
            ({"mark": int(one["mark"]), "ru": one["ru"], "en": one.get("en", "")} for one in criterion["levels"]),
            key=lambda level: -int(str(level["mark"])),
        )
        await Criterion.create(
            call=call,
            code=criterion["code"],
            position=position,
            name_ru=criterion["name_ru"],
            name_en=criterion.get("name_en", ""),
            weight=criterion["weight"],
            levels=levels,
        )
    for code in dict.fromkeys(values["required"]):
        await RequiredIndicator.create(call=call, indicator_id=known[code])


async def _free_number(year: str) -> str:
    taken = {one["number"] for one in await Call.filter(number__startswith=year).values("number")}
    return next(number for n in range(1, 1000) if (number := year if n == 1 else f"{year}-{n}") not in taken)
