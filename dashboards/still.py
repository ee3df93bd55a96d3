"""A figure of `figures.py` as our own SVG: for the first view, for a picture, for whoever has no scripts. Pure.

It draws what those figures use of Plotly: lines, bands and markers of scatter traces, lines of shapes, annotations.
"""

from __future__ import annotations

import re
from typing import Any

from dashboards import theme
from dashboards.drawing import Drawing, Shape, shape

Figure = dict[str, Any]
WIDTH, NARROW = 520, 328
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


class _Frame:
    """Where a place of the axes stands in the drawing."""

    def __init__(self, layout: Figure, width: int) -> None:
        margin = layout["margin"]
        self.left, self.over, self.right = margin["l"], margin["t"], width - margin["r"]
        self.foot = layout["height"] - margin["b"]
        self.x0, self.x1 = layout["xaxis"].get("range", (0, 1))
        self.y0, self.y1 = layout["yaxis"]["range"]

    def x(self, value: float, *, paper: bool = False) -> float:
        part = value if paper else (value - self.x0) / (self.x1 - self.x0)
        return float(round(self.left + part * (self.right - self.left), 1))

    def y(self, value: float, *, paper: bool = False) -> float:
        part = value if paper else (value - self.y0) / (self.y1 - self.y0)
        return float(round(self.foot - part * (self.foot - self.over), 1))


def stills(figure: Figure) -> list[Drawing]:
    """The figure drawn twice: for a desk, and again for a phone."""
    return [still(figure, WIDTH, "on-desk"), still(figure, NARROW, "on-phone")]


def still(figure: Figure, width: int = WIDTH, name: str = "") -> Drawing:
    """The figure drawn `width` pixels wide and as high as its layout says."""
    layout = figure["layout"]
    frame = _Frame(layout, width)
    drawn = [*_grid(frame, layout), *(_rule(frame, one) for one in layout.get("shapes", ()))]
    for trace in figure["data"]:
        drawn += _trace(frame, trace)
    drawn += [_note(frame, one) for one in layout["annotations"]]
    return Drawing(tree=shape("svg", *drawn, class_=f"still {name}".strip(), viewBox=f"0 0 {width} {layout['height']}",
                              aria_hidden="true"))  # fmt: skip


def _grid(frame: _Frame, layout: Figure) -> list[Shape]:
    drawn: list[Shape] = []
    axis = layout["yaxis"]
    for value, text in zip(axis["tickvals"], axis["ticktext"], strict=True):
        y = frame.y(value)
        drawn.append(_line(frame.left, frame.right, y, y, {"color": theme.LINE if value else theme.EDGE, "width": 1}))
        drawn.append(_text(frame.left - 5, y + 5, text, "end"))
    for value, text in _marks(layout["xaxis"]):
        for row, part in enumerate(str(text).split("<br>")):
            drawn.append(_text(frame.x(value), frame.foot + 18 + 17 * row, part, "middle"))
    return drawn


def _marks(axis: Figure) -> list[tuple[float, str]]:
    if "tickvals" in axis:
        return list(zip(axis["tickvals"], axis["ticktext"], strict=True))
    low, high = axis.get("range", (0, -1))
    first, step = axis.get("tick0", 0), axis.get("dtick", 1)
    return [(year, str(year)) for year in range(first, int(high) + 1, step) if year >= low]


def _trace(frame: _Frame, trace: Figure) -> list[Shape]:
    points = [None if y is None else (frame.x(x), frame.y(y)) for x, y in zip(trace["x"], trace["y"], strict=True)]
    drawn: list[Shape] = []
    if "fill" in trace:
        outline = "L".join(f"{x} {y}" for x, y in filter(None, points))
        drawn.append(shape("path", d=f"M{outline}Z", fill=trace["fillcolor"]))
    elif "lines" in trace["mode"]:
        drawn.append(shape("path", d=_run(points), fill="none", **_stroke(trace["line"])))
    if "markers" in trace["mode"]:
        drawn += [_marker(trace, place, *point) for place, point in enumerate(points) if point]
    return drawn


def _run(points: list[tuple[float, float] | None]) -> str:
    steps, before = [], None
    for point in points:
        if point:
            steps.append(f"{'L' if before else 'M'}{point[0]} {point[1]}")
        before = point
    return "".join(steps) or "M0 0"


def _marker(trace: Figure, place: int, x: float, y: float) -> Shape:
    look = trace["marker"]
    size = look["size"][place] if isinstance(look["size"], list) else look["size"]
    edge = {f"stroke{name}": value for name, value in (("", look["line"]["color"]), ("-width", look["line"]["width"]))
            } if "line" in look and size else {}  # fmt: skip
    dot = shape("circle", cx=x, cy=y, r=size / 2, fill=look["color"], **edge)
    if "text" not in trace:
        return dot
    font = trace["textfont"]
    return shape("g", dot, _text(x, y + 5, trace["text"][place], "middle", font))


def _rule(frame: _Frame, one: Figure) -> Shape:
    paper = one.get("yref") == "paper"
    ends = (frame.x(one["x0"]), frame.x(one["x1"]), frame.y(one["y0"], paper=paper), frame.y(one["y1"], paper=paper))
    return _line(*ends, one["line"])


def _note(frame: _Frame, one: Figure) -> Shape:
    x = frame.x(one["x"], paper=one.get("xref") == "paper") + one.get("xshift", 0)
    y = frame.y(one["y"], paper=one.get("yref") == "paper") - one.get("yshift", 0)
    y += {"bottom": -4, "middle": 5, "top": 14}[one["yanchor"]]
    return _text(x, y, one["text"], _ANCHORS[one["xanchor"]], one["font"])


def _line(x1: float, x2: float, y1: float, y2: float, look: Figure) -> Shape:
    return shape("line", x1=x1, x2=x2, y1=y1, y2=y2, **_stroke(look))


def _stroke(look: Figure) -> dict[str, str | float]:
    dash = {"dot": "2 3"}.get(look.get("dash", ""), re.sub("px", "", look.get("dash", "")).replace(",", " "))
    return {"stroke": look["color"], "stroke-width": look["width"], **({"stroke-dasharray": dash} if dash else {})}


def _text(x: float, y: float, text: str, anchor: str, font: Figure | None = None) -> Shape:
    look = font or theme.font()
    return shape("text", text, x=x, y=y, text_anchor=anchor, fill=look["color"], font_size=look["size"],
                 font_weight=look["weight"])  # fmt: skip
