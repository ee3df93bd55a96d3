"""The overview: what the release covers, headline numbers, the way of every region to one target."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dashboards import address, drawing, figures, headlines, parts, words
from dashboards.pages.context import context
from dashboards.parts import View
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, ngettext, number
from portal.monitoring import published
from portal.monitoring.published import CellState, Indicator, Programme, Release, Series, Total, YearValue

HEADLINES = 5


async def overview(asked: address.Address, release: Release | None, *, demo: bool) -> View | None:
    """The overview of a release, the asked indicator in its table of regions; before the first, what will be here."""
    years = await published.poverty()
    title = _("Overview")
    if release is None:
        return View(title, _before_the_first(years))
    programmes = await published.programmes(release.number)
    indicators = {one.code: one for one in await published.indicators(release.number)}
    totals = {total.indicator_code: total for total in await published.totals(release.number)}
    series = await published.series(release.number)
    if asked.indicator and asked.indicator not in indicators:
        return None
    first = headlines.foremost(list(indicators.values()), totals)
    chosen = indicators.get(asked.indicator) or first
    head = parts.top(
        ngettext(
            "How %(num)s region helps families with children out of poverty",
            "How %(num)s regions help families with children out of poverty",
            len(programmes),
        ),
        lead=_(
            "The Foundation has chosen regional programmes for families. "
            "Here you see what each has promised and what is done."
        ),
    )
    tree = [head, parts.stamp(release, _awaited(programmes, series))]
    if first and chosen:
        rows = [one for one in series if one.indicator_code == chosen.code]
        tree += [
            _heads(first, indicators, totals),
            _regions(chosen, list(indicators.values()), totals.get(chosen.code), rows, programmes, release, demo=demo),
        ]
    return View(title, [*tree, context(years)])


def _before_the_first(years: list[YearValue]) -> list[Any]:
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
        context(years),
    ]


def _awaited(programmes: Sequence[Programme], series: Sequence[Series]) -> list[str]:
    told = {one.region_code for one in series if one.latest.state is not CellState.NOT_REPORTED}
    return [str(one.region_short) for one in programmes if one.region_code not in told]


def _heads(first: Indicator, indicators: dict[str, Indicator], totals: dict[str, Total]) -> Element:
    others = headlines.ordered(indicators.values(), totals)[: HEADLINES - 1]
    everywhere = html.A(_("All regions"), href=address.overview(language.get(), fragment="ways"))
    boxes = [_box(headlines.met(first, totals[first.code]), everywhere)]
    for one in others:
        named = f"{_('where the number comes from')}: {one.name}"
        where = address.overview(language.get(), one.code, "ways")
        link = html.A(_("where the number comes from"), href=where, **{"aria-label": named})
        boxes.append(_box(headlines.of_all(one, totals[one.code]), link))
    return html.Div(boxes, className="heads")


def _box(said: headlines.Headline, link: Element) -> Element:
    line = [", ".join(said.facts), html.Br(), link] if said.facts else [link]
    return html.Div([html.Strong(said.shown), html.P(said.text), html.Small(line)])


def _regions(
    chosen: Indicator,
    indicators: list[Indicator],
    total: Total | None,
    rows: list[Series],
    programmes: list[Programme],
    release: Release,
    *,
    demo: bool,
) -> Element:
    """The table in which each region's chart is a cell: chart and twin are one."""
    met, regions = (total.regions_met, total.regions) if total else (0, len(rows))
    title = words.met_of(met, regions) if chosen.direction != "neutral" else str(chosen.name)
    sub = _("%(name)s. Above are those with the larger part of their way behind them.", name=words.named(chosen))
    return html.Section(
        html.Figure(
            [
                html.H2(title),
                html.P(sub, className="sub"),
                _choice(chosen, indicators),
                _key(demo=demo),
                _table(chosen, rows, {one.region_code: one for one in programmes}, release),
                html.Figcaption(_farthest(chosen, rows, programmes)),
                html.P([parts.source(release, demo=demo)], className="source"),
            ],
            className="figure",
        ),
        id="ways",
        className="part",
    )


def _choice(chosen: Indicator, indicators: list[Indicator]) -> Element | None:
    if len(indicators) < 2:
        return None
    options = [html.Option(str(one.name), value=one.code, selected=one.code == chosen.code) for one in indicators]
    return html.Form(
        [
            html.Label(_("Indicator"), htmlFor="indicator"),
            html.Select(options, id="indicator", name="indicator", className="input"),
            html.Button(_("Show the regions"), type="submit", className="btn plain slim"),
        ],
        action=address.overview(language.get(), fragment="ways"),
        method="get",
        className="choice-line",
    )


