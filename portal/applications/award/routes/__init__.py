"""Addresses of the decision."""

from portal.applications.award.routes import deeds, pages

routes = [*pages.routes, *deeds.routes]
