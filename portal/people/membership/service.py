"""Verbs of whoever runs the portal: to correct a person's details, change her roles, close and open her entry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from portal.kit import journal, mail
from portal.kit.errors import Forbidden, Invalid, NotFound, Problem, refuse
from portal.kit.i18n import Text, say
from portal.kit.verb import verb
from portal.people.account.rules import read_person
from portal.people.account.service import sign_out_everywhere
from portal.people.membership.models import is_last_administrator
from portal.people.person.models import Membership, Organisation, Person, whole
from portal.people.person.rules import why_not_change_roles, why_not_deactivate, why_not_hold
from portal.people.person.service import load
from portal.people.roles import Role, in_words

_let_go: list[Callable[..., Awaitable[None]]] = []


def losses_are_answered_by(let_go: Callable[..., Awaitable[None]]) -> None:
    """From now on `let_go(person, lost, by=…)` is called, in the same transaction, where she loses roles or her entry.

    What hangs on a role is known to later rooms only.
    """
    _let_go.append(let_go)


MISTAKEN = say("If this is a mistake, write to the Foundation.")


async def _held(person: Person, by: Person) -> tuple[Person, bool]:
    """The person as she is now, whom nobody else changes meanwhile, and whether she is the last administrator.

    Raises Forbidden where `by` has lost her role since her page opened: of two who dismiss each other one succeeds.
    """
    await Membership.filter(role=Role.ADMINISTRATOR).order_by("id").select_for_update()
    await Person.filter(id=person.id).select_for_update(no_key=True).first()
    acting = await load(by.id)
    if acting is None or Role.ADMINISTRATOR not in acting.roles:
        raise Forbidden
    found = await whole("person.id = $1", person.id)
    if not found:
        raise NotFound
    return found[0], await is_last_administrator(found[0])


def _needed(why: str) -> str:
    if not why.strip():
        raise Invalid([Problem("why", say("Write the reason: the person and the journal are told."))])
    return why.strip()


def _done_by(by: Person) -> Text:
    return say("It was done by %(name)s, who looks after the portal.", name=by.name)


@verb
async def change_roles(person: Person, roles: Collection[Role], *, why: str, by: Person) -> None:
    """She has these roles and no others; she is signed out everywhere, the journal and a letter tell both and why.

    Raises Refusal where they do not go together, are her own, or would leave the portal without an administrator.
    """
    now, is_last = await _held(person, by)
    refuse(
        why_not_change_roles(
            now.roles, roles, has_region=now.organisation.region_id is not None, is_own=now.id == by.id,
            is_last_administrator=is_last,
        )
    )  # fmt: skip
    why = _needed(why)
    await Membership.filter(person=now).exclude(role__in=list(roles)).delete()
    await Membership.bulk_create([Membership(person=now, role=role) for role in sorted(set(roles) - now.roles)])
    for let_go in _let_go:
        await let_go(now, now.roles - set(roles), by=by)
    await sign_out_everywhere(now, by=by)
    changed = say("Before: %(before)s. Now: %(after)s.", before=in_words(now.roles), after=in_words(roles))
    again = say("You were signed out on all devices; sign in again.")
    await mail.write(
        [now], say("Your roles on the portal have changed"),
        [changed, say("The reason: %(why)s", why=why), _done_by(by), again, MISTAKEN],
    )  # fmt: skip
    await journal.write(now, by=by, before=sorted(now.roles), after=sorted(set(roles)), why=why)


@verb
async def correct(
    person: Person, *, name_ru: str, name_en: str, email: str, organisation: Organisation, by: Person
) -> None:
    """Her details are these. With another address or organisation she is signed out everywhere; letters tell her.

    A new address is told to the old one too. Raises Invalid for what cannot be a name or an address, Refusal where her
    roles do not go with the organisation or somebody else has the address.
    """
    address, problems = read_person(email, name_ru, person.language)
    if problems:
        raise Invalid(problems)
    now, _ = await _held(person, by)
    refuse(why_not_hold(now.roles, has_region=organisation.region_id is not None))
    before = {"name_ru": now.name_ru, "name_en": now.name_en, "email": now.email, "organisation": str(now.organisation)}
    after = {"name_ru": name_ru.strip(), "name_en": name_en.strip(), "email": address,
             "organisation": str(organisation)}  # fmt: skip
    changed = [name for name in before if before[name] != after[name]]
    moved = organisation.id != now.organisation_id or address != now.email
    readers = [Recipient(one, now.language) for one in dict.fromkeys((now.email, address))]
    await Person.filter(id=now.id).update(
        email=address, name_ru=after["name_ru"], name_en=after["name_en"], organisation_id=organisation.id
    )
    if moved:
        await sign_out_everywhere(now, by=by)
    if changed:
        told = say("Name: %(name)s. E-mail: %(email)s. Organisation: %(organisation)s.", name=after["name_ru"],
                   email=address, organisation=organisation.name)  # fmt: skip
        await mail.write(readers, say("What the portal knows of you was corrected"), [told, _done_by(by), MISTAKEN])
    await journal.write(
        now, by=by, before={name: before[name] for name in changed}, after={name: after[name] for name in changed}
    )


class Recipient:
    """Somebody's address, old or new, that gets a letter."""

    def __init__(self, email: str, language: str) -> None:
        self.email, self.language = email, language


