"""Verbs of a forgotten password: a link is asked for, sent to the stored address, and used once."""

from __future__ import annotations

from portal.kit import jobs, journal, mail, sessions
from portal.kit.errors import Refusal
from portal.kit.i18n import say
from portal.kit.verb import verb
from portal.people.account import rules
from portal.people.account.models import Purpose
from portal.people.account.service import passwords, tickets, tries
from portal.people.account.service.entry import Browser
from portal.people.account.service.second_factor import IF_NOT_YOU
from portal.people.person.models import Person
from portal.people.person.rules import canonical_email

DEAD = say("This link does not work any more: it works once, within an hour. Ask for a new one.")


async def ask_for_link(email: str, browser: Browser) -> None:
    """The worker is told of the address. The same is done, and in the same time, whosever it is or if nobody's.

    Raises Unreadable for what is no e-mail, Refusal where too many letters were asked for.
    """
    address = canonical_email(email)
    await tries.begin(rules.LETTERS, account=address, network=rules.network_of(browser.network))
    await jobs.enqueue("password_link", {"email": address})


async def answer(email: str) -> None:
    """Whoever may sign in with this address has the letter; for any other nothing happens."""
    may_enter = Person.filter(email=email, is_active=True, memberships__id__isnull=False).exclude(password_hash="")
    person = await may_enter.first()
    if person is not None:
        await send_link(person)


@verb
async def send_link(person: Person) -> None:
    """A letter with a link for a new password goes to the address that the portal has of her."""
    token = await tickets.issue(person, Purpose.RESET)
    ask = say(
        "Open this page within an hour and write a new password: %(address)s",
        address=mail.link(f"password-reset/{token}"),
    )
    idle = say("If you did not ask for it, do nothing: your password stays as it is.")
    await mail.write([person], say("A new password for the portal"), [ask, idle], secret=True)
    await journal.write(person, by=journal.PORTAL)


async def whose_link(token: str) -> Person | None:
    """Whose password this link sets, if it is still good. Changes nothing: mail scanners open links too."""
    return await tickets.holder(token, Purpose.RESET)


@verb
async def set_by_link(token: str, password: str) -> None:
    """The new password stands, the link is used up, other links and all sessions are dead, a letter tells.

    Raises Refusal (410) for a link that is not good any more, Invalid for a password that would not do: then the link
    stays good.
    """
    person = await tickets.holder(token, Purpose.RESET, lock=True)
    if person is None:
        raise Refusal(DEAD, 410)
    await passwords.store(person, password)
    await sessions.close_all(person.id)
    await tries.forget(rules.PASSWORDS, account=f"{person.email}:")
    told = say("It was done by the link of a letter. You are signed out on all devices.")
    await mail.write([person], passwords.CHANGED, [told, IF_NOT_YOU])
    await journal.write(person, by=person)
