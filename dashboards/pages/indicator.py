"""One indicator over all regions: small charts in the cells of a table, limits of chance instead of a league table."""

from __future__ import annotations

from dashboards import address, charts, choice, funnel, headlines, parts, states, words
from dashboards.pages import ways
from dashboards.pages.map import measure
from dashboards.parts import View
from dashboards.reading import Reading, read
from dashboards.tags import Element, html
from portal.kit.i18n import gettext as _
from portal.kit.i18n import language, ngettext
from portal.monitoring.published import Indicator


async def indicator(asked: address.Address, *, demo: bool) -> View | None:
    """The page of an indicator; None where no programme of the release has promised it."""
    reading = await read(asked, demo=demo)
    chosen = reading.indicators.get(asked.indicator) if reading else None
    if reading is None or chosen is None:
        return None
    code = language.get()
    told = headlines.of_all(chosen, reading.totals[chosen.code])
    head = parts.top(
        str(chosen.name),
        over=str(chosen.group),
        lead=_("All regions together: %(figures)s.", figures=", ".join((told.shown, *told.facts))),
        crumbs=[(address.overview(code, release=asked.release), _("Overview"))],
    )
    where = address.indicator(code, chosen.code)
    together = _together(reading, chosen)
    tree = [
        head,
        choice.older(reading),
        html.P(together, className="intro") if together else None,
        parts.stamp(reading.release, []),
        choice.filters(reading, where, label=_("Show the regions")),
        _lines(reading, chosen),
        _chance(reading, chosen),
        _definition(reading, chosen),
    ]
    return View(str(chosen.name), parts.present(*tree))


def _together(reading: Reading, chosen: Indicator) -> str:
    """What the regions that have a forecast are expected to reach together; there is no status of a sum."""
    end = reading.totals[chosen.code].expected
    if end is None or chosen.direction == "neutral":
        return ""
    figures = {name: words.rounded(getattr(end, name), chosen) for name in ("forecast", "low", "high", "target")}
    return ngettext(
        "Expected at the end of %(num)s region with a forecast: %(forecast)s (from %(low)s to %(high)s in 80%% of "
        "cases); its target is %(target)s.",
        "Expected at the end of %(num)s regions with a forecast: %(forecast)s (from %(low)s to %(high)s in 80%% of "
        "cases); their targets together are %(target)s.",
        end.regions,
        **figures,
    )


def _files(reading: Reading, chosen: Indicator) -> dict[str, str]:
    asked = reading.asked
    return {
        kind: address.indicator(language.get(), chosen.code, release=asked.release, district=asked.district, file=kind)
        for kind in ("csv", "xlsx")
    }


def _lines(reading: Reading, chosen: Indicator) -> Element:
    asked, code = reading.asked, language.get()
    on_map = address.map_(code, indicator=chosen.code, release=asked.release, district=asked.district)
    more = [
        html.A(_("On the map"), href=on_map),
        html.A(_("How the state is determined"), href=address.method(code, "state")),
    ]
    figure = [
        html.H2(states.over_regions(reading, chosen)),
        html.P(measure(reading, chosen), className="sub"),
        parts.key(forecast=False),
        ways.lines(reading, chosen),
        html.Figcaption(ways.aloud(reading, chosen)),
        parts.foot(reading, of=str(chosen.name), name="lines", more=more, **_files(reading, chosen)),
    ]
    return html.Section(parts.figure("lines", figure), id="ways", className="part")


def _chance(reading: Reading, chosen: Indicator) -> Element | None:
    found = funnel.funnel(reading.of(chosen), chosen)
    if found is None:
        return None
    far = funnel.outside(found)
    title = ngettext(
        "%(num)s region differs from all together by more than chance",
        "%(num)s regions differ from all together by more than chance",
        len(far),
    )
    said = (
        _("Outside the limits of 95%%: %(regions)s.", regions=words.listed(reading.name(one.region) for one in far))
        if far
        else _("All regions lie within the limits of 95%: their differences may be chance.")
    )
    why = _(
        "Few families make a figure jump by chance, so the limits are wide on the left and narrow on the right. "
        "A place in a league table would hide this."
    )
    drawn = charts.funnels(found, chosen, reading)
    figure = [
        html.H2(title if far else _("The regions differ no more than chance allows")),
        html.P(_("Share of each region and how many stand behind it") if found.is_share
               else _("Part of the plan that is done, and the size of the plan"), className="sub"),
        html.Ul([html.Li([sample, word]) for word, sample in charts.key()], className="key"),
        *drawn,
        html.Figcaption(f"{said} {why}"),
        parts.foot(reading, of=_("limits of chance"), name="chance",
                   more=[html.A(_("The same figures in a table"), href="#ways")], **_files(reading, chosen)),
    ]  # fmt: skip
    return html.Section(parts.figure("chance", figure), id="chance", className="part")


def _definition(reading: Reading, chosen: Indicator) -> Element:
    facts = [(_("Code in the catalogue"), chosen.code), (_("Unit"), words.unit(chosen))]
    if chosen.denominator:
        facts += [(_("Numerator"), str(chosen.numerator)), (_("Denominator"), str(chosen.denominator))]
    better = {"up": _("more is better"), "down": _("less is better"), "neutral": _("neither side is better")}
    facts.append((_("Direction"), better[chosen.direction]))
    return html.Section([html.H2(_("What is counted")), parts.summary(*facts, kind="summary")], className="part")
