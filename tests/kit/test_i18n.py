"""Figures and dates are written as CLDR has it: Babel's slow way is the oracle."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as some

from portal.kit import i18n
from portal.kit.i18n import LANGUAGES, NBSP, speaking

codes = some.sampled_from(LANGUAGES)


@given(codes, some.decimals(-(10**13), 10**13, places=6), some.integers(0, 4))
def test_number_is_written_as_babel_writes_it(code: str, value: Decimal, places: int) -> None:
    pattern = "#,##0" + ("." + "0" * places if places else "")
    with speaking(code):
        assert i18n.number(value, places) == format_decimal(value, format=pattern, locale=code)
        assert i18n.number(Fraction(value), places) == i18n.number(value, places)


@pytest.mark.parametrize(("value", "written"), [(0.125, "0,12"), (2.675, "2,68"), (-0.5, "-0,50"), (1234, "1 234,00")])
def test_number_of_a_float_is_rounded_as_it_is_written(value: float, written: str) -> None:
    with speaking("ru"):
        assert i18n.number(value, 2) == written.replace(" ", NBSP)


@given(codes, some.dates(date(1000, 1, 1)))
def test_day_is_written_as_babel_writes_it(code: str, day: date) -> None:
    pattern = "d MMMM y 'г'." if code == "ru" else "d MMMM y"
    with speaking(code):
        assert i18n.day(day).replace(NBSP, " ") == format_date(day, pattern, locale=code)


NOON_2000, NOON_2100 = (datetime(year, 1, 1, 12, tzinfo=UTC).replace(tzinfo=None) for year in (2000, 2100))


@given(codes, some.datetimes(NOON_2000, NOON_2100, timezones=some.just(UTC)))
def test_instant_and_moment_are_written_as_babel_writes_them(code: str, when: datetime) -> None:
    local = when.astimezone(i18n.MOSCOW)
    with speaking(code):
        assert i18n.moment(when).replace(NBSP, " ") == format_datetime(local, "d MMMM, HH:mm", locale=code)
        assert i18n.instant(when).startswith(format_date(local, "EEEE", locale=code) + ", " + i18n.day(local.date()))
