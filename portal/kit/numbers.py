"""What a person typed, read as money, a count, a decimal, a percentage or a day; or a reason that says what to do."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.kit.i18n import Text, Written, money, number, say

MONEY_MOST = Decimal("9999999999999.99")
"""The largest amount that `numeric(15,2)` holds; written 10^13 minus a kopeck."""
COUNT_MOST = 999_999_999
"""More people or families than there are; fits a four-byte integer."""
PLACES_MOST = 2
"""With three places `1,234` could not be told from one thousand two hundred and thirty-four."""
FIRST_YEAR, LAST_YEAR = 1900, 2100

SPACES = " \u00a0\u202f\u2009"
LONGEST = 60
_FIGURE = re.compile(rf"(?P<sign>[-\u2010-\u2015\u2212])?[{SPACES}]*(?P<digits>[0-9][0-9{SPACES}.,]*)")
_RUBLE = re.compile(rf"[{SPACES}]*(?:₽|руб(?:\.|ля|лей|ль)?)$", re.IGNORECASE)
_EXPONENT = re.compile(r"[0-9.,][eEеЕ][-+]?[0-9]")
_MONTHS = (
    ("января", "january"), ("февраля", "february"), ("марта", "march"), ("апреля", "april"), ("мая", "may"),
    ("июня", "june"), ("июля", "july"), ("августа", "august"), ("сентября", "september"), ("октября", "october"),
    ("ноября", "november"), ("декабря", "december"),
)  # fmt: skip
_MONTH = {word: place for place, words in enumerate(_MONTHS, 1) for word in words}
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_DOTTED = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})(?: ?г\.?)?")
_SPELLED = re.compile(r"(?P<day>[0-9]{1,2}) (?P<word>[a-zа-яё]+) (?P<year>[0-9]{4})(?: ?г\.?| года)?")


class Unreadable(ValueError):
    """The text is not what the field asks for; `reason` says in the reader's language what to write instead."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.msgid)
        self.reason = reason


def read_money(text: str) -> Decimal | None:
    """Roubles with exactly two places, from 0 to `MONEY_MOST`; ₽ or «руб.» may follow. None where nothing is typed."""
    if _is_blank(text):
        return None
    value = _read(_RUBLE.sub("", _short(text)), places=2)
    if value > MONEY_MOST:
        raise Unreadable(say("The amount is too large: at most %(most)s.", most=Written(money, MONEY_MOST)))
    return value.quantize(Decimal("0.01"))


def read_count(text: str, *, most: int = COUNT_MOST) -> int | None:
    """A whole number from 0 to `most`; None where nothing is typed."""
    if _is_blank(text):
        return None
    value = int(_read(text, places=0))
    if value > most:
        raise Unreadable(say("The number is too large: at most %(most)s.", most=Written(number, most)))
    return value


def read_decimal(text: str, *, places: int = 2, most: Decimal = MONEY_MOST) -> Decimal | None:
    """A number from 0 to `most` with at most `places` (0, 1 or 2) digits after the comma; None where it is blank."""
    if not 0 <= places <= PLACES_MOST:
        raise ValueError(f"places must be 0 to {PLACES_MOST}")
    if _is_blank(text):
        return None
    value = _read(text, places=places)
    if value > most:
        shown = Written(number, most, _places_of(most))
        raise Unreadable(say("The number is too large: at most %(most)s.", most=shown))
    return value


