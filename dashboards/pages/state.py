"""How the state of an indicator is determined: each word with its rule, and how often the rule errs in drawn worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboards import states
from dashboards.tags import Element, html
from portal.kit.i18n import Text, ngettext, number, percent, say
from portal.kit.i18n import gettext as _
from portal.monitoring.published import WORDS, Errors, Method, Status

JUDGED = (Status.ACHIEVED, Status.ON_TRACK, Status.UNCLEAR, Status.AT_RISK, Status.OFF_TRACK)
WORLDS: dict[str, Text] = {
    "fits": say("Worlds that are as the rule supposes"),
    "spike": say("Most happens in the fourth quarters"),
    "revision": say("Figures are revised later"),
    "amended": say("The plan is changed midway"),
}
KINDS: dict[str, Text] = {
    "count": say("Counts"),
    "share": say("Shares, each quarter by itself"),
    "share_to_date": say("Shares since the beginning"),
}
PACES: dict[str, Text] = {
    "on_plan": say("exactly on plan"),
    "half_pace": say("at half pace"),
    "no_change": say("without change"),
}


def state(rule: Method) -> Element:
    """The section: what each word means, then what the rule says of regions whose truth is known."""
    intro = _(
        "From the quarters that are accepted the rule forecasts the end of the programme, with limits that hold 80%% "
        "of cases, and compares it with the target. It says that nothing is clear where nobody can know. Recent "
        "quarters weigh more. Rule and thresholds: %(version)s.",
        version=rule.version,
    )
    meant = [html.Div([html.Dt(states.named(one)), html.Dd(text)]) for one, text in _meanings(rule.thresholds).items()]
    return html.Section(
        [
            html.H2(_("How the state is determined")),
            html.P(intro),
            html.Dl(meant, className="summary"),
            html.H3(_("How often the rule errs")),
            html.P(
                _(
                    "We drew %(regions)s regions for each line, let their quarters happen and asked the rule. A good "
                    "rule seldom calls a region on plan at risk or off track, and seldom one without change on track.",
                    regions=number(rule.regions),
                )
            ),
            *([] if rule.thresholds == rule.usual else [html.P(_unusual())]),
            *[_world(rule, world, str(title), opened=world == "fits") for world, title in WORLDS.items()],
        ],
        id="state",
        className="part near",
    )


def _meanings(at: Mapping[str, float]) -> dict[Status, str]:
    near, change = percent(at["near"], 0), percent(at["failed_change"], 0)
    return {
        Status.ACHIEVED: _(
            "The target of a count is reached; a share or a mean reaches it at the end in at least %(sure)s of cases.",
            sure=percent(at["achieved"], 0),
        ),
        Status.ON_TRACK: _(
            "At least %(near)s of the target will be reached in at least %(sure)s of cases.",
            near=near, sure=percent(at["on_track"], 0),
        ),
        Status.UNCLEAR: _("Neither of the words below or above can be said."),
        Status.AT_RISK: _(
            "Less than %(near)s of the target will be reached in more than %(sure)s of cases.",
            near=near, sure=percent(1 - at["at_risk"], 0),
        ),
        Status.OFF_TRACK: _(
            "In at least %(sure)s of cases less than %(count)s of a count's plan, or less than %(change)s of the "
            "change promised in a share or a mean, will be reached.",
            sure=percent(at["off_track"], 0), count=percent(at["failed_count"], 0), change=change,
        ),
        Status.TOO_EARLY: ngettext(
            "Fewer than %(num)s quarter with a plan is accepted.",
            "Fewer than %(num)s quarters with a plan are accepted.",
            int(at["fewest_periods"]),
        ),
        Status.SMALL_NUMBERS: ngettext(
            "A share of fewer than %(num)s person or family in some quarter.",
            "A share of fewer than %(num)s people or families in some quarter.",
            int(at["fewest_people"]),
        ),
        Status.NO_DATA: _(
            "The newest quarter that is due has no accepted figure. A late report never improves a state."
        ),
    }  # fmt: skip


def _unusual() -> str:
    return _(
        "The call of this release has thresholds of its own: they stand in the list above. The regions below were "
        "judged by the usual ones."
    )


def _world(rule: Method, world: str, title: str, *, opened: bool) -> Element:
    rows = [one for one in rule.errors if one.world == world and one.pace in PACES]
    inside = min(rule.coverage[world].values())
    said = _(
        "The limits of the forecast hold the true end in %(share)s of cases or more, by kind of indicator; "
        "80%% is meant.",
        share=percent(inside, 0),
    )
    return html.Details([html.Summary(title), html.P(said), _table(rows, title)], open=opened)


def _table(rows: Sequence[Errors], title: str) -> Element:
    heads = [_("Quarters of eight"), *(str(WORDS[one][1]) for one in JUDGED), _("end within the limits")]
    first = html.Th(_("Indicator and region"), scope="col")
    head = html.Tr([first, *(html.Th(text, scope="col", className="r") for text in heads)])
    body = [
        html.Tr(
            [
                html.Th(f"{KINDS[one.kind]}, {PACES[one.pace]}", scope="row"),
                html.Td(number(one.after), className="r"),
                *(html.Td(percent(one.statuses.get(status, 0.0), 0), className="r") for status in JUDGED),
                html.Td(percent(one.covered, 0), className="r"),
            ]
        )
        for one in rows
    ]
    table = html.Table(
        [html.Caption(title, className="hush"), html.Thead(head), html.Tbody(body)], className="twin errors-of-rule"
    )
    return html.Div(table, className="frame scroll", tabIndex=0, role="region", **{"aria-label": title})
