"""Addresses of reports."""

from portal.monitoring.report.routes import files, pages

routes = [*pages.routes, *files.routes]
