"""The methods of reports: values of single periods, and status and forecast to target."""

from portal.monitoring.report.methods.case import pace_of
from portal.monitoring.report.methods.pace import DEFAULT, VERSION, Pace, Status, Thresholds, counts, milestone
from portal.monitoring.report.methods.periods import period_values, quotient, running_total
from portal.monitoring.report.methods.trend import keep, levels, shares

__all__ = [
    "DEFAULT",
    "VERSION",
    "Pace",
    "Status",
    "Thresholds",
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
