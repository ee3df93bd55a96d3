"""The decision on PostgreSQL: recommended, approved, announced; races, constraints and what is told to whom."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from portal.applications import published
from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.award import rules, service
from portal.applications.award.models import Award, Protocol
from portal.applications.award.states import Outcome, ProtocolState
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.review.models import Mark
from portal.kit import clock
from portal.kit.db import reason_of
from portal.kit.errors import Invalid, Refusal
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.conftest import Database

OMSK = ("RU-OMS", "Омская область", "Omsk Oblast", "Asia/Omsk")
BOARD: dict[str, Any] = {"board_number": "7-у", "board_date": make.NOW.date()}


@dataclass
class Scene:
    call: Call
    applications: list[Application]
    council: Person
    board: Person
    officer: Person

    def choices(self, *outcomes: str, amount: str = "1000000.00", reason: str = "") -> list[dict[str, Any]]:
        return [
            {
                "application": application.number,
                "outcome": outcome,
                "amount": Decimal(amount) if outcome == "winner" else None,
                "reason": reason,
            }
            for application, outcome in zip(self.applications, outcomes, strict=True)
        ]


async def set_up() -> Scene:
    call = await make.call(state=CallState.CLOSED, readers=1)
    applications, reader = [], await make.person(Role.REVIEWER)
    for place, mark in zip((make.KAMCHATKA, make.NOVGOROD, OMSK), (6, 5, 4), strict=True):
        application = await make.eligible(await make.region(*place), of=call)
        await make.review(application, reader, K1=mark, K2=mark)
        applications.append(application)
    people = [await make.person(role) for role in (Role.COUNCIL, Role.BOARD, Role.OFFICER)]
    return Scene(call, applications, *people)


@pytest.fixture
async def scene(tx: object) -> AsyncIterator[Scene]:
    with clock.frozen(make.NOW):
        yield await set_up()


async def approved(scene: Scene, *outcomes: str) -> Protocol:
    await service.recommend(scene.call, choices=scene.choices(*outcomes), by=scene.council)
    return await service.approve(scene.call, **BOARD, by=scene.board)


async def test_recommendation_keeps_the_ranking_and_its_hash(scene: Scene) -> None:
    await service.recommend(scene.call, choices=scene.choices("winner", "winner", "reserve"), by=scene.council)
    protocol = await Protocol.get()
    assert protocol.state is ProtocolState.RECOMMENDED
    assert rules.digest(protocol.ranking) == protocol.ranking_sha256
    awards = await Award.all().order_by("place").values_list("place", "score", "outcome", "amount")
    assert awards == [
        (1, "6", Outcome.WINNER, Decimal("1000000.00")),
        (2, "5", Outcome.WINNER, Decimal("1000000.00")),
        (3, "4", Outcome.RESERVE, None),
    ]
    line = await JournalEntry.filter(deed="award.recommend").get()
    assert line.detail == {"ranking": protocol.ranking_sha256, "winners": 2, "sum": "2000000.00"}


async def test_wrong_recommendation_is_refused_whole(scene: Scene) -> None:
    with pytest.raises(Invalid) as refused:
        await service.recommend(scene.call, choices=scene.choices(*["winner"] * 3), by=scene.council)
    assert [problem.field for problem in refused.value.problems] == ["places"]
    with pytest.raises(Invalid):
        await service.recommend(scene.call, choices=scene.choices("winner", "declined", "winner"), by=scene.council)
    await Mark.filter(review__application=scene.applications[2]).update(value=None)
    with pytest.raises(Refusal):
        await service.recommend(scene.call, choices=scene.choices("winner", "winner", "declined"), by=scene.council)
    assert not await Protocol.exists()
    assert not await Award.exists()


async def test_a_recommendation_is_changed_only_by_who_has_seen_it(scene: Scene) -> None:
    first = await service.recommend(scene.call, choices=scene.choices("winner", "winner", "declined"), by=scene.council)
    again = scene.choices("winner", "declined", "declined")
    with pytest.raises(Refusal):
        await service.recommend(scene.call, choices=again, by=scene.council)
    seen = rules.edition(await Protocol.get(id=first.id))
    with clock.frozen(make.NOW.replace(hour=10)):
        await service.recommend(scene.call, choices=again, by=scene.council, based_on=seen)
    assert await Award.filter(outcome=Outcome.WINNER).count() == 1
    assert await Award.all().count() == 3
    assert (await JournalEntry.filter(deed="award.recommend")).__len__() == 2


async def test_board_does_not_approve_what_has_changed_since(scene: Scene) -> None:
    await service.recommend(scene.call, choices=scene.choices("winner", "winner", "declined"), by=scene.council)
    await Mark.filter(review__application=scene.applications[2], criterion__code="K1").update(value=6)
    with pytest.raises(Refusal) as refused:
        await service.approve(scene.call, **BOARD, by=scene.board)
    assert "changed since" in refused.value.reason.msgid
    await Mark.filter(review__application=scene.applications[2], criterion__code="K1").update(value=4)
    await Application.filter(id=scene.applications[1].id).update(state=ApplicationState.WITHDRAWN)
    with pytest.raises(Refusal):
        await service.approve(scene.call, **BOARD, by=scene.board)
    await Application.filter(id=scene.applications[1].id).update(state=ApplicationState.ELIGIBLE)
    protocol = await service.approve(scene.call, **BOARD, by=scene.board)
    assert (protocol.state, protocol.board_number) == (ProtocolState.APPROVED, "7-у")
    with pytest.raises(Refusal):
        await service.approve(scene.call, **BOARD, by=scene.board)
    with pytest.raises(Refusal):
        await service.recommend(
            scene.call, choices=scene.choices("winner", "winner", "declined"), by=scene.council,
            based_on=rules.edition(protocol),
        )  # fmt: skip


async def test_nothing_is_announced_before_the_approval(scene: Scene) -> None:
    await service.recommend(scene.call, choices=scene.choices("winner", "winner", "declined"), by=scene.council)
    with pytest.raises(Refusal):
        await service.announce(scene.call, by=scene.officer)
    assert await published.results(scene.call.number) is None
    assert not await Letter.exists()


async def test_announcement_moves_all_at_one_instant_with_letters_of_one_shape(scene: Scene) -> None:
    await approved(scene, "winner", "reserve", "declined")
    assert await published.results(scene.call.number) is None
    await service.announce(scene.call, by=scene.officer)
    states = [(await Application.get(id=application.id)).state for application in scene.applications]
    assert states == [ApplicationState.AWARDED, ApplicationState.RESERVE, ApplicationState.DECLINED]
    assert (await Call.get(id=scene.call.id)).state is CallState.DECIDED
    letters = await Letter.all()
    assert len(letters) == 3
    assert len({letter.subject for letter in letters}) == 1
    assert {letter.body.count("\n\n") for letter in letters} == {3}
    found = await published.results(scene.call.number)
    assert found is not None
    assert (found.considered, found.total) == (3, Decimal("1000000.00"))
    assert [(result.region_code, result.outcome) for result in found.results] == [
        ("RU-KAM", "winner"), ("RU-NGR", "reserve"),
    ]  # fmt: skip
    with pytest.raises(Refusal):
        await service.announce(scene.call, by=scene.officer)


async def test_an_application_withdrawn_after_the_approval_stays_withdrawn(scene: Scene) -> None:
    await approved(scene, "winner", "winner", "declined")
    await Application.filter(id=scene.applications[1].id).update(state=ApplicationState.WITHDRAWN)
    await service.announce(scene.call, by=scene.officer)
    assert (await Application.get(id=scene.applications[1].id)).state is ApplicationState.WITHDRAWN
    found = await published.results(scene.call.number)
    assert found is not None
    assert len(found.results) == 1


async def test_the_database_refuses_more_winners_than_places(scene: Scene) -> None:
    await service.recommend(scene.call, choices=scene.choices("winner", "winner", "declined"), by=scene.council)
    with pytest.raises(IntegrityError) as refused:
        async with in_transaction():
            await Award.filter(outcome=Outcome.DECLINED).update(outcome=Outcome.WINNER, amount=1)
    assert "winners than places" in getattr(reason_of(refused.value), "msgid", "")


async def test_i6_of_two_recommendations_at_once_one_stands(own_database: Database) -> None:
    scene = await set_up()
    other = await make.person(Role.COUNCIL)
    done = await asyncio.gather(
        service.recommend(scene.call, choices=scene.choices("winner", "winner", "declined"), by=scene.council),
        service.recommend(scene.call, choices=scene.choices("winner", "reserve", "declined"), by=other),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in done) == ["Protocol", "Refusal"]
    protocol = await Protocol.get()
    winners = await Award.filter(protocol=protocol, outcome=Outcome.WINNER).count()
    assert winners == (2 if protocol.recommended_by_name == scene.council.name_ru else 1)
    assert await Award.all().count() == 3


async def test_i6_of_two_announcements_at_once_one_is_heard(own_database: Database) -> None:
    scene = await set_up()
    await service.recommend(scene.call, choices=scene.choices("winner", "winner", "declined"), by=scene.council)
    await service.approve(scene.call, **BOARD, by=scene.board)
    done = await asyncio.gather(
        *(service.announce(scene.call, by=scene.officer) for _ in range(3)), return_exceptions=True
    )  # fmt: skip
    assert sorted(type(answer).__name__ for answer in done) == ["Protocol", "Refusal", "Refusal"]
    assert await Letter.all().count() == 3
