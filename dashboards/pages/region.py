"""A region's page: its programme in brief, and every indicator against its plan over time with the table under it."""

from __future__ import annotations

from typing import Any

from dashboards import address, choice, figures, headlines, parts, states, words
from dashboards.pages.context import beside
from dashboards.parts import View
from dashboards.reading import Reading, read
from dashboards.tags import Element, html
from portal.kit.i18n import day, language, money, number, percent
from portal.kit.i18n import gettext as _
from portal.monitoring import published
from portal.monitoring.published import Indicator, Programme, Release, Series


async def region(asked: address.Address, *, demo: bool) -> View | None:
    """The page of a region: its programme in the release, or that it has none; None where there is no such region."""
    reading = await read(asked, demo=demo)
    programme = reading.programmes.get(asked.region) if reading else None
    if reading is None or programme is None:
        if asked.release and reading is None:
            return None
        name = await published.region_name(asked.region)
        around = await beside(asked)
        return _without_programme(str(name), reading.release if reading else None, around) if name else None
    rows = [(one, reading.indicators[one.indicator_code]) for one in reading.series if one.region_code == asked.region]
    head = parts.top(
        str(programme.title), over=str(programme.region), lead=_lead(reading, programme), crumbs=_crumbs(asked.release)
    )
    charts = html.Section(
        [
            html.H2(states.over_indicators([one for one, _indicator in rows])),
            parts.key(),
            html.Div([_chart(reading, one, indicator) for one, indicator in rows], className="multiples"),
        ],
        className="part",
    )
    tree = [head, choice.older(reading), parts.stamp(reading.release, []), _brief(reading, programme)]
    return View(
        f"{programme.region}: {programme.title}",
        parts.present(*tree, charts if rows else None, await beside(asked)),
    )


def _crumbs(release: str = "") -> list[tuple[str, str]]:
    code = language.get()
    return [
        (address.overview(code, release=release), _("Overview")),
        (address.overview(code, release=release, fragment="ways"), _("Regions")),
    ]


def _without_programme(name: str, release: Release | None, around: Element | None) -> View:
    """A region's pages elsewhere lead here, so it is told why there is nothing to see."""
    told = _("There is no release yet")
    if release is not None:
        told = _("Release no. %(number)s has no programme of this region", number=release.number)
    text = _("A programme appears here once the Foundation supports it and its region reports.")
    link = html.A(_("All regions"), href=address.overview(language.get(), fragment="ways"))
    empty = html.Div([html.H2(told), html.P(text), html.P(link)], className="empty")
    return View(name, parts.present(parts.top(name, crumbs=_crumbs()), empty, around))


def _lead(reading: Reading, programme: Programme) -> str:
    """The main goal in a sentence, and where it stands; empty where the region has not promised it."""
    mine = [one for one in reading.series if one.region_code == programme.region_code]
    series = next((one for one in mine if one.indicator_code == headlines.GOAL), None)
    if series is None or series.target.value is None:
        return ""
    goal = reading.indicators[headlines.GOAL]
    told = [
        _(
            "By the end of the programme %(target)s of the families that finish it "
            "are to live without poverty benefits.",
            target=words.promise(series.target, goal),
        )
    ]
    if series.latest.value is not None:
        told.append(_("Now %(share)s do.", share=words.cell(series.latest, goal)))
    return " ".join(told)


def _ended(programme: Programme) -> str:
    if programme.ended_on is None:
        return ""
    on = day(programme.ended_on)
    return _("terminated on %(day)s", day=on) if programme.terminated else _("completed, closed on %(day)s", day=on)


def _brief(reading: Reading, programme: Programme) -> Element:
    grant = html.Span(money(programme.grant), className="num")
    facts = parts.summary(
        (_("Term"), words.term(programme.first_period, programme.last_period)),
        *([(_("State"), _ended(programme))] if programme.ended_on else []),
        (_("Grant of the Foundation"), grant),
        (_("Co-financing, share of the whole budget"), percent(programme.cofinancing_share)),
        (_("Place in the competition"), number(programme.place)),
        (_("Application"), _("no. %(number)s", number=programme.application_number)),
        (_("Agreement"), _("no. %(number)s", number=programme.agreement_number)),
    )
    files = {kind: address.region(language.get(), programme.region_code, release=reading.asked.release, file=kind)
             for kind in ("csv", "xlsx")}  # fmt: skip
    links = [
        html.A(_("All figures of the programme, %(kind)s", kind=kind.upper()), href=where)
        for kind, where in files.items()
    ]
    brief = html.Div([html.H2(_("The programme in brief")), facts])
    text = html.P(str(programme.summary), className="intro", lang=programme.summary.language)
    does = html.Div([html.H2(_("What is done")), text, html.P(links, className="links next")])
    return html.Section([brief, does], className="part half")


def _chart(reading: Reading, series: Series, indicator: Indicator) -> Element:
    code, release = language.get(), reading.asked.release
    head = [
        states.judged(series),
        *states.reason(series),
        html.H3(words.finding(series, indicator)),
        html.P(words.measure(indicator), className="sub"),
    ]
    graph = parts.chart(f"chart-{indicator.code.lower()}", figures.over_time(series, indicator, demo=reading.demo))
    point, more = words.last_point(series), list[Any]()
    if point is not None and point.actual.value is not None:
        where = address.trace(code, series.region_code, indicator.code, point.period, release=release)
        name = f"{_('where the number comes from')}: {indicator.name}"
        more.append(html.A(_("where the number comes from"), href=where, **{"aria-label": name}))
    everywhere = address.indicator(code, indicator.code, release=release)
    name = f"{_('all regions')}: {indicator.name}"
    more.append(html.A(_("all regions"), href=everywhere, **{"aria-label": name}))
    files = {
        kind: address.region(code, series.region_code, indicator=indicator.code, release=release, file=kind)
        for kind in ("csv", "xlsx")
    }
    table = html.Details(
        [html.Summary(_("The same figures in a table")), parts.twin(series, indicator, str(indicator.name))]
    )
    inside = [
        html.Div(head, className="head"),
        graph,
        html.Figcaption(words.aloud(series, indicator)),
        parts.foot(reading, of=str(indicator.name), name=indicator.code.lower(), more=more, **files),
        table,
    ]
    return parts.figure(indicator.code.lower(), inside)
