"""Calls are written, opened, closed and given places, each with its line in the journal."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.call import service
from portal.applications.call.models import Call, Criterion, PlacesDecision, RequiredIndicator
from portal.applications.call.states import CallState
from portal.kit import clock
from portal.kit.errors import Invalid, Refusal
from portal.kit.journal import JournalEntry
from portal.people.roles import Role
from tests import make

LEVELS = [{"mark": 1, "ru": "нет"}, {"mark": 6, "ru": "да", "en": "yes"}]


def conditions(**changed: Any) -> dict[str, Any]:
    """The values that an officer gives."""
    now = clock.now()
    return {
        "name_ru": "Конкурс",
        "opens_at": now,
        "closes_at": now + timedelta(days=9),
        "fund": Decimal("1000.00"),
        "grant_limit": Decimal("100.00"),
        "cofinancing_min": Decimal("20"),
        "first_period": "2031Q1",
        "last_period": "2031Q4",
        "criteria": [{"code": "K1", "name_ru": "Польза", "weight": Decimal(100), "levels": LEVELS}],
        "required": ["SC-04"],
        "tie_breaks": ["criterion:K1"],
        **changed,
    }


async def deeds(call: Call) -> list[str]:
    rows = await JournalEntry.filter(subject="Call", subject_id=call.id).order_by("id").values("deed")
    return [row["deed"] for row in rows]


async def test_a_call_is_written_with_its_parts_and_the_year_as_number(tx: TransactionalDBClient) -> None:
    await make.indicator()
    officer = await make.person(Role.OFFICER)
    call = await service.create(by=officer, **conditions())
    second = await service.create(by=officer, **conditions())
    assert (call.number, second.number, call.state, call.places) == ("2031", "2031-2", CallState.DRAFT, 20)
    criterion = await Criterion.get(call_id=call.id)
    assert [level["mark"] for level in criterion.levels] == [6, 1]
    assert await RequiredIndicator.filter(call_id=call.id).count() == 1
    assert await deeds(call) == ["call.create"]


async def test_a_wrong_or_unknown_value_writes_nothing(tx: TransactionalDBClient) -> None:
    await make.indicator()
    officer = await make.person(Role.OFFICER)
    with pytest.raises(Invalid):
        await service.create(by=officer, **conditions(places=0))
    with pytest.raises(TypeError, match="state"):
        await service.create(by=officer, **conditions(state="open"))
    await service.create(by=officer, **conditions(number="2040"))
    with pytest.raises(Refusal, match="number"):
        await service.create(by=officer, **conditions(number="2040"))
    assert await Call.all().count() == 1


async def test_a_draft_is_changed_opened_and_then_stands(tx: TransactionalDBClient) -> None:
    await make.indicator()
    officer = await make.person(Role.OFFICER)
    call = await service.create(by=officer, **conditions())
    halves = [{"code": code, "name_ru": code, "weight": Decimal(50), "levels": LEVELS} for code in ("A", "B")]
    call = await service.change(call, by=officer, criteria=halves, tie_breaks=["criterion:B"], places=5)
    assert call.places == 5
    assert await Criterion.filter(call_id=call.id).count() == 2
    opened = await service.open(call, by=officer)
    assert opened.state is CallState.OPEN
    for deed in (
        service.change(call, by=officer, places=9),
        service.open(call, by=officer),
        service.close(call, by=officer),
    ):
        with pytest.raises(Refusal):
            await deed
    with clock.frozen(call.closes_at):
        assert (await service.close(call, by=officer)).state is CallState.CLOSED
    assert await deeds(call) == ["call.create", "call.change", "call.open", "call.close"]


async def test_an_unfinished_call_does_not_open(tx: TransactionalDBClient) -> None:
    await make.indicator()
    officer = await make.person(Role.OFFICER)
    call = await service.create(by=officer, **conditions(required=[]))
    with pytest.raises(Refusal, match="indicator"):
        await service.open(call, by=officer)
    assert (await Call.get(id=call.id)).state is CallState.DRAFT


async def test_a_call_is_given_more_time_and_never_less(tx: TransactionalDBClient) -> None:
    officer, call = await make.person(Role.OFFICER), await make.call()
    before, now = call.closes_at, clock.now()
    for closes_at, reason in ((before, "Метель"), (now, "Метель"), (before + timedelta(hours=1), " ")):
        with pytest.raises(Refusal):
            await service.extend(call, closes_at=closes_at, reason=reason, by=officer)
    later = before + timedelta(hours=1)
    await service.extend(call, closes_at=later, reason="Метель: связи нет в трёх регионах", by=officer)
    assert (await Call.get(id=call.id)).closes_at == later
    line = await JournalEntry.get(deed="call.extend")
    assert "Метель" in str(line.detail)
    closed = await make.call(state=CallState.CLOSED)
    with pytest.raises(Refusal):
        await service.extend(closed, closes_at=later, reason="Метель", by=officer)


async def test_the_board_raises_places_with_a_dated_decision(tx: TransactionalDBClient) -> None:
    call, officer = await make.call(), await make.person(Role.OFFICER)
    today = clock.today()
    await service.raise_places(call, places=3, decided_on=today, document="Протокол № 7", by=officer)
    assert (await Call.get(id=call.id)).places == 3
    assert (await PlacesDecision.get(call_id=call.id)).document == "Протокол № 7"
    with pytest.raises(Refusal, match="only raise"):
        await service.raise_places(call, places=3, decided_on=today, document="x", by=officer)
    line = await JournalEntry.get(subject="Call", subject_id=call.id)
    assert (line.detail["places_before"], line.detail["places"]) == (2, 3)
