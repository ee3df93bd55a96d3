"""The parts that several pages are made of: the release's stamp, a chart with its table, crumbs, statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards import address, drawing, theme, words
from dashboards.reading import Reading
from dashboards.tags import Element, dcc, html
from portal.kit.i18n import day_of, language, ngettext, quarter, quarter_short
from portal.kit.i18n import gettext as _
from portal.monitoring.published import Cell, Indicator, Point, Release, Series

Tree = list[Any]


@dataclass(frozen=True, slots=True)
class View:
    """A page ready to be shown: its title and what stands in the shell."""

    title: str
    tree: Tree


def present(*pieces: Element | None) -> Tree:
    """The pieces that are there. Never `filter(None, …)`: an element without children counts as false."""
    return [piece for piece in pieces if piece is not None]


def top(title: str, *, over: str = "", lead: str = "", crumbs: Sequence[tuple[str, str]] = ()) -> Element:
    """The head of a page: where it is, what it is called, one sentence of what it is for."""
    links = [html.Li(html.A(label, href=address)) for address, label in crumbs]
    trail = [html.Nav(html.Ol(links), className="crumbs", **{"aria-label": _("Breadcrumbs")})] if links else []
    heading = html.H1([html.Span(over, className="over"), title] if over else title)
    return html.Div([*trail, heading, *([html.P(lead, className="lead")] if lead else [])], className="top")


def sections(current: str, release: str, *, has_map: bool) -> Element:
    """The dashboards' own navigation; `current` is the page that is shown. Before the first release there is no map."""
    code = language.get()
    known = [
        ("overview", address.overview(code, release=release), _("Overview")),
        *([("map", address.map_(code, release=release), _("Map"))] if has_map else []),
        ("method", address.method(code), _("Method")),
    ]
    links = [
        html.Li(html.A(word, href=where, **({"aria-current": "page"} if name == current else {})))
        for name, where, word in known
    ]
    return html.Nav(html.Ul(links), className="tabs", **{"aria-label": _("Results")})


def stamp(release: Release, awaited: Sequence[str]) -> Element:
    """Which release this is, what it covers, and who has not reported yet."""
    told = ngettext(
        "%(num)s region of %(all)s has reported",
        "%(num)s regions of %(all)s have reported",
        release.reported,
        all=release.regions,
    )
    if awaited and len(awaited) == release.regions - release.reported:
        told = _("%(told)s; still awaited: %(regions)s", told=told, regions=words.listed(awaited))
    dated = _("of %(day)s, figures for %(period)s", day=day_of(release.published_at), period=quarter(release.period))
    number = html.B(_("Release no. %(number)s", number=release.number))
    return html.Div([html.Span([number, " ", dated]), html.Span(told)], className="cover")


def source(release: Release, *, demo: bool) -> Element:
    """The line that a screenshot must carry."""
    number, day = release.number, day_of(release.published_at)
    if demo:
        return html.Span(_("Demonstration data, release no. %(number)s of %(day)s", number=number, day=day))
    return html.Span(_("Release no. %(number)s of %(day)s", number=number, day=day))


def foot(
    reading: Reading, *, of: str, name: str, csv: str = "", xlsx: str = "", more: Sequence[Element] = ()
) -> Element:
    """Under a chart: whose figures these are, the figures as files, the chart as a picture; `of` says which chart.

    `name` is what the figure around it is called in addresses.
    """
    files = [
        html.A(kind, href=where, **{"aria-label": f"{kind}: {of}"})
        for kind, where in (("CSV", csv), ("XLSX", xlsx))
        if where
    ]
    return html.P(
        [source(reading.release, demo=reading.demo), *files, picture(of, reading.asked, name), *more],
        className="source",
    )


def picture(of: str, asked: address.Address, name: str) -> Element:
    """The link to a chart as a picture."""
    where = address.picture(language.get(), asked, name)
    return html.A("PNG", href=where, **{"aria-label": f"PNG: {of}"})


def figure(name: str, inside: Sequence[Element]) -> Element:
    """A chart with all that belongs to it; `name` is what its picture is called in addresses."""
    return html.Figure(list(inside), id=f"figure-{name}", className="figure")


def figure_cell(value: Cell, text: str, label: str, span: int = 1) -> Element:
    """A figure in its cell, or its nothing in a quieter word, which may take `span` columns."""
    kind = "r" if value.value is not None else "r missing"
    return html.Td(text, className=kind, colSpan=span, **{"data-label": label})


def chart(name: str, figure: dict[str, Any]) -> Element:
    """A drawn figure; a screen reader is sent to the table, which says the same."""
    graph = dcc.Graph(id=name, figure=figure, config=theme.config(language.get()), responsive=True)
    label = _("A chart; the table below has the same figures")
    return html.Div(graph, className="graph", role="img", **{"aria-label": label})


def key(*, forecast: bool = True) -> Element:
    """What the lines of the charts over time mean."""
    line = {"x1": 2, "x2": 26, "y1": 8, "y2": 8}
    drawn = [
        (
            _("done so far"),
            [
                drawing.shape("line", class_="g-act", **line),
                drawing.shape("circle", class_="g-dot", cx=14, cy=8, r=4.5),
            ],
        ),
        (_("plan"), [drawing.shape("path", class_="g-plan", d="M1 12H14V4H27")]),
        (_("before the programme"), [drawing.shape("line", class_="g-base", **line)]),
    ]
    if forecast:
        band = drawing.shape("rect", class_="g-band", x=2, y=2, width=24, height=12)
        drawn.append((_("forecast and its limits (80%)"), [band, drawing.shape("line", class_="g-ahead", **line)]))
        mark = drawing.shape("circle", class_="g-mark", cx=14, cy=8, r=8)
        number = drawing.shape("text", "1", class_="g-number", x=14, y=12.5, text_anchor="middle")
        drawn.append((_("plan changed by an amendment"), [mark, number]))
    return html.Ul([html.Li([drawing.key(*shapes), word]) for word, shapes in drawn], className="key")


def twin(series: Series, indicator: Indicator, caption: str) -> Element:
    """The same figures as the chart over it, one quarter a row; a share also says what it is made of."""
    heads = [_("Plan"), _("Done so far")]
    share = indicator.kind in ("share", "ratio")
    if share:
        heads.append(_("Made of"))
    rows = []
    for point in series.points:
        made = words.parts(point.actual) if share and point.actual.value is not None else ""
        cells = [
            figure_cell(point.plan, _planned(series, point, indicator), heads[0]),
            figure_cell(
                point.actual, words.cell(point.actual, indicator), heads[1], span=1 if made else len(heads) - 1
            ),
            *([html.Td(made, className="r")] if made else []),
        ]
        rows.append(html.Tr([html.Th(quarter_short(point.period), scope="row"), *cells]))
    head = html.Tr([html.Th(_("Quarter"), scope="col"), *(html.Th(text, scope="col", className="r") for text in heads)])
    table = html.Table([html.Caption(caption, className="hush"), html.Thead(head), html.Tbody(rows)], className="twin")
    return html.Div(table, className="frame")


def _planned(series: Series, point: Point, indicator: Indicator) -> str:
    """The plan of a quarter, and in brackets what it was before it was changed."""
    now = words.cell(point.plan, indicator)
    before = next((one.before[point.period] for one in series.amendments if point.period in one.before), None)
    if before is None or before == point.plan:
        return now
    return _("%(now)s (was %(before)s)", now=now, before=words.cell(before, indicator))


def summary(*pairs: tuple[str, Any], kind: str = "summary tight") -> Element:
    """A list of a few facts: figures (`summary tight`) or sentences (`summary`)."""
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in pairs], className=kind)