def _key(*, demo: bool) -> Element:
    samples = [
        (_("before the programme"), drawing.shape("line", class_="g-start", x1=14, x2=14, y1=4, y2=12)),
        (_("now"), drawing.shape("circle", class_="g-dot", cx=14, cy=8, r=6)),
        (_("target"), drawing.shape("line", class_="g-target", x1=14, x2=14, y1=0, y2=16)),
    ]
    items = [html.Li([drawing.key(sample), word]) for word, sample in samples]
    return html.Ul([*items, *([html.Li(_("demonstration data"))] if demo else [])], className="key")


def _table(chosen: Indicator, rows: list[Series], programmes: dict[str, Programme], release: Release) -> Element:
    figures_shown = [c.value for one in rows for c in (one.baseline, one.latest, one.target) if c.value is not None]
    scale = 100 if chosen.unit == "percent" else 1
    top = figures.ceiling(value * scale for value in figures_shown)
    heads = [_("Was"), _("Now"), _("Target")]
    marks = [(mark / top * 100, number(Decimal(str(mark)), 0 if top >= 5 else 1)) for mark in figures.ticks(top)]
    head = [
        html.Th(_("Region"), scope="col"),
        html.Th(
            [html.Span(_("The way to the target"), className="hush"), drawing.scale(marks)],
            className="pic",
            scope="col",
        ),
        *(html.Th(text, scope="col", className="r") for text in heads),
        html.Th(_("State"), scope="col", className="state"),
    ]
    body = [_row(chosen, one, programmes, heads, top / scale, release) for one in _ordered(chosen, rows)]
    columns = html.Colgroup([html.Col(className=name) for name in ("name", "pic", "figure", "now", "figure", "state")])
    caption = html.Caption(str(chosen.name), className="hush")
    return html.Div(
        html.Table([caption, columns, html.Thead(html.Tr(head)), html.Tbody(body)], className="ways"), className="frame"
    )


def _row(
    chosen: Indicator, one: Series, programmes: dict[str, Programme], heads: list[str], top: float, release: Release
) -> Element:
    def place(value: Decimal | None) -> float | None:
        return None if value is None else round(float(value) / top * 100, 1)

    code = language.get()
    programme = programmes.get(one.region_code)
    name = str(programme.region_short) if programme else one.region_code
    now = parts.figure_cell(one.latest, words.cell(one.latest, chosen), heads[1])
    if one.latest.state is CellState.VALUE:
        link = html.A(
            words.cell(one.latest, chosen), href=address.trace(code, one.region_code, chosen.code, release.period)
        )
        now = html.Td(link, className="r", **{"data-label": heads[1]})
    return html.Tr(
        [
            html.Th(html.A(name, href=address.region(code, one.region_code)), scope="row"),
            html.Td(
                drawing.way(place(one.baseline.value), place(one.latest.value), place(one.target.value)),
                className="pic",
            ),
            parts.figure_cell(one.baseline, words.promise(one.baseline, chosen), heads[0]),
            now,
            parts.figure_cell(one.target, words.promise(one.target, chosen), heads[2]),
            html.Td(parts.judged(one.latest, one.target, chosen), className="state"),
        ]
    )


def _ordered(chosen: Indicator, rows: list[Series]) -> list[Series]:
    def rank(one: Series) -> tuple[bool, Decimal, str]:
        done = words.way(one, chosen)
        return done is None, -(done or Decimal(0)), one.region_code

    return sorted(rows, key=rank)


def _farthest(chosen: Indicator, rows: list[Series], programmes: list[Programme]) -> str:
    names = {one.region_code: str(one.region_short) for one in programmes}
    judged = [one for one in rows if one.latest.reaches(one.target, chosen.direction) is not None]
    open_ = [one for one in judged if not one.latest.reaches(one.target, chosen.direction)]
    missing = len(rows) - sum(one.latest.value is not None for one in rows)
    said = []
    if open_:
        one = _ordered(chosen, open_)[-1]
        said.append(
            _(
                "The longest way is still before %(region)s: %(now)s, target %(target)s.",
                region=names.get(one.region_code, one.region_code),
                now=words.cell(one.latest, chosen),
                target=words.promise(one.target, chosen),
            )
        )
    elif judged:
        said.append(_("Every region that has a figure has reached its target."))
    if missing:
        said.append(
            ngettext(
                "For %(num)s region there is no figure in this release.",
                "For %(num)s regions there is no figure in this release.",
                missing,
            )
        )
    return " ".join(said)
