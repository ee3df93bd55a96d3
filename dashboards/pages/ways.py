"""The table of regions in which each region's chart is a cell: chart and twin are one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from dashboards import address, charts, drawing, figures, parts, states, words
from dashboards.drawing import Drawing
from dashboards.reading import Reading
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, ngettext, number
from portal.monitoring.published import CellState, Indicator, Series, Status

Drawn = Callable[[Series], Drawing]


def ways(reading: Reading, chosen: Indicator) -> Element:
    """Every region's way from where it began to its target, those with the larger part behind them above."""
    rows = ordered(chosen, reading.of(chosen))
    top, scale = _scale(chosen, rows)
    marks = [(mark / top * 100, number(Decimal(str(mark)), 0 if top >= 5 else 1)) for mark in figures.ticks(top)]

    def place(value: Decimal | None) -> float | None:
        return None if value is None else round(max(float(value) * scale / top * 100, 0), 1)

    def drawn(one: Series) -> Drawing:
        few = one.outlook is not None and one.outlook.status is Status.SMALL_NUMBERS
        ways = (place(cell.value) for cell in (one.baseline, one.latest, one.target))
        return drawing.way(*ways, hollow=few)

    head = [html.Span(_("The way to the target"), className="hush"), drawing.scale(marks)]
    return _table(reading, chosen, rows, head, drawn)


def lines(reading: Reading, chosen: Indicator) -> Element:
    """Every region's quarters as a small chart of its own, all on one scale."""
    rows = ordered(chosen, reading.of(chosen))
    cells = [cell.value for one in rows for point in one.points for cell in (point.plan, point.actual)]
    top = figures.ceiling(value for value in cells if value is not None)
    span = words.term(rows[0].points[0].period, rows[0].points[-1].period) if rows and rows[0].points else ""
    head = [html.Span(_("By quarters, %(span)s", span=span))]
    return _table(reading, chosen, rows, head, lambda one: charts.line(one, top))


def _scale(chosen: Indicator, rows: Sequence[Series]) -> tuple[float, int]:
    scale = 100 if chosen.unit == "percent" else 1
    shown = [cell.value for one in rows for cell in (one.baseline, one.latest, one.target) if cell.value is not None]
    return figures.ceiling(value * scale for value in shown), scale


def key() -> Element:
    """What stands for what in the drawings of the ways."""
    samples = [
        (_("before the programme"), drawing.shape("line", class_="g-start", x1=14, x2=14, y1=4, y2=12)),
        (_("now"), drawing.shape("circle", class_="g-dot", cx=14, cy=8, r=6)),
        (_("now, few observations"), drawing.shape("circle", class_="g-dot hollow", cx=14, cy=8, r=5)),
        (_("target"), drawing.shape("line", class_="g-target", x1=14, x2=14, y1=0, y2=16)),
    ]
    return html.Ul([html.Li([drawing.key(sample), word]) for word, sample in samples], className="key")


def _table(reading: Reading, chosen: Indicator, rows: Sequence[Series], head: list[Element], drawn: Drawn) -> Element:
    heads = [_("Was"), _("Now"), _("Target")]
    columns = [html.Col(className=name) for name in ("name", "pic", "figure", "now", "figure", "state")]
    top = [
        html.Th(_("Region"), scope="col"),
        html.Th(head, className="pic", scope="col"),
        *(html.Th(text, scope="col", className="r") for text in heads),
        html.Th(_("State"), scope="col", className="state"),
    ]
    body = [_row(reading, chosen, one, heads, drawn(one)) for one in rows]
    caption = html.Caption(str(chosen.name), className="hush")
    table = html.Table([caption, html.Colgroup(columns), html.Thead(html.Tr(top)), html.Tbody(body)], className="ways")
    return html.Div(table, className="frame")


def _row(reading: Reading, chosen: Indicator, one: Series, heads: list[str], drawn: Drawing) -> Element:
    code, release = language.get(), reading.asked.release
    now = parts.figure_cell(one.latest, words.cell(one.latest, chosen), heads[1])
    if one.latest.state is CellState.VALUE:
        where = address.trace(code, one.region_code, chosen.code, reading.release.period, release=release)
        now = html.Td(html.A(words.cell(one.latest, chosen), href=where), className="r", **{"data-label": heads[1]})
    name = html.A(reading.name(one.region_code), href=address.region(code, one.region_code, release=release))
    return html.Tr(
        [
            html.Th(name, scope="row"),
            html.Td(drawn, className="pic"),
            parts.figure_cell(one.baseline, words.cell(one.baseline, chosen), heads[0]),
            now,
            parts.figure_cell(one.target, words.cell(one.target, chosen), heads[2]),
            html.Td(states.judged(one), className="state"),
        ]
    )


def ordered(chosen: Indicator, rows: Sequence[Series]) -> list[Series]:
    """First those with the larger part of their way behind them; by what is shown only, then by the region's code."""

    def rank(one: Series) -> tuple[bool, Decimal, str]:
        done = words.way(one, chosen)
        return done is None, -(done or Decimal(0)), one.region_code

    return sorted(rows, key=rank)


def aloud(reading: Reading, chosen: Indicator) -> str:
    """The table read aloud: who has the longest way before them, and how many have no figure."""
    rows = reading.of(chosen)
    judged = [one for one in rows if one.latest.reaches(one.target, chosen.direction) is not None]
    open_ = [one for one in judged if not one.latest.reaches(one.target, chosen.direction)]
    missing = len(rows) - sum(one.latest.value is not None for one in rows)
    said = []
    if open_:
        one = ordered(chosen, open_)[-1]
        said.append(
            _(
                "The longest way is still before %(region)s: %(now)s, target %(target)s.",
                region=reading.name(one.region_code),
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
