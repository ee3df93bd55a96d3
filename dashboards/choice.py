"""What a page shows may be chosen: which indicator, which federal district, which release."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards import address
from dashboards.reading import Reading
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, quarter_short


def filters(reading: Reading, action: str, *, label: str, chosen: str = "") -> Element | None:
    """Native lists in a form that works without scripts; the choice stands in the address. None without a choice."""
    asked = reading.asked
    fields: list[Element] = []
    if chosen and len(reading.indicators) > 1:
        named = [(one.code, str(one.name)) for one in reading.indicators.values()]
        fields.append(_choice("indicator", _("Indicator"), named, chosen))
    districts = [(code, str(name)) for code, name in sorted(reading.districts().items(), key=lambda one: str(one[1]))]
    if len(districts) > 1:
        fields.append(_choice("district", _("Federal district"), [("", _("All")), *districts], asked.district))
    if len(reading.releases) > 1:
        known = [
            (str(one.number), _("No. %(number)s, %(period)s", number=one.number, period=quarter_short(one.period)))
            for one in reading.releases
        ]
        fields.append(_choice("release", _("Data release"), known, str(reading.release.number)))
    if not fields:
        return None
    button = html.Button(label, type="submit", className="btn plain slim")
    return html.Form([*fields, button], action=action, method="get", className="choice-line")


def _choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> Element:
    listed = [html.Option(text, value=value, selected=value == chosen) for value, text in options]
    return html.Div(
        [html.Label(label, htmlFor=name), html.Select(listed, id=name, name=name, className="input")], className=name
    )


def older(reading: Reading) -> Element | None:
    """Says that a newer release is there, where the reader looks at an older one."""
    newest = reading.releases[0]
    if newest.number == reading.release.number:
        return None
    text = _("You are reading release no. %(number)s. There is a newer one.", number=reading.release.number)
    link = html.A(_("Read release no. %(number)s", number=newest.number), href=address.overview(language.get()))
    return html.P([text, " ", link], className="notice")
