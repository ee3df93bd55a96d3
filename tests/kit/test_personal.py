"""Personal data is found where it is, and not where it is not: check digits, passports, lists of people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.personal import Finding, first_finding, in_line, is_snils

TODAY = date(2026, 11, 20)
NAMES = ("Иванов Пётр Сергеевич", "Кузнецова Анна Павловна", "Мамедов Али Вагиф оглы", "Ли Ольга Ильинична",
         "ПЕТРОВА МАРИЯ ИВАНОВНА", "Седых Юрий Фомич")  # fmt: skip


def check_digits(nine: str) -> str:
    """By the words of the rule: below 100 as it is, 100 and 101 are 00, above the remainder by 101 once more."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(9, 0, -1), strict=True))
    while total > 101:
        total %= 101
    return "00" if total in (100, 101) else f"{total:02d}"


def table(*rows: tuple[str, ...]) -> list[tuple[int, tuple[str, ...]]]:
    return list(enumerate(rows, 1))


@given(st.integers(1_001_999, 999_999_999))
def test_snils_has_exactly_one_right_check(number: int) -> None:
    nine = f"{number:09d}"
    right = [f"{check:02d}" for check in range(100) if is_snils(nine + f"{check:02d}")]
    assert right == [check_digits(nine)]


@given(
    st.integers(1_001_999, 999_999_999), st.sampled_from(["{}-{}-{} {}", "{} {} {} {}", "{}-{}-{}-{}", "{}–{}–{} {}"])
)
def test_snils_is_found_in_a_line_and_a_wrong_one_is_not(number: int, form: str) -> None:
    nine = f"{number:09d}"
    parts = (nine[:3], nine[3:6], nine[6:])
    right = check_digits(nine)
    wrong = f"{(int(right) + 1) % 100:02d}"
    assert in_line("Получатель " + form.format(*parts, right) + ", семья") == "snils"
    assert in_line("Получатель " + form.format(*parts, wrong) + ", семья") == ""


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("паспорт 4510 123456", "passport"),
        ("Паспорт: серия 45 10 № 123456 выдан", "passport"),
        ("серия 4510, номер 123456", "passport"),
        ("паспорт серии 45 10 N123456", "passport"),
        ("СНИЛС 11223344595", "snils"),
        ("тел. 8 912 345-67-89, 89123456789", ""),
        ("Паспорт программы. Бюджет 4510 123456 рублей — см. приложение 4510123", ""),
        ("Паспорт программы утверждён 12.03.2024", ""),
        ("ОКТМО 30701000001, ОГРН 1024101024410", ""),
        ("112 233 445 96", ""),
        ("счёт 40702810-112-233-445 95-001", ""),
        ("", ""),
    ],
)
def test_numbers_are_told_by_what_stands_around_them(line: str, what: str) -> None:
    assert in_line(line) == what


def test_a_column_of_names_and_one_of_births_are_a_list_of_people() -> None:
    assert first_finding(
        table(("№", "ФИО ребёнка", "Дата рождения"), ("1", "Иванов П.", "01.02.2015")), TODAY
    ) == Finding("people", 2)
    rows = table(("№", "Фамилия", "Год рождения"), ("1", "Иванов", "2015-02-01"))
    assert first_finding(rows, TODAY) == Finding("people", 2)
    assert first_finding(table(("СНИЛС",), ("11223344595",)), TODAY) == Finding("snils", 2)
    assert first_finding(table(("Серия", "Номер"), ("4510", "123456")), TODAY) == Finding("passport", 2)


def test_many_full_names_with_days_far_apart_are_a_list_without_a_head() -> None:
    rows = [(name, f"{place + 1:02d}.05.{2005 + place}") for place, name in enumerate(NAMES)]
    assert first_finding(table(("Состав",), *rows), TODAY) == Finding("people", 2)
    assert first_finding(table(*rows[:4]), TODAY) is None


@given(st.dates(date(2024, 1, 1), date(2025, 6, 1)), st.lists(st.integers(0, 300), min_size=6, max_size=6))
def test_signatories_of_a_year_and_days_to_come_are_no_births(first: date, days: list[int]) -> None:
    orders = [(name, f"{first + timedelta(one):%d.%m.%Y}") for name, one in zip(NAMES, days, strict=True)]
    assert first_finding(table(("Исполнитель", "Приказ от"), *orders), TODAY) is None
    plan = [(name, f"{TODAY + timedelta(400 * place + 1):%d.%m.%Y}") for place, name in enumerate(NAMES)]
    assert first_finding(table(("Ответственный", "Срок"), *plan), TODAY) is None


def test_sums_without_names_pass() -> None:
    rows = table(("Муниципалитет", "Семей", "Дата"), *[(f"Район {n}", str(n), f"01.01.{2000 + n}") for n in range(20)])
    assert first_finding(rows, TODAY) is None
