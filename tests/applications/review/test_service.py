"""Reviews on PostgreSQL: assigned, declared, marked, submitted, returned; each refused where it must be."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.award.models import Protocol
from portal.applications.award.states import ProtocolState
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.review import service
from portal.applications.review.models import Mark, Review
from portal.applications.review.service import Pair
from portal.applications.review.states import Conflict, ReviewState
from portal.kit import clock, drafts
from portal.kit.errors import Invalid, NotFound, Refusal
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.people.membership import service as membership
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make

FULL = {"mark.K1": "5", "comment.K1": "Ясно.", "mark.K2": "na", "comment.K2": "Не про это."}


@dataclass
class Scene:
    call: Call
    application: Application
    reader: Person
    officer: Person


@pytest.fixture
async def scene(tx: object) -> AsyncIterator[Scene]:
    with clock.frozen(make.NOW):
        call = await make.call(state=CallState.CLOSED)
        application = await make.eligible(await make.region(*make.KAMCHATKA), of=call)
        yield Scene(call, application, await make.person(Role.REVIEWER), await make.person(Role.OFFICER))


async def reading(scene: Scene) -> Review:
    review = await service.assign(scene.application, scene.reader, by=scene.officer)
    return await service.declare(review, conflict=False, by=scene.reader)


async def deeds() -> list[str]:
    lines = JournalEntry.filter(deed__startswith="review.").order_by("id")
    return [str(deed) for deed in await lines.values_list("deed", flat=True)]


async def test_assign_asks_by_letter_and_gives_four_weeks(scene: Scene) -> None:
    review = await service.assign(scene.application, scene.reader, by=scene.officer)
    assert review.state is ReviewState.ASSIGNED
    assert str(review.due_on) == "2026-12-18"
    assert await deeds() == ["review.assign"]
    letter = await Letter.get()
    assert letter.address == scene.reader.email
    assert scene.application.number in letter.body


async def test_assign_refuses_own_region_strangers_and_twice(scene: Scene) -> None:
    insider = await make.person(Role.REVIEWER)
    insider.organisation.region_id = scene.application.region_id
    for wrong in (insider, await make.person(Role.COUNCIL)):
        with pytest.raises(Refusal):
            await service.assign(scene.application, wrong, by=scene.officer)
    await service.assign(scene.application, scene.reader, by=scene.officer)
    with pytest.raises(Refusal):
        await service.assign(scene.application, scene.reader, by=scene.officer)
    await Application.filter(id=scene.application.id).update(state=ApplicationState.SUBMITTED)
    with pytest.raises(Refusal):
        await service.assign(scene.application, await make.person(Role.REVIEWER), by=scene.officer)
    assert await Review.all().count() == 1


async def test_arrange_adds_removes_and_writes_one_letter_to_each(scene: Scene) -> None:
    second = await make.eligible(await make.region(*make.NOVGOROD), of=scene.call)
    other = await make.person(Role.REVIEWER)
    await service.assign(scene.application, other, by=scene.officer)
    await Letter.all().delete()
    numbers = (scene.application.number, second.number)
    add, remove = [Pair(number, scene.reader.id) for number in numbers], [Pair(numbers[0], other.id)]
    await service.arrange(scene.call, add=add, remove=remove, by=scene.officer)
    assert await Review.filter(reviewer=scene.reader).count() == 2
    assert not await Review.filter(reviewer=other).exists()
    letter = await Letter.get()
    assert all(number in letter.body for number in numbers)


async def test_arrange_does_nothing_if_one_pair_is_wrong(scene: Scene) -> None:
    foreign = await make.eligible(await make.region(*make.NOVGOROD), of=await make.call(state=CallState.CLOSED))
    good = Pair(scene.application.number, scene.reader.id)
    for bad in (Pair(foreign.number, scene.reader.id), Pair(good.application, 10**9)):
        with pytest.raises(NotFound):
            await service.arrange(scene.call, add=[good, bad], remove=[], by=scene.officer)
    assert not await Review.exists()


async def test_a_reader_who_opened_the_text_is_not_removed(scene: Scene) -> None:
    await reading(scene)
    with pytest.raises(Refusal):
        await service.arrange(
            scene.call, add=[], remove=[Pair(scene.application.number, scene.reader.id)], by=scene.officer
        )
    assert await Review.exists()


async def test_declared_conflict_closes_the_review_for_ever(scene: Scene) -> None:
    review = await service.assign(scene.application, scene.reader, by=scene.officer)
    await service.declare(review, conflict=True, note="Готовил программу", by=scene.reader)
    found = await Review.get()
    assert (found.state, found.conflict) == (ReviewState.DECLINED, Conflict.YES)
    for deed in (
        service.declare(review, conflict=False, by=scene.reader),
        service.save(review, FULL, based_on=0, by=scene.reader),
        service.submit(review, by=scene.reader),
    ):
        with pytest.raises(Refusal):
            await deed
    assert (await JournalEntry.filter(deed="review.declare").get()).detail["why"] == "Готовил программу"


async def test_only_the_reader_herself_answers_saves_and_submits(scene: Scene) -> None:
    review, other = await reading(scene), await make.person(Role.REVIEWER)
    for deed in (
        service.declare(review, conflict=True, note="Нет", by=other),
        service.save(review, FULL, based_on=0, by=other),
        service.submit(review, by=scene.officer),
    ):
        with pytest.raises(NotFound):
            await deed


async def test_save_keeps_what_was_typed_and_nothing_else(scene: Scene) -> None:
    review = await reading(scene)
    draft = await service.save(
        review, {"mark.K1": "9", "comment.K1": "", "state": "submitted", "mark.K9": "6"}, based_on=0, by=scene.reader
    )
    assert draft.typed == {"mark.K1": "9", "comment.K1": ""}
    with pytest.raises(drafts.Stale):
        await service.save(review, FULL, based_on=0, by=scene.reader)
    assert (await service.save(review, FULL, based_on=1, by=scene.reader)).version == 2
    assert not await Mark.exists()


async def test_submit_writes_the_marks_once(scene: Scene) -> None:
    review = await reading(scene)
    with pytest.raises(Invalid) as refused:
        await service.submit(review, by=scene.reader)
    assert len(refused.value.problems) == 4
    await service.save(review, FULL, based_on=0, by=scene.reader)
    await service.submit(review, by=scene.reader)
    assert sorted(await Mark.all().values_list("criterion__code", "value")) == [("K1", 5), ("K2", None)]
    with pytest.raises(Refusal):
        await service.submit(review, by=scene.reader)
    with pytest.raises(Refusal):
        await service.save(review, FULL, based_on=1, by=scene.reader)
    line = await JournalEntry.filter(deed="review.submit").get()
    assert "marks" not in line.detail
    assert len(line.detail["sha256"]) == 64


async def test_a_returned_review_is_corrected_and_submitted_again(scene: Scene) -> None:
    review = await reading(scene)
    await service.save(review, FULL, based_on=0, by=scene.reader)
    await service.submit(review, by=scene.reader)
    with pytest.raises(Refusal):
        await service.send_back(review, reason=" ", by=scene.officer)
    await service.send_back(review, reason="Поясните оценку", by=scene.officer)
    assert not await Mark.exists()
    found = await Review.get()
    assert (found.state, found.returned_because, found.submitted_at) == (ReviewState.RETURNED, "Поясните оценку", None)
    assert "Поясните оценку" in (await Letter.all().order_by("-id"))[0].body
    await service.save(review, {**FULL, "mark.K1": "4"}, based_on=1, by=scene.reader)
    await service.submit(review, by=scene.reader)
    assert await Mark.filter(criterion__code="K1", value=4).exists()


async def test_reviews_stand_still_once_the_board_has_approved(scene: Scene) -> None:
    review = await reading(scene)
    await service.save(review, FULL, based_on=0, by=scene.reader)
    await service.submit(review, by=scene.reader)
    await Protocol.create(
        call=scene.call,
        state=ProtocolState.APPROVED,
        method="m",
        ranking={},
        ranking_sha256="0" * 64,
        recommended_at=make.NOW,
        recommended_by_name="Совет",
        board_number="1",
        board_date=make.NOW.date(),
        approved_at=make.NOW,
    )
    with pytest.raises(Refusal) as refused:
        await service.send_back(review, reason="Поздно", by=scene.officer)
    assert "Board has approved" in refused.value.reason.msgid
    assert await Mark.all().count() == 2


async def test_who_is_no_reviewer_any_more_keeps_no_open_review(tx: object) -> None:
    call = await make.call(state=CallState.CLOSED)
    officer, administrator = await make.person(Role.OFFICER), await make.person(Role.ADMINISTRATOR)
    reader = await make.person(Role.REVIEWER, Role.COUNCIL)
    places = (make.KAMCHATKA, make.NOVGOROD, ("RU-TA", "Татарстан", "Tatarstan", "Europe/Moscow"))
    unopened, opened, done = [await make.eligible(await make.region(*place), of=call) for place in places]
    await service.assign(unopened, reader, by=officer)
    reading = await service.declare(await service.assign(opened, reader, by=officer), conflict=False, by=reader)
    submitted = await make.review(done, reader, K1=5, K2=5)
    await membership.change_roles(reader, [Role.COUNCIL], why="Ушла из экспертов", by=administrator)
    assert not await Review.filter(application=unopened).exists()
    assert (await Review.get(id=reading.id)).state is ReviewState.DECLINED
    assert (await Review.get(id=submitted.id)).state is ReviewState.SUBMITTED
    told = JournalEntry.filter(deed="membership.change_roles", subject="Review")
    assert sorted(line.detail["application"] for line in await told) == sorted([unopened.number, opened.number])
    now = await Person.get(id=reader.id).prefetch_related("memberships")
    with pytest.raises(NotFound):
        await service.save(reading, {"mark.K1": "5"}, based_on=0, by=now)


async def test_whose_entry_is_closed_keeps_no_open_review_and_another_role_takes_none(tx: object) -> None:
    call, region = await make.call(state=CallState.CLOSED), await make.region(*make.KAMCHATKA)
    officer, administrator = await make.person(Role.OFFICER), await make.person(Role.ADMINISTRATOR)
    reader, application = await make.person(Role.REVIEWER, Role.COUNCIL), await make.eligible(region, of=call)
    await service.assign(application, reader, by=officer)
    await membership.change_roles(reader, [Role.REVIEWER], why="Только эксперт", by=administrator)
    assert await Review.filter(application=application).count() == 1
    await membership.deactivate(reader, why="Уволилась", by=administrator)
    assert await Review.filter(application=application).count() == 0
