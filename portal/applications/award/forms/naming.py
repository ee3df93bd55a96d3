"""The council's recommendation as the pages of its versions and of two texts show it."""

from __future__ import annotations

from collections.abc import Iterable

from portal.applications.award import service
from portal.applications.award.rules import Row
from portal.applications.award.states import Outcome
from portal.applications.call.models import Call
from portal.kit.i18n import Text, say
from portal.kit.pages import url
from portal.kit.versions import Named, Writing, among

WORDS: dict[str, Text] = {
    Outcome.WINNER: say("winner"),
    Outcome.RESERVE: say("on the reserve list"),
    Outcome.DECLINED: say("not supported"),
}


def writing(call: Call, rows: Iterable[Row], closed: Text | None) -> Writing:
    """The text of the recommendation in the order of the ranking; `closed` says why it no longer changes."""
    fields = []
    for row in rows:
        number, region = row.contestant.number, {"region": row.contestant.region}
        fields += [
            Named(f"outcome.{number}", say("Outcome, %(region)s", **region), tuple(WORDS.items())),
            Named(f"amount.{number}", say("Grant, %(region)s", **region)),
            Named(f"reason.{number}", say("Reason, %(region)s", **region)),
        ]
    of = {"number": call.number}
    here = url("award:ranking", **of)
    return Writing(
        record=call,
        section=service.RECOMMENDATION,
        over=call.name,
        trail=[(url("call:page", **of), call.name), (here, say("Ranking"))],
        form=f"{here}#council",
        save=url("award:save", **of),
        history=url("award:history", **of),
        restore=url("award:restore", **of),
        fields=among(fields),
        closed=closed,
    )
