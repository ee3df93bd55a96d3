"""Charts as our own SVG, their colours CSS classes: a line in a cell of a table, and the funnel."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from dashboards import drawing, words
from dashboards.drawing import Drawing, Shape, shape
from dashboards.figures import ceiling, ticks
from dashboards.funnel import RARE, USUAL, Funnel, Point, outside
from dashboards.reading import Reading
from portal.kit.i18n import gettext as _
from portal.kit.i18n import number
from portal.monitoring.published import Indicator, Series

TALL: Final = 44
STEPS: Final = 48
WIDE, NARROW = (1040, 420), (328, 340)


def line(one: Series, top: float) -> Drawing:
    """A region's quarters in a cell: plan as steps, actual as a line, on the scale that all rows of the table share."""
    width = max(len(one.points), 1)
    done = [_height(point.actual.value, top) for point in one.points]
    newest = [(place, y) for place, y in enumerate(done) if y is not None][-1:]
    dots = [shape("circle", class_="g-dot", cx=f"{(place + 0.5) / width * 100:.1f}%", cy=y, r=5) for place, y in newest]
    plan = [_height(point.plan.value, top) for point in one.points]
    lines = shape(
        "svg",
        shape("path", class_="g-plan thin", d=_run(plan, steps=True)),
        shape("path", class_="g-act", d=_run(done)),
        viewBox=f"0 0 {width} {TALL}", preserveAspectRatio="none", width="100%", height=TALL,
    )  # fmt: skip
    return Drawing(tree=shape("svg", lines, *dots, class_="way line", height=TALL, aria_hidden="true"))


def _height(value: Decimal | None, top: float) -> float | None:
    return None if value is None else round(TALL - 4 - max(float(value), 0.0) / top * (TALL - 8), 1)


def _run(heights: Sequence[float | None], *, steps: bool = False) -> str:
    """The `d` of a line or of steps through the heights, broken where one is missing."""
    drawn, before = ["M0 0"], None
    for place, y in enumerate(heights):
        if y is not None:
            to = "M" if before is None else "L"
            drawn.append(f"{to}{place} {y}H{place + 1}" if steps else f"{to}{place + 0.5} {y}")
        before = y
    return "".join(drawn)


def funnels(found: Funnel, indicator: Indicator, reading: Reading) -> list[Drawing]:
    """The funnel drawn twice: for a desk, and again for a phone."""
    return [_funnel(found, indicator, reading, size, name) for size, name in ((WIDE, "on-desk"), (NARROW, "on-phone"))]