@verb
async def deactivate(person: Person, *, why: str, by: Person) -> None:
    """She enters nowhere from this moment; her name stays on all that she did. A letter tells her why.

    Raises Refusal for oneself, for the last administrator, and where it is done already.
    """
    now, is_last = await _held(person, by)
    refuse(why_not_deactivate(is_active=now.is_active, is_own=now.id == by.id, is_last_administrator=is_last))
    why = _needed(why)
    await Person.filter(id=now.id).update(is_active=False)
    for let_go in _let_go:
        await let_go(now, now.roles, by=by)
    await sign_out_everywhere(now, by=by)
    closed = say("You cannot sign in any more. What you wrote and signed stays under your name.")
    await mail.write(
        [now], say("Your entry to the portal is closed"),
        [closed, say("The reason: %(why)s", why=why), _done_by(by), MISTAKEN],
    )  # fmt: skip
    await journal.write(now, by=by, before="active", after="closed", why=why)


@verb
async def reactivate(person: Person, *, by: Person) -> None:
    """She may sign in again, as whom she could before. Raises Refusal where nothing was closed."""
    now, _ = await _held(person, by)
    if now.is_active:
        refuse(say("The entry of this person is open."))
    await Person.filter(id=now.id).update(is_active=True)
    opened = say("You can sign in again with your password. Your roles: %(roles)s.", roles=in_words(now.roles))
    await mail.write([now], say("Your entry to the portal is open again"), [opened, _done_by(by)])
    await journal.write(now, by=by, before="closed", after="active")


@verb
async def sign_out(person: Person, *, by: Person) -> None:
    """Her sessions are ended on every device, and a letter tells her."""
    now, _ = await _held(person, by)
    await sign_out_everywhere(now, by=by)
    await mail.write(
        [now], say("You were signed out on all devices"),
        [say("Sign in again with your password; nothing that you saved is lost."), _done_by(by), MISTAKEN],
    )  # fmt: skip
    await journal.write(now, by=by)


@verb
async def rename(organisation: Organisation, *, name_ru: str, name_en: str, by: Person) -> None:
    """The organisation has these names; documents that were signed before keep the one of then. Raises Invalid."""
    if not name_ru.strip():
        raise Invalid([Problem("name_ru", say("Write the name of the organisation."))])
    before = {"name_ru": organisation.name_ru, "name_en": organisation.name_en}
    organisation.name_ru, organisation.name_en = name_ru.strip(), name_en.strip()
    await organisation.save(update_fields=["name_ru", "name_en"])
    after = {"name_ru": organisation.name_ru, "name_en": organisation.name_en}
    await journal.write(organisation, by=by, before=before, after=after)
