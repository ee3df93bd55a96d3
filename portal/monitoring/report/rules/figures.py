"""The figures of a report: what is known of an indicator, how it adds up over quarters, how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from portal.directory.indicator.models import Indicator
from portal.kit.i18n import Text, Written, number, percent, say
from portal.kit.numbers import exact
from portal.kit.periods import quarters
from portal.monitoring.report.methods import period_values, quotient, running_total


@dataclass(frozen=True, slots=True)
class Figure:
    """A value since the programme began, or the word why there is none; `why` is the region's explanation."""

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    missing: str = ""
    why: str = ""

    def value(self, indicator: Indicator) -> Fraction | None:
        """The count itself or the exact quotient; None where it cannot be computed."""
        if indicator.is_quotient:
            return quotient(self.numerator, self.denominator)
        return None if self.numerator is None else exact(self.numerator)


@dataclass(frozen=True, slots=True)
class Line:
    """An agreed indicator before anything is typed: its plan for the quarter and what was accepted for the others."""

    agreed_id: int
    indicator: Indicator
    plan: Figure | None
    accepted: Mapping[str, Figure]

    @property
    def code(self) -> str:
        """The indicator's code, under which its fields are sent."""
        return self.indicator.code


@dataclass(frozen=True, slots=True)
class Span:
    """Which quarter is reported: its agreement's first quarter, and whether counts begin anew in January."""

    first: str
    period: str
    resets: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong or asked about one field, what to do about it, and the quarter of the report that it speaks of."""

    field: str
    reason: Text
    advice: Text | str = ""
    period: str = ""


class Standing(StrEnum):
    """How an indicator of a report stands."""

    EMPTY = "empty"
    ERROR = "error"
    QUESTION = "question"
    ANSWERED = "answered"
    MISSING = "missing"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Judged:
    """An indicator as it was typed, read and checked."""

    line: Line
    figure: Figure
    is_empty: bool
    errors: tuple[Remark, ...] = ()
    questions: tuple[Remark, ...] = ()
    total: Figure = field(default_factory=Figure)

    @property
    def standing(self) -> Standing:
        """Errors before questions, questions before praise."""
        if self.is_empty:
            return Standing.EMPTY
        if self.errors:
            return Standing.ERROR
        if self.questions:
            return Standing.ANSWERED if self.figure.why else Standing.QUESTION
        return Standing.MISSING if self.figure.missing else Standing.CHECKED

    @property
    def obstacles(self) -> list[Remark]:
        """What keeps the report from being submitted: errors, an empty row, questions without an answer."""
        if self.is_empty:
            reason = say("%(code)s is not filled in.", code=self.line.code)
            return [Remark(f"{self.line.code}.n", reason, say("Write the number, or say why there is none."))]
        return [*self.errors, *(self.questions if not self.figure.why else ())]


def amount(value: Decimal | Fraction | int) -> Written:
    """A part as it is read: whole numbers whole, others with two places."""
    return Written(number, value, 0 if exact(value).denominator == 1 else 2)


def shown(indicator: Indicator, value: Fraction) -> Written:
    """A value in its unit: percent for shares, one place for averages, the number itself for counts."""
    if indicator.unit == "percent":
        return Written(percent, value)
    return Written(number, value, 1) if indicator.is_quotient else amount(value)


def before(line: Line, span: Span) -> tuple[str, Figure] | None:
    """The nearest earlier quarter with an accepted value, and that value."""
    earlier = [period for period, figure in line.accepted.items() if period < span.period and not figure.missing]
    return (max(earlier), line.accepted[max(earlier)]) if earlier else None


def _series(line: Line, figure: Figure, span: Span) -> tuple[list[str], list[Figure]]:
    periods = quarters(span.first, span.period)
    return periods, [*(line.accepted.get(period, Figure()) for period in periods[:-1]), figure]


def to_date(line: Line, figure: Figure, span: Span) -> Figure:
    """The figure since the programme began, as the plan counts: earlier years added where counts begin anew."""
    if not (line.indicator.accumulates and span.resets):
        return figure
    periods, figures = _series(line, figure, span)
    over = running_total([one.numerator for one in figures], periods, reset_in_january=True)[-1]
    under = running_total([one.denominator for one in figures], periods, reset_in_january=True)[-1]
    return Figure(over, under, figure.missing, figure.why)


def in_quarter(line: Line, figure: Figure, span: Span) -> Figure | None:
    """What the quarter itself added; None in the first one, for indicators as of a date, and where it is not known."""
    if span.first == span.period or not line.indicator.accumulates:
        return None
    periods, figures = _series(line, figure, span)
    over = period_values([one.numerator for one in figures], periods, reset_in_january=span.resets)[-1]
    under = period_values([one.denominator for one in figures], periods, reset_in_january=span.resets)[-1]
    return None if over is None else Figure(over, under)
