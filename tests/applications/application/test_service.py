"""Applications are begun, saved, signed, submitted and admitted, each deed with its line, its letter, its refusals."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from portal.applications.application import service
from portal.applications.application.models import Application, ApplicationVersion, titles
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.programme.rules import from_canonical
from portal.kit import clock, drafts
from portal.kit.drafts import Draft, Stale
from portal.kit.errors import Forbidden, NotFound, Refusal
from portal.kit.forms import Typed
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make

MILLISECOND = timedelta(milliseconds=1)


async def people() -> tuple[Person, Person]:
    """An editor and the signatory of Kamchatka."""
    region = await make.region(*make.KAMCHATKA)
    return await make.person(Role.EDITOR, region=region), await make.person(Role.SIGNATORY, region=region)


async def whole(call: Call | None = None) -> tuple[Application, Person, Person]:
    """An application without a mistake, its editor and its signatory."""
    editor, signatory = await people()
    application = await service.start(call or await make.call(), by=editor)
    return await make.written(application, editor), editor, signatory


async def deeds(application: Application) -> list[str]:
    rows = JournalEntry.filter(subject="Application", subject_id=application.id).order_by("id")
    return [row["deed"].removeprefix("application.") for row in await rows.values("deed")]


async def test_numbers_follow_one_another_and_a_region_has_one(tx: TransactionalDBClient) -> None:
    call = await make.call()
    editor, signatory = await people()
    first = await service.start(call, by=editor)
    second = await service.start(call, by=await make.person(Role.EDITOR, region=await make.region(*make.NOVGOROD)))
    assert (first.number, second.number) == (f"{call.number}-001", f"{call.number}-002")
    with pytest.raises(Refusal, match="already"):
        await service.start(call, by=signatory)
    with pytest.raises(Forbidden):
        await service.start(call, by=await make.person(Role.OFFICER))


@pytest.mark.parametrize(
    ("state", "from_opening"),
    [(CallState.DRAFT, 0 * MILLISECOND), (CallState.OPEN, -MILLISECOND), (CallState.OPEN, timedelta(days=2))],
)
async def test_nothing_begins_outside_the_call(
    tx: TransactionalDBClient, state: CallState, from_opening: timedelta
) -> None:
    call = await make.call(state=state)
    editor, _ = await people()
    with clock.frozen(call.opens_at + from_opening), pytest.raises(Refusal):
        await service.start(call, by=editor)


async def test_a_section_is_kept_as_typed_and_only_its_own_names(tx: TransactionalDBClient) -> None:
    editor, _ = await people()
    application = await service.start(await make.call(), by=editor)
    sent = {
        "lines-0-2027.foundation": " NaN ",
        "status": "accepted",
        "region_id": "1",
        "justification": "{{7*7}}\u202e",
    }
    draft = await service.save(application, "budget", sent, based_on=0, by=editor)
    assert draft.typed == {"lines-0-2027.foundation": " NaN ", "justification": "{{7*7}}\u202e"}
    with pytest.raises(NotFound):
        await service.save(application, "secrets", {}, based_on=0, by=editor)
    twice = Typed([("justification", "a"), ("justification", "b")])
    with pytest.raises(Refusal, match="twice"):
        await service.save(application, "budget", twice, based_on=1, by=editor)


async def test_a_stale_save_loses_neither_text(tx: TransactionalDBClient) -> None:
    editor, _ = await people()
    application = await service.start(await make.call(), by=editor)
    await service.save(application, "goal", {"goal": "мой"}, based_on=0, by=editor)
    with pytest.raises(Stale) as caught:
        await service.save(application, "goal", {"goal": "другой"}, based_on=0, by=editor)
    assert (caught.value.theirs.content["goal"], caught.value.mine["goal"]) == ("мой", "другой")
    assert (await drafts.latest(application))["goal"].version == 1


async def test_a_draft_is_kept_after_the_deadline_and_cannot_be_submitted(tx: TransactionalDBClient) -> None:
    application, editor, signatory = await whole()
    call = await Call.get(id=application.call_id)
    with clock.frozen(call.closes_at):
        await service.save(application, "goal", {"goal": "поздно"}, based_on=1, by=editor)
        for deed in (
            service.hand_over(application, by=editor),
            service.submit(application, by=signatory, at=clock.now()),
        ):
            with pytest.raises(Refusal, match="closed"):
                await deed


async def test_signing_there_and_back(tx: TransactionalDBClient) -> None:
    application, editor, signatory = await whole()
    await service.hand_over(application, by=editor)
    letters = await Letter.all()
    assert [letter.address for letter in letters] == [signatory.email]
    with pytest.raises(Refusal, match="waits for a signature"):
        await service.save(application, "goal", {"goal": "x"}, based_on=1, by=editor)
    with pytest.raises(Refusal):
        await service.hand_over(application, by=editor)
    await service.take_back(application, by=signatory)
    with pytest.raises(Refusal):
        await service.take_back(application, by=signatory)
    await service.save(application, "goal", {"goal": "x"}, based_on=1, by=editor)
    with pytest.raises(Refusal, match="to correct"):
        await service.hand_over(application, by=editor)


async def test_a_submission_is_a_frozen_version_with_its_hash_and_letters(tx: TransactionalDBClient) -> None:
    application, editor, signatory = await whole()
    at = clock.now()
    version = await service.submit(application, by=signatory, at=at)
    assert version.sha256 == hashlib.sha256(version.content.encode()).hexdigest()
    assert version.submitted_at == at
    assert (version.grant, version.cofinancing) == (Decimal(1_000_000), Decimal(300_000))
    assert from_canonical(version.content).passport.title.ru == "Шаг вперёд"
    assert (
        json.dumps(json.loads(version.content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        == version.content
    )
    assert await titles([application.id]) == {application.id: from_canonical(version.content).passport.title}
    letters = await Letter.all().order_by("id")
    assert [letter.address for letter in letters] == [editor.email, signatory.email]
    assert version.sha256 in letters[0].body
    assert f"/ru/applications/{application.number}/receipt" in letters[0].body
    assert (await Application.get(id=application.id)).state is ApplicationState.SUBMITTED
    assert (await deeds(application))[-1] == "submit"
    with pytest.raises(Refusal, match="already"):
        await service.submit(application, by=signatory, at=at)
    with pytest.raises(Refusal, match="does not change"):
        await service.save(application, "goal", {"goal": "x"}, based_on=1, by=editor)
    with pytest.raises(OperationalError):
        async with in_transaction():
            await ApplicationVersion.filter(id=version.id).update(content="{}")
    assert await Letter.all().count() == 2


@pytest.mark.parametrize(("after", "taken"), [(-MILLISECOND, True), (0 * MILLISECOND, False), (MILLISECOND, False)])
async def test_the_closing_instant_is_the_first_that_is_late(
    tx: TransactionalDBClient, after: timedelta, taken: bool
) -> None:
    application, _, signatory = await whole()
    at = (await Call.get(id=application.call_id)).closes_at + after
    if taken:
        assert (await service.submit(application, by=signatory, at=at)).submitted_at == at
    else:
        with pytest.raises(Refusal, match="closed"):
            await service.submit(application, by=signatory, at=at)
        assert await ApplicationVersion.all().count() == 0
        assert await Letter.all().count() == 0


async def test_an_unfinished_application_is_not_submitted(tx: TransactionalDBClient) -> None:
    application, editor, signatory = await whole()
    budget = make.texts(await Call.get(id=application.call_id))["budget"] | {"lines-0-2027.regional": "1"}
    await service.save(application, "budget", budget, based_on=1, by=editor)
    with pytest.raises(Refusal, match="to correct"):
        await service.submit(application, by=signatory, at=clock.now())


async def test_withdrawal_keeps_the_text(tx: TransactionalDBClient) -> None:
    application, _, signatory = await whole()
    await service.submit(application, by=signatory, at=clock.now())
    await service.withdraw(application, reason="Передумали", by=signatory)
    assert await ApplicationVersion.filter(application_id=application.id).count() == 1
    line = await JournalEntry.filter(subject="Application", subject_id=application.id).order_by("-id").first()
    assert line is not None
    assert line.detail["reason"] == "Передумали"
    with pytest.raises(Refusal):
        await service.withdraw(application, reason="x", by=signatory)


async def test_admission_after_the_deadline_with_letters(tx: TransactionalDBClient) -> None:
    application, editor, signatory = await whole()
    officer = await make.person(Role.OFFICER)
    await service.submit(application, by=signatory, at=clock.now())
    with pytest.raises(Refusal, match="after the call closes"):
        await service.admit(application, by=officer)
    with clock.frozen((await Call.get(id=application.call_id)).closes_at):
        await service.admit(application, by=officer)
        with pytest.raises(Refusal, match="already"):
            await service.reject(application, reason="нет", by=officer)
    letters = await Letter.all().order_by("-id").limit(2)
    assert {letter.address for letter in letters} == {editor.email, signatory.email}


async def test_refusal_of_admission_needs_a_reason_that_the_region_reads(tx: TransactionalDBClient) -> None:
    application, _, signatory = await whole()
    officer = await make.person(Role.OFFICER)
    await service.submit(application, by=signatory, at=clock.now())
    with clock.frozen((await Call.get(id=application.call_id)).closes_at):
        with pytest.raises(Refusal):
            await service.reject(application, reason=" ", by=officer)
        await service.reject(application, reason="Нет акта.", by=officer)
    found = await Application.get(id=application.id)
    assert (found.state, found.ineligible_because) == (ApplicationState.INELIGIBLE, "Нет акта.")
    letter = await Letter.all().order_by("-id").first()
    assert letter is not None
    assert "Нет акта." in letter.body


async def test_a_draft_exists_for_its_region_only(tx: TransactionalDBClient) -> None:
    application, editor, signatory = await whole()
    other = await make.person(Role.EDITOR, region=await make.region(*make.NOVGOROD))
    staff = [await make.person(role) for role in (Role.OFFICER, Role.COUNCIL, Role.BOARD, Role.AUDITOR)]
    strangers = [await make.person(Role.REVIEWER), await make.person(Role.ADMINISTRATOR), other]

    async def sees(person: Person) -> bool:
        is_listed = await Application.visible_to(person).filter(id=application.id).exists()
        assert is_listed == (await Application.of_number(application.number, person) is not None)
        return is_listed

    assert [await sees(one) for one in (editor, signatory)] == [True, True]
    assert not any([await sees(one) for one in (*staff, *strangers)])
    await service.submit(application, by=signatory, at=clock.now())
    assert all([await sees(one) for one in staff])
    assert not any([await sees(one) for one in strangers])


async def test_saving_makes_one_line_for_each_sitting(tx: TransactionalDBClient) -> None:
    editor, _ = await people()
    application = await service.start(await make.call(), by=editor)
    for version in range(3):
        await service.save(application, "goal", {"goal": f"{version}"}, based_on=version, by=editor)
    assert await deeds(application) == ["start", "save"]
    assert await Draft.filter(subject_id=application.id).count() == 3
