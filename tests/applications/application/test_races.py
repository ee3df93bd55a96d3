"""Many at once: one application for a region, one submission with one number, one receipt and one set of letters."""

from __future__ import annotations

import asyncio

from portal.applications.application import service
from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.application.states import ApplicationState
from portal.kit import clock
from portal.kit.drafts import Draft, Stale
from portal.kit.errors import Refusal
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.visit import steady, visitor


async def test_i2_twenty_presses_make_one_submission_and_one_receipt(own_database: Database) -> None:
    region = await make.region(*make.KAMCHATKA)
    editor, signatory = await make.person(Role.EDITOR, region=region), await make.person(Role.SIGNATORY, region=region)
    application = await make.written(await service.start(await make.call(), by=editor), editor)
    browser = await visitor(signatory)
    address = f"/ru/applications/{application.number}"
    answers = await asyncio.gather(*(browser.send_form(f"{address}/submit") for _ in range(20)))
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, f"{address}/receipt")}
    assert await ApplicationVersion.all().count() == 1
    assert await Letter.all().count() == 2
    assert await JournalEntry.filter(deed="application.submit").count() == 1
    version = await ApplicationVersion.get()
    receipts = {steady((await browser.get(answer.headers["location"])).text) for answer in answers[:3]}
    assert len(receipts) == 1
    assert version.sha256 in receipts.pop()
    assert (await Application.get(id=application.id)).state is ApplicationState.SUBMITTED


async def test_numbers_are_unique_when_regions_begin_at_once(own_database: Database) -> None:
    call = await make.call()
    editors = []
    for place in range(8):
        region = await make.region(f"R-{place}", f"Край {place}", f"Krai {place}", "Europe/Moscow")
        editors += [await make.person(Role.EDITOR, region=region) for _ in range(2)]
    begun = await asyncio.gather(*(service.start(call, by=editor) for editor in editors), return_exceptions=True)
    numbers = sorted(one.number for one in begun if isinstance(one, Application))
    assert numbers == [f"{call.number}-{place:03d}" for place in range(1, 9)]
    assert all(isinstance(one, Application | Refusal) for one in begun)


async def test_of_simultaneous_saves_one_stands_and_the_others_get_both_texts(own_database: Database) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await service.start(await make.call(), by=editor)
    saves = [service.save(application, "goal", {"goal": f"{n}"}, based_on=0, by=editor) for n in range(8)]
    results = await asyncio.gather(*saves, return_exceptions=True)
    kept = [one for one in results if isinstance(one, Draft)]
    stale = [one for one in results if isinstance(one, Stale)]
    assert (len(kept), len(stale)) == (1, 7)
    assert {one.theirs.typed["goal"] for one in stale} == {kept[0].typed["goal"]}
    assert len({one.mine["goal"] for one in stale} | {kept[0].typed["goal"]}) == 8


async def test_a_save_and_a_submission_at_once_leave_one_truth(own_database: Database) -> None:
    region = await make.region(*make.KAMCHATKA)
    editor, signatory = await make.person(Role.EDITOR, region=region), await make.person(Role.SIGNATORY, region=region)
    application = await make.written(await service.start(await make.call(), by=editor), editor)
    title = {"title": "Другое имя"}
    passport = make.texts(application.call)["passport"] | title
    await asyncio.gather(
        service.submit(application, by=signatory, at=clock.now()),
        service.save(application, "passport", passport, based_on=1, by=editor),
        return_exceptions=True,
    )
    version = await ApplicationVersion.get(application_id=application.id)
    changed = await Draft.filter(subject_id=application.id, section="passport", version=2).exists()
    assert ("Другое имя" in version.content) is changed
