"""The frozen rows in which the public reads monitoring: releases, programmes, series, totals, traces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from portal.kit.bilingual import Bilingual


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
    """A numbered publication of accepted figures up to and including `period` ("2026Q3")."""

    number: int
    published_at: datetime
    period: str
    call: Bilingual
    call_number: str
    regions: int
    reported: int


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
    """A winner's programme. Money in roubles; `cofinancing_share` is a fraction of the whole budget."""

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


@dataclass(frozen=True, slots=True)
class Point:
    """Plan and actual of one quarter, both since the programme began."""

    period: str
    plan: Cell
    actual: Cell


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator of one region over its whole programme; `latest` is the actual cell of the release's period."""

    region_code: str
    indicator_code: str
    baseline: Cell
    target: Cell
    points: tuple[Point, ...]
    latest: Cell


@dataclass(frozen=True, slots=True)
class Total:
    """One indicator summed over the regions whose cell is shown: counts as sums, shares as ratio of sums."""

    indicator_code: str
    actual: Cell
    target: Cell
    regions: int
    regions_shown: int
    regions_met: int


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
    """One year of an official series of the country; where it `breaks`, earlier years are not comparable."""

    year: int
    value: Decimal
    breaks: bool
