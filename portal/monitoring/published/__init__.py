"""What everyone may read of monitoring: frozen rows of the published releases, and nothing else."""

from portal.directory.indicator.models import unit_name
from portal.monitoring.published.reading import (
    indicators,
    latest,
    poverty,
    programmes,
    region_name,
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

__all__ = [
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
    "series",
    "totals",
    "trace",
    "unit_name",
]
