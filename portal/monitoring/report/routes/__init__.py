"""Addresses of reports."""

from portal.monitoring.report.routes import files, indicators, lists, pages, writing

routes = [*lists.routes, *pages.routes, *writing.routes, *files.routes, *indicators.routes]
