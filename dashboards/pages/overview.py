"""The overview: what the release covers, headline numbers, the map, the way of every region to one target."""

from __future__ import annotations

from typing import Any

from dashboards import address, choice, drawing, headlines, parts, states, words
from dashboards.pages import ways
from dashboards.pages.context import context
from dashboards.pages.map import mapped
from dashboards.parts import View
from dashboards.reading import Reading, read
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, ngettext
from portal.monitoring import published
from portal.monitoring.published import CellState, Indicator, YearValue

HEADLINES = 5


async def overview(asked: address.Address, *, demo: bool) -> View | None:
    """The overview of a release, the asked indicator on its map and in its table; before the first, what will come."""
    years = await published.poverty()
    title = _("Overview")
    if await published.latest() is None:
        return View(title, _before_the_first(years, asked)) if not asked.release else None
    reading = await read(asked, demo=demo)
    if reading is None:
        return None
    first = headlines.foremost(list(reading.indicators.values()), reading.totals)
    chosen = reading.indicators.get(asked.indicator) or first
    tree = parts.present(_top(reading), choice.older(reading), parts.stamp(reading.release, _awaited(reading)))
    if first and chosen:
        where = address.overview(language.get(), fragment="map")
        filters = choice.filters(reading, where, label=_("Show the regions"), chosen=chosen.code)
        shown = (_heads(reading, first), filters, mapped(reading, chosen), _regions(reading, chosen))
        tree += parts.present(drawing.patterns(), *shown)
    return View(title, [*tree, context(years, asked)])


def _top(reading: Reading) -> Element:
    return parts.top(
        ngettext(
            "How %(num)s region helps families with children out of poverty",
            "How %(num)s regions help families with children out of poverty",
            len(reading.programmes),
        ),
        lead=_(
            "The Foundation has chosen regional programmes for families. "
            "Here you see what each has promised and what is done."
        ),
    )


def _before_the_first(years: list[YearValue], asked: address.Address) -> list[Any]:
    lead = _("When the regions have reported and the reports are accepted, the first release of figures appears here.")
    return [
        parts.top(_("Results of the programmes"), lead=lead),
        html.Div(
            [
                html.H2(_("There is no release yet")),
                html.P(_("Each release shows promise and result of every region side by side.")),
            ],
            className="empty",
        ),
        context(years, asked),
    ]


def _awaited(reading: Reading) -> list[str]:
    told = {one.region_code for one in reading.series if one.latest.state is not CellState.NOT_REPORTED}
    return [str(one.region_short) for code, one in reading.programmes.items() if code not in told]


def _heads(reading: Reading, first: Indicator) -> Element:
    others = headlines.ordered(reading.indicators.values(), reading.totals)[: HEADLINES - 1]
    everywhere = html.A(
        _("All regions"), href=address.indicator(language.get(), first.code, release=reading.asked.release)
    )
    boxes = [_box(headlines.met(first, reading.totals[first.code]), everywhere)]
    for one in others:
        named = f"{_('where the number comes from')}: {one.name}"
        where = address.indicator(language.get(), one.code, release=reading.asked.release)
        link = html.A(_("where the number comes from"), href=where, **{"aria-label": named})
        boxes.append(_box(headlines.of_all(one, reading.totals[one.code]), link))
    return html.Div(boxes, className="heads")


def _box(said: headlines.Headline, link: Element) -> Element:
    line = [", ".join(said.facts), html.Br(), link] if said.facts else [link]
    return html.Div([html.Strong(said.shown), html.P(said.text), html.Small(line)])


def _regions(reading: Reading, chosen: Indicator) -> Element:
    code, asked = language.get(), reading.asked
    sub = _("%(name)s. Above are those with the larger part of their way behind them.", name=words.named(chosen))
    files = {
        kind: address.indicator(code, chosen.code, release=asked.release, district=asked.district, file=kind)
        for kind in ("csv", "xlsx")
    }
    more = [
        html.A(_("All about this indicator"), href=address.indicator(code, chosen.code, release=asked.release)),
        html.A(_("How the state is determined"), href=address.method(code, "state")),
    ]
    figure = [
        html.H2(states.over_regions(reading, chosen)),
        html.P(sub, className="sub"),
        ways.key(),
        ways.ways(reading, chosen),
        html.Figcaption(ways.aloud(reading, chosen)),
        parts.foot(reading, of=str(chosen.name), name="ways", more=more, **files),
    ]
    return html.Section(parts.figure("ways", figure), id="ways", className="part")
