"""The budget of an agreement: as the region asked for it and as it was fitted to the grant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portal.applications.programme.rules import SOURCES, Programme
from portal.monitoring.agreement.methods import fit

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