def read_date(text: str) -> date | None:
    """The day of `01.01.2027`, `2027-01-01`, `1 января 2027 г.` or `1 January 2027`; None where nothing is typed."""
    if _is_blank(text):
        return None
    text = text.strip()
    if len(text) > LONGEST:
        raise Unreadable(_no_day())
    plain = re.sub(rf"[{SPACES}]+", " ", text).lower()
    found = _ISO.fullmatch(plain) or _DOTTED.fullmatch(plain) or _SPELLED.fullmatch(plain)
    if found is None:
        raise Unreadable(_no_day())
    parts = found.groupdict()
    month = int(parts["month"]) if "month" in parts else _MONTH.get(parts["word"])
    if month is None:
        raise Unreadable(_no_day())
    year = int(parts["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise Unreadable(say("Check the year: it must be from %(first)s to %(last)s.", **years))
    try:
        return date(year, month, int(parts["day"]))
    except ValueError:
        raise Unreadable(say("There is no such day in the calendar. Check the day and the month.")) from None


def exact(value: Decimal | Fraction | int) -> Fraction:
    """The same number as a fraction. TypeError for a float or a bool, ValueError for a Decimal that is not finite."""
    if isinstance(value, (float, bool)):
        raise TypeError("not an exact number")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("not a finite number")
    return Fraction(value)


def _is_blank(text: str) -> bool:
    return not text.strip()


def _short(text: str) -> str:
    """The text without spaces around it; a long one is refused before any pattern is tried on it."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Unreadable(say("This is too long for a number. Write the number only."))
    return text


def _read(text: str, *, places: int) -> Decimal:
    text = _short(text)
    found = _FIGURE.fullmatch(text)
    if found is None:
        raise Unreadable(_not_digits(text))
    if found["sign"]:
        raise Unreadable(say("The number cannot be negative. Write it without the minus."))
    whole, fraction = _halves(found["digits"].strip(SPACES), places)
    if len(fraction) > places:
        raise Unreadable(_too_fine(places))
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def _halves(digits: str, places: int) -> tuple[str, str]:
    """The digits before and after the decimal separator; refused where the text can be read in two ways."""
    marks = [sign for sign in digits if sign in ".,"]
    if not marks:
        return _ungrouped(digits, SPACES), ""
    if len(marks) > 1 and len(set(marks)) == 1:
        return _ungrouped(digits, marks[0]), ""
    whole, _, fraction = digits.rpartition(marks[-1])
    if not re.fullmatch(r"[0-9]+", fraction) or marks[-1] in whole:
        raise Unreadable(_unclear())
    if len(marks) > 1:
        return _ungrouped(whole, marks[0]), fraction
    if len(fraction) == 3 and re.fullmatch(r"[1-9][0-9]{0,2}", whole):
        raise Unreadable(_two_ways(whole, fraction, places))
    return _ungrouped(whole, SPACES), fraction


def _ungrouped(whole: str, separators: str) -> str:
    """The digits of a whole part that has no separators, or one kind of them between groups of three."""
    if re.fullmatch(r"[0-9]+", whole):
        return whole
    if not re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:[{separators}][0-9]{{3}})+", whole):
        raise Unreadable(_unclear())
    return re.sub(r"[^0-9]", "", whole)


def _places_of(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _not_digits(text: str) -> Text:
    if _EXPONENT.search(text):
        return say("Write the number out in full, without the letter E.")
    if any(sign.isnumeric() and sign not in "0123456789" for sign in text):
        return say("Write the number in ordinary digits from 0 to 9.")
    return say("Write a number in digits only, without words and other signs, for example 1500000 or 1500000,50.")


def _no_day() -> Text:
    return say("Write the day, month and year like this: 20.11.2026.")


def _unclear() -> Text:
    return say("It is not clear where the thousands and the decimals are. Write the number like this: 1234567,89.")


def _two_ways(whole: str, fraction: str, places: int) -> Text:
    plain = whole + fraction
    if places == 0:
        return say("This can be read in two ways. Write a whole number without separators: %(plain)s.", plain=plain)
    shorter = f"{whole},{fraction[:places]}"
    return say(
        "This can be read in two ways. Write %(plain)s without a separator, or fewer digits after it: %(shorter)s.",
        plain=plain,
        shorter=shorter,
    )


def _too_fine(places: int) -> Text:
    if places == 0:
        return say("Write a whole number, without digits after the comma.")
    if places == 1:
        return say("Write at most one digit after the comma.")
    return say("Write at most two digits after the comma.")
