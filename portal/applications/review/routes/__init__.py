"""Addresses of reviews."""

from portal.applications.review.routes import files, pages, writing

routes = [*pages.routes, *writing.routes, *files.routes]
