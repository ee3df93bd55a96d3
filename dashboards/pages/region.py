"""A region's page: its programme in brief, and every indicator against its plan over time with the table under it."""

from __future__ import annotations

from typing import Any

from dashboards import address, figures, parts, words
from dashboards.parts import View
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, money, number, percent
from portal.monitoring import published
from portal.monitoring.published import Indicator, Programme, Release, Series


async def region(asked: address.Address, release: Release | None, *, demo: bool) -> View | None:
    """The page of a region: its programme in the release, or that it has none; None where there is no such region."""
    programme = await _programme(release, asked.region) if release else None
    if release is None or programme is None:
        name = await published.region_name(asked.region)
        return _without_programme(str(name), release) if name else None
    indicators = {one.code: one for one in await published.indicators(release.number)}
    rows = [
        (one, indicators[one.indicator_code]) for one in await published.series(release.number, region=asked.region)
    ]
    head = parts.top(str(programme.title), over=str(programme.region), lead=str(programme.summary), crumbs=_crumbs())
    charts = html.Section(
        [
            html.H2(words.headed_for(rows)),
            parts.key(),
            html.Div([_chart(one, indicator, release, demo=demo) for one, indicator in rows], className="multiples"),
        ],
        className="part",
    )
    return View(
        f"{programme.region}: {programme.title}",
        [head, parts.stamp(release, []), _brief(programme), *([charts] if rows else [])],
    )


def _crumbs() -> list[tuple[str, str]]:
    code = language.get()
    return [(address.overview(code), _("Overview")), (address.overview(code, fragment="ways"), _("Regions"))]


def _without_programme(name: str, release: Release | None) -> View:
    """A region's pages elsewhere lead here, so it is told why there is nothing to see."""
    told = _("There is no release yet")
    if release is not None:
        told = _("Release no. %(number)s has no programme of this region", number=release.number)
    text = _("A programme appears here once the Foundation supports it and its region reports.")
    link = html.A(_("All regions"), href=address.overview(language.get(), fragment="ways"))
    empty = html.Div([html.H2(told), html.P(text), html.P(link)], className="empty")
    return View(name, [parts.top(name, crumbs=_crumbs()), empty])


async def _programme(release: Release, code: str) -> Programme | None:
    return next((one for one in await published.programmes(release.number) if one.region_code == code), None)


def _brief(programme: Programme) -> Element:
    grant = html.Span(money(programme.grant), className="num")
    facts = parts.summary(
        (_("Term"), words.term(programme.first_period, programme.last_period)),
        (_("Grant of the Foundation"), grant),
        (_("Co-financing, share of the whole budget"), percent(programme.cofinancing_share)),
        (_("Place in the competition"), number(programme.place)),
        (_("Application"), _("no. %(number)s", number=programme.application_number)),
        (_("Agreement"), _("no. %(number)s", number=programme.agreement_number)),
    )
    return html.Section([html.H2(_("The programme in brief")), facts], className="part")


def _chart(series: Series, indicator: Indicator, release: Release, *, demo: bool) -> Element:
    point = words.last_point(series)
    name = f"chart-{indicator.code.lower()}"
    inside: list[Any] = [
        html.Div(
            [
                parts.judged(series.latest, series.target, indicator),
                html.H3(words.finding(series, indicator)),
                html.P(words.measure(indicator), className="sub"),
            ],
            className="head",
        ),
        parts.chart(name, figures.over_time(series, indicator, demo=demo)),
        html.Figcaption(words.aloud(series, indicator)),
    ]
    links: list[Any] = [parts.source(release, demo=demo)]
    if point is not None and point.actual.value is not None:
        where = address.trace(language.get(), series.region_code, indicator.code, point.period)
        links.append(
            html.A(
                _("where the number comes from"),
                href=where,
                **{"aria-label": f"{_('where the number comes from')}: {indicator.name}"},
            )
        )
    return html.Figure(
        [*inside, parts.twin(series, indicator, str(indicator.name)), html.P(links, className="source")],
        className="figure",
    )
