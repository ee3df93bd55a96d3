"""What a chart over time says beyond reported figures: the forecast with its band, and changes of the plan. Pure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from dashboards import theme, words
from portal.kit.i18n import gettext as _
from portal.monitoring.published import Indicator, Series

Figure = dict[str, Any]
Plain = Callable[[Decimal], float]


def forecast(series: Series, indicator: Indicator, plain: Plain) -> list[Figure]:
    """From the newest figure to the end: a dotted line with a hollow end, and the band that holds 80 % of cases."""
    end, last = series.outlook, len(series.points) - 1
    shown = [(place, point.actual.value) for place, point in enumerate(series.points) if point.actual.value is not None]
    if end is None or end.forecast is None or end.low is None or end.high is None or not shown or shown[-1][0] >= last:
        return []
    place, value = shown[-1]
    start, aim = plain(value), plain(end.forecast)
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": [place, last, last, place],
        "y": [start, plain(end.high), plain(end.low), start],
        "fill": "toself",
        "fillcolor": theme.BAND,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [place, last],
        "y": [start, aim],
        "cliponaxis": False,
        "line": {"color": theme.RIVER, "width": 2, "dash": "2px,4px"},
        "marker": {
            "color": theme.PAPER, "size": [0, 9], "opacity": [0, 1], "line": {"color": theme.RIVER, "width": 2},
        },
        "hoverinfo": "text",
        "hovertext": ["", words.expected(series, indicator)],
    }  # fmt: skip
    return [band, line]


def limits(series: Series) -> list[Decimal]:
    """The figures that the axis must have room for."""
    end = series.outlook
    return [value for value in (end.forecast, end.high) if value is not None] if end else []


def former_plan(series: Series, plain: Plain) -> list[Figure]:
    """The plan as it stood before each change, as broken steps over the quarters that were changed."""
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [x for place in _places(series, set(one.before)) for x in (place - 0.5, place + 0.5)],
            "y": [y for place in _places(series, set(one.before))
                  for y in 2 * [_height(one.before[series.points[place].period].value, plain)]],
            "hoverinfo": "skip",
            "line": {"color": theme.QUIET, "width": 1.25, "dash": "3px,4px"},
        }
        for one in series.amendments
    ]  # fmt: skip


def marks(series: Series, plain: Plain) -> list[Figure]:
    """A numbered mark on the step from which the plan was changed."""
    found = []
    for one in series.amendments:
        places = _places(series, set(one.before))
        height = _height(series.points[places[0]].plan.value, plain) if places else None
        if height is not None:
            found.append((places[0] - 0.5, height, one.number))
    if not found:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [x for x, _height, _number in found],
            "y": [y for _place, y, _number in found],
            "text": [str(number) for _place, _height, number in found],
            "textposition": "middle center",
            "textfont": theme.font(theme.PAPER, weight=600),
            "marker": {"color": theme.INK, "size": 20, "symbol": "circle"},
            "cliponaxis": False,
            "hoverinfo": "skip",
        }
    ]


def former_target(series: Series, indicator: Indicator) -> tuple[str, Decimal] | None:
    """What the target was before it was changed, and how it is labelled; None where it never was."""
    last = series.points[-1].period if series.points else ""
    stood = [one.before[last].value for one in series.amendments if last in one.before]
    if not stood or stood[0] is None or stood[0] == series.target.value:
        return None
    first = next(one.before[last] for one in series.amendments if last in one.before)
    return _("formerly %(figure)s", figure=words.promise(first, indicator)), stood[0]


def _places(series: Series, periods: set[str]) -> list[int]:
    return [place for place, point in enumerate(series.points) if point.period in periods]


def _height(value: Decimal | None, plain: Plain) -> float | None:
    return None if value is None else plain(value)
