"""From what is typed to what is compared, `period-values/1`: values of single periods, running totals, quotients.

Officials type cumulative figures; the value of a period is the cumulative one minus that of the period before (METHODS:
"cumulative minus the period before, reset in January"). What is not reported is None and is never taken for zero.
Indicators measured as of a date are not cumulative: their value of a period is what is typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final, TypeVar

from portal.kit.numbers import exact
from portal.kit.periods import Quarter, year_of

VERSION: Final = "period-values/1"

N = TypeVar("N", int, Decimal)


def period_values(
    cumulative: Sequence[N | None], periods: Sequence[Quarter], *, reset_in_january: bool
) -> tuple[N | None, ...]:
    """The value of each single period, in the order of `periods`, which must be ascending.

    None where the period is not reported, and also where the one before it in the same count is not: the difference
    would cover both. A count begins anew with the first period, and with each new year if `reset_in_january`. A fall
    of the cumulative figure gives a negative value: whether it may stand is the report's rule. ValueError where lengths
    differ or periods are out of order.
    """
    _check(cumulative, periods)
    values: list[N | None] = []
    for place, now in enumerate(cumulative):
        if now is None or _begins(periods, place, reset_in_january):
            values.append(now)
        else:
            before = cumulative[place - 1]
            values.append(None if before is None else now - before)
    return tuple(values)


def running_total(
    cumulative: Sequence[N | None], periods: Sequence[Quarter], *, reset_in_january: bool
) -> tuple[N | None, ...]:
    """The total since the first period, at the end of each: what earlier years closed with, plus this year's figure.

    A period left out in the middle of a year does not hide the total after it; one that closed a year does. None where
    the total is not known. Errors as for `period_values`.
    """
    _check(cumulative, periods)
    totals: list[N | None] = []
    closed: N | None = None
    known = True
    for place, now in enumerate(cumulative):
        if place and _begins(periods, place, reset_in_january):
            closed = totals[place - 1]
            known = closed is not None
        if now is None or not known:
            totals.append(None)
        else:
            totals.append(now if closed is None else closed + now)
    return tuple(totals)


def quotient(numerator: Decimal | int | None, denominator: Decimal | int | None) -> Fraction | None:
    """The exact share, ratio or mean; None where a part is not reported or the denominator is zero (not applicable)."""
    if numerator is None or denominator is None or denominator == 0:
        return None
    return exact(numerator) / exact(denominator)


def _begins(periods: Sequence[Quarter], place: int, reset_in_january: bool) -> bool:
    return place == 0 or (reset_in_january and year_of(periods[place]) != year_of(periods[place - 1]))


def _check(cumulative: Sequence[N | None], periods: Sequence[Quarter]) -> None:
    if len(cumulative) != len(periods):
        raise ValueError("each period has one figure, or None")
    if any(later <= earlier for earlier, later in pairwise(periods)):
        raise ValueError("periods must be in order, each once")
