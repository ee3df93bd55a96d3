"""What stands around the results: what the programmes are, and the poverty rate as Rosstat publishes it."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards import address, figures, parts, words
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, number
from portal.monitoring import published
from portal.monitoring.published import YearValue

LAST = 5
"""Years of a region's official rate that are shown beside its programme."""


def context(years: list[YearValue], asked: address.Address) -> Element:
    """The last section of the overview: a few sentences, and the official series with its table."""
    about = html.Div(
        [
            html.H2(_("What these programmes are")),
            html.P(
                _(
                    "A social contract is help in exchange for a family's own steps. A programme adds what money alone "
                    "does not give: one specialist beside the family, mentors from business, learning for children."
                ),
                className="intro",
            ),
        ]
    )
    if not years:
        return html.Section(about, className="part")
    figure = [
        html.H3(words.poverty_finding(years)),
        html.P(_span(years), className="sub"),
        parts.chart("poverty", figures.poverty(years)),
        *_break(years),
        _source(years, asked),
        html.Details([html.Summary(_("The same figures in a table")), _years(years)]),
    ]
    return html.Section([about, parts.figure("poverty", figure)], className="part half")


async def beside(asked: address.Address) -> Element | None:
    """A region's official rate beside the country's over the last years; None where there is no such series of it."""
    country = (await published.poverty())[-LAST:]
    known = {year.year: year for year in country}
    years = [year for year in await published.poverty(asked.region) if year.year in known]
    if not words.comparable(years):
        return None
    last = words.comparable(years)[-1]
    title = _(
        "In %(year)s %(value)s%% of the region's people were poor, %(country)s%% in the country",
        year=last.year,
        value=number(last.value, 1),
        country=number(known[last.year].value, 1),
    )
    about = _("A programme reaches a part of the families: this is what it stands in, not its result.")
    drawn = [
        html.H3(title),
        html.P(_span(years), className="sub"),
        parts.chart("poverty", figures.poverty(years, country)),
        *_break(years),
        _source(years, asked),
        html.Details([html.Summary(_("The same figures in a table")), _years(years, country)]),
    ]
    said = html.Div([html.H2(_("Poverty in the region")), html.P(about, className="intro")])
    return html.Section([said, parts.figure("poverty", drawn)], id="poverty", className="part half")


def _span(years: list[YearValue]) -> str:
    return _("Poverty rate, %% of the population, %(first)s–%(last)s", first=years[0].year, last=years[-1].year)


def _source(years: list[YearValue], asked: address.Address) -> Element:
    """Whose figures these are and until when, and the figures to take away."""
    code, named, region = language.get(), _("poverty rate"), asked.region
    told = _("Source: Rosstat (EMISS), figures up to %(year)s", year=years[-1].year)
    files = [
        html.A(name, href=address.poverty(code, name.lower(), region=region), **{"aria-label": f"{name}: {named}"})
        for name in ("CSV", "XLSX")
    ]
    return html.P([html.Span(told), *files, parts.picture(named, asked, "poverty")], className="source")


def _break(years: list[YearValue]) -> list[Element]:
    said = [
        _(
            "In %(year)s the series breaks: the poverty line took the place of the subsistence minimum. "
            "%(value)s%% cannot be compared with the years before.",
            year=broken.year,
            value=number(broken.value, 1),
        )
        for broken in years
        if broken.breaks
    ]
    return [html.Figcaption(text) for text in said]


def _years(years: list[YearValue], country: Sequence[YearValue] = ()) -> Element:
    all_over = {year.year: number(year.value, 1) for year in country}
    rows = []
    for year in years:
        name = ", ".join([str(year.year), *([_("new method")] if year.breaks else [])])
        figures_ = [number(year.value, 1), *([all_over[year.year]] if all_over else [])]
        rows.append(html.Tr([html.Th(name, scope="row"), *(html.Td(one, className="r") for one in figures_)]))
    heads = [_("the region, %"), _("the country, %")] if all_over else ["%"]
    head = html.Tr([html.Th(_("Year"), scope="col"), *(html.Th(text, scope="col", className="r") for text in heads)])
    title = _("The poverty rate of the region and of the country") if all_over else _("The poverty rate of the country")
    caption = html.Caption(title, className="hush")
    return html.Table([caption, html.Thead(head), html.Tbody(rows)], className="twin")
