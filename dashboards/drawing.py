"""Small drawings inside a page, as SVG whose colours are CSS classes; `assets/drawing.js` is their other half."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

Shape = dict[str, Any]
SHAPES = frozenset({"svg", "g", "a", "line", "circle", "path", "rect", "use", "text", "title", "defs", "pattern"})


HATCHED = {"miss": "hatch", "hid": "hatch-back"}


class Drawing(Component):
    """An SVG drawing from a tree of `shape()`: nothing else of SVG can be put into it."""

    _namespace = "portal_drawing"
    _type = "Drawing"

    def __init__(self, tree: Shape) -> None:
        self._prop_names = ["tree"]
        self._valid_wildcard_attributes: list[str] = []
        super().__init__(tree=tree)  # type: ignore[no-untyped-call]
        self.tree = tree


def shape(tag: str, /, *inside: Shape | str, **attributes: str | float) -> Shape:
    """One element; `class_` and underscores become SVG's names. ValueError for an element that is not drawn here."""
    if tag not in SHAPES:
        raise ValueError(f"not drawn here: {tag}")
    named = {name.rstrip("_").replace("_", "-"): str(value) for name, value in attributes.items()}
    hatched = HATCHED.get(named.get("class", "").rpartition(" ")[2])
    if hatched:  # A sheet of styles of its own address cannot point into the page, an attribute can.
        named["fill"] = f"url(#{hatched})"
    return {"tag": tag, "attributes": named, "inside": list(inside)}


def icon(name: str) -> Drawing:
    """One of the icons of the page's sprite."""
    return Drawing(
        tree=shape("svg", shape("use", href=f"#i-{name}"), class_="icon", viewBox="0 0 16 16", aria_hidden="true")
    )


def way(start: float | None, now: float | None, aim: float | None, *, hollow: bool = False) -> Drawing:
    """A region's way to its target in a cell of the table; the three are places from 0 to 100 on the column's scale."""
    drawn: list[Shape] = []
    if start is not None and aim is not None:
        drawn.append(_across(start, aim, "g-rest"))
    if start is not None and now is not None:
        drawn.append(_across(start, now, "g-way"))
    if start is not None:
        drawn.append(_upright(start, 4, "g-start"))
    if aim is not None:
        drawn.append(_upright(aim, 8, "g-target"))
    if now is not None:
        name, size = ("g-dot hollow", 5) if hollow else ("g-dot", 6)
        drawn.append(shape("circle", class_=name, cx=_percent(now), cy=12, r=size))
    return Drawing(tree=shape("svg", *drawn, class_="way", height=24, aria_hidden="true"))


def scale(marks: list[tuple[float, str]]) -> Drawing:
    """The marks over a column of ways: places from 0 to 100 and what is written there."""
    written = [shape("text", text, x=_percent(place), y=16, text_anchor="middle") for place, text in marks]
    return Drawing(tree=shape("svg", *written, class_="way chart", height=20, aria_hidden="true"))


def key(*drawn: Shape) -> Drawing:
    """A sample of 28 by 16 pixels for the key over a chart."""
    return Drawing(tree=shape("svg", *drawn, width=28, height=16, viewBox="0 0 28 16", aria_hidden="true"))


def swatch(name: str) -> Drawing:
    """A sample of a class of the map."""
    square = shape("rect", class_=name, width=24, height=18, rx=2)
    return Drawing(tree=shape("svg", square, width=24, height=18, viewBox="0 0 24 18", aria_hidden="true"))


def patterns() -> Drawing:
    """The two hatchings that CSS fills with; once on a page."""
    drawn = [
        shape("pattern", shape("rect", class_="hatch-bg", width=6, height=6),
              shape("path", class_="hatch-ink", d="M0 0V6"),
              id=name, width=6, height=6, patternUnits="userSpaceOnUse", patternTransform=f"rotate({angle})")
        for name, angle in (("hatch", 45), ("hatch-back", 135))
    ]  # fmt: skip
    return Drawing(tree=shape("svg", shape("defs", *drawn), class_="sprite", aria_hidden="true"))


def _across(left: float, right: float, name: str) -> Shape:
    return shape("line", class_=name, x1=_percent(left), x2=_percent(right), y1=12, y2=12)


def _upright(place: float, half: int, name: str) -> Shape:
    return shape("line", class_=name, x1=_percent(place), x2=_percent(place), y1=12 - half, y2=12 + half)


def _percent(place: float) -> str:
    return f"{place:.1f}%"
