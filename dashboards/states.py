"""How an indicator stands to its target, as everyone may read it: an icon, a word, and only then a colour."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards import drawing, words
from dashboards.reading import Reading
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.monitoring.published import CellState, Indicator, Series


def status(icon: str, word: str, colour: str = "") -> Element:
    """An icon, a word, and only then a colour."""
    return html.Span([drawing.icon(icon), html.Span(word)], className=f"status {colour}".strip())


def judged(one: Series, indicator: Indicator) -> Element:
    """Whether the target is met; else how far it is, or why nobody can say."""
    unjudged = {
        CellState.NOT_REPORTED: ("none", _("no data")),
        CellState.HIDDEN: ("small", _("few observations")),
        CellState.NOT_DUE: ("early", _("too early to judge")),
        CellState.NOT_APPLICABLE: ("none", _("not applicable")),
    }
    actual, target = one.latest, one.target
    if actual.value is None:
        return status(*unjudged[actual.state])
    met = actual.reaches(target, indicator.direction)
    if met:
        return status("met", _("met"), "met")
    if met is None or target.value is None:
        return html.Span(_("not judged"), className="status")
    size = words.gap(target.value - actual.value, indicator)
    return html.Span(_("%(gap)s to the target", gap=size), className="status")


def over_regions(reading: Reading, chosen: Indicator) -> str:
    """The title over the regions: how many have reached the target already."""
    if chosen.direction == "neutral":
        return str(chosen.name)
    rows = reading.of(chosen)
    return words.met_of(sum(bool(one.latest.reaches(one.target, chosen.direction)) for one in rows), len(rows))


def over_indicators(rows: Sequence[tuple[Series, Indicator]]) -> str:
    """The title over a region's charts."""
    return words.headed_for(rows)
