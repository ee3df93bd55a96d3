"""What everyone may read of monitoring: frozen rows of the published releases, and nothing else."""

from portal.directory.indicator.models import unit_name
from portal.monitoring.published.reading import (
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
    Cell,
    CellState,
    Indicator,
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

__all__ = [
    "THRESHOLD",
    "Cell",
    "CellState",
    "Indicator",
    "Point",
    "Programme",
    "Release",
    "Series",
    "Total",
    "Trace",
    "YearValue",
    "indicators",
    "latest",
    "poverty",
    "programmes",
    "region_name",
    "releases",
    "series",
    "totals",
    "trace",
    "unit_name",
]
