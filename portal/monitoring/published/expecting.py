"""What is expected at the end, as the public reads it: of one region, of all together, and how the rule errs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files

from portal.applications.call.methods import DEFAULT
from portal.directory.indicator.models import Kind
from portal.monitoring.published.rows import Errors, Expected, Method, Outlook, Release, Series
from portal.monitoring.release.models import ReleaseFigure
from portal.monitoring.report.methods import Status

SIMULATED = "simulated_errors.json"


def outlook(figure: ReleaseFigure) -> Outlook:
    """The status and forecast frozen with the last cell of an indicator."""
    stated = Status(figure.stated) if figure.stated else None
    computed = (Status(figure.status), figure.forecast, figure.low, figure.high, figure.method)
    return Outlook(*computed, stated, figure.because)


def statuses(rows: Sequence[Series]) -> dict[Status, int]:
    """How many regions have each status, in the order of the statuses; never averaged into one."""
    found = Counter(one.outlook.status for one in rows if one.outlook)
    return {status: found[status] for status in Status if status in found}


def expected(kind: Kind, rows: Sequence[Series]) -> Expected | None:
    """The sum of the regions' forecasts, or None where no region has one."""
    whole = forecast = target = below = above = Decimal(0)
    regions = 0
    for row in rows:
        end, goal = row.outlook, row.target
        weight = Decimal(1) if kind is Kind.COUNT else goal.denominator
        if (
            end is None
            or end.forecast is None
            or end.low is None
            or end.high is None
            or not weight
            or goal.value is None
        ):
            continue
        regions, whole = regions + 1, whole + weight
        forecast, target = forecast + weight * end.forecast, target + weight * goal.value
        below, above = (
            below + (weight * (end.forecast - end.low)) ** 2,
            above + (weight * (end.high - end.forecast)) ** 2,
        )
    if not regions:
        return None
    base = Decimal(1) if kind is Kind.COUNT else whole
    low, high = (forecast - below.sqrt()) / base, (forecast + above.sqrt()) / base
    return Expected(forecast / base, low, high, target / base, regions)


def method(release: Release | None) -> Method:
    """The rule by which statuses are made, with the thresholds of the release's call where there is a release."""
    return replace(_simulated(), thresholds=asdict(release.thresholds)) if release else _simulated()


@cache
def _simulated() -> Method:
    """The rule with its own thresholds and the errors that a simulation found; both are part of this version."""
    text = (files("portal.monitoring.report") / "data" / SIMULATED).read_text("utf-8")
    told = json.loads(text)
    errors = tuple(
        Errors(**{**one, "statuses": {Status(name): share for name, share in one["statuses"].items()}})
        for one in told["cells"]
    )
    return Method(
        told["method"],
        asdict(DEFAULT),
        asdict(DEFAULT),
        told["seed"],
        told["regions"],
        told["periods"],
        told["coverage"],
        errors,
    )
