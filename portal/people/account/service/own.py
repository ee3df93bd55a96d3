"""Verbs of one's own page, and of whoever looks after people: the language of letters, the sessions that are open."""

from __future__ import annotations

from portal.kit import journal, sessions
from portal.kit.errors import Invalid, NotFound, Problem
from portal.kit.i18n import LANGUAGES, say
from portal.kit.sessions import Session
from portal.kit.verb import verb
from portal.people.account.service import tickets
from portal.people.person.models import Person


@verb
async def choose_language(person: Person, language: str) -> None:
    """Letters to her are in this language from now on. Raises Invalid for one that the portal does not speak."""
    if language not in LANGUAGES:
        raise Invalid([Problem("language", say("Choose one of the languages of the portal."))])
    person.language = language
    await Person.filter(id=person.id).update(language=language)
    await journal.write(person, by=person, language=language)


@verb
async def end_session(person: Person, mark: str) -> None:
    """The one of her sessions that has this mark is ended at once. Raises NotFound for any other."""
    session = next((one for one in await sessions.of_person(person.id) if one.mark == mark), None)
    if session is None:
        raise NotFound
    await session.delete()
    await journal.write(person, by=person)


@verb
async def sign_out_everywhere(person: Person, *, by: journal.Actor, but: Session | None = None) -> None:
    """Her sessions are ended on every device, `but` this one; half-open sign-ins and letters' links are dead too.

    Whoever changes her roles or her address calls it too: rights are held by no session opened before.
    """
    await sessions.close_all(person.id, but=but)
    await tickets.tear_up(person)
    await journal.write(person, by=by)
