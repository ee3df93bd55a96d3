"""Who has an account is nobody's business: at every door the answer and its time are the same for all addresses."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Awaitable, Callable
from statistics import mean, variance

import httpx2
import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import clock
from portal.kit.mail import Letter
from portal.people.account import rules
from portal.people.account.models import RefusedSignIn, SecondFactor
from portal.people.invitation.models import Invitation
from portal.people.person.models import Membership, Organisation, Person
from portal.people.roles import Role
from tests import make
from tests.people.account.test_service import registered
from tests.people.invitation.test_service import REQUEST
from tests.visit import Visitor, visitor

pytestmark = pytest.mark.breaks_the_rules  # Its people have roles of every kind in one organisation.

ROUNDS = 500
STATUS = {"sign-in": 422, "password-reset": 303, "registration": 303, "invitations": 303}
Knock = Callable[[str], Awaitable[httpx2.Response]]


async def cast() -> dict[str, str]:
    """An e-mail of each kind, all as long as one another."""
    people = {kind: await registered(f"editor0{place}@region.ru") for place, kind in enumerate(
        ("existing", "disabled", "staff", "second factor"), 1)}  # fmt: skip
    await Person.filter(id=people["disabled"].id).update(is_active=False)
    await Membership.filter(person_id=people["staff"].id).delete()
    await Membership.create(person_id=people["staff"].id, role=Role.OFFICER)
    await SecondFactor.create(person_id=people["second factor"].id, sealed="x", last_step=0, since=clock.now())
    return {kind: one.email for kind, one in people.items()} | {"missing": "editor09@region.ru"}


async def knocking(door: str) -> Knock:
    """How one knocks at this door with an e-mail."""
    browser: Visitor = await visitor()
    typed: dict[str, str] = {}
    if door == "sign-in":
        typed = {"password": "неверный длинный пароль"}
    if door == "registration":
        typed = REQUEST
    if door == "invitations":
        officer = await make.person(Role.OFFICER)
        browser = await visitor(officer)
        place = (await Organisation.get(id=officer.organisation_id)).public_id
        typed = {"name_ru": "Анна", "language": "ru", "organisation": place}
    return lambda email: browser.send_form(f"/ru/{door}", {**typed, "email": email})


def shape(answer: httpx2.Response, email: str) -> tuple[object, ...]:
    """What can be seen of an answer: status, headers, length, text."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    body = re.sub(r"[0-9a-f]{64}", "", answer.text.replace(email, ""))
    return answer.status_code, headers, len(answer.content), body


@pytest.mark.parametrize("door", STATUS)
async def test_a2_answers_are_the_same_for_everyone(tx: TransactionalDBClient, door: str) -> None:
    people, knock = await cast(), await knocking(door)
    shapes = {kind: shape(await knock(email), email) for kind, email in people.items()}
    assert len({str(one) for one in shapes.values()}) == 1, shapes
    assert shapes["missing"][0] == STATUS[door]


async def test_a2_only_the_address_itself_is_told(tx: TransactionalDBClient) -> None:
    people, knock = await cast(), await knocking("invitations")
    for email in people.values():
        await knock(email)
        assert ("/join/" in (await Letter.get(address=email)).body) == (email == people["missing"])


def welch(one: list[float], other: list[float]) -> float:
    """Welch's t of two samples."""
    return abs(mean(one) - mean(other)) / (variance(one) / len(one) + variance(other) / len(other)) ** 0.5


@pytest.mark.soak
@pytest.mark.parametrize("door", STATUS)
async def test_a2_times_are_the_same(tx: TransactionalDBClient, monkeypatch: pytest.MonkeyPatch, door: str) -> None:
    """Every kind in every round, in an order drawn by lot; without its slowest tenth: stalls are the machine's."""
    monkeypatch.setattr(rules, "why_not_try", lambda *_: None)
    people, knock, lots = await cast(), await knocking(door), random.Random(2027)
    times: dict[str, list[float]] = {kind: [] for kind in people}
    for _ in range(ROUNDS):
        for kind in lots.sample(list(people), len(people)):
            begun = time.perf_counter()
            assert (await knock(people[kind])).status_code == STATUS[door]
            times[kind].append(time.perf_counter() - begun)
            await RefusedSignIn.all().delete()
            await Letter.all().delete()
            await Invitation.all().delete()
    kept = {kind: sorted(taken[10:])[: ROUNDS * 9 // 10] for kind, taken in times.items()}
    found = {kind: round(welch(kept[kind], kept["missing"]), 2) for kind in kept if kind != "missing"}
    print(door, found)  # noqa: T201
    assert max(found.values()) < 4.5, found
