"""The methods of reports: values of single periods, and status and forecast to target."""

from portal.monitoring.report.methods.case import pace_of
from portal.monitoring.report.methods.pace import VERSION, Pace, Status, counts, milestone
from portal.monitoring.report.methods.periods import period_values, quotient, running_total
from portal.monitoring.report.methods.trend import keep, levels, shares

__all__ = [
    "VERSION",
    "Pace",
    "Status",
    "counts",
    "keep",
    "levels",
    "milestone",
    "pace_of",
    "period_values",
    "quotient",
    "running_total",
    "shares",
]
