"""What everyone may read of monitoring: frozen rows of the published releases, and nothing else."""

from portal.directory.indicator.models import unit_name
from portal.monitoring.published.expecting import method
from portal.monitoring.published.reading import (
    has_results,
    indicators,
    latest,
    poverty,
    programmes,
    region_name,
    releases,
    series,
    totals,
)
from portal.monitoring.published.rows import (
    Amended,
    Cell,
    CellState,
    Errors,
    Expected,
    Indicator,
    Method,
    Outlook,
    Point,
    Programme,
    Release,
    Series,
    Total,
    Trace,
    YearValue,
)
from portal.monitoring.published.tracing import trace
from portal.monitoring.release.methods import THRESHOLD
from portal.monitoring.report.methods import Status
from portal.monitoring.report.rules import WORDS

__all__ = [
    "THRESHOLD",
    "WORDS",
    "Amended",
    "Cell",
    "CellState",
    "Errors",
    "Expected",
    "Indicator",
    "Method",
    "Outlook",
    "Point",
    "Programme",
    "Release",
    "Series",
    "Status",
    "Total",
    "Trace",
    "YearValue",
    "has_results",
    "indicators",
    "latest",
    "method",
    "poverty",
    "programmes",
    "region_name",
    "releases",
    "series",
    "totals",
    "trace",
    "unit_name",
]
