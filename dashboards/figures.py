"""Rows in, figures out: Plotly's figures as plain dicts. Pure; their texts are numbers and our own words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from math import floor, log10
from typing import Any

from dashboards import ahead, theme, words
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, number, quarter
from portal.monitoring.published import Cell, Indicator, Point, Series, YearValue

Figure = dict[str, Any]
_LEFT, _RIGHT = "left", "right"
APART = 0.095
"""Part of the axis that a line of text needs."""


def over_time(series: Series, indicator: Indicator, *, demo: bool) -> Figure:
    """One indicator of one region: plan as steps in ink, actual as a river, forecast lighter, baseline dashed."""
    last = max(len(series.points), 1) - 0.5
    scale = 100 if indicator.unit == "percent" else 1
    cells = [series.baseline, series.target, *(cell for p in series.points for cell in (p.plan, p.actual))]
    former = [cell for one in series.amendments for cell in one.before.values()]
    ends = [float(value * scale) for value in ahead.limits(series)]
    top = ceiling([*(_plain(c, scale) or 0 for c in [*cells, *former]), *ends])
    layout = _layout(top, words.unit(indicator), right=100, demo=demo)
    layout["xaxis"] |= {
        "range": [-0.5, last],
        "tickvals": list(range(len(series.points))),
        "ticktext": _quarters(series.points),
    }
    layout["shapes"] = _began(series.baseline, scale, last)
    layout["annotations"] += _edge(series, indicator, scale, top) + _newest(series, indicator, scale, top)

    def plain(value: Decimal) -> float:
        return float(value * scale)

    data = [_plan(series, scale), _actual(series, indicator, scale)]
    behind, before = ahead.forecast(series, indicator, plain), ahead.former_plan(series, plain)
    return {"data": [*behind, *before, *data, *ahead.marks(series, plain)], "layout": layout}


def poverty(years: Sequence[YearValue], country: Sequence[YearValue] = ()) -> Figure:
    """An official rate: a line as far as the years may be compared, hollow points after the break.

    A region's stands before that of the `country`, which is grey.
    """
    if country:
        return _beside(years, country)
    layout = _layout(ceiling(year.value for year in years), "%", right=12, demo=False)
    line = words.comparable(list(years))
    after = list(years)[len(line) :]
    low = min(line, key=lambda year: year.value, default=None)
    marked = [*line[:1], *line[-1:], *after, *([max(line, key=lambda year: year.value), low] if low else [])]
    layout["annotations"] += [
        _label(year.year, float(year.value), number(year.value, 1), above=year is not low and year not in after)
        for year in {year.year: year for year in marked}.values()
    ]
    if years:
        layout["xaxis"] |= {"range": [years[0].year - 0.5, years[-1].year + 0.7], "dtick": 5, "tick0": years[0].year}
    if after:
        layout["shapes"] = [_rule(after[0].year - 0.5, dash="dot")]
    return {"data": [_years(line, hollow=False), _years(after, hollow=True)], "layout": layout}


def _beside(years: Sequence[YearValue], country: Sequence[YearValue]) -> Figure:
    layout = _layout(ceiling(year.value for year in (*years, *country)), "%", right=104, demo=False)
    known = sorted({year.year for year in (*years, *country)})
    layout["xaxis"] |= {"range": [known[0] - 0.4, known[-1] + 0.4], "dtick": 1, "tick0": known[0]}
    data, labels = [], list[Figure]()
    for told, name, colour in ((country, _("the country"), theme.QUIET), (years, _("the region"), theme.RIVER)):
        line = words.comparable(list(told))
        data += [_years(line, hollow=False, colour=colour), _years(list(told)[len(line) :], hollow=True, colour=colour)]
        text = f"{name} {number(told[-1].value, 1)}"
        labels += _at_right(text, float(told[-1].value), strong=colour == theme.RIVER)
    layout["annotations"] += _apart(labels, layout["yaxis"]["range"][1])
    layout["shapes"] = [_rule(year.year - 0.5, dash="dot") for year in country if year.breaks]
    return {"data": data, "layout": layout}


def ceiling(values: Any) -> float:
    """The top of an axis that begins at zero: a round number that leaves room for a label above the highest figure."""
    highest = max((float(value) for value in values), default=0.0) * 1.08
    if highest <= 0:
        return 1.0
    unit = 10.0 ** floor(log10(highest))
    return next(step * unit for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * unit >= highest)


def ticks(top: float) -> list[float]:
    """Four to six round marks from zero to `top`."""
    unit = 10.0 ** floor(log10(top))
    step = next(s * unit for s in (0.2, 0.25, 0.5, 1, 2, 2.5) if top / (s * unit) <= 5)
    return [round(step * place, 10) for place in range(int(top / step + 1e-9) + 1)]


def _plain(cell: Cell, scale: int) -> float | None:
    return None if cell.value is None else float(cell.value * Decimal(scale))


def _layout(top: float, unit: str, *, right: int, demo: bool) -> Figure:
    code = language.get()
    marks = ticks(top)
    places = 0 if all(mark == int(mark) for mark in marks) else 1 if all(round(m, 1) == m for m in marks) else 2
    axis = {"fixedrange": True, "zeroline": False, "showline": False, "ticks": "", "tickfont": theme.font()}
    return {
        "autosize": True,
        "height": theme.HEIGHT,
        "margin": {"l": 44, "r": right, "t": 34, "b": 44, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": theme.font(),
        "separators": theme.separators(code),
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "hoverlabel": {"bgcolor": theme.PAPER, "bordercolor": theme.EDGE, "font": theme.font(theme.INK)},
        "xaxis": axis | {"showgrid": False, "showline": True, "tickangle": 0, "linecolor": theme.EDGE, "linewidth": 1},
        "yaxis": axis
        | {"range": [0, top * 1.002], "tickvals": marks, "ticktext": [number(Decimal(str(m)), places) for m in marks]}
        | {"gridcolor": theme.LINE, "gridwidth": 1},
        "annotations": [_corner(unit, _LEFT), *([_corner(_("demonstration data"), _RIGHT)] if demo else [])],
    }


def _quarters(points: Sequence[Point]) -> list[str]:
    short = ("I", "II", "III", "IV") if language.get() == "ru" else ("Q1", "Q2", "Q3", "Q4")
    return [
        short[int(point.period[5]) - 1]
        + (f"<br>{point.period[:4]}" if place == 0 or point.period.endswith("Q1") else "")
        for place, point in enumerate(points)
    ]


def _plan(series: Series, scale: int) -> Figure:
    across: list[float | None] = []
    heights: list[float | None] = []
    for place, point in enumerate(series.points):
        height = _plain(point.plan, scale)
        across += [place - 0.5, place + 0.5]
        heights += [height, height]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": across,
        "y": heights,
        "connectgaps": False,
        "hoverinfo": "skip",
        "line": {"color": theme.INK, "width": 2},
    }


def _actual(series: Series, indicator: Indicator, scale: int) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(series.points))),
        "y": [_plain(point.actual, scale) for point in series.points],
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": theme.RIVER, "width": 3},
        "marker": {"color": theme.RIVER, "size": 10, "line": {"color": theme.PAPER, "width": 1.5}},
        "hoverinfo": "text",
        "hovertext": [
            _(
                "%(period)s: %(now)s, planned %(plan)s",
                period=quarter(point.period),
                now=words.cell(point.actual, indicator),
                plan=words.promise(point.plan, indicator),
            )
            for point in series.points
        ],
    }


def _years(years: Sequence[YearValue], *, hollow: bool, colour: str = theme.RIVER) -> Figure:
    fill = theme.PAPER if hollow else colour
    edge = {"color": colour, "width": 2} if hollow else {"color": theme.PAPER, "width": 1.5}
    return {
        "type": "scatter",
        "mode": "markers" if hollow else "lines+markers",
        "x": [year.year for year in years],
        "y": [float(year.value) for year in years],
        "line": {"color": colour, "width": 3},
        "marker": {"color": fill, "size": 10, "line": edge},
        "hoverinfo": "text",
        "hovertext": [f"{year.year}: {number(year.value, 1)}\u00a0%" for year in years],
    }


def _began(baseline: Cell, scale: int, last: float) -> list[Figure]:
    height = _plain(baseline, scale)
    if height is None:
        return []
    line = {"color": theme.QUIET, "width": 1.25, "dash": "3px,4px"}
    return [{"type": "line", "x0": -0.5, "x1": last, "y0": height, "y1": height, "line": line, "layer": "below"}]


def _edge(series: Series, indicator: Indicator, scale: int, top: float) -> list[Figure]:
    """The labels at the right edge: target, former target and baseline, moved apart where they would touch."""
    aim = _("target %(figure)s", figure=words.promise(series.target, indicator))
    was = _("was %(figure)s", figure=words.promise(series.baseline, indicator))
    former = ahead.former_target(series, indicator)
    labels = _at_right(aim, _plain(series.target, scale), strong=True) + _at_right(was, _plain(series.baseline, scale))
    labels += _at_right(former[0], float(former[1] * scale)) if former else []
    return _apart(labels, top)


def _apart(labels: list[Figure], top: float) -> list[Figure]:
    labels.sort(key=lambda one: float(one["y"]))
    for lower, upper in pairwise(labels):
        upper["y"] = max(upper["y"], lower["y"] + top * APART)
    return labels


def _rule(x: float, *, dash: str) -> Figure:
    line = {"color": theme.QUIET, "width": 1.25, "dash": dash}
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line, "layer": "below"}


def _corner(text: str, side: str) -> Figure:
    x, shift = (0, -40) if side == _LEFT else (1, 96)
    place = {"x": x, "y": 1, "xref": "paper", "yref": "paper", "xanchor": side, "yanchor": "bottom"}
    return place | {"text": text, "showarrow": False, "xshift": shift, "yshift": 12, "font": theme.font()}


def _label(x: float, y: float, text: str, *, above: bool = True) -> Figure:
    place = {"x": x, "y": y, "xanchor": "center", "yanchor": "bottom" if above else "top", "yshift": 7 if above else -7}
    font = theme.font(theme.RIVER, size=16, weight=600)
    return place | {"text": text, "showarrow": False, "font": font, "borderpad": 0, "bgcolor": theme.VEIL}


def _at_right(text: str, height: float | None, *, strong: bool = False) -> list[Figure]:
    if height is None:
        return []
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": height, "yanchor": "middle"}
    font = theme.font(theme.INK if strong else theme.QUIET, weight=600 if strong else 400)
    return [place | {"text": text, "showarrow": False, "align": "left", "font": font}]


def _newest(series: Series, indicator: Indicator, scale: int, top: float) -> list[Figure]:
    shown = [(place, point) for place, point in enumerate(series.points) if point.actual.value is not None]
    if not shown:
        return []
    place, point = shown[-1]
    height, plan = _plain(point.actual, scale) or 0.0, _plain(point.plan, scale)
    above = height < top * 0.12 or not (plan is not None and 0 <= plan - height < top * 0.14)
    text = words.cell(point.actual, indicator).removesuffix("%").rstrip("\u00a0")
    return [_label(place, height, text, above=above)]
