"""Who may draft and sign an agreement."""

from __future__ import annotations

from enum import StrEnum

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.award.models import Award
from portal.applications.award.states import Outcome
from portal.kit.i18n import Text, say
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.people.person.models import Person
from portal.people.roles import Role


class Side(StrEnum):
    """For whom somebody signs."""

    REGION = "region"
    FOUNDATION = "foundation"


def why_not_draft(application: Application, award: Award | None, *, has_agreement: bool, by: Person) -> Text | None:
    """None if an agreement can be made from the application."""
    if Role.OFFICER not in by.roles:
        return say("Only a programme officer drafts agreements.")
    if has_agreement:
        return say("The agreement has been drafted already.")
    if application.state is not ApplicationState.AWARDED or award is None or award.outcome is not Outcome.WINNER:
        return say("An agreement is made with a winner, after the results are announced.")
    return None


def side_of(agreement: Agreement, by: Person) -> Side | None:
    """For whom she can sign this agreement at all: the region's signatory, or the Foundation's officer or Board."""
    if Role.SIGNATORY in by.roles and by.region_id == agreement.region_id:
        return Side.REGION
    return Side.FOUNDATION if by.roles & {Role.OFFICER, Role.BOARD} else None


def why_not_sign(agreement: Agreement, by: Person) -> Text | None:
    """None if her signature is awaited."""
    side = side_of(agreement, by)
    if agreement.is_over:
        return say("This agreement is over.")
    if agreement.state is not AgreementState.DRAFTED:
        return say("Both sides have signed this agreement.")
    if side is None:
        return say("The signatory of the region and an officer or Board member of the Foundation sign the agreement.")
    if side is Side.REGION and agreement.region_signed_at:
        return say("The region has signed. The Foundation's signature is awaited.")
    if side is Side.FOUNDATION and agreement.foundation_signed_at:
        return say("The Foundation has signed. The region's signature is awaited.")
    return None
