"""Addresses of reports."""

from portal.monitoring.report.routes import files, lists, pages, writing

routes = [*lists.routes, *pages.routes, *writing.routes, *files.routes]
