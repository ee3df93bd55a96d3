"""Verbs of invitations: asked in by letter, asked for and approved, accepted once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import clock, sessions
from portal.kit.errors import Invalid, Refusal
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.people.account.service import Browser, sign_in
from portal.people.invitation import service
from portal.people.invitation.jobs import clean_requests
from portal.people.invitation.models import KEPT, LIFE, Invitation
from portal.people.invitation.rules import roles_to_give, why_not_invite
from portal.people.invitation.states import InvitationState
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make

PASSWORD = "вполне длинный пароль"
NEW = "new@region.ru"
REQUEST = {
    "region": "RU-KAM", "organisation": "Министерство", "position": "Начальник отдела", "name_ru": "Иванова Анна",
    "email": NEW, "role": "editor", "language": "ru",
}  # fmt: skip


async def invited(*roles: Role, by: Person | None = None, email: str = NEW) -> tuple[Invitation, str]:
    """An invitation to these roles, and the token of its link."""
    region = await make.region(*make.KAMCHATKA)
    inviter = by or await make.person(Role.ADMINISTRATOR)
    place = (await make.person(Role.SIGNATORY, region=region)).organisation
    invitation = await service.invite(
        email=email, name_ru="Анна", organisation=place, roles=roles or {Role.EDITOR}, by=inviter
    )
    return invitation, await token_of()


async def token_of() -> str:
    """The token in the newest letter."""
    letter = await Letter.all().order_by("-id").first()
    assert letter is not None
    assert letter.secret
    found = re.search(r"/join/([\w-]{40,})", letter.body)
    assert found is not None
    return found[1]


async def accepted(token: str) -> Person:
    person, _ = await service.accept(token, PASSWORD, Browser())
    return person


async def test_whoever_accepts_has_the_roles_and_is_signed_in(tx: TransactionalDBClient) -> None:
    invitation, token = await invited(Role.EDITOR, Role.SIGNATORY)
    person, session = await service.accept(token, PASSWORD, Browser(device="tests"))
    assert (person.email, person.roles) == (NEW, {Role.EDITOR, Role.SIGNATORY})
    assert person.region is not None
    assert await sessions.find(session) is not None
    assert await sign_in(NEW, PASSWORD, Browser()) is not None
    await invitation.refresh_from_db()
    assert (invitation.state, invitation.person_id) == (InvitationState.ACCEPTED, person.id)
    deeds = [entry.deed for entry in await JournalEntry.all().order_by("id")]
    assert deeds[:4] == ["invitation.invite", "account.register", "invitation.accept", "account.enter"]


async def test_letter_says_who_invites_to_what(tx: TransactionalDBClient) -> None:
    await invited()
    (letter,) = await Letter.all()
    assert letter.address == NEW
    missing = [word for word in ("Человек", "Фонд", "редактор региона", "семи дней") if word not in letter.body]
    assert not missing, letter.body


async def test_weak_password_leaves_the_link_good(tx: TransactionalDBClient) -> None:
    _, token = await invited()
    with pytest.raises(Invalid):
        await service.accept(token, "12345", Browser())
    assert (await accepted(token)).email == NEW


async def test_link_is_dead_after_seven_days_until_sent_again(tx: TransactionalDBClient) -> None:
    invitation, token = await invited()
    with clock.frozen(clock.now() + LIFE + timedelta(seconds=1)):
        with pytest.raises(Refusal) as told:
            await accepted(token)
        assert told.value.status == 410
        await service.send_again(invitation, by=await make.person(Role.ADMINISTRATOR))
        assert (await accepted(await token_of())).email == NEW


async def test_old_link_is_dead_when_another_letter_has_gone(tx: TransactionalDBClient) -> None:
    invitation, token = await invited()
    await service.send_again(invitation, by=await make.person(Role.ADMINISTRATOR))
    with pytest.raises(Refusal):
        await accepted(token)


async def test_nobody_is_invited_to_what_is_not_the_inviters(tx: TransactionalDBClient) -> None:
    home, elsewhere = await make.region(*make.KAMCHATKA), await make.region(*make.NOVGOROD)
    officer, signatory = await make.person(Role.OFFICER), await make.person(Role.SIGNATORY, region=home)
    editor = await make.person(Role.EDITOR, region=home)
    assert roles_to_give(officer.roles) == [Role.REVIEWER]
    assert roles_to_give(editor.roles) == []
    assert why_not_invite(officer, {Role.REVIEWER}, region_id=None) is None
    assert why_not_invite(signatory, {Role.EDITOR}, region_id=home.id) is None
    assert why_not_invite(officer, {Role.EDITOR}, region_id=home.id) is not None
    assert why_not_invite(officer, {Role.EDITOR}, region_id=home.id, was_asked=True) is None
    assert why_not_invite(officer, {Role.ADMINISTRATOR}, region_id=None, was_asked=True) is not None
    assert why_not_invite(signatory, {Role.EDITOR}, region_id=elsewhere.id) is not None
    assert why_not_invite(signatory, {Role.SIGNATORY}, region_id=home.id) is not None
    assert why_not_invite(signatory, {Role.EDITOR}, region_id=home.id, was_asked=True) is None
    assert why_not_invite(editor, {Role.EDITOR}, region_id=home.id) is not None


async def test_request_waits_is_approved_and_accepted(tx: TransactionalDBClient) -> None:
    await make.region(*make.KAMCHATKA)
    await service.receive(REQUEST)
    await service.receive(REQUEST)
    (request,) = await Invitation.all()
    assert (request.state, request.position) == (InvitationState.ASKED, "Начальник отдела")
    officer, region = await make.person(Role.OFFICER), await make.region(*make.KAMCHATKA)
    elsewhere = await make.person(Role.EDITOR, region=await make.region(*make.NOVGOROD))
    with pytest.raises(Refusal):
        await service.approve(request, elsewhere.organisation, by=officer)
    place = (await make.person(Role.SIGNATORY, region=region)).organisation
    await service.approve(request, place, by=officer)
    person = await accepted(await token_of())
    assert (person.roles, person.region_id) == ({Role.EDITOR}, region.id)
    with pytest.raises(Refusal):
        await service.approve(request, place, by=officer)


async def test_declined_request_is_told_why_and_stays_declined(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    await service.receive(REQUEST)
    request, officer = await Invitation.get(), await make.person(Role.OFFICER)
    with pytest.raises(Refusal):
        await service.decline(request, reason="Нет", by=await make.person(Role.SIGNATORY, region=region))
    await service.decline(request, reason="В министерстве такой сотрудницы нет", by=officer)
    (letter,) = await Letter.all()
    assert letter.address == NEW
    assert "такой сотрудницы нет" in letter.body
    with pytest.raises(Refusal):
        await service.decline(request, reason="Ещё раз", by=officer)


async def test_request_with_an_address_that_has_an_account_becomes_a_letter_to_it(tx: TransactionalDBClient) -> None:
    await make.region(*make.KAMCHATKA)
    person = await make.person(Role.OFFICER)
    await service.receive({**REQUEST, "email": person.email})
    assert not await Invitation.exists()
    (letter,) = await Letter.all()
    assert letter.address == person.email
    assert "уже есть учётная запись" in letter.body


async def test_each_sees_only_the_invitations_that_are_hers(tx: TransactionalDBClient) -> None:
    home, elsewhere = await make.region(*make.KAMCHATKA), await make.region(*make.NOVGOROD)
    officer = await make.person(Role.OFFICER)
    mine, _ = await invited()
    await service.receive({**REQUEST, "email": "asked@region.ru"})
    for person, seen in (
        (await make.person(Role.ADMINISTRATOR), 2), (officer, 1), (await make.person(Role.SIGNATORY, region=home), 1),
        (await make.person(Role.SIGNATORY, region=elsewhere), 0), (await make.person(Role.EDITOR, region=home), 0),
    ):  # fmt: skip
        assert await Invitation.visible_to(person).count() == seen
    assert mine.id


async def test_p1_who_did_not_become_a_member_is_forgotten_after_the_stated_time(tx: TransactionalDBClient) -> None:
    await make.region(*make.KAMCHATKA)
    officer = await make.person(Role.OFFICER)
    for address in ("asked@region.ru", "declined@region.ru"):
        await service.receive({**REQUEST, "email": address})
    await service.decline(await Invitation.get(email="declined@region.ru"), reason="Не из региона", by=officer)
    _, token = await invited(email="joined@region.ru")
    await accepted(token)
    await invited(email="never@region.ru")
    asked = (await Invitation.get(email="asked@region.ru")).asked_at
    assert asked is not None
    with clock.frozen(asked + KEPT - timedelta(minutes=1)):
        assert await clean_requests() is None
    with clock.frozen(clock.now() + KEPT + timedelta(minutes=1)):
        assert await clean_requests() == {"requests": 3}
    assert [one.email for one in await Invitation.all()] == ["joined@region.ru"]
