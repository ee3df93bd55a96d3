"""Pure questions about applications: who may begin, save, sign, submit, withdraw, admit, and why not now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from portal.applications.application.models import Application
from portal.applications.application.states import WITHDRAW, ApplicationState
from portal.applications.call.models import Call
from portal.applications.call.rules import why_not_accepting
from portal.applications.call.states import CallState
from portal.kit.errors import Problem
from portal.kit.i18n import Text, Written, clock_seconds, instant, say, say_many
from portal.people.person.models import Person
from portal.people.roles import Role

S = ApplicationState

STATUS: Mapping[ApplicationState, tuple[str, Text]] = {
    S.DRAFT: ("early", say("draft")),
    S.AWAITING: ("unsure", say("awaiting signature")),
    S.SUBMITTED: ("pace", say("submitted")),
    S.ELIGIBLE: ("pace", say("admitted")),
    S.INELIGIBLE: ("none", say("not admitted")),
    S.AWARDED: ("met", say("awarded")),
    S.RESERVE: ("unsure", say("in reserve")),
    S.DECLINED: ("none", say("declined")),
    S.WITHDRAWN: ("none", say("withdrawn")),
}


def why_not_start(call: Call, existing: Application | None, now: datetime) -> Text | None:
    """Why the region cannot begin an application to this call."""
    if existing is not None:
        return say("Your region has an application to this call already: %(number)s.", number=existing.number)
    return why_not_accepting(call, now)


def why_not_save(application: Application) -> Text | None:
    """Why the text is not changed now. After the deadline a draft can still be saved: it only cannot be submitted."""
    if application.state is S.AWAITING:
        return say("The application waits for a signature and does not change. The signatory can take it back.")
    if application.state is S.WITHDRAWN:
        return say("The application was withdrawn. Its text is kept and does not change.")
    if application.state is not S.DRAFT:
        return say("The application was submitted. What was submitted does not change.")
    return None


def why_not_write(application: Application, by: Person) -> Text | None:
    """Why this person of the region does not write the text now."""
    if Role.EDITOR not in by.roles:
        return say("The editors of the region write the application.")
    return why_not_save(application)


def why_late(call: Call, now: datetime) -> Text | None:
    """What is said of a text that is saved after the call has closed: it is kept, and changes nothing submitted."""
    if now < call.closes_at:
        return None
    return say(
        "Applications closed at %(time)s Moscow time: this is kept as a late draft and cannot be submitted.",
        time=Written(clock_seconds, call.closes_at),
    )


def why_not_hand_over(
    application: Application, call: Call, problems: Collection[Problem], now: datetime
) -> Text | None:
    """Why the application cannot go to the signatory."""
    if application.state is not S.DRAFT:
        return why_not_save(application)
    return why_not_accepting(call, now) or _unfinished(problems)


def why_not_take_back(application: Application) -> Text | None:
    """Why there is nothing to take back from signing."""
    if application.state is not S.AWAITING:
        return say("The application does not wait for a signature.")
    return None


def why_not_submit(application: Application, call: Call, problems: Collection[Problem], at: datetime) -> Text | None:
    """Why the application cannot be submitted by a request whose head came at instant `at`."""
    if application.state is S.WITHDRAWN:
        return say("The application was withdrawn. Its text is kept and does not change.")
    if application.state not in (S.DRAFT, S.AWAITING):
        return say("The application has been submitted already.")
    return why_not_accepting(call, at) or _unfinished(problems)


def why_not_withdraw(application: Application) -> Text | None:
    """Why the application stays in the competition."""
    if application.state is S.WITHDRAWN:
        return say("The application has been withdrawn already.")
    if application.state not in WITHDRAW.sources:
        return say("The competition has been decided for this application. It cannot be withdrawn any more.")
    return None


def why_not_check(application: Application, call: Call, now: datetime) -> Text | None:
    """Why the Foundation cannot admit or refuse the application now."""
    if now < call.closes_at:
        return say(
            "Applications are checked after the call closes, on %(when)s.", when=Written(instant, call.closes_at)
        )
    if application.state is S.WITHDRAWN:
        return say("The application was withdrawn.")
    if application.state is not S.SUBMITTED:
        return say("It has been decided already whether this application is admitted.")
    if call.state not in (CallState.OPEN, CallState.CLOSED):
        return say("The results of this call are announced. Admission does not change any more.")
    return None


def _unfinished(problems: Collection[Problem]) -> Text | None:
    if not problems:
        return None
    return say_many(
        "There is %(num)s thing to correct before the application can be signed.",
        "There are %(num)s things to correct before the application can be signed.",
        len(problems),
    )


def of_section(problems: Collection[Problem], section: str) -> list[Problem]:
    """The problems of one section, with the ids of its own page."""
    prefix = f"{section}#"
    return [Problem(p.field.removeprefix(prefix), p.reason) for p in problems if p.field.startswith(prefix)]
