"""Where a number comes from: promise, score, agreement, report, release; each step takes it from the one before."""

from __future__ import annotations

from typing import Any

from dashboards import address, parts, words
from dashboards.parts import View
from dashboards.reading import read
from dashboards.tags import Element, html
from portal.kit.i18n import day_of, language, number, quarter
from portal.kit.i18n import gettext as _
from portal.monitoring import published
from portal.monitoring.published import CellState, Indicator, Trace


async def trace(asked: address.Address, *, demo: bool) -> View | None:
    """The way of one published number; None where the release has no such cell."""
    reading = await read(asked, demo=demo)
    if reading is None:
        return None
    found = await published.trace(reading.release.number, asked.region, asked.indicator, asked.period)
    indicator, programme = reading.indicators.get(asked.indicator), reading.programmes.get(asked.region)
    if found is None or indicator is None or programme is None:
        return None
    code = language.get()
    shown = words.cell(found.reported, indicator)
    title = (
        _("Where the number %(figure)s comes from", figure=shown)
        if found.reported.value is not None
        else _("Why there is no number here")
    )
    head = parts.top(
        title,
        over=f"{programme.region}, {quarter(asked.period)}",
        lead=str(indicator.name),
        crumbs=[
            (address.overview(code, release=asked.release), _("Overview")),
            (address.region(code, asked.region, release=asked.release), str(programme.region_short)),
        ],
    )
    intro = _(
        "The way of one number: from the promise in the application to the release you are reading. "
        "At each step it is taken from the step before; nobody typed it again."
    )
    chain = html.Ol(_steps(found, indicator), className="chain")
    note = html.P([parts.source(reading.release, demo=demo)], className="source small quiet")
    section = html.Section([html.P(intro), chain, note], className="part near")
    return View(title, [head, section])


def _steps(found: Trace, indicator: Indicator) -> list[Element]:
    promised, agreed = words.promise(found.promised, indicator), words.promise(found.agreed, indicator)
    accepted = _("accepted on %(day)s", day=day_of(found.accepted_at)) if found.accepted_at else _("not accepted yet")
    return [
        _step(
            _("Promise"), promised, _("plan for %(period)s", period=quarter(found.period)),
            _("Application no. %(no)s, version %(v)s", no=found.application_number, v=found.application_version),
            _("submitted on %(day)s", day=day_of(found.submitted_at)),
        ),
        _step(
            _("Mark of the reviewers"),
            number(found.score, 2),
            _("place %(place)s in the competition", place=found.place),
            _("Protocol no. %(number)s", number=found.protocol), "",
        ),
        _step(
            _("Agreement"), agreed, _("as promised") if promised == agreed else _("instead of %(was)s", was=promised),
            _("Agreement no. %(number)s", number=found.agreement_number),
            _("signed on %(day)s", day=day_of(found.signed_at)),
        ),
        _step(
            _("Report"), _reported(found, indicator), quarter(found.period),
            _report(found.report_revision), accepted,
        ),
        _step(
            _("Release"), words.cell(found.reported, indicator), _("published here"),
            _("Release no. %(number)s", number=found.release_number), day_of(found.released_at),
        ),
    ]  # fmt: skip


def _reported(found: Trace, indicator: Indicator) -> str:
    shown = found.reported.state is CellState.VALUE and indicator.kind in ("share", "ratio")
    return words.parts(found.reported) if shown else words.cell(found.reported, indicator)


def _report(revision: int) -> str:
    return _("Report, revision %(revision)s", revision=revision) if revision else _("Report, as first accepted")


def _step(title: str, figure: str, about: str, document: str, when: str) -> Element:
    dated: list[Any] = [html.Br(), html.Span(when, className="quiet")] if when else []
    return html.Li([html.H2(title, className="step"), html.Strong(figure), html.P(about), html.P([document, *dated])])
