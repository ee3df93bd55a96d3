"""The headline numbers in words: a number with its noun, what it means, what stands behind it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboards import words
from portal.kit.i18n import gettext as _
from portal.kit.i18n import ngettext, number
from portal.monitoring.published import Indicator, Status, Total

GOAL = "SS-01"  # self-sufficiency of families: what the programmes are for


@dataclass(frozen=True, slots=True)
class Headline:
    """One number: as large as it is shown, the words under it, the small facts under these."""

    shown: str
    text: str
    facts: tuple[str, ...]


def foremost(indicators: Sequence[Indicator], totals: dict[str, Total]) -> Indicator | None:
    """The programmes' main goal; without it the indicator that most regions promised, with a better side if any."""
    reached = [one for one in indicators if one.code in totals]
    sided = [one for one in reached if one.direction != "neutral"] or reached
    return max(sided, key=lambda one: (one.code == GOAL, totals[one.code].regions), default=None)


def ordered(indicators: Iterable[Indicator], totals: dict[str, Total]) -> list[Indicator]:
    """Those of which a headline can be made, first those that have words of their own."""
    known = list(_SENTENCES)
    reached = [one for one in indicators if one.code in totals]
    places = {code: place for place, code in enumerate(known)}
    return sorted(reached, key=lambda one: (places.get(one.code, len(known)), -totals[one.code].regions))


def met(indicator: Indicator, total: Total) -> Headline:
    """How many regions have reached the target."""
    shown = _("%(part)s of %(whole)s", part=number(total.regions_met), whole=number(total.regions))
    if indicator.code == GOAL:
        text = ngettext(
            "region has reached the main goal: the share of families that live without poverty benefits "
            "after the programme",
            "regions have reached the main goal: the share of families that live without poverty benefits "
            "after the programme",
            total.regions_met,
        )
    else:
        text = ngettext(
            "region has reached its target: %(name)s",
            "regions have reached their targets: %(name)s",
            total.regions_met,
            name=indicator.name,
        )
    hidden = total.regions - total.regions_shown
    rest = ngettext("%(num)s region has no figure to show", "%(num)s regions have no figure to show", hidden)
    facts = ", ".join(filter(None, [_others(total), rest if hidden else ""]))
    return Headline(shown, text, (facts[0].upper() + facts[1:],) if facts else ())


def _others(total: Total) -> str:
    """Of those that have not reached it: how many are on track, how many may not manage."""
    on_track = total.statuses.get(Status.ON_TRACK, 0)
    late = total.statuses.get(Status.AT_RISK, 0) + total.statuses.get(Status.OFF_TRACK, 0)
    said = [ngettext("%(num)s more is on track", "%(num)s more are on track", on_track) if on_track else ""]
    said.append(ngettext("%(num)s may not manage", "%(num)s may not manage in time", late) if late else "")
    return ", ".join(one for one in said if one)


def of_all(indicator: Indicator, total: Total) -> Headline:
    """The figure of all regions together: with its noun where the indicator has one, else with its name."""
    target = (
        _("target %(figure)s", figure=words.promise(total.target, indicator))
        if total.target.value is not None and indicator.direction != "neutral"
        else ""
    )
    counted = total.actual.numerator if total.actual.numerator is not None else total.actual.value
    say_it = _SENTENCES.get(indicator.code)
    if say_it is None or total.actual.value is None or counted is None or counted != int(counted):
        made = words.parts(total.actual) if indicator.kind in ("share", "ratio") and total.actual.value else ""
        shown, text = words.cell(total.actual, indicator), str(indicator.name)
        return Headline(shown, text, tuple(filter(None, (made, target))))
    shown, text, made = say_it(
        int(counted), total.actual.denominator or Decimal(0), words.cell(total.actual, indicator)
    )
    return Headline(shown, text, tuple(filter(None, (made, target))))


def _families(num: int, whole: Decimal, share: str) -> tuple[str, str, str]:
    return (
        ngettext("%(shown)s family", "%(shown)s families", num, shown=number(num)),
        ngettext("has reached self-sufficiency", "have reached self-sufficiency", num),
        _("%(share)s of the %(whole)s that finished the programme", share=share, whole=number(whole)),
    )


def _contracts(num: int, _whole: Decimal, _share: str) -> tuple[str, str, str]:
    return (
        number(num),
        ngettext("social contract signed with a family", "social contracts signed with families with children", num),
        "",
    )


def _children(num: int, _whole: Decimal, _share: str) -> tuple[str, str, str]:
    return (
        ngettext("%(shown)s child", "%(shown)s children", num, shown=number(num)),
        ngettext("has finished pre-vocational training", "have finished pre-vocational training", num),
        "",
    )


def _adolescents(num: int, whole: Decimal, share: str) -> tuple[str, str, str]:
    return (
        ngettext("%(shown)s adolescent", "%(shown)s adolescents", num, shown=number(num)),
        ngettext(
            "of the %(whole)s found is studying or working again",
            "of the %(whole)s found are studying or working again",
            num,
            whole=number(whole),
        ),
        share,
    )


_SENTENCES: dict[str, Callable[[int, Decimal, str], tuple[str, str, str]]] = {
    "SS-01": _families,
    "SC-04": _contracts,
    "CH-01": _children,
    "NE-02": _adolescents,
}
