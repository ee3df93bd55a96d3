"""Verbs of whoever runs the portal: roles, details, entry; each told in the journal and by letter."""

from __future__ import annotations

from typing import Any

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import sessions
from portal.kit.errors import Forbidden, Invalid, Refusal
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.people.membership import service
from portal.people.membership.models import number_of_people, organisations, people
from portal.people.person.models import Organisation, Person
from portal.people.person.rules import why_not_hold
from portal.people.person.service import load
from portal.people.roles import Role
from tests import make


async def last(deed: str) -> JournalEntry:
    found = await JournalEntry.filter(deed=deed).order_by("-id").first()
    assert found is not None
    return found


async def test_roles_change_with_both_told_and_all_sessions_ended(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    administrator, person = await make.person(Role.ADMINISTRATOR), await make.person(Role.EDITOR, region=region)
    token = await sessions.open_session(person.id, "")
    await service.change_roles(person, [Role.SIGNATORY], why="Назначена подписантом", by=administrator)
    changed = await load(person.id)
    assert changed is not None
    assert changed.roles == {Role.SIGNATORY}
    assert await sessions.find(token) is None
    line = await last("membership.change_roles")
    assert (line.detail["before"], line.detail["after"]) == (["editor"], ["signatory"])
    (letter,) = await Letter.all()
    assert letter.address == person.email
    assert "Было: редактор региона. Стало: подписант." in letter.body
    assert "Назначена подписантом" in letter.body


@pytest.mark.parametrize("roles", [[], [Role.OFFICER], [Role.EDITOR], [Role.EDITOR, Role.REVIEWER]])
async def test_roles_that_do_not_go_together_or_change_nothing_are_refused(
    tx: TransactionalDBClient, roles: list[Role]
) -> None:
    person = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    with pytest.raises(Refusal):
        await service.change_roles(person, roles, why="Так", by=await make.person(Role.ADMINISTRATOR))
    assert not await Letter.exists()


def test_who_writes_for_a_region_does_not_review() -> None:
    assert why_not_hold({Role.EDITOR, Role.REVIEWER}, has_region=True) is not None
    assert why_not_hold({Role.COUNCIL, Role.REVIEWER}, has_region=False) is None


async def test_nobody_changes_her_own_roles_or_closes_her_own_entry(tx: TransactionalDBClient) -> None:
    administrator = await make.person(Role.ADMINISTRATOR)
    await make.person(Role.ADMINISTRATOR)
    with pytest.raises(Refusal):
        await service.change_roles(administrator, [Role.OFFICER], why="Сама", by=administrator)
    with pytest.raises(Refusal):
        await service.deactivate(administrator, why="Сама", by=administrator)


async def test_reason_is_asked_for(tx: TransactionalDBClient) -> None:
    person = await make.person(Role.REVIEWER)
    with pytest.raises(Invalid):
        await service.deactivate(person, why=" ", by=await make.person(Role.ADMINISTRATOR))


async def test_only_an_administrator_who_is_one_now_changes_anybody(tx: TransactionalDBClient) -> None:
    person, former = await make.person(Role.REVIEWER), await make.person(Role.ADMINISTRATOR)
    other = await make.person(Role.ADMINISTRATOR)
    await service.deactivate(former, why="Уволена", by=other)
    with pytest.raises(Forbidden):
        await service.deactivate(person, why="Успеть", by=former)
    assert await load(person.id) is not None


async def test_entry_closed_and_opened_again(tx: TransactionalDBClient) -> None:
    administrator, person = await make.person(Role.ADMINISTRATOR), await make.person(Role.REVIEWER)
    await service.deactivate(person, why="Уволена", by=administrator)
    assert await load(person.id) is None
    assert (await last("membership.deactivate")).detail["why"] == "Уволена"
    with pytest.raises(Refusal):
        await service.deactivate(person, why="Ещё раз", by=administrator)
    await service.reactivate(person, by=administrator)
    assert await load(person.id) is not None
    with pytest.raises(Refusal):
        await service.reactivate(person, by=administrator)
    assert await Letter.all().count() == 2


async def test_new_address_is_told_to_the_old_one_too(tx: TransactionalDBClient) -> None:
    administrator, person = await make.person(Role.ADMINISTRATOR), await make.person(Role.REVIEWER)
    token = await sessions.open_session(person.id, "")
    details: dict[str, Any] = {"name_ru": "Новая Фамилия", "name_en": "", "organisation": person.organisation}
    with pytest.raises(Invalid):
        await service.correct(person, **details, email="аdmin@region.ru", by=administrator)
    with pytest.raises(Refusal):
        await service.correct(person, **details, email=administrator.email, by=administrator)
    await service.correct(person, **details, email="New@Region.ru", by=administrator)
    assert await sessions.find(token) is None
    assert {letter.address for letter in await Letter.all()} == {person.email, "new@region.ru"}
    assert (await last("membership.correct")).detail["before"]["email"] == person.email


async def test_people_are_found_by_words_role_and_organisation(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    first = await make.person(Role.EDITOR, region=region, name="Анна 100%")
    await make.person(Role.OFFICER, name="Борис")
    await sessions.open_session(first.id, "")
    place = (await Organisation.get(id=first.organisation_id)).public_id
    for chosen, names in (
        ({}, ["Анна 100%", "Борис"]), ({"words": "АННА"}, ["Анна 100%"]), ({"words": "0%"}, ["Анна 100%"]),
        ({"words": "_"}, []), ({"role": "officer"}, ["Борис"]), ({"organisation": place}, ["Анна 100%"]),
    ):  # fmt: skip
        assert [one.name.ru for one in await people(**chosen, size=50)] == names
        assert await number_of_people(**chosen) == len(names)
    assert [one.name.ru for one in await people(offset=1, size=1)] == ["Борис"]
    assert [one.people for one in await organisations()] == [1, 1]
    assert (await Person.get(id=first.id)).public_id
