"""What tests need to stand on: the smallest true call, people and region, made in the test's transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from portal.applications.call.models import Call, Criterion, RequiredIndicator
from portal.applications.call.states import CallState
from portal.directory.indicator.models import Direction, Indicator
from portal.directory.region.models import Region
from portal.kit import clock
from portal.people.models import Membership, Organisation, Person
from portal.people.roles import REGIONAL, Role

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_numbers = count(1)

KAMCHATKA = ("RU-KAM", "Камчатский край", "Kamchatka Krai", "Asia/Kamchatka")
NOVGOROD = ("RU-NGR", "Новгородская область", "Novgorod Oblast", "Europe/Moscow")


async def region(code: str, name_ru: str, name_en: str, timezone: str) -> Region:
    """The region, made once."""
    found, _ = await Region.get_or_create(
        code=code,
        defaults={
            "name_ru": name_ru,
            "short_ru": name_ru,
            "name_en": name_en,
            "kind": "krai",
            "district_code": "FEFD",
            "district_ru": "Дальневосточный",
            "district_en": "Far Eastern",
            "oktmo": "30000000",
            "timezone": timezone,
        },
    )
    return found


async def person(*roles: Role, region: Region | None = None, name: str = "") -> Person:
    """A person with these roles; regional ones speak for `region`."""
    number = next(_numbers)
    label = name or f"Человек {number}"
    if region is not None and frozenset(roles) & REGIONAL:
        organisation, _ = await Organisation.get_or_create(
            region=region, defaults={"name_ru": f"Министерство: {region.name_ru}"}
        )
    else:
        organisation, _ = await Organisation.get_or_create(name_ru="Фонд", region=None)
    made = await Person.create(
        email=f"person{number}@example.org", name_ru=label, name_en=f"Person {number}", organisation=organisation
    )
    for role in roles:
        await Membership.create(person=made, role=role)
    return await Person.get(id=made.id).prefetch_related("memberships", "organisation__region")


async def indicator(code: str = "SC-04", kind: str = "count", **values: Any) -> Indicator:
    """An indicator of the catalogue, made once."""
    found, _ = await Indicator.get_or_create(
        code=code,
        defaults={
            "position": next(_numbers),
            "group_ru": "Социальный контракт",
            "name_ru": f"Показатель {code}",
            "name_en": f"Indicator {code}",
            "kind": kind,
            "unit": "contracts" if kind == "count" else "percent",
            "okei": "642" if kind == "count" else "744",
            "desired": "up",
            "level": "output",
            "numerator_ru": "Числитель",
            "denominator_ru": "" if kind == "count" else "Знаменатель",
            "measured": "over the period",
            "frequency": "Q",
            "small_numbers": "protect",
            "status": "computed",
            "basis": "adapted",
            **values,
        },
    )
    return found


async def direction(code: str = "contract") -> Direction:
    """A direction of programmes, made once."""
    found, _ = await Direction.get_or_create(
        code=code, defaults={"name_ru": "Социальный контракт", "name_en": "Social contract", "position": 1}
    )
    return found


async def call(*, state: CallState = CallState.OPEN, at: datetime | None = None, **values: Any) -> Call:
    """A call of two criteria, two quarters and two required indicators, open from yesterday to tomorrow."""
    now = at or clock.now()
    fields: dict[str, Any] = {
        "number": f"20{27 + next(_numbers)}",
        "name_ru": "Учебный конкурс",
        "name_en": "Training competition",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=1),
        "fund": Decimal("20000000.00"),
        "places": 2,
        "grant_limit": Decimal("10000000.00"),
        "cofinancing_min": Decimal("20.00"),
        "readers": 2,
        "first_period": "2027Q1",
        "last_period": "2027Q2",
        "tie_breaks": ["criterion:K1", "cofinancing", "submitted"],
        "is_demo": True,
    }
    made = await Call.create(state=state, **{**fields, **values})
    levels = [{"mark": mark, "ru": f"Уровень {mark}", "en": f"Level {mark}"} for mark in (6, 3, 1)]
    for position, (code, weight) in enumerate((("K1", 60), ("K2", 40))):
        await Criterion.create(
            call=made, code=code, position=position, name_ru=f"Критерий {code}", weight=weight, levels=levels
        )
    for needed in (await indicator(), await indicator("SS-01", "share")):
        await RequiredIndicator.create(call=made, indicator=needed)
    await direction()
    return made
