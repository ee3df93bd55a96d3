"""The reader's language: messages by gettext, and how numbers, money, days and instants are written in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names

from portal.settings import CHECKOUT

LANGUAGES = ("ru", "en")
LOCALES = CHECKOUT / "locales"
MOSCOW = ZoneInfo("Europe/Moscow")
NBSP = "\u00a0"

language: ContextVar[str] = ContextVar("language", default="ru")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Inside the block every text, number and date is written in language `code`."""
    token = language.set(code)
    try:
        yield
    finally:
        language.reset(token)


@cache
def translations(code: str) -> NullTranslations:
    """The compiled catalogue of a language; English needs none, its texts are the message ids."""
    compiled = LOCALES / code / "LC_MESSAGES" / "portal.mo"
    if code == "en" or not compiled.exists():
        return NullTranslations()
    with compiled.open("rb") as file:
        return GNUTranslations(file)


def gettext(message: str, **values: Any) -> str:
    """The message in the reader's language, its `%(name)s` filled in."""
    text = translations(language.get()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """The message in the grammatical number of `num`, which fills `%(num)s`: 1 990 записей."""
    return translations(language.get()).ngettext(singular, plural, num) % {"num": number(num), **values}


class Text:
    """A message that is translated when it is shown, not when it is made; `msgid` and `values` are its code."""

    __slots__ = ("msgid", "plural", "values")

    def __init__(self, msgid: str, plural: str | None, values: dict[str, Any]) -> None:
        self.msgid, self.plural, self.values = msgid, plural, values

    def __str__(self) -> str:
        if self.plural is not None:
            return ngettext(self.msgid, self.plural, **self.values)
        return gettext(self.msgid, **self.values)

    def __repr__(self) -> str:
        return f"Text({self.msgid!r}, {self.values!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.msgid, self.values) == (other.msgid, other.values)

    def __hash__(self) -> int:
        return hash(self.msgid)


def say(message: str, **values: Any) -> Text:
    """A lazy message. Values that are themselves lazy (texts, `Written` figures) follow the reader's language too."""
    return Text(message, None, values)


def say_many(singular: str, plural: str, num: int, **values: Any) -> Text:
    """A lazy message in the grammatical number of `num`."""
    return Text(singular, plural, {"num": num, **values})


class Written:
    """A figure with the way to write it, for the values of a lazy message: `Written(money, sum)`."""

    __slots__ = ("arguments", "how")

    def __init__(self, how: Any, *arguments: Any) -> None:
        self.how, self.arguments = how, arguments

    def __str__(self) -> str:
        return str(self.how(*self.arguments))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Written) and (self.how, self.arguments) == (other.how, other.arguments)

    __hash__ = None  # type: ignore[assignment]


def number(value: Decimal | Fraction | int | float, places: int = 0) -> str:
    """1 234 567,8: rounded half to even, exact for Decimal and Fraction, with no-break spaces in Russian.

    Written as CLDR has it for both languages; tests hold it against Babel, which takes forty times as long.
    """
    if isinstance(value, float):
        value = Decimal(str(value))  # As it is written, not as it is held.
    elif type(value) is Fraction:  # Whether something is an instance of an abstract class takes longer than the rest.
        value = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{value:,.{places}f}"
    return text.replace(",", NBSP).replace(".", ",") if language.get() == "ru" else text


def money(value: Decimal | int) -> str:
    """1 234 567,89 ₽; whole roubles are written without kopecks."""
    value = Decimal(value)
    return number(value, 0 if value == value.to_integral_value() else 2) + NBSP + "₽"


def amount(value: Decimal | int) -> str:
    """1 234 567,89 for a column of money whose head names the unit: always two places."""
    return number(Decimal(value), 2)


def percent(fraction: Decimal | Fraction | float, places: int = 1) -> str:
    """18,4 % of a fraction of one, 18 % where the tenth is zero is still written 18,0 %: columns stay aligned."""
    if isinstance(fraction, Fraction):
        fraction = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    return number(fraction * 100, places) + (NBSP + "%" if language.get() == "ru" else "%")


@cache
def _months(code: str) -> Mapping[int, str]:
    return dict(get_month_names("wide", locale=code))


@cache
def _weekdays(code: str) -> Mapping[int, str]:
    return dict(get_day_names("wide", locale=code))


def day(value: date) -> str:
    """20 ноября 2026 г., 20 November 2026."""
    code = language.get()
    if code == "ru":
        return f"{value.day}{NBSP}{_months(code)[value.month]}{NBSP}{value.year}{NBSP}г."
    return f"{value.day} {_months(code)[value.month]} {value.year}"


def day_of(value: datetime) -> str:
    """20 ноября 2026 г. of an instant, as the calendar has it in Moscow."""
    return day(_zoned(value, None).date())


def _zoned(value: datetime, zone: str | None) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a naive datetime has no instant")
    return value.astimezone(ZoneInfo(zone) if zone else MOSCOW)


def instant(value: datetime, zone: str | None = None) -> str:
    """пятница, 20 ноября 2026 г., 18:00 (МСК); in another zone without the mark."""
    local = _zoned(value, zone)
    weekday = _weekdays(language.get())[local.weekday()]
    mark = "" if zone else (NBSP + "(МСК)" if language.get() == "ru" else " (Moscow time)")
    return f"{weekday}, {day(local.date())}, {local:%H:%M}{mark}"


def moment(value: datetime, zone: str | None = None) -> str:
    """20 ноября, 18:00 for lists, where the year is plain."""
    local, code = _zoned(value, zone), language.get()
    return f"{local.day}{NBSP if code == 'ru' else ' '}{_months(code)[local.month]}, {local:%H:%M}"


def clock_time(value: datetime, zone: str | None = None) -> str:
    """18:00 in Moscow, or in the zone named."""
    return f"{_zoned(value, zone):%H:%M}"


def clock_seconds(value: datetime, zone: str | None = None) -> str:
    """18:00:00 in Moscow, or in the zone named: for the instant at which something ends."""
    return f"{_zoned(value, zone):%H:%M:%S}"


def quarter(value: str) -> str:
    """II квартал 2026 г., Q2 2026: of a period written 2026Q2."""
    year, numeral = value[:4], ("I", "II", "III", "IV")[int(value[5]) - 1]
    return f"{numeral}{NBSP}квартал {year}{NBSP}г." if language.get() == "ru" else f"Q{value[5]} {year}"


def quarter_short(value: str) -> str:
    """II кв. 2026, for the heads of columns."""
    year, numeral = value[:4], ("I", "II", "III", "IV")[int(value[5]) - 1]
    return f"{numeral}{NBSP}кв. {year}" if language.get() == "ru" else f"Q{value[5]} {year}"


FORMATS = {
    how.__name__: how
    for how in (
        number,
        money,
        amount,
        percent,
        day,
        day_of,
        instant,
        moment,
        clock_time,
        clock_seconds,
        quarter,
        quarter_short,
    )
}
