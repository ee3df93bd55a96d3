"""Who may look, and why a decision cannot be recommended, approved or announced now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.applications.award.models import Protocol
from portal.applications.award.rules.ranking import Row
from portal.applications.award.states import ProtocolState
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.kit.i18n import Text, say
from portal.people.person.models import Person
from portal.people.roles import Role


def why_not_look(person: Person) -> Text | None:
    """Why she does not see the ranking: who gives marks must not know how they fall together."""
    return say("Reviewers do not see the ranking.") if Role.REVIEWER in person.roles else None


def why_not_write(call: Call, protocol: Protocol | None) -> Text | None:
    """Why the council does not write a recommendation now."""
    if protocol and protocol.state is not ProtocolState.RECOMMENDED:
        return say("The Board has approved the decision, so the recommendation no longer changes.")
    if call.state is not CallState.CLOSED:
        return say("The council recommends after applications are closed.")
    return None


def why_not_recommend(call: Call, protocol: Protocol | None, rows: Sequence[Row]) -> Text | None:
    """Why what the council has written cannot be its recommendation now."""
    if reason := why_not_write(call, protocol):
        return reason
    unread = [row.contestant.number for row in rows if row.score is None]
    if not rows:
        return say("No application has been admitted yet.")
    if unread:
        return say("There is no submitted review yet of: %(numbers)s.", numbers=", ".join(unread))
    return None


def why_not_approve(
    protocol: Protocol | None, now: str, *, board_number: str, board_date: date | None, today: date
) -> Text | None:
    """Why the Board's decision cannot be recorded; `now` is the digest of the ranking as it stands now."""
    if reason := why_not_approve_yet(protocol, now):
        return reason
    if not board_number.strip():
        return say("Write the number of the Board's decision.")
    if board_date is None or board_date > today:
        return say("Write the day of the Board's decision: today or earlier.")
    return None


def why_not_approve_yet(protocol: Protocol | None, now: str) -> Text | None:
    """Why there is nothing that the Board could approve; asked by the page before a number is typed."""
    if protocol is None:
        return say("The Board approves after the council has recommended.")
    if protocol.state is not ProtocolState.RECOMMENDED:
        return say("The Board's approval is already recorded.")
    if protocol.ranking_sha256 != now:
        return say(
            "Reviews or applications have changed since the council recommended. The council must recommend again."
        )
    return None


def why_not_announce(protocol: Protocol | None) -> Text | None:
    """Why the results cannot be announced."""
    if protocol is None or protocol.state is ProtocolState.RECOMMENDED:
        return say("Results are announced after the Board has approved them.")
    if protocol.state is ProtocolState.ANNOUNCED:
        return say("The results have been announced.")
    return None
