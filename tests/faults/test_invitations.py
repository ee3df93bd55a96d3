"""Invitations taken by others, used twice, outliving their inviter; rights that must end at once; forged fields."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import clock
from portal.kit.errors import Refusal
from portal.kit.mail import Letter
from portal.kit.numbers import Unreadable
from portal.kit.sessions import CONFIRMED, Session
from portal.people.account import rules as account_rules
from portal.people.account.models import Purpose
from portal.people.account.service import hashing, tickets
from portal.people.invitation import service
from portal.people.invitation.models import Invitation
from portal.people.invitation.states import InvitationState
from portal.people.membership import service as memberships
from portal.people.person.models import Membership, Organisation, Person
from portal.people.person.rules import canonical_email
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.people.invitation.test_service import NEW, PASSWORD, REQUEST, accepted, invited, token_of
from tests.visit import visitor


async def dead(token: str) -> bool:
    try:
        await accepted(token)
    except Refusal as refusal:
        return refusal.status == 410
    return False


async def test_z10_of_two_who_accept_at_once_one_succeeds(own_database: Database) -> None:
    _, token = await invited()
    answers = await asyncio.gather(*(accepted(token) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, Person) for one in answers) == 1
    assert [one.status for one in answers if isinstance(one, Refusal)] == [410] * 3
    assert await Person.filter(email=NEW).count() == 1


async def test_z10_anothers_invitation_is_not_taken_by_whoever_is_signed_in(tx: TransactionalDBClient) -> None:
    invitation, token = await invited(Role.SIGNATORY)
    stranger = await make.person(Role.REVIEWER)
    browser = await visitor(stranger)
    assert "для другого человека" in (await browser.get(f"/ru/join/{token}")).text
    answer = await browser.send_form(f"/ru/join/{token}", {"password": PASSWORD})
    assert answer.status_code == 409
    await invitation.refresh_from_db()
    assert invitation.state is InvitationState.SENT
    assert await Membership.filter(person=stranger).values_list("role", flat=True) == [Role.REVIEWER]


async def test_z10_link_is_read_by_scanners_used_once_and_gives_its_own_address_only(
    tx: TransactionalDBClient,
) -> None:
    _, token = await invited()
    browser = await visitor()
    for _ in range(3):
        assert (await browser.get(f"/ru/join/{token}")).status_code == 200
    forged = {"email": "evil@region.ru", "roles": "administrator", "role": "administrator", "is_active": "yes",
              "organisation": "1", "state": "sent", "name_ru": "Другая"}  # fmt: skip
    answer = await browser.send_form(f"/ru/join/{token}", {"password": PASSWORD, **forged})
    assert answer.status_code == 303
    person = await Person.get(email=NEW).prefetch_related("memberships")
    assert (person.roles, person.name_ru) == ({Role.EDITOR}, "Анна")
    assert not await Person.filter(email="evil@region.ru").exists()
    again = await visitor()
    assert (await again.get(f"/ru/join/{token}")).status_code == 410
    assert (await again.send_form(f"/ru/join/{token}", {"password": PASSWORD})).status_code == 410


async def test_z10_withdrawn_is_not_revived(tx: TransactionalDBClient) -> None:
    administrator = await make.person(Role.ADMINISTRATOR)
    invitation, token = await invited(by=administrator)
    await service.withdraw(invitation, by=administrator)
    assert await dead(token)
    for verb in (service.send_again, service.withdraw):
        with pytest.raises(Refusal):
            await verb(invitation, by=administrator)
    assert await dead(token)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SIGNATORY])
async def test_z11_invitation_dies_with_the_right_of_whoever_invited(tx: TransactionalDBClient, role: Role) -> None:
    region = await make.region(*make.KAMCHATKA)
    inviter = await make.person(role, region=region)
    _, token = await invited(by=inviter)
    await memberships.deactivate(inviter, why="Уволена", by=await make.person(Role.ADMINISTRATOR))
    assert await dead(token)


async def test_z11_editor_removed_from_the_region_loses_everything_at_once(tx: TransactionalDBClient) -> None:
    home, elsewhere = await make.region(*make.KAMCHATKA), await make.region(*make.NOVGOROD)
    call, editor = await make.call(), await make.person(Role.EDITOR, region=home)
    application = await make.eligible(home, of=call)
    foreign = (await make.person(Role.EDITOR, region=elsewhere)).organisation
    browser, ticket = await visitor(editor), await tickets.issue(editor, Purpose.RESET)
    page = f"/ru/applications/{application.number}"
    assert (await browser.get(page)).status_code == 200
    await memberships.correct(
        editor, name_ru=editor.name_ru, name_en="", email=editor.email, organisation=foreign,
        by=await make.person(Role.ADMINISTRATOR),
    )  # fmt: skip
    for answer in (await browser.get(page), await browser.send_form(f"{page}/hand-over")):
        assert "/sign-in" in answer.headers["location"]
    assert await tickets.holder(ticket, Purpose.RESET) is None
    assert (await (await visitor(editor)).get(page)).status_code == 404
    assert [one.id for one in await Person.speaking_for(home.id)] != [editor.id]
    await application.refresh_from_db()
    assert application.region_id == home.id


async def test_z11_reviewer_without_the_role_reads_nothing_in_an_open_tab(tx: TransactionalDBClient) -> None:
    region, reviewer = await make.region(*make.KAMCHATKA), await make.person(Role.REVIEWER)
    review = await make.review(await make.eligible(region, of=await make.call()), reviewer, K1=6, K2=6)
    browser = await visitor(reviewer)
    page = f"/ru/reviews/{review.public_id}"
    assert (await browser.get(page)).status_code == 200
    await memberships.change_roles(reviewer, [Role.COUNCIL], why="В совет", by=await make.person(Role.ADMINISTRATOR))
    assert "/sign-in" in (await browser.get(page)).headers["location"]
    assert (await (await visitor(reviewer)).send_form(f"{page}/marks", {"based_on": "0"})).status_code == 403


async def test_two_administrators_cannot_dismiss_each_other(own_database: Database) -> None:
    one, other = await make.person(Role.ADMINISTRATOR), await make.person(Role.ADMINISTRATOR)
    answers = await asyncio.gather(
        memberships.deactivate(one, why="А", by=other), memberships.deactivate(other, why="Б", by=one),
        return_exceptions=True,
    )  # fmt: skip
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1
    assert await Person.filter(is_active=True).count() == 1


async def test_a1_requests_are_counted_by_network(tx: TransactionalDBClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await make.region(*make.KAMCHATKA)
    monkeypatch.setattr(service, "REQUESTS", replace(account_rules.REQUESTS, of_network=2))
    browser = await visitor()
    sent = [await browser.send_form("/ru/registration", {**REQUEST, "email": f"a{n}@region.ru"}) for n in range(3)]
    assert [one.status_code for one in sent] == [303, 303, 429]
    assert "a2@region.ru" in sent[2].text


@pytest.mark.parametrize("email", ["аdmin@region.ru", "adm\u0131n@region.ru", "a@b.ru.", "a@b", "e\u0301@region.ru"])
async def test_a8_look_alikes_are_refused_at_both_doors(tx: TransactionalDBClient, email: str) -> None:
    await make.region(*make.KAMCHATKA)
    answer = await (await visitor()).send_form("/ru/registration", {**REQUEST, "email": email})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    with pytest.raises(Unreadable):
        canonical_email(email)
    with pytest.raises(Refusal):
        await invited(email=email)
    assert not await Letter.exists()


async def test_z4_forged_fields_give_no_role_and_no_state(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    elsewhere = (await make.person(Role.EDITOR, region=await make.region(*make.NOVGOROD))).organisation
    signatory = await make.person(Role.SIGNATORY, region=region)
    browser = await visitor(signatory)
    forged = {"roles": "administrator", "role": "administrator", "state": "accepted", "invited_by": "1", "person": "1",
              "organisation": (await Organisation.get(id=elsewhere.id)).public_id, "token_hash": "0" * 64,
              "region": "RU-NGR"}  # fmt: skip
    typed = {"email": NEW, "name_ru": "Анна", "language": "ru", **forged}
    assert (await browser.send_form("/ru/invitations", typed)).status_code == 303
    made = await Invitation.get(email=NEW)
    assert (made.roles, made.organisation_id, made.state) == (["editor"], signatory.organisation_id, "sent")
    assert (made.invited_by_id, made.person_id) == (signatory.id, None)
    assert (await accepted(await token_of())).roles == {Role.EDITOR}
    sent = await (await visitor()).send_form(
        "/ru/registration", {**REQUEST, "email": "b@region.ru", "role": "administrator"}
    )
    assert sent.status_code == 422


@pytest.mark.parametrize("deed", ["roles", "deactivate", "details", "sign-out", "second-step", "reactivate"])
async def test_a13_a_dangerous_deed_asks_for_the_password_once_more(tx: TransactionalDBClient, deed: str) -> None:
    administrator, person = await make.person(Role.ADMINISTRATOR), await make.person(Role.REVIEWER)
    await Person.filter(id=administrator.id).update(password_hash=await hashing.hashed(PASSWORD))
    public = (await Person.get(id=person.id)).public_id
    browser = await visitor(administrator)
    await Session.filter(person_id=administrator.id).update(confirmed_at=clock.now() - 2 * CONFIRMED)
    typed = {"roles": "council", "why": "Так"}
    answer = await browser.send_form(f"/ru/people/{public}/{deed}", typed)
    assert answer.status_code == 403
    assert 'name="confirm-password"' in answer.text
    assert await Membership.filter(person=person).values_list("role", flat=True) == [Role.REVIEWER]
    if deed == "roles":
        answer = await browser.send_form(f"/ru/people/{public}/{deed}", {**typed, "confirm-password": PASSWORD})
        assert answer.status_code == 303
        assert await Membership.filter(person=person).values_list("role", flat=True) == [Role.COUNCIL]


async def test_a13_an_invitation_asks_for_the_password_once_more(tx: TransactionalDBClient) -> None:
    officer = await make.person(Role.OFFICER)
    browser = await visitor(officer)
    await Session.filter(person_id=officer.id).update(confirmed_at=None)
    answer = await browser.send_form("/ru/invitations", {"email": NEW, "name_ru": "Анна", "language": "ru"})
    assert (answer.status_code, await Invitation.exists()) == (403, False)


async def test_i12_who_invited_or_belongs_cannot_be_removed_from_history(own_database: Database) -> None:
    _, token = await invited()
    person = await accepted(token)
    inviter = await Invitation.get(email=NEW).values_list("invited_by_id", flat=True)
    for model, key in ((Person, person.id), (Person, inviter), (Organisation, person.organisation_id)):
        with pytest.raises(Exception, match=re.compile("foreign key|violates", re.IGNORECASE)):
            await model.filter(id=key).delete()


async def test_o4_secret_letters_to_one_address_are_few(tx: TransactionalDBClient) -> None:
    administrator = await make.person(Role.ADMINISTRATOR)
    invitation, _ = await invited(by=administrator)
    for _ in range(4):
        await service.send_again(invitation, by=administrator)
    with pytest.raises(Refusal) as told:
        await service.send_again(invitation, by=administrator)
    assert told.value.status == 429
