"""The frozen rows in which the public reads monitoring: releases, programmes, series, totals, traces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from portal.applications.call.methods import DEFAULT, Thresholds
from portal.kit.bilingual import Bilingual
from portal.monitoring.report.methods import Status


class CellState(StrEnum):
    """Why a cell holds a number, or which of the five different nothings it holds instead."""

    VALUE = "value"
    HIDDEN = "hidden"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Cell:
    """One public number; all three figures are None unless `state` is VALUE.

    `value` is the count itself, or numerator / denominator for shares, ratios and means (a share of 0.25 is 25 %).
    """

    state: CellState
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None

    def reaches(self, target: Cell, direction: str) -> bool | None:
        """Whether the target is reached; None where one of the figures is missing or no direction is better."""
        if self.value is None or target.value is None or direction == "neutral":
            return None
        return self.value >= target.value if direction == "up" else self.value <= target.value


@dataclass(frozen=True, slots=True)
class Release:
    """A numbered publication of accepted figures up to and including `period` ("2026Q3").

    `thresholds` are those of its call, by which statuses are judged.
    """

    number: int
    published_at: datetime
    period: str
    call: Bilingual
    call_number: str
    regions: int
    reported: int
    thresholds: Thresholds = DEFAULT


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of the catalogue. `direction` is up, down or neutral; `kind` is count, share, ratio or mean."""

    code: str
    name: Bilingual
    group: Bilingual
    kind: str
    unit: str
    direction: str
    numerator: Bilingual
    denominator: Bilingual
    measured: str


@dataclass(frozen=True, slots=True)
class Programme:
    """A winner's programme. Money in roubles; `cofinancing_share` is a fraction of the whole budget.

    `ended_on` is the day on which its agreement was closed or, where it was `terminated`, ended before its time.
    """

    region_code: str
    region: Bilingual
    region_short: Bilingual
    district_code: str
    district: Bilingual
    title: Bilingual
    summary: Bilingual
    place: int
    application_number: str
    agreement_number: str
    grant: Decimal
    cofinancing_share: Decimal
    first_period: str
    last_period: str
    ended_on: date | None = None
    terminated: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """Plan and actual of one quarter, both since the programme began."""

    period: str
    plan: Cell
    actual: Cell


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether the target will be reached, computed by `method` from the public cells of the series alone.

    `forecast` is the value expected at the end of the programme, in 80 % of cases between `low` and `high`, in the unit
    of `Cell.value`; None where nothing can be said. `stated` is what the programme officer says beside the computed
    status, `because` her reason in Russian.
    """

    status: Status
    forecast: Decimal | None
    low: Decimal | None
    high: Decimal | None
    method: str
    stated: Status | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the regions that have a forecast are expected to reach together, beside the sum of their targets.

    Sums of counts, ratios of sums with the planned denominators; `low` and `high` as if regions did not depend on each
    other. There is no status of a sum.
    """

    forecast: Decimal
    low: Decimal
    high: Decimal
    target: Decimal
    regions: int


@dataclass(frozen=True, slots=True)
class Errors:
    """How often the rule says what of drawn regions: the shares of statuses, and of ends inside the 80 % interval.

    `world` is fits, spike, revision or amended; `kind` is count, share or share_to_date; `after` quarters of eight;
    `pace` is on_plan, half_pace, no_change or supposed.
    """

    world: str
    kind: str
    after: int
    pace: str
    statuses: Mapping[Status, float]
    covered: float


@dataclass(frozen=True, slots=True)
class Method:
    """The rule of status and forecast: its version, its thresholds by name, and the errors of its `usual` thresholds.

    `coverage` is the mean share of ends inside the interval by world and kind.
    """

    version: str
    thresholds: Mapping[str, float]
    usual: Mapping[str, float]
    seed: int
    regions: int
    periods: int
    coverage: Mapping[str, Mapping[str, float]]
    errors: tuple[Errors, ...]


@dataclass(frozen=True, slots=True)
class Amended:
    """A signed change of the plan: its number, since when it is in force, what stood in each changed quarter before."""

    number: int
    since: datetime
    before: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator of one region over its whole programme; `latest` is the actual cell of the release's period.

    There is no `outlook` where that cell is hidden or not applicable, and for indicators without a direction.
    """

    region_code: str
    indicator_code: str
    baseline: Cell
    target: Cell
    points: tuple[Point, ...]
    latest: Cell
    outlook: Outlook | None = None
    amendments: tuple[Amended, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """One indicator summed over the regions whose cell is shown: counts as sums, shares as ratio of sums."""

    indicator_code: str
    actual: Cell
    target: Cell
    regions: int
    regions_shown: int
    regions_met: int
    expected: Expected | None = None
    statuses: Mapping[Status, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """The way of one public number: promise, score, agreement, report, release."""

    region_code: str
    indicator_code: str
    period: str
    promised: Cell
    application_number: str
    application_version: int
    submitted_at: datetime
    score: Decimal
    place: int
    protocol: str
    agreed: Cell
    agreement_number: str
    signed_at: datetime
    reported: Cell
    report_revision: int
    accepted_at: datetime | None
    released_at: datetime
    release_number: int


@dataclass(frozen=True, slots=True)
class YearValue:
    """One year of an official series, a country's or region's; where it `breaks`, earlier years are not comparable."""

    year: int
    value: Decimal
    breaks: bool
