"""What an agreement takes over from the winning programme, and who may draft and sign it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.award.models import Award
from portal.applications.award.states import Outcome
from portal.applications.programme.rules import SOURCES, Programme
from portal.kit.i18n import Text, say
from portal.monitoring.agreement.methods import fit
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.people.person.models import Person
from portal.people.roles import Role

FOUNDATION = "foundation"


class Side(StrEnum):
    """For whom somebody signs."""

    REGION = "region"
    FOUNDATION = "foundation"


@dataclass(frozen=True, slots=True)
class Cost:
    """Roubles of one source in one year for one line of the budget: what was asked, and what is agreed."""

    position: int
    title: str
    activity: str
    year: int
    source: str
    asked: Decimal
    agreed: Decimal


def costs(programme: Programme, grant: Decimal) -> list[Cost]:
    """Every sum of the budget: the Foundation's fitted to the grant, the others as they were promised."""
    cells = [
        (position, line.title, activity.title if activity else "", cost.year, cost.source, cost.amount)
        for position, line in enumerate(programme.budget.lines, 1)
        for activity in [programme.activity(line.activity)]
        for cost in line.costs
    ]
    fitted = iter(fit([cell[-1] for cell in cells if cell[4] == FOUNDATION], grant))
    return [Cost(*cell, agreed=next(fitted) if cell[4] == FOUNDATION else cell[-1]) for cell in cells]


@dataclass(frozen=True, slots=True)
class Row:
    """One year of one line of the budget: the Foundation's sum as asked and as agreed, and the others by source."""

    title: str
    activity: str
    year: int
    asked: Decimal
    agreed: dict[str, Decimal]

    @property
    def total(self) -> Decimal:
        """All that is agreed for the year."""
        return sum(self.agreed.values(), Decimal("0.00"))


def table(programme: Programme, agreed: dict[tuple[int, int, str], Decimal]) -> list[list[Row]]:
    """The budget line by line, year by year; `agreed` holds the agreed sums by position, year and source."""
    lines = []
    for position, line in enumerate(programme.budget.lines, 1):
        activity = programme.activity(line.activity)
        years = sorted({cost.year for cost in line.costs})
        lines.append([
            Row(
                line.title,
                activity.title if activity else "",
                year,
                line.total(year=year, source=FOUNDATION),
                {source: agreed.get((position, year, source), Decimal("0.00")) for source in SOURCES},
            )
            for year in years
        ])  # fmt: skip
    return [rows for rows in lines if rows]


def totals(rows: Iterable[Row]) -> dict[str, Decimal]:
    """Sums over the rows: `asked` of the Foundation, each source as agreed, and `all`."""
    found = list(rows)
    sums = {source: sum((row.agreed[source] for row in found), Decimal("0.00")) for source in SOURCES}
    return {**sums, "asked": sum((row.asked for row in found), Decimal("0.00")), "all": sum(sums.values(), Decimal(0))}


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
    if agreement.state is not AgreementState.DRAFTED:
        return say("Both sides have signed this agreement.")
    if side is None:
        return say("The signatory of the region and an officer or Board member of the Foundation sign the agreement.")
    if side is Side.REGION and agreement.region_signed_at:
        return say("The region has signed. The Foundation's signature is awaited.")
    if side is Side.FOUNDATION and agreement.foundation_signed_at:
        return say("The Foundation has signed. The region's signature is awaited.")
    return None
