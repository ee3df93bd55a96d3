"""Pages of accounts: signing in and out, proving once more who one is."""

from portal.kit.access import visitors_come_from
from portal.kit.sessions import Session
from portal.people.account import rules
from portal.people.account.routes import confirming, entry
from portal.people.person.models import Person
from portal.people.person.service import load
from portal.settings import settings


def first(person: Person, session: Session) -> str | None:
    """The page without which she gets no further: staff set up a second factor, outside the demonstration."""
    needed = rules.must_have_second_factor(person.roles) and not settings().demo
    return "/account/second-step" if needed and not session.is_strong else None


visitors_come_from(load, first=first, confirm=confirming.ask)

routes = [*entry.routes, *confirming.routes]
