"""How sure the ranking is, on pages and in the database: computed apart, kept for good, told to the right ones."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from tortoise import connections
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.award import jobs, rules, service
from portal.applications.award.methods.advice import advise
from portal.applications.award.models import Certainty, Protocol, contest_of
from portal.applications.call.models import Call, Criterion
from portal.applications.call.states import CallState
from portal.applications.review import service as reviews
from portal.applications.review.models import Mark, Review
from portal.applications.review.states import ReviewState
from portal.directory.region.models import Region
from portal.kit import clock
from portal.kit.apart import apart
from portal.kit.i18n import speaking
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.visit import steady, visitor

PLACES = (
    make.KAMCHATKA,
    make.NOVGOROD,
    ("RU-OMS", "Омская область", "Omsk Oblast", "Asia/Omsk"),
    ("RU-TVE", "Тверская область", "Tver Oblast", "Europe/Moscow"),
)
MARKS = ((6, 5, None), (5, None, 4), (5, 4, 3), (None, 3, 2))
"""By application and reader; the third reader is severe, so that the second and third places change."""


@dataclass
class Scene:
    call: Call
    regions: list[Region]
    applications: list[Application]
    readers: list[Person]

    @property
    def address(self) -> str:
        return f"/ru/calls/{self.call.number}/ranking"

    async def page(self, role: Role, *, region: Region | None = None) -> Any:
        return await (await visitor(await make.person(role, region=region))).get(self.address)

    async def compute(self) -> None:
        await jobs.rank_call({"call": self.call.id})


@pytest.fixture
async def scene(tx: object) -> AsyncIterator[Scene]:
    with clock.frozen(make.NOW):
        call = await make.call(state=CallState.CLOSED, readers=2, places=2)
        readers = [await make.person(Role.REVIEWER, name=name) for name in ("Добрых", "Средних", "Строгих")]
        regions = [await make.region(*place) for place in PLACES]
        applications = []
        for region, marks in zip(regions, MARKS, strict=True):
            application = await make.eligible(region, of=call)
            for reader, mark in zip(readers, marks, strict=True):
                if mark:
                    await make.review(application, reader, K1=mark, K2=mark)
            applications.append(application)
        yield Scene(call, regions, applications, readers)


def reckoned(basis: dict[str, Any]) -> Any:
    """The advice as JSON holds it."""
    return json.loads(json.dumps(advise(basis)))


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The method is asked here, not in a process of its own, but where a test is about just that."""
    if "apart" not in request.node.name:

        async def here(_: str, task: dict[str, Any]) -> dict[str, Any]:
            return advise(task)

        monkeypatch.setattr(jobs, "apart", here)


async def test_the_method_is_computed_in_a_process_apart(scene: Scene) -> None:
    await scene.compute()
    stored = await Certainty.get()
    assert stored.result == reckoned(stored.basis)
    assert (stored.method, stored.seed) == ("expected-rank/1", 1)
    with pytest.raises(RuntimeError, match="fewer than two"):
        await apart("portal.applications.award.methods.advice", {**stored.basis, "scores": []})


def test_the_server_never_imports_what_computes() -> None:
    code = "import portal.app, portal.demo.story, sys; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_exact_ranking_is_shown_while_its_certainty_is_computed(scene: Scene) -> None:
    first = await scene.page(Role.COUNCIL)
    assert "пересчитывается" in first.text
    assert "5,5000" in first.text
    assert "Вероятное место" not in first.text
    await scene.compute()
    for role in (Role.OFFICER, Role.COUNCIL, Role.BOARD, Role.AUDITOR):
        page = await scene.page(role)
        assert page.status_code == 200
        for told in (
            "Вероятное место",
            "Насколько надёжны места",
            "только советует",
            "К черте",
            "Строгих",
            "альфа",
        ):
            assert told in page.text, told
        assert "пересчитывается" not in page.text
        assert " style=" not in page.text


