"""Addresses of reviews."""

from portal.applications.review.routes import files, pages

routes = [*pages.routes, *files.routes]
