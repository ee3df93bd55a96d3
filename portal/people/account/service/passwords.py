"""Verbs of passwords: to register a person, to set her first password or a new one, to change one's own."""

from __future__ import annotations

from collections.abc import Collection

from portal.kit import journal, mail, sessions
from portal.kit.db import constraint
from portal.kit.errors import Invalid, Problem, refuse
from portal.kit.i18n import say
from portal.kit.sessions import Session
from portal.kit.verb import verb
from portal.people.account import rules
from portal.people.account.service import hashing, tickets
from portal.people.account.service.second_factor import IF_NOT_YOU
from portal.people.person.models import Membership, Organisation, Person
from portal.people.person.rules import why_not_hold
from portal.people.person.service import load
from portal.people.roles import Role

constraint("person_email_key", say("Somebody with this e-mail is registered already."))

CHANGED = say("Your password was changed")


@verb
async def register(
    *,
    email: str,
    name_ru: str,
    name_en: str = "",
    organisation: Organisation,
    roles: Collection[Role],
    password: str,
    by: journal.Actor,
    language: str = "ru",
    hashed: str = "",
) -> Person:
    """The person can sign in. Raises Invalid with every problem, Refusal if the roles do not go together.

    `hashed` is what is stored of the password, where whoever registers many with the same one has it already.
    """
    address, problems = rules.read_person(email, name_ru, language)
    weak = rules.why_not_password(password, address)
    if weak or problems:
        raise Invalid([*problems, *([Problem("password", weak)] if weak else [])])
    refuse(why_not_hold(roles, has_region=organisation.region_id is not None))
    person = await Person.create(
        email=address,
        name_ru=name_ru.strip(),
        name_en=name_en.strip(),
        organisation=organisation,
        language=language,
        password_hash=hashed or await hashing.hashed(password),
    )
    await Membership.bulk_create([Membership(person=person, role=role) for role in sorted(set(roles))])
    await journal.write(person, by=by, roles=sorted(set(roles)))
    loaded = await load(person.id)
    assert loaded is not None
    return loaded


@verb
async def set_password(person: Person, password: str, *, by: journal.Actor) -> None:
    """She signs in with this password from now on; all her sessions and tickets are gone. Tells nobody by letter.

    Serves whoever proved by a letter's link that the address is hers. Raises Invalid for a password that would not do.
    """
    await store(person, password)
    await sessions.close_all(person.id)
    await journal.write(person, by=by)


async def store(person: Person, password: str) -> None:
    """The new password stands and her tickets are gone. Raises Invalid for one that would not do. Inside a verb."""
    weak = rules.why_not_password(password, person.email)
    if weak is not None:
        raise Invalid([Problem("password", weak)])
    person.password_hash = await hashing.hashed(password)
    await Person.filter(id=person.id).update(password_hash=person.password_hash)
    await tickets.tear_up(person)


@verb
async def change_password(person: Person, password: str, *, session: Session) -> str:
    """Her new password stands, her other sessions are ended, a letter tells; answers with this session's new token.

    That the present password is hers was asked before (`entry.prove`). Raises Invalid for one that would not do.
    """
    await store(person, password)
    await sessions.close_all(person.id, but=session)
    await mail.write(
        [person], CHANGED, [say("It was done on your own page. You are signed out on other devices."), IF_NOT_YOU]
    )
    await journal.write(person, by=person)
    return await sessions.renew(session, strong=session.is_strong)
