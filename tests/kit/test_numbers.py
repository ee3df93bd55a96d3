"""What people type as numbers and days, read or refused."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.i18n import amount, day, money, speaking
from portal.kit.numbers import (
    MONEY_MOST,
    Unreadable,
    exact,
    read_count,
    read_date,
    read_decimal,
    read_money,
)

AMOUNTS = st.integers(0, 10**15 - 1).map(lambda kopecks: Decimal(kopecks).scaleb(-2))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1\u00a0234\u202f567,8", "1234567.80"),
        ("12\u2009345", "12345.00"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567.00"),
        ("1,234,567.89", "1234567.89"),
        ("1.234,5", "1234.50"),
        ("0,05", "0.05"),
        ("00012", "12.00"),
        ("  0 ", "0.00"),
        ("1 234 567,89\u00a0₽", "1234567.89"),
        ("500 руб.", "500.00"),
        ("9 999 999 999 999,99", "9999999999999.99"),
    ],
)
def test_i10_money_is_read_exactly_with_two_places(text: str, value: str) -> None:
    assert str(read_money(text)) == value


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("-1", "The number cannot be negative"),
        ("− 5", "The number cannot be negative"),
        ("1e309", "Write the number out in full"),
        ("1Е5", "Write the number out in full"),
        ("NaN", "Write a number in digits only"),
        ("inf", "Write a number in digits only"),
        ("1,5 млн", "Write a number in digits only"),
        ("(5)", "Write a number in digits only"),
        ("₽", "Write a number in digits only"),
        ("１２", "Write the number in ordinary digits"),
        ("٣", "Write the number in ordinary digits"),
        ("5²", "Write the number in ordinary digits"),
        ("1.005", "This can be read in two ways"),
        ("1,234", "This can be read in two ways"),
        ("0,500", "Write at most two digits"),
        ("1234,567", "Write at most two digits"),
        ("1.234,567", "Write at most two digits"),
        ("12 34", "It is not clear"),
        ("1.2.3", "It is not clear"),
        ("1 234.567,8", "It is not clear"),
        ("1,234.567.89", "It is not clear"),
        ("0.123.456", "It is not clear"),
        ("5,", "It is not clear"),
        ("10000000000000", "The amount is too large"),
        ("9" * 400, "This is too long"),
    ],
)
def test_i10_money_that_is_unclear_or_impossible_is_refused_with_advice(text: str, beginning: str) -> None:
    with pytest.raises(Unreadable) as refused, speaking("en"):
        read_money(text)
    assert refused.value.reason.msgid.startswith(beginning)


@given(AMOUNTS)
def test_money_written_by_the_portal_is_read_back(value: Decimal) -> None:
    with speaking("ru"):
        assert read_money(money(value)) == value
    for language in ("ru", "en"):
        with speaking(language):
            assert read_money(amount(value)) == value


@given(AMOUNTS, st.sampled_from([("", "."), ("", ","), (" ", ","), ("\u00a0", "."), (".", ","), (",", ".")]))
def test_money_is_the_same_with_any_separators(value: Decimal, marks: tuple[str, str]) -> None:
    group, point = marks
    text = f"{value:,.2f}".replace(".", "P").replace(",", group).replace("P", point)
    assert read_money(text) == value


@given(st.text(max_size=12) | st.text("0123456789 .,-eE\u00a0\u202f", max_size=20))
def test_i10_no_text_is_read_as_anything_but_money(text: str) -> None:
    try:
        value = read_money(text)
    except Unreadable:
        return
    if value is None:
        assert not text.strip()
        return
    assert 0 <= value <= MONEY_MOST
    assert value.as_tuple().exponent == -2
    digits = "".join(sign for sign in text if sign in "0123456789")
    assert int(digits) in {int(value), int(value * 10), int(value * 100)}


@pytest.mark.parametrize("read", [read_money, read_count, read_decimal, read_date])
@pytest.mark.parametrize("text", ["", " ", "\u00a0\t\n"])
def test_blank_is_nothing_and_not_zero(read: object, text: str) -> None:
    assert callable(read)
    assert read(text) is None


def test_count_is_whole_and_bounded() -> None:
    assert read_count("1 234") == 1234
    assert read_count("1.234.567") == 1234567
    assert read_count("7", most=7) == 7
    for text in ("1,5", "1,0", "1.234", "-3", "8e2", "1000000000"):
        with pytest.raises(Unreadable):
            read_count(text)
    with pytest.raises(Unreadable) as refused:
        read_count("1 001", most=1000)
    with speaking("ru"):
        assert "1\u00a0000" in str(refused.value.reason)


def test_decimal_keeps_the_places_typed() -> None:
    assert str(read_decimal("4,5", places=1)) == "4.5"
    assert str(read_decimal("4")) == "4"
    with pytest.raises(Unreadable):
        read_decimal("4,55", places=1)
    with pytest.raises(Unreadable):
        read_decimal("6,5", places=1, most=Decimal(6))
    with pytest.raises(ValueError, match="places"):
        read_decimal("1", places=3)


@pytest.mark.parametrize(
    "text", ["2027-01-01", "01.01.2027", "1.1.2027 г.", "1 января 2027 г.", "1\u00a0Января\u00a02027", "1 January 2027"]
)
def test_day_is_read_in_its_usual_forms(text: str) -> None:
    assert read_date(text) == date(2027, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2027",
        "1/2/2027",
        "01.01.27",
        "1 янв 2027",
        "0.1.2027",
        "2027-13-01",
        "01.01.0001",
        "завтра",
        "０1.01.2027",
    ],
)
def test_day_that_is_not_in_the_calendar_or_unclear_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_date(text)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["ru", "en"]))
def test_day_written_by_the_portal_is_read_back(value: date, language: str) -> None:
    with speaking(language):
        assert read_date(day(value)) == value


def test_exact_refuses_what_is_not() -> None:
    assert exact(Decimal("0.1")) == Fraction(1, 10)
    with pytest.raises(TypeError):
        exact(0.1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        exact(True)
    for wrong in ("NaN", "Infinity"):
        with pytest.raises(ValueError, match="finite"):
            exact(Decimal(wrong))