class _Frame:
    """Where a size and a level stand in a drawing of this width and height."""

    def __init__(self, found: Funnel, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.left, self.right, self.over, self.under = 56, 12, 30, 52
        self.largest = ceiling(one.size for one in found.points)
        self.top = ceiling(max(one.level, min(found.limits(one.size, USUAL)[1], 4 * found.centre)) * 100
                           for one in found.points)  # fmt: skip

    def x(self, size: float) -> float:
        return round(self.left + size / self.largest * (self.width - self.left - self.right), 1)

    def y(self, level: float) -> float:
        place = min(max(level, 0.0) * 100 / self.top, 1.0)
        return round(self.height - self.under - place * (self.height - self.over - self.under), 1)


def _funnel(found: Funnel, indicator: Indicator, reading: Reading, size: tuple[int, int], name: str) -> Drawing:
    frame = _Frame(found, *size)
    drawn = [*_axes(frame, found)]
    for z, style in ((RARE, "g-band-2"), (USUAL, "g-band")):
        drawn.append(_band(frame, found, z, style))
    y = frame.y(found.centre)
    drawn.append(shape("line", class_="g-base", x1=frame.left, x2=frame.width - frame.right, y1=y, y2=y))
    drawn += [_dot(frame, one, indicator, reading) for one in found.points]
    if name == "on-desk":
        drawn += _names(frame, outside(found), reading)
    if reading.demo:
        drawn.append(shape("text", _("demonstration data"), x=frame.width, y=16, text_anchor="end"))
    box = f"0 0 {frame.width} {frame.height}"
    return Drawing(tree=shape("svg", *drawn, class_=f"chart {name}", viewBox=box, aria_hidden="true"))


def _axes(frame: _Frame, found: Funnel) -> list[Shape]:
    drawn = [shape("text", "%" if found.is_share else _("% of plan"), x=0, y=16)]
    for mark in ticks(frame.top):
        y = frame.y(mark / 100)
        drawn.append(shape("line", class_="g-grid", x1=frame.left, x2=frame.width - frame.right, y1=y, y2=y))
        drawn.append(shape("text", _mark(mark), x=frame.left - 8, y=y + 5, text_anchor="end"))
    foot = frame.height - frame.under + 20
    for mark in ticks(frame.largest):
        anchor = "end" if mark == frame.largest else "middle"
        drawn.append(shape("text", _mark(mark), x=frame.x(mark), y=foot, text_anchor=anchor))
    label = _("how many stand behind the share") if found.is_share else _("plan up to this quarter")
    drawn.append(shape("text", label, x=frame.width - frame.right, y=foot + 24, text_anchor="end"))
    return drawn


def _mark(value: float) -> str:
    return number(Decimal(str(round(value, 4))), 0 if value == int(value) else 1)


def _band(frame: _Frame, found: Funnel, z: float, style: str) -> Shape:
    sizes = [frame.largest * ((step + 1) / STEPS) ** 2 for step in range(STEPS)]
    limits = [(size, *found.limits(size, z)) for size in sizes]
    upper = [f"{frame.x(size)} {frame.y(high)}" for size, _low, high in limits]
    lower = [f"{frame.x(size)} {frame.y(low)}" for size, low, _high in reversed(limits)]
    return shape("path", class_=style, d=f"M{'L'.join(upper + lower)}Z")


def _dot(frame: _Frame, one: Point, indicator: Indicator, reading: Reading) -> Shape:
    shown = next(row.latest for row in reading.series
                 if (row.region_code, row.indicator_code) == (one.region, indicator.code))  # fmt: skip
    told = f"{reading.name(one.region)}: {words.cell(shown, indicator)}"
    name = "g-dot" if one.side else "g-dot faint"
    return shape("circle", shape("title", told), class_=name, cx=frame.x(one.size), cy=frame.y(one.level), r=6)


def _names(frame: _Frame, points: Sequence[Point], reading: Reading) -> list[Shape]:
    """Names beside the regions outside the limits, where there is room for them."""
    drawn: list[Shape] = []
    taken: list[tuple[float, float]] = []
    for one in points:
        x, y = frame.x(one.size), frame.y(one.level)
        if any(abs(x - other) < 190 and abs(y - level) < 18 for other, level in taken):
            continue
        taken.append((x, y))
        right = x > frame.width * 0.8
        drawn.append(shape("text", reading.name(one.region), class_="name", x=x - 11 if right else x + 11, y=y + 5,
                           text_anchor="end" if right else "start"))  # fmt: skip
    return drawn


def key() -> list[tuple[str, Drawing]]:
    """What stands for what in the funnel."""
    return [
        (_("outside the limits of chance"), drawing.key(shape("circle", class_="g-dot", cx=14, cy=8, r=6))),
        (_("within them"), drawing.key(shape("circle", class_="g-dot faint", cx=14, cy=8, r=6))),
        (_("limits of 95%"), drawing.key(shape("rect", class_="g-band", x=2, y=2, width=24, height=12))),
        (_("limits of 99.8%"), drawing.key(shape("rect", class_="g-band-2", x=2, y=2, width=24, height=12))),
        (_("all regions together"), drawing.key(shape("line", class_="g-base", x1=2, x2=26, y1=8, y2=8))),
    ]
