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
    """The page of a region that has a programme in the release; None for every other."""
    programme = await _programme(release, asked.region) if release else None
    if release is None or programme is None:
        return None
    indicators = {one.code: one for one in await published.indicators(release.number)}
    rows = [
        (one, indicators[one.indicator_code]) for one in await published.series(release.number, region=asked.region)
    ]
    code = language.get()
    head = parts.top(
        str(programme.title),
        over=str(programme.region),
        lead=str(programme.summary),
        crumbs=[(address.overview(code), _("Overview")), (address.overview(code, fragment="ways"), _("Regions"))],
    )
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
