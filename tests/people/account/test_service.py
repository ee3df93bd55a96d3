"""Verbs of people: registered once, signed in by one's own password only, and told in the journal."""

from datetime import timedelta

import pytest
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.transactions import in_transaction

from portal.directory.region.models import Region
from portal.kit import clock, sessions
from portal.kit.errors import Invalid, Refusal
from portal.kit.journal import PORTAL, JournalEntry
from portal.kit.sessions import Session
from portal.people.account import rules, service
from portal.people.account.models import RefusedSignIn
from portal.people.account.service import Browser
from portal.people.person.models import Person
from portal.people.person.service import found_organisation, load
from portal.people.roles import Role
from tests import make

PASSWORD = "вполне длинный пароль"


async def registered(email: str = "editor@region.ru", *roles: Role) -> Person:
    region = await make.region(*make.KAMCHATKA)
    body = await found_organisation(name_ru="Министерство", name_en="Ministry", region=region, by=PORTAL)
    return await service.register(
        email=email, name_ru="Редактор", organisation=body, roles=roles or {Role.EDITOR}, password=PASSWORD, by=PORTAL
    )


async def sign_in(email: str, password: str, **of_browser: str) -> str | None:
    """The token that this password gives, or None."""
    entry = await service.sign_in(email, password, Browser(**of_browser))
    return entry and entry.token


async def deeds() -> list[str]:
    return [entry.deed for entry in await JournalEntry.all().order_by("id")]


async def test_register_makes_a_person_who_can_sign_in(tx: TransactionalDBClient) -> None:
    person = await registered("Editor@Region.RU", Role.EDITOR, Role.SIGNATORY)
    assert person.email == "editor@region.ru"
    assert person.roles == {Role.EDITOR, Role.SIGNATORY}
    assert isinstance(person.region, Region)
    assert person.password_hash.startswith("$argon2id$")
    token = await sign_in(" EDITOR@region.ru", PASSWORD, device="browser")
    assert token
    found = await sessions.find(token)
    assert found is not None
    assert (found.person_id, found.device) == (person.id, "browser")
    assert await deeds() == ["person.found_organisation", "account.register", "account.enter"]
    last = await JournalEntry.all().order_by("-id").first()
    assert last is not None
    assert (last.actor_id, last.subject, last.subject_id) == (person.id, "Person", person.id)


async def test_register_tells_every_problem_at_once(tx: TransactionalDBClient) -> None:
    body = await found_organisation(name_ru="Фонд", by=PORTAL)
    with pytest.raises(Invalid) as told:
        await service.register(
            email="аdmin@region.ru", name_ru=" ", organisation=body, roles={Role.OFFICER}, password="short", by=PORTAL,
            language="de",
        )  # fmt: skip
    assert [problem.field for problem in told.value.problems] == ["email", "name_ru", "language", "password"]
    with pytest.raises(Refusal):
        await service.register(
            email="a@b.ru", name_ru="Имя", organisation=body, roles={Role.EDITOR}, password=PASSWORD, by=PORTAL
        )
    assert not await Person.exists()


async def test_one_email_is_one_person(tx: TransactionalDBClient) -> None:
    person = await registered()
    with pytest.raises(Refusal) as told:
        async with in_transaction():
            await service.register(
                email="EDITOR@region.ru", name_ru="Другой", organisation=person.organisation, roles={Role.EDITOR},
                password=PASSWORD, by=PORTAL,
            )  # fmt: skip
    assert "registered already" in told.value.reason.msgid


async def test_organisation_needs_a_name(tx: TransactionalDBClient) -> None:
    with pytest.raises(Invalid):
        await found_organisation(name_ru="  ", by=PORTAL)


@pytest.mark.parametrize("case", ["wrong", "unknown", "unreadable", "inactive", "no password", "endless"])
async def test_every_wrong_sign_in_gets_the_same_answer_and_a_line(tx: TransactionalDBClient, case: str) -> None:
    person = await registered()
    await Person.filter(id=person.id).update(
        is_active=case != "inactive", **({"password_hash": ""} if case == "no password" else {})
    )
    email = {"unknown": "nobody@region.ru", "unreadable": "Пётр"}.get(case, "editor@region.ru")
    password = {"wrong": "другой длинный пароль", "endless": "п" * 5000}.get(case, PASSWORD)
    assert await sign_in(email, password, device="browser") is None
    assert await RefusedSignIn.all().count() == 1
    assert not await Session.exists()
    line = await JournalEntry.filter(deed="account.turn_away").get()
    known = case in ("wrong", "no password", "endless")
    assert (line.subject, line.actor_id) == ("Person" if known else "RefusedSignIn", None)
    assert password not in str(vars(line))
    assert email not in str(vars(line))


async def test_too_many_wrong_passwords_close_the_account_to_strangers_only(tx: TransactionalDBClient) -> None:
    person = await registered()
    open_before = await sign_in(person.email, PASSWORD, device="browser")
    assert open_before
    for number in range(rules.PASSWORDS.of_account):
        assert await sign_in(person.email, f"wrong {number}", network=f"10.0.0.{number}") is None
    with pytest.raises(Refusal) as told:
        await sign_in(person.email, PASSWORD, network="10.9.9.9")
    assert told.value.status == 429
    assert await sessions.find(open_before), "who is signed in stays so"
    mark = service.device_mark(person.email)
    assert await sign_in(person.email, PASSWORD, network="10.0.0.1", mark=mark)
    other = service.device_mark("somebody@else.ru")
    for forged in (other, mark.partition(".")[0] + ".forged", "nonsense"):
        with pytest.raises(Refusal):
            await sign_in(person.email, PASSWORD, network="10.9.9.9", mark=forged)
    with clock.frozen(clock.now() + rules.PASSWORDS.window + timedelta(seconds=1)):
        assert await sign_in(person.email, PASSWORD, network="10.9.9.9")


async def test_unknown_account_is_closed_just_the_same(tx: TransactionalDBClient) -> None:
    for _ in range(rules.PASSWORDS.of_account):
        await sign_in("nobody@region.ru", "wrong")
    with pytest.raises(Refusal) as told:
        await sign_in("Nobody@Region.ru", "wrong")
    assert told.value.status == 429


async def test_one_network_cannot_try_many_accounts(tx: TransactionalDBClient) -> None:
    for number in range(rules.PASSWORDS.of_network):
        await sign_in(f"nobody{number}@region.ru", "wrong", network="10.0.0.1")
    with pytest.raises(Refusal):
        await sign_in("another@region.ru", "wrong", network="10.0.0.1")
    assert await sign_in("another@region.ru", "wrong", network="10.0.0.2") is None


async def test_sign_in_ends_the_session_it_replaces(tx: TransactionalDBClient) -> None:
    person = await registered()
    planted = await sessions.open_session(person.id, "attacker")
    token = await sign_in(person.email, PASSWORD, replacing=planted)
    assert token
    assert token != planted
    assert await sessions.find(planted) is None


async def test_sign_out_ends_the_session_at_once(tx: TransactionalDBClient) -> None:
    person = await registered()
    token = await sign_in(person.email, PASSWORD)
    assert token
    await service.sign_out(token, by=person)
    assert await sessions.find(token) is None
    assert (await deeds())[-1] == "account.sign_out"


async def test_load_knows_roles_and_region_and_no_inactive_person(tx: TransactionalDBClient) -> None:
    person = await registered()
    loaded = await load(person.id)
    assert loaded is not None
    assert loaded.roles == {Role.EDITOR}
    assert loaded.region_id == person.region_id
    await Person.filter(id=person.id).update(is_active=False)
    assert await load(person.id) is None
    assert await load(0) is None
