"""What stands around the results: what the programmes are, and the country's poverty rate as Rosstat publishes it."""

from __future__ import annotations

from dashboards import address, figures, parts, words
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, number
from portal.monitoring.published import YearValue


def context(years: list[YearValue]) -> Element:
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
    span = _("Poverty rate, %% of the population, %(first)s–%(last)s", first=years[0].year, last=years[-1].year)
    broken = next((year for year in years if year.breaks), None)
    figure = [
        html.H3(words.poverty_finding(years)),
        html.P(span, className="sub"),
        parts.chart("poverty", figures.poverty(years)),
        html.Figcaption(_break(broken)) if broken else None,
        html.P([html.Span(_("Source: Rosstat (EMISS)")), *_files(), parts.picture(_("poverty rate"))],
               className="source"),
        html.Details([html.Summary(_("The same figures in a table")), _years(years)]),
    ]  # fmt: skip
    return html.Section(
        [about, html.Figure([part for part in figure if part], className="figure")], className="part half"
    )


def _files() -> list[Element]:
    code = language.get()
    return [
        html.A(kind.upper(), href=address.poverty(code, kind), **{"aria-label": f"{kind.upper()}: {_('poverty rate')}"})
        for kind in ("csv", "xlsx")
    ]


def _break(broken: YearValue) -> str:
    return _(
        "In %(year)s the series breaks: the poverty line took the place of the subsistence minimum. "
        "%(value)s%% cannot be compared with the years before.",
        year=broken.year,
        value=number(broken.value, 1),
    )


def _years(years: list[YearValue]) -> Element:
    rows = [
        html.Tr(
            [
                html.Th(", ".join([str(year.year), *([_("new method")] if year.breaks else [])]), scope="row"),
                html.Td(number(year.value, 1), className="r"),
            ]
        )
        for year in years
    ]
    head = html.Tr([html.Th(_("Year"), scope="col"), html.Th("%", scope="col", className="r")])
    return html.Table(
        [html.Caption(_("The poverty rate of the country"), className="hush"), html.Thead(head), html.Tbody(rows)],
        className="twin",
    )
