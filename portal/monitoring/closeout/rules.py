"""When an agreement may be closed or terminated, and when a call has nothing more to decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.kit.i18n import MOSCOW, Text, Written, day, quarter, say, say_many
from portal.kit.periods import first_day, next_quarter
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.amendment.models import Amendment
from portal.people.person.models import Person
from portal.people.roles import Role


def why_not_close(agreement: Agreement, waiting: Amendment | None, by: Person, today: date) -> Text | None:
    """None if the agreement can be closed: it was in force until the end of its programme, which has come."""
    if Role.OFFICER not in by.roles:
        return say("Only a programme officer closes agreements.")
    if agreement.state is AgreementState.DRAFTED:
        return say("The agreement has not been in force. It can only be terminated.")
    if today < first_day(next_quarter(agreement.last_period)):
        return say("The programme runs to the end of %(period)s. Until then the agreement can only be terminated.",
                   period=Written(quarter, agreement.last_period))  # fmt: skip
    return _unended(agreement, waiting)


def why_not_close_silently(left: Sequence[str], reason: str) -> Text | None:
    """None if all reports are accepted, or the reason says why not; `left` are the quarters of the others."""
    if not left or reason.strip():
        return None
    return say_many("%(num)s report is not accepted. Accept it first, or write why the agreement is closed without it.",
                    "%(num)s reports are not accepted. Accept them first, or write why the agreement is closed without "
                    "them.", len(left))  # fmt: skip


def why_not_terminate(agreement: Agreement, waiting: Amendment | None, by: Person) -> Text | None:
    """None if the agreement can be ended before its time."""
    if Role.OFFICER not in by.roles:
        return say("Only a programme officer terminates agreements.")
    return _unended(agreement, waiting)


def why_not_on(agreement: Agreement, ended_on: date, today: date) -> Text | None:
    """None if it can have ended on that day: one that has come, and not before the agreement was made."""
    first = max(filter(None, (agreement.drafted_at, agreement.region_signed_at, agreement.foundation_signed_at)))
    begun = first.astimezone(MOSCOW).date()
    if ended_on > today:
        return say("This day has not come yet.")
    if ended_on < begun:
        return say("The agreement was made on %(day)s. Choose that day or a later one.", day=Written(day, begun))
    return None


def _unended(agreement: Agreement, waiting: Amendment | None) -> Text | None:
    if agreement.is_over:
        return say("This agreement is over.")
    if waiting is not None:
        return say("Amendment No. %(number)s waits for the region's signature. Withdraw it first.",
                   number=waiting.number)  # fmt: skip
    return None


def why_not_archive(call: Call, owed: int, running: Sequence[str], by: Person) -> Text | None:
    """None if the call has nothing more to decide.

    `owed` is how many winners have no agreement, `running` are the numbers of the agreements that are not over.
    """
    if Role.OFFICER not in by.roles:
        return say("Only a programme officer archives calls.")
    if call.state is CallState.ARCHIVED:
        return say("The call is in the archive already.")
    if call.state is not CallState.DECIDED:
        return say("A call is archived after its results are announced and its programmes are over.")
    if owed:
        return say_many("%(num)s winner has no agreement yet.", "%(num)s winners have no agreement yet.", owed)
    if running:
        return say_many("%(num)s agreement is not over yet: end it first.",
                        "%(num)s agreements are not over yet: end them first.", len(running))  # fmt: skip
    return None
