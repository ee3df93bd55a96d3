"""One indicator on the map: every region in one of three classes of its figure, or hatched where it has none. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from math import ceil, floor, log10

from dashboards import address, drawing, words
from dashboards.drawing import Drawing, Shape, shape
from dashboards.outlines import WIDTH, Outline, outlines, tiles
from dashboards.reading import Reading
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, ngettext
from portal.monitoring.published import CellState, Indicator, Series

TILE = 24
LONGEST_LABEL = 4


@dataclass(frozen=True, slots=True)
class Classes:
    """The regions of a map by class: `c1` is the lowest, `hid` hidden, `miss` any other nothing."""

    breaks: tuple[Decimal, ...]
    of: dict[str, str]
    rows: dict[str, Series]

    def count(self, name: str) -> int:
        """How many regions are in the class."""
        return Counter(self.of.values())[name]


def classes(rows: Sequence[Series]) -> Classes:
    """Each region's class: two round figures divide the regions as evenly as they can; only shown figures are asked."""
    limits = breaks([one.latest.value for one in rows if one.latest.value is not None])
    of = {}
    for one in rows:
        if one.latest.value is not None:
            of[one.region_code] = f"c{3 - sum(one.latest.value < limit for limit in limits)}"
        else:
            of[one.region_code] = "hid" if one.latest.state is CellState.HIDDEN else "miss"
    return Classes(limits, of, {one.region_code: one for one in rows})


