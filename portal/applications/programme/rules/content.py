"""A programme as it was read: what a region promises, in plain frozen values, with its sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.directory.indicator.models import unit_name
from portal.kit.bilingual import Bilingual
from portal.kit.i18n import Text
from portal.kit.numbers import exact
from portal.kit.periods import quarters, year_of

SOURCES = ("foundation", "regional", "municipal", "extra")


@dataclass(frozen=True, slots=True)
class Passport:
    """The summary sheet: name, short text, who does it, the legal act that approved it."""

    title: Bilingual
    summary: Bilingual
    executor: str
    coexecutors: str
    act_kind: str
    act_number: str
    act_date: date | None
    contact: str


@dataclass(frozen=True, slots=True)
class Group:
    """A target group and how many of it the programme reaches."""

    name: str
    families: int | None
    children: int | None


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wrong now, what the programme wants, and for whom."""

    problem: str
    goal: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity with its quarters; the direction's name is kept as it was."""

    key: str
    direction: str
    direction_name: Bilingual
    title: str
    first: str
    last: str
    description: str
    result: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A value: a count, or a numerator with its denominator."""

    numerator: Decimal
    denominator: Decimal | None = None

    @property
    def quotient(self) -> Fraction | None:
        """The exact quotient; None for a count and where the denominator is zero."""
        return exact(self.numerator) / exact(self.denominator) if self.denominator else None


@dataclass(frozen=True, slots=True)
class PlannedIndicator:
    """An indicator with its baseline and what is promised by the end of each quarter, since the programme began."""

    code: str
    name: Bilingual
    kind: str
    unit: str
    baseline: Figure | None
    plan: tuple[tuple[str, Figure], ...]

    @property
    def is_quotient(self) -> bool:
        """Whether it has denominators."""
        return self.kind != "count"

    @property
    def unit_name(self) -> Text | str:
        """The unit in words."""
        return unit_name(self.unit)

    def planned(self, period: str) -> Figure | None:
        """What is promised by the end of the quarter."""
        return dict(self.plan).get(period)


@dataclass(frozen=True, slots=True)
class Cost:
    """Roubles of one source in one year; only sums above zero are kept."""

    year: int
    source: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of the budget and the key of the activity that it pays for."""

    key: str
    title: str
    activity: str
    costs: tuple[Cost, ...]

    def total(self, *, year: int | None = None, source: str | None = None) -> Decimal:
        """Roubles of the line, of all years or one, of all sources or one."""
        return _sum(self.costs, year, source)


@dataclass(frozen=True, slots=True)
class Budget:
    """All lines, and how the sums were reckoned."""

    lines: tuple[BudgetLine, ...]
    justification: str

    def total(self, *, year: int | None = None, source: str | None = None) -> Decimal:
        """Roubles of all lines, of all years or one, of all sources or one."""
        return _sum((cost for line in self.lines for cost in line.costs), year, source)

    @property
    def grant(self) -> Decimal:
        """What is asked of the Foundation."""
        return self.total(source="foundation")

    @property
    def share(self) -> Fraction | None:
        """What others put in, as a part of the whole; None of an empty budget."""
        whole = self.total()
        return 1 - exact(self.grant) / exact(whole) if whole else None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the programme: its public id, name, size in bytes and the SHA-256 of its bytes."""

    id: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything that a region promises in one application."""

    call: str
    first_period: str
    last_period: str
    passport: Passport
    goal: Goal
    activities: tuple[Activity, ...]
    indicators: tuple[PlannedIndicator, ...]
    budget: Budget
    attachments: tuple[Attachment, ...] = ()

    @property
    def quarters(self) -> list[str]:
        """Its quarters, in order."""
        return quarters(self.first_period, self.last_period)

    @property
    def years(self) -> list[int]:
        """The years that it touches, in order."""
        return list(range(year_of(self.first_period), year_of(self.last_period) + 1))

    def activity(self, key: str) -> Activity | None:
        """The activity with this key."""
        return next((one for one in self.activities if one.key == key), None)


def missing_cofinancing(budget: Budget, minimum: Decimal) -> Decimal:
    """The least sum that others must add so that their share of the then larger whole is `minimum` percent."""
    needed, whole = exact(minimum) / 100, exact(budget.total())
    own = whole - exact(budget.grant)
    if not whole or own >= needed * whole:
        return Decimal("0.00")
    missing = (needed * whole - own) / (1 - needed)
    kopecks = -((-missing.numerator * 100) // missing.denominator)
    return Decimal(kopecks).scaleb(-2)


def share_shown(share: Fraction, minimum: Decimal) -> Decimal:
    """The share with one decimal of a percent; one below the minimum never looks as if it had reached it."""
    places = max(1, -int(minimum.normalize().as_tuple().exponent))
    scaled = share * 100 * 10**places
    kept = round(scaled)
    if share * 100 < exact(minimum) <= Fraction(kept, 10**places):
        kept = scaled.__floor__()
    return Decimal(kept).scaleb(-places) / 100


def _sum(costs: Iterable[Cost], year: int | None, source: str | None) -> Decimal:
    chosen = (c.amount for c in costs if year in (None, c.year) and source in (None, c.source))
    return sum(chosen, Decimal("0.00"))
