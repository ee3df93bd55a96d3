"""Addresses of reports."""

from portal.monitoring.report.routes import files, lists, pages

routes = [*lists.routes, *pages.routes, *files.routes]
