"""The page on method: how the figures come to be, what the words mean, and how often the rule of the state errs."""

from __future__ import annotations

from dashboards import address, parts
from dashboards.pages.state import state
from dashboards.parts import View
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language
from portal.monitoring import published
from portal.monitoring.published import THRESHOLD


async def method(asked: address.Address, *, demo: bool) -> View | None:
    """The page on method; it is there before the first release too."""
    code = language.get()
    head = parts.top(
        _("How the figures come to be"),
        lead=_("Where each number on these pages is from, what is hidden and why, and what the words beside it mean."),
        crumbs=[(address.overview(code), _("Overview"))],
    )
    return View(
        _("Method"),
        [
            head,
            _origin(),
            state(published.method(await published.latest())),
            _words(),
            _small(),
            _comparison(),
            _sources(),
        ],
    )


def _section(name: str, title: str, *inside: Element) -> Element:
    return html.Section([html.H2(title), *inside], id=name, className="part near")


def _text(*paragraphs: str) -> list[Element]:
    return [html.P(text) for text in paragraphs]


def _origin() -> Element:
    return _section(
        "origin",
        _("From a promise to a number"),
        *_text(
            _(
                "A region promises figures for each quarter in its application; the agreement repeats them. Every "
                "quarter it reports what is done, an officer of the Foundation accepts the report, and a release "
                "publishes it."
            ),
            _("A release never changes. What is corrected later stands in the next release."),
            _(
                "A share, a ratio and a mean are always computed from their two parts; the figure of all regions "
                "together is the ratio of the sums, not the mean of the shares. Choosing a district only "
                "chooses which regions are shown; sums are always of all."
            ),
        ),
    )


def _words() -> Element:
    meant = [
        (
            _("hidden: small number"),
            _("From 1 to %(most)s people or families stand behind the figure.", most=THRESHOLD - 1),
        ),
        (_("not reported"), _("The report was due, and no accepted figure is there.")),
        (_("not yet due"), _("The quarter is not over, or its report is not due.")),
        (_("not applicable"), _("The programme has nothing to which the indicator applies in this quarter.")),
    ]
    zero = _("Zero is a number like any other: it was counted, and it is none.")
    return _section("words", _("Where a number is missing"), parts.summary(*meant, kind="summary"), html.P(zero))


def _small() -> Element:
    return _section(
        "small",
        _("Small numbers"),
        *_text(
            _(
                "Where fewer than %(threshold)s people or families stand behind a figure, somebody might recognise "
                "them. Such a figure is hidden together with everything made from it: the share, the place, the colour "
                "on the map, the point of a chart, the cell of a file.",
                threshold=THRESHOLD,
            ),
            _("A hidden figure is in no sum: the figures of all regions together are made of those that are shown."),
        ),
    )


def _comparison() -> Element:
    return _section(
        "comparison",
        _("Why there is no league table"),
        *_text(
            _(
                "Where few families finish a programme, one family more moves the share by points. The page of an "
                "indicator therefore shows each region against limits: inside them its distance from all "
                "together may be chance. For shares the limits are Wilson's, for counts Byar's."
            ),
        ),
    )


LITERATURE = (
    "Wilson, Journal of the American Statistical Association 22 (1927).",
    "Breslow and Day, Statistical Methods in Cancer Research II (1987).",
    "Handbook on Statistical Disclosure Control, 2nd edition, European Union (2024).",
)


def _sources() -> Element:
    listed = [
        _("Figures of the programmes: accepted reports of the regions."),
        _("Poverty rate: Rosstat (EMISS), 2011 to 2021; the series breaks in 2021."),
        _("Outlines of the regions: Natural Earth, 1:10 million, public domain."),
    ]
    items = [html.Li(text) for text in listed] + [html.Li(html.Span(title, lang="en")) for title in LITERATURE]
    return _section("sources", _("Sources"), html.Ul(items, className="dots"))
