"""Pages of accounts: signing in and out, a forgotten password, one's own page, the second step."""

from portal.kit.access import visitors_come_from
from portal.people.account.routes import confirming, entry, own, reset, second_step
from portal.people.person.service import load

visitors_come_from(load, first=entry.first, confirm=confirming.ask)

routes = [*entry.routes, *reset.routes, *own.routes, *confirming.routes, *second_step.routes]
