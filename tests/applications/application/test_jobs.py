"""Reminders before a call closes: each once, to whoever has not submitted, in her language."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson
import pytest

from portal.applications.application import jobs, service
from portal.applications.application.models import Application, unsubmitted
from portal.applications.application.states import ApplicationState
from portal.applications.call import service as calls
from portal.applications.call.models import Call
from portal.kit import clock, db
from portal.kit.mail import Letter
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.visit import visitor

pytestmark = pytest.mark.breaks_the_rules  # Reports and applications are moved without their verbs.


async def letters(call: Call, **before: float) -> list[Letter]:
    """What was written by a turn at such a time before the call closes."""
    known = await Letter.all().values_list("id", flat=True)
    with clock.frozen(call.closes_at - timedelta(**before)):
        await jobs.remind_applicants()
    return await Letter.exclude(id__in=list(known)).order_by("id")


async def world(closes_in: timedelta = timedelta(days=20)) -> tuple[Call, Application]:
    now: datetime = clock.now()
    call = await make.call(closes_at=now + closes_in)
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    return call, await service.start(call, by=editor)


async def test_d8_who_has_not_submitted_is_reminded_three_times(tx: object) -> None:
    call, application = await world()
    signatory = await make.person(Role.SIGNATORY, region=await application.region)
    assert await letters(call, days=8) == []
    for before in ({"days": 6}, {"hours": 23}, {"minutes": 59}):
        written = await letters(call, **before)
        assert len(written) == 2
        assert signatory.email in {letter.address for letter in written}
        assert application.number in written[0].body
        assert "(МСК)" in written[0].body
        assert await letters(call, **before) == []
    assert await letters(call, minutes=0) == []
    assert await letters(call, minutes=-1) == []


async def test_d8_who_has_submitted_or_left_is_not_reminded(tx: object) -> None:
    call, application = await world()
    for state in (ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN):
        await Application.filter(id=application.id).update(state=state)
        assert await letters(call, hours=1) == []
    await Application.filter(id=application.id).update(state=ApplicationState.AWAITING)
    assert len(await letters(call, hours=1)) == 1


async def test_a_region_that_has_not_begun_is_told_once_a_week_before(tx: object) -> None:
    call, _ = await world()
    quiet = await make.person(Role.EDITOR, region=await make.region(*make.NOVGOROD))
    assert quiet.email in {letter.address for letter in await letters(call, days=6)}
    assert quiet.email not in {letter.address for letter in await letters(call, hours=23)}


async def test_a_deadline_that_moves_is_a_new_one(tx: object) -> None:
    call, _ = await world()
    assert len(await letters(call, hours=23)) == 1
    await Call.filter(id=call.id).update(closes_at=call.closes_at + timedelta(days=3))
    assert len(await letters(await Call.get(id=call.id), hours=23)) == 1


async def test_d8_officers_see_who_has_begun_and_not_submitted_but_no_text(tx: object) -> None:
    call, application = await world()
    await make.written(application, await Person.get(organisation__region_id=application.region_id))
    for role, sees in ((Role.OFFICER, True), (Role.AUDITOR, True), (Role.COUNCIL, False)):
        text = (await (await visitor(await make.person(role))).get(f"/ru/applications?call={call.number}")).text
        assert (application.number in text) is sees
        assert "Шаг вперёд" not in text
    await Application.filter(id=application.id).update(state=ApplicationState.SUBMITTED)
    assert await unsubmitted(call.number) == []


async def test_whoever_writes_or_has_submitted_is_told_of_more_time_in_her_own_zone(tx: object) -> None:
    call, application = await world()
    quiet = await make.person(Role.EDITOR, region=await make.region(*make.NOVGOROD))
    officer = await make.person(Role.OFFICER)
    later = call.closes_at.replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=3)
    await calls.extend(call, closes_at=later, reason="Метель: связи нет", by=officer)
    task = {"call": call.id, "before": call.closes_at.isoformat(), "now": later.isoformat(), "reason": "Метель"}
    for state in (ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN):
        await Application.filter(id=application.id).update(state=state)
        await jobs.tell_of_more_time(task)
        await jobs.tell_of_more_time(task)
    (letter,) = await Letter.all()
    assert letter.address != quiet.email
    assert "Метель" in letter.body
    assert application.number in letter.body
    assert "18:00\xa0(МСК)" in letter.body
    assert "03:00" in letter.body, "and in Kamchatka"
    (waiting,) = await db.rows("SELECT payload FROM pgqueuer WHERE entrypoint = 'tell_of_more_time'")
    assert orjson.loads(waiting["payload"])["reason"] == "Метель: связи нет"
