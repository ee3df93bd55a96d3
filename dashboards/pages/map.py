"""One indicator on the map: outlines for knowing where, equal tiles for seeing the small, the same classes in both."""

from __future__ import annotations

from dashboards import address, choice, drawing, maps, parts, words
from dashboards.headlines import foremost
from dashboards.pages import ways
from dashboards.parts import View
from dashboards.reading import Reading, read
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, quarter
from portal.monitoring.published import Indicator


async def map_page(asked: address.Address, *, demo: bool) -> View | None:
    """The map of the asked indicator, or of the programmes' main goal; None before the first release."""
    reading = await read(asked, demo=demo)
    chosen = None
    if reading is not None:
        first = foremost(list(reading.indicators.values()), reading.totals)
        chosen = reading.indicators.get(asked.indicator) or first
    if reading is None or chosen is None:
        return None
    code = language.get()
    head = parts.top(
        _("The regions on the map"),
        over=str(chosen.group),
        crumbs=[(address.overview(code, release=asked.release), _("Overview"))],
    )
    tree = [
        head,
        choice.older(reading),
        parts.stamp(reading.release, []),
        drawing.patterns(),
        choice.filters(reading, address.map_(code), label=_("Show on the map"), chosen=chosen.code),
        mapped(reading, chosen),
        _tiles(reading, chosen),
        _twin(reading, chosen),
    ]
    return View(_("Map: %(name)s", name=chosen.name), parts.present(*tree))


def mapped(reading: Reading, chosen: Indicator) -> Element:
    """The section with the outlines: the finding over it, the legend in words and the way to the table under it."""
    found = maps.classes(reading.of(chosen))
    figure = [
        html.H2(maps.finding(found, chosen)),
        html.P(measure(reading, chosen), className="sub"),
        maps.outline_map(found, chosen, reading),
        maps.legend(found, chosen, filtered=bool(reading.asked.district)),
        html.Figcaption(maps.aloud(found, chosen, reading)),
        _foot(reading, chosen, "map", html.Span(_("Outlines: Natural Earth"))),
    ]
    return html.Section(parts.figure("map", figure), id="map", className="part")


def _tiles(reading: Reading, chosen: Indicator) -> Element:
    found = maps.classes(reading.of(chosen))
    why = _("Each region is one tile, so that a small one is seen as well as a large one.")
    figure = [
        html.H2(_("The same in equal tiles")),
        html.P(f"{measure(reading, chosen).removesuffix('.')}. {why}", className="sub"),
        maps.tile_map(found, chosen, reading),
        maps.legend(found, chosen, filtered=bool(reading.asked.district)),
        _foot(reading, chosen, "tiles"),
    ]
    return html.Section(parts.figure("tiles", figure), className="part")


def _twin(reading: Reading, chosen: Indicator) -> Element:
    return html.Section(
        [html.H2(_("The same figures in a table")), ways.key(), ways.ways(reading, chosen)], id="ways", className="part"
    )


def measure(reading: Reading, chosen: Indicator) -> str:
    """The subtitle: what is measured, in what, and until when."""
    return _(
        "%(measure)s, by the end of %(period)s", measure=words.measure(chosen), period=quarter(reading.release.period)
    )


def _foot(reading: Reading, chosen: Indicator, name: str, *more: Element) -> Element:
    asked, code = reading.asked, language.get()
    files = {
        kind: address.indicator(code, chosen.code, release=asked.release, district=asked.district, file=kind)
        for kind in ("csv", "xlsx")
    }
    table = html.A(_("The same figures in a table"), href="#ways")
    return parts.foot(reading, of=_("Map: %(name)s", name=chosen.name), name=name, more=[*more, table], **files)