def breaks(values: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """At most two round figures between the lowest and the highest value; none where all are alike."""
    if len(set(values)) < 2:
        return ()
    low, high = min(values), max(values)
    unit = Decimal(10) ** floor(log10(float((high - low) / 2)))
    marks: list[Decimal] = []
    for step in (unit * 5, unit * 2, unit, unit / 2):
        first, last = floor(low / step) + 1, ceil(high / step)
        marks = [step * place for place in range(first, last + 1) if low < step * place <= high]
        if len(marks) >= 3:
            break
    chosen: list[tuple[Decimal, ...]] = [*combinations(marks, 2), *((mark,) for mark in marks)]
    middle = (low + high) / 2

    def unevenness(limits: Iterable[Decimal]) -> tuple[int, Decimal]:
        limits = tuple(limits)
        sizes = Counter(sum(value >= mark for mark in limits) for value in values)
        no_class_is_empty = len(sizes) == len(limits) + 1
        off = abs(sum(limits, Decimal(0)) / len(limits) - middle)
        return (max(sizes.values()) if no_class_is_empty else len(values) + 1), off

    return tuple(min(chosen, key=unevenness))


def outline_map(found: Classes, indicator: Indicator, reading: Reading) -> Drawing:
    """The outlines of all regions, those of the indicator coloured and labelled; for the eye alone."""
    shapes, height = outlines()
    land = [shape("path", class_="land", d=one.path) for code, one in shapes.items() if code not in found.of]
    taking_part = [
        _linked(code, reading, shape("path", _told(found, code, one, indicator), class_=f"land {name}", d=one.path))
        for code, name in found.of.items()
        if (one := shapes.get(code))
    ]
    labels = [
        shape("text", text, class_=f"on-{found.of[code]}", x=shapes[code].label[0], y=shapes[code].label[1] + 6,
              text_anchor="middle")
        for code, one in found.rows.items()
        if code in shapes and (text := _label(one, indicator))
    ]  # fmt: skip
    note = [shape("text", _("demonstration data"), class_="note", x=0, y=16)] if reading.demo else []
    drawn = [*land, *taking_part, *labels, *note]
    return Drawing(tree=shape("svg", *drawn, class_="chart map", viewBox=f"0 0 {WIDTH} {height}", aria_hidden="true"))


def tile_map(found: Classes, indicator: Indicator, reading: Reading) -> Drawing:
    """The same classes in equal tiles, where a small region is as visible as a large one."""
    shapes, drawn = outlines()[0], []
    for code, (column, row) in tiles().items():
        name, x, y = found.of.get(code, "c0"), column * TILE, row * TILE
        told = [_told(found, code, shapes[code], indicator)] if code in found.of else []
        square = shape("rect", *told, class_=name, x=x, y=y, width=TILE - 2, height=TILE - 2)
        text = _label(found.rows[code], indicator) if code in found.rows else ""
        label = [shape("text", text, class_=f"on-{name}", x=x + 11, y=y + 17, text_anchor="middle")]
        drawn.append(_linked(code, reading, square, *(label if 0 < len(text) <= 2 else ())) if told else square)
    width, height = max(x for x, _ in tiles().values()) + 1, max(y for _, y in tiles().values()) + 1
    box = f"0 0 {width * TILE - 2} {height * TILE - 2}"
    return Drawing(tree=shape("svg", *drawn, class_="chart tiles", viewBox=box, aria_hidden="true"))


def legend(found: Classes, indicator: Indicator, *, filtered: bool) -> Element:
    """What each colour means, in words, and how many regions have it."""
    named = [*_ranges(found.breaks, indicator)]
    named += [("hid", _("hidden: small number")), ("miss", _("no figure"))]
    rest = len(outlines()[0]) - len(found.of)
    counts = [(name, text, found.count(name)) for name, text in named]
    counts.append(("c0", _("not chosen or without a programme") if filtered else _("without a programme"), rest))
    return html.Ul(
        [
            html.Li(
                [
                    drawing.swatch(name),
                    html.Div([text, html.Span(ngettext("%(num)s region", "%(num)s regions", count))]),
                ]
            )
            for name, text, count in counts
            if count
        ],
        className="legend",
    )


def finding(found: Classes, indicator: Indicator) -> str:
    """The title of the map: how many regions are in the highest class."""
    if not found.breaks:
        return _("The same picture in every region") if found.count("c3") > 1 else str(indicator.name)
    figure = words.round_figure(found.breaks[-1], indicator)
    return ngettext(
        "In %(num)s region of %(all)s the figure is %(figure)s or more",
        "In %(num)s regions of %(all)s the figure is %(figure)s or more",
        found.count("c3"),
        all=len(found.of),
        figure=figure,
    )


def aloud(found: Classes, indicator: Indicator, reading: Reading) -> str:
    """The map read aloud: the lowest and the highest figure, and how many regions have none."""
    shown = [(one.latest.value, code) for code, one in found.rows.items() if one.latest.value is not None]
    said = []
    if shown:
        (low, least), (high, most) = min(shown), max(shown)
        said.append(
            _(
                "From %(low)s (%(least)s) to %(high)s (%(most)s).",
                low=words.figure(low, indicator), least=reading.name(least),
                high=words.figure(high, indicator), most=reading.name(most),
            )
        )  # fmt: skip
    missing = len(found.rows) - len(shown)
    if missing:
        said.append(
            ngettext(
                "For %(num)s region there is no figure in this release.",
                "For %(num)s regions there is no figure in this release.",
                missing,
            )
        )
    return " ".join(said)


def _ranges(limits: tuple[Decimal, ...], indicator: Indicator) -> list[tuple[str, str]]:
    written = [words.round_figure(limit, indicator) for limit in limits]
    if not written:
        return [("c3", _("has a figure"))]
    middle = [("c2", _("from %(low)s to %(high)s", low=written[0], high=written[1]))] if len(written) > 1 else []
    lowest = ("c1" if middle else "c2", _("less than %(figure)s", figure=written[0]))
    return [("c3", _("%(figure)s or more", figure=written[-1])), *middle, lowest]


def _told(found: Classes, code: str, one: Outline, indicator: Indicator) -> Shape:
    name = one.name_en if language.get() == "en" else one.name_ru
    return shape("title", f"{name}: {words.cell(found.rows[code].latest, indicator)}")


def _label(one: Series, indicator: Indicator) -> str:
    if one.latest.value is None:
        return ""
    text = words.short_figure(one.latest.value, indicator)
    return text if len(text) <= LONGEST_LABEL else ""


def _linked(code: str, reading: Reading, *drawn: Shape) -> Shape:
    where = address.region(language.get(), code, release=reading.asked.release)
    return shape("a", *drawn, href=where, tabindex=-1)