async def test_certainty_follows_marks_and_keeps_what_was(scene: Scene) -> None:
    await scene.compute()
    await scene.compute()
    first = await Certainty.get()
    await Mark.filter(review__application=scene.applications[3]).update(value=5)
    assert "пересчитывается" in (await scene.page(Role.BOARD)).text
    await scene.compute()
    assert "пересчитывается" not in (await scene.page(Role.BOARD)).text
    assert await Certainty.all().count() == 2
    assert (await Certainty.get(id=first.id)).result == first.result
    for change in ("UPDATE certainty SET seed = 2", "DELETE FROM certainty"):
        with pytest.raises(OperationalError, match=r"permission denied|only ever added to"):
            async with in_transaction() as connection:
                await connection.execute_query(change)


async def test_i6_a_mark_changed_while_computing_is_computed_next(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result stands beside the basis that it was made of, and never beside another."""
    asked: list[dict[str, Any]] = []

    async def slow(_: str, task: dict[str, Any]) -> dict[str, Any]:
        asked.append(task)
        if len(asked) == 1:
            await Mark.filter(review__application=scene.applications[0]).update(value=2)
        return advise(task)

    monkeypatch.setattr(jobs, "apart", slow)
    await scene.compute()
    assert len(asked) == 2
    for stored in await Certainty.all():
        assert stored.result == reckoned(stored.basis)
        assert stored.basis_sha256 == rules.digest(stored.basis)
    assert "пересчитывается" not in (await scene.page(Role.COUNCIL)).text


async def test_i6_decision_keeps_what_was_known_when_it_was_made(scene: Scene) -> None:
    council = await make.person(Role.COUNCIL)
    choices = [{"application": one.number, "outcome": "declined", "reason": "Так."} for one in scene.applications]
    protocol = await service.recommend(scene.call, choices=choices, by=council)
    assert protocol.certainty_id is None
    await scene.compute()
    again = await service.recommend(scene.call, choices=choices, by=council, based_on=rules.edition(protocol))
    assert again.certainty_id == (await Certainty.get()).id
    await Mark.filter(review__application=scene.applications[3]).update(value=5)
    await scene.compute()
    assert (await Protocol.get()).certainty_id == again.certainty_id
    assert "хранится вместе" in (await scene.page(Role.BOARD)).text


@pytest.mark.parametrize("published", [False, True])
async def test_certainty_is_published_with_the_results_where_the_call_says_so(scene: Scene, published: bool) -> None:
    await Call.filter(id=scene.call.id).update(publishes_certainty=published)
    await scene.compute()
    council, officer = await make.person(Role.COUNCIL), await make.person(Role.OFFICER)
    outcomes = [("winner", Decimal(1000)), ("reserve", None), ("declined", None), ("declined", None)]
    choices = [
        {"application": one.number, "outcome": outcome, "amount": amount, "reason": "Так."}
        for one, (outcome, amount) in zip(scene.applications, outcomes, strict=True)
    ]
    await service.recommend(scene.call, choices=choices, by=council)
    await service.approve(scene.call, board_number="1", board_date=clock.today(), by=council)
    await service.announce(scene.call, by=officer)
    page = (await (await visitor()).get(f"/en/calls/{scene.call.number}/results")).text
    assert page.count("Likely places") == 4 * published, "two heads, and for each row its label on a phone"
    known = rules.known_of((await Certainty.get()).result)
    for application, is_told in zip(scene.applications, (True, True, False, False), strict=True):
        chance = f"chance {rules.chance_told(known[application.number].p_within)}"
        assert (chance in page) is (published and is_told), application.number
    assert not any(reader.name_ru in page for reader in scene.readers)


async def test_worker_is_asked_when_marks_change_and_by_the_clock(scene: Scene) -> None:
    async def waiting() -> int:
        found = await connections.get("default").execute_query_dict(
            "SELECT count(*) AS all FROM pgqueuer WHERE entrypoint = 'rank_call'"
        )
        return int(found[0]["all"])

    await jobs.rank_calls()
    assert await waiting() == 1
    await scene.compute()
    await connections.get("default").execute_query("DELETE FROM pgqueuer")
    await jobs.rank_calls()
    assert await waiting() == 0
    officer, review = await make.person(Role.OFFICER), await Review.all().order_by("id").first()
    assert review is not None
    await reviews.send_back(review, reason="Проверьте вторую оценку.", by=officer)
    assert await waiting() == 1


async def test_nothing_is_computed_before_the_call_closes_or_with_too_little(scene: Scene) -> None:
    rows = rules.ranking(await contest_of(scene.call), scene.call)
    assert rules.basis(rows, scene.call) is not None
    assert rules.basis(rows[:1], scene.call) is None
    await Call.filter(id=scene.call.id).update(state=CallState.OPEN)
    await scene.compute()
    assert not await Certainty.exists()
    assert "пересчитывается" not in (await scene.page(Role.COUNCIL)).text


@pytest.mark.breaks_the_rules  # What is changed is changed without its verb.
async def test_a_ranking_is_made_anew_as_soon_as_anything_that_it_stands_on_is_another(scene: Scene) -> None:
    async def ranked() -> tuple[rules.Row, ...]:
        call = await Call.get(id=scene.call.id)
        return rules.ranking(await contest_of(call), call)

    first = await ranked()
    assert await ranked() is first
    mark = await Mark.filter(value=2).first()
    assert mark is not None
    changes = (
        Mark.filter(id=mark.id).update(value=6),
        Review.filter(id=mark.review_id).update(state=ReviewState.RETURNED),
        Application.filter(id=first[0].contestant.id).update(state=ApplicationState.WITHDRAWN),
        Criterion.filter(call_id=scene.call.id, position=1).update(weight=1),
        Call.filter(id=scene.call.id).update(tie_breaks=["vote"]),
        Call.filter(id=scene.call.id).update(places=1),
    )
    for change in changes:
        assert await change == 1
        now = await ranked()
        assert now is not first
        assert await ranked() is now
        first = now


async def test_words_name_who_would_cross_the_line_and_whose_severity_it_is(scene: Scene) -> None:
    await scene.compute()
    rows = rules.ranking(await contest_of(scene.call), scene.call)
    result = (await Certainty.get()).result
    for one in result["standings"]:
        one["adjusted_mean"] = {rows[1].contestant.number: 4.0, rows[2].contestant.number: 4.4}.get(
            one["application"], one["mean"]
        )
    result["band"] = [rows[1].contestant.number, rows[2].contestant.number]
    for one in result["reviewers"]:
        one["interval_90"] = [0.2, 0.9] if one["reviewer"] == str(scene.readers[2].id) else [-0.5, 0.1]
    advice = rules.read(result, {one.id: one.name for one in scene.readers})
    with speaking("en"):
        down, up, why = (str(text) for text in rules.changes(rows, advice, 2))
        assert "goes from 4.50 to 4.00 and below the line" in down
        assert "rises from 4.00 to 4.40 and over the line" in up
        assert scene.readers[2].name_en in why
        assert "Places 2–3 cannot be told apart" in str(rules.band_told(rows, advice))
    assert {row.place for row in rules.worth_reading(rows, advice)} == {2, 3}


async def test_z5_z13_certainty_changes_nothing_that_others_can_see(scene: Scene) -> None:
    """Regions, reviewers and everybody read the same before and after, byte by byte; no letter is written."""
    people = [await make.person(Role.EDITOR, region=region) for region in scene.regions[:2]]
    browsers = [await visitor(one) for one in (*people, scene.readers[0], None)]
    paths = ["/ru/", "/ru/applications", "/ru/reviews", "/ru/calls", scene.address, scene.address[:-7] + "results"]
    paths += [f"/ru/applications/{one.number}" for one in scene.applications]

    async def seen() -> list[tuple[int, str]]:
        pages = [await browser.get(path) for browser in browsers for path in paths]
        return [(p.status_code, steady(p.text)) for p in pages]

    before = await seen()
    await scene.compute()
    assert await Certainty.exists()
    for mine, then in zip(before, await seen(), strict=True):
        assert mine == then
    for browser in browsers[:3]:
        assert (await browser.get(scene.address)).status_code == 403
