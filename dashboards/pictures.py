"""A chart of a page as what a picture of it is made of: the same words, drawings and cells, the paints as plain CSS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dash.development.base_component import Component

from dashboards import drawing, theme
from dashboards.drawing import Drawing, Shape
from dashboards.first_view import markup
from dashboards.still import still
from portal.kit.i18n import language

Content = dict[str, Any]
WIDE, NARROW, CELL, KEY = 1100, 568, 330, 28
PAINTS: Final = f"""
text {{ font-family: "Golos latin", "Golos cyrillic" }} .chart text {{ font-size: 14px; fill: {theme.QUIET} }}
.g-base {{ fill: none; stroke: {theme.QUIET}; stroke-width: 1.25; stroke-dasharray: 3 4 }}
.g-plan {{ fill: none; stroke: {theme.INK}; stroke-width: 2 }} .thin {{ stroke-width: 1.25 }}
.g-act {{ fill: none; stroke: {theme.RIVER}; stroke-width: 3; stroke-linejoin: round; stroke-linecap: round }}
.g-dot {{ fill: {theme.RIVER}; stroke: {theme.PAPER}; stroke-width: 1.5 }}
.hollow {{ fill: {theme.PAPER}; stroke: {theme.RIVER}; stroke-width: 2 }} .faint {{ fill: {theme.MIDDLE} }}
.g-way {{ stroke: {theme.MIDDLE}; stroke-width: 4 }} .g-rest {{ stroke: {theme.LINE}; stroke-width: 2 }}
.g-start {{ stroke: {theme.QUIET}; stroke-width: 2 }} .g-target {{ stroke: {theme.INK}; stroke-width: 3 }}
.g-ahead {{ stroke: {theme.RIVER}; stroke-width: 2; stroke-dasharray: 2 4 }} .g-mark {{ fill: {theme.INK} }}
.g-number {{ fill: {theme.PAPER}; font-size: 12px; font-weight: 600 }} .g-grid {{ stroke: {theme.LINE} }}
.g-band {{ fill: {theme.BAND} }} .g-band-2 {{ fill: {theme.LAND} }}
.land {{ fill: {theme.LAND}; stroke: {theme.PAPER} }} .c0 {{ fill: {theme.LAND} }} .c1 {{ fill: {theme.BAND} }}
.c2 {{ fill: {theme.MIDDLE} }} .c3 {{ fill: {theme.RIVER} }}
.miss {{ fill: url(#hatch); stroke: {theme.EDGE} }} .hid {{ fill: url(#hatch-back); stroke: {theme.EDGE} }}
.hatch-bg {{ fill: {theme.PAPER} }} .hatch-ink {{ stroke: {theme.EDGE}; stroke-width: 2.2 }}
.chart.map text {{ font-size: 16px; font-weight: 600 }} .chart.map .note {{ font-weight: 400 }}
.chart.tiles text {{ font-size: 11px; font-weight: 600 }} .chart .name {{ fill: {theme.INK}; font-weight: 600 }}
.chart .on-c1, .chart .on-c2 {{ fill: {theme.INK} }} .chart .on-c3 {{ fill: {theme.PAPER} }}
"""
"""What portal.css and dashboards.css say of the classes of drawings, without variables."""
_STEP: Final = re.compile(r"([MLH])([\d.]+)")


def content(tree: Any, name: str, *, over: str = "") -> Content | None:
    """What the figure of this name on a page says and draws, in its order; None where the page has no such figure.

    `over` is what the page alone would have said: whose chart it is. It is left out where the chart says it too.
    """
    figure = next((one for one in _all(tree) if getattr(one, "id", None) == f"figure-{name}"), None)
    if figure is None:
        return None
    blocks = [block for one in _parts(figure) for block in _block(one)]
    if over and not any(over in block["text"] for block in blocks if block["kind"] == "sub"):
        blocks.insert(0, {"kind": "sub", "text": over})
    width = NARROW if any(block["kind"] == "still" for block in blocks) else WIDE
    return {"language": language.get(), "width": width, "blocks": blocks}


def _block(one: Component) -> Iterator[Content]:
    """The block that an element becomes; nothing for what is only of use on a page."""
    kind, named = one._type, str(getattr(one, "className", "") or "")
    if kind in ("H2", "H3"):
        yield {"kind": "title", "text": said(one)}
    elif kind == "Figcaption":
        yield {"kind": "words", "text": said(one)}
    elif kind == "P":
        spans = [part for part in _parts(one) if part._type == "Span"]
        text = "; ".join(map(said, spans)) if "source" in named else said(one)
        yield {"kind": "source" if "source" in named else "sub", "text": text}
    elif kind == "Ul":
        yield {"kind": "key", "items": [_sample(item) for item in _parts(one)]}
    elif kind == "Span" and "status" in named:
        yield _status(one)
    elif kind == "Table":
        yield _table(one)
    elif kind == "Graph":
        yield {"kind": "still", "svg": svg(still(getattr(one, "figure", {})).tree, NARROW - 48)}
    elif isinstance(one, Drawing):
        if "on-phone" not in one.tree["attributes"].get("class", ""):
            yield {"kind": "drawing", "svg": svg(one.tree, WIDE - 48)}
    elif kind == "Div":
        for part in _parts(one):
            yield from _block(part)


def _sample(item: Component) -> Content:
    drawn = next(one for one in _all(item) if isinstance(one, Drawing))
    words = [said(part) for one in _children(item) for part in (_children(one) if _is(one, "Div") else [one])]
    return {"svg": svg(drawn.tree, KEY), "text": " — ".join(filter(None, words))}


def _status(one: Component) -> Content:
    return {
        "kind": "status",
        "icon": str(getattr(one, "className", "")).removeprefix("status").strip(),
        "text": said(one),
    }


def _table(table: Component) -> Content:
    """Rows of cells, the head first: a text, a drawing or a status."""
    rows = [[_cell(cell) for cell in _parts(row)] for row in _all(table) if row._type == "Tr"]
    return {"kind": "table", "head": rows[0], "rows": rows[1:]}


def _cell(cell: Component) -> Content:
    drawn = next((one for one in _all(cell) if isinstance(one, Drawing)), None)
    status = next((one for one in _all(cell) if "status" in str(getattr(one, "className", ""))), None)
    if status is not None and status is not cell:
        return _status(status)
    right = " r " in f" {getattr(cell, 'className', '')} "
    if drawn is not None:  # Never its truth: an element without children counts as false.
        return {"kind": "cell", "text": "", "svg": svg(drawn.tree, CELL), "right": right}
    return {"kind": "cell", "text": said(cell), "svg": "", "right": right}


def svg(tree: Shape, width: int) -> str:
    """The drawing as a file of its own with its paints in it; what has no size of its own is `width` wide."""
    whole = _straight(tree, width)
    box = whole["attributes"].get("viewBox", "")
    size = {"width": str(width), **whole["attributes"], "xmlns": "http://www.w3.org/2000/svg"}
    if box and "height" not in whole["attributes"]:
        size["height"] = f"{float(box.split()[3]) / float(box.split()[2]) * width:.1f}"
    paints: Shape = {"tag": "style", "attributes": {}, "inside": [PAINTS]}
    hatched = drawing.patterns().tree["inside"]
    return markup({**whole, "attributes": size, "inside": [paints, *hatched, *whole["inside"]]})


def _straight(node: Shape, width: int) -> Shape:
    """The same without links and titles; a stretched part is drawn at its size, or its lines would be stretched too."""
    inside: list[Any] = [part if isinstance(part, str) else _straight(part, width) for part in node["inside"]
              if isinstance(part, str) or part["tag"] != "title"]  # fmt: skip
    given = node["attributes"]
    if node["tag"] == "a":
        return {"tag": "g", "attributes": {}, "inside": inside}
    if given.get("preserveAspectRatio") == "none":
        wider = width / float(given["viewBox"].split()[2])
        for path in inside:
            there = path["attributes"]
            there["d"] = _STEP.sub(lambda step: f"{step[1]}{float(step[2]) * wider:.1f}", there["d"])
        return {"tag": "g", "attributes": {}, "inside": inside}
    return {"tag": node["tag"], "attributes": dict(given), "inside": inside}


def said(one: Any) -> str:
    """The words of an element as they are seen."""
    if isinstance(one, str | int | float):
        return str(one)
    if one is None or isinstance(one, Drawing) or "hush" in str(getattr(one, "className", "") or ""):
        return ""
    return " ".join(filter(None, (said(part).strip() for part in _children(one))))


def _is(one: Any, kind: str) -> bool:
    return isinstance(one, Component) and one._type == kind


def _children(one: Component) -> list[Any]:
    inside = getattr(one, "children", None)
    return inside if isinstance(inside, list) else [] if inside is None else [inside]


def _parts(one: Component) -> list[Component]:
    return [part for part in _children(one) if isinstance(part, Component)]


def _all(tree: Any) -> Iterator[Component]:
    for one in tree if isinstance(tree, list) else [tree]:
        if isinstance(one, Component):
            yield one
            yield from _all(_children(one))
