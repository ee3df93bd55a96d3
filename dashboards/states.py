"""How an indicator stands to its target, as everyone may read it: an icon, a word, and only then a colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboards import drawing
from dashboards.reading import Reading
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import ngettext
from portal.monitoring.published import WORDS, CellState, Indicator, Series, Status

GOOD = (Status.ACHIEVED, Status.ON_TRACK)


def status(icon: str, word: str) -> Element:
    """An icon, a word, and only then a colour: the classes of the colours are named as the icons."""
    return html.Span([drawing.icon(icon), html.Span(word)], className=f"status {icon}")


def named(one: Status) -> Element:
    """A status as it stands on every page."""
    icon, word = WORDS[one]
    return status(icon, str(word))


def judged(one: Series) -> Element:
    """Whether the target will be reached, or why nobody can say."""
    if one.outlook is not None:
        return (
            named(one.outlook.status) if one.outlook.stated is None else _both(one.outlook.status, one.outlook.stated)
        )
    nothing = {
        CellState.NOT_REPORTED: ("none", _("no data")),
        CellState.HIDDEN: ("small", _("few observations")),
        CellState.NOT_DUE: ("early", _("too early to judge")),
        CellState.NOT_APPLICABLE: ("none", _("not applicable")),
    }
    if one.latest.state in nothing:
        return status(*nothing[one.latest.state])
    return html.Span(_("not judged"), className="status")


def _both(computed: Status, stated: Status) -> Element:
    """The computed status, and beneath it what the programme officer says."""
    said = html.Div([_("Programme officer:"), " ", named(stated)], className="small quiet")
    return html.Div([named(computed), said])


def reason(one: Series) -> list[Element]:
    """Why the programme officer judges otherwise than the method, in her words."""
    if one.outlook is None or one.outlook.stated is None:
        return []
    return [html.P(one.outlook.because, className="small quiet", lang="ru")]


def over_regions(reading: Reading, chosen: Indicator) -> str:
    """The title over the regions: how many have reached the target or are on the way to it."""
    rows = reading.of(chosen)
    if chosen.direction == "neutral" or not rows:
        return str(chosen.name)
    good = _good(rows)
    if good == 0:
        return _("No region can be said to be on track yet")
    return ngettext(
        "%(num)s region of %(all)s has reached its target or is on track",
        "%(num)s regions of %(all)s have reached their targets or are on track",
        good,
        all=len(rows),
    )


def over_indicators(rows: Sequence[Series]) -> str:
    """The title over a region's charts."""
    good = _good(rows)
    if good == 0:
        return _("Promises and results")
    return ngettext(
        "%(num)s indicator of %(all)s has reached its target or is on track",
        "%(num)s indicators of %(all)s have reached their targets or are on track",
        good,
        all=sum(one.outlook is not None for one in rows),
    )


def _good(rows: Iterable[Series]) -> int:
    return sum(one.outlook is not None and one.outlook.status in GOOD for one in rows)
