"""Addresses of calls."""

from portal.applications.call.routes import pages, writing

routes = [*writing.routes, *pages.routes]
