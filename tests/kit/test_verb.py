"""A verb: all or nothing, told in the journal, bounded in time, its constraints in words."""

import asyncio

import pytest
from tortoise.exceptions import IntegrityError

from portal.applications.call import states
from portal.applications.call.models import Call
from portal.kit import db, jobs, journal, lifecycle, verb
from portal.kit.errors import Refusal
from portal.kit.i18n import say, speaking
from portal.people.roles import Role
from tests import make


@pytest.fixture
async def officer(tx: object) -> make.Person:
    return await make.person(Role.OFFICER)


async def test_r1_deed_and_journal_stand_together(officer: make.Person) -> None:
    call = await make.call()

    @verb.verb
    async def rename() -> None:
        await Call.filter(id=call.id).update(name_ru="Новое имя")
        await journal.write(call, by=officer, before="Учебный конкурс", after="Новое имя")

    await rename()
    line = await journal.JournalEntry.get(subject="Call", subject_id=call.id)
    assert (line.deed, line.actor_name, line.subject_name) == ("test_verb.rename", officer.name_ru, call.number)
    assert line.detail == {"before": "Учебный конкурс", "after": "Новое имя"}


async def test_r1_failure_leaves_nothing(officer: make.Person) -> None:
    call = await make.call()

    @verb.verb
    async def fail() -> None:
        await Call.filter(id=call.id).update(name_ru="Никогда")
        await journal.write(call, by=officer)
        await jobs.enqueue("nothing", {})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await Call.get(id=call.id)).name_ru == "Учебный конкурс"
    assert not await journal.JournalEntry.filter(subject="Call").exists()


async def test_r1_untold_deed_is_a_fault(officer: make.Person) -> None:
    call = await make.call()

    @verb.verb
    async def silent() -> None:
        await Call.filter(id=call.id).update(name_ru="Тайком")

    with pytest.raises(RuntimeError, match="journal"):
        await silent()
    assert (await Call.get(id=call.id)).name_ru == "Учебный конкурс"


async def test_named_constraint_speaks(officer: make.Person) -> None:
    db.constraint("call_has_places", say("A call has at least one place."))
    call = await make.call()

    @verb.verb
    async def break_it() -> None:
        await journal.write(call, by=officer)
        await Call.filter(id=call.id).update(places=0)

    with pytest.raises(Refusal) as refusal, speaking("en"):
        await break_it()
    assert str(refusal.value.reason) == "A call has at least one place."


async def test_unnamed_constraint_is_a_fault(officer: make.Person) -> None:
    call = await make.call()

    @verb.verb
    async def break_it() -> None:
        await journal.write(call, by=officer)
        await Call.filter(id=call.id).update(fund=-1)

    with pytest.raises(IntegrityError):
        await break_it()


async def test_slow_verb_is_stopped(officer: make.Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "SECONDS", 0.05)
    call = await make.call()

    @verb.verb
    async def slow() -> None:
        await Call.filter(id=call.id).update(name_ru="Поздно")
        await asyncio.sleep(5)

    with pytest.raises(TimeoutError):
        await slow()
    assert (await Call.get(id=call.id)).name_ru == "Учебный конкурс"


async def test_step_is_taken_once(officer: make.Person) -> None:
    call = await make.call(state=states.CallState.DRAFT)
    again = await Call.get(id=call.id)

    @verb.verb
    async def open_it(record: Call) -> None:
        await lifecycle.take(states.OPEN, record, by=officer)

    await open_it(call)
    assert call.state is states.CallState.OPEN
    with pytest.raises(Refusal):
        await open_it(again)
    assert again.state is states.CallState.DRAFT
    assert await journal.JournalEntry.filter(subject="Call", subject_id=call.id).count() == 1
