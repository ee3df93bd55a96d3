"""Pages of indicators: the catalogue by group, and one indicator with its full definition."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.directory.indicator.models import Indicator, Kind, unit_name
from portal.directory.region.service import source
from portal.kit import pages
from portal.kit.access import public
from portal.kit.db import found
from portal.kit.i18n import say

KINDS = {
    Kind.COUNT: say("count"),
    Kind.SHARE: say("share"),
    Kind.RATIO: say("ratio"),
    Kind.MEAN: say("average"),
    Kind.CONTEXT: say("context"),
}
DESIRED = {
    "up": say("more is better"),
    "down": say("less is better"),
    "neutral": say("neither way is better by itself"),
}
LEVELS = {
    "process": say("how the work is organised"),
    "output": say("what was done"),
    "outcome": say("what changed for families"),
    "impact": say("what changed in the region"),
    "context": say("the conditions in which the work is done"),
}
MEASURED = {
    "over the period": say("over the period, cumulative"),
    "as of date": say("as of the last day of the period"),
}
FREQUENCY = {"Q": say("every quarter"), "Y": say("once a year")}
BASES = {
    "official": say("set by an official document"),
    "adapted": say("adapted from an official document"),
    "proposed": say("proposed by the portal's catalogue"),
}


_has_results: Callable[[str], Awaitable[bool]]


def results_are_known_by(knows: Callable[[str], Awaitable[bool]]) -> None:
    """From now on the page of an indicator leads to its public results if `knows(code)`: they come much later."""
    global _has_results
    _has_results = knows


@public
async def list_(request: Request) -> Response:
    """The catalogue, group by group."""
    indicators = await Indicator.all().order_by("position")
    groups = [(name, list(group)) for name, group in groupby(indicators, key=lambda indicator: indicator.group)]
    return await pages.page(
        request, "indicator/list.html",
        groups=groups, number=len(indicators), unit_name=unit_name, kinds=KINDS, frequency=FREQUENCY,
        source=source("indicator", "indicators.csv"),
    )  # fmt: skip


@public
async def page(request: Request) -> Response:
    """One indicator: what is counted, from what, how often, and where the definition comes from."""
    indicator = await found(Indicator.filter(code=request.path_params["code"]))
    return await pages.page(
        request, "indicator/page.html",
        indicator=indicator, kind=KINDS[indicator.kind], unit=unit_name(indicator.unit),
        desired=DESIRED.get(indicator.desired, ""), level=LEVELS.get(indicator.level, ""),
        measured=MEASURED.get(indicator.measured, ""), frequency=FREQUENCY.get(indicator.frequency, ""),
        has_results=await _has_results(indicator.code),
        basis=BASES.get(indicator.basis, ""), source=source("indicator", "indicators.csv"),
    )  # fmt: skip


routes = [
    Route("/indicators", list_, methods=["GET"], name="indicator:list"),
    Route("/indicators/{code}", page, methods=["GET"], name="indicator:page"),
]
