"""Faults of a CSV file are told all at once, by line and column."""

import pytest

from portal.kit.i18n import say, speaking
from portal.kit.rows import Fault, Faulty, Row, read_rows


def pair(row: Row) -> tuple[str, str]:
    return row.text("code"), row.matching("number", str.isdigit, say("Write the year in four digits."))


def read(text: str) -> list[tuple[str, str]]:
    return read_rows(text, ["code", "number"], pair, unique=[["code"]])


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(Faulty) as faulty:
        read(text)
    return [(fault.line, fault.column) for fault in faulty.value.faults]


def test_rows_keep_their_order() -> None:
    assert read('\ufeffcode,number\r\nb, 2\r\n\r\n"a",1\r\n') == [("b", "2"), ("a", "1")]


def test_every_fault_is_told() -> None:
    assert faults("code,number\na,1\n,x\na,2\n") == [(3, "code"), (3, "number"), (4, "code")]


def test_lines_are_counted_in_the_file_and_not_in_rows() -> None:
    assert faults('code,number\n"a\nb",1\n\nc,x\n') == [(5, "number")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", (1, "")),
        ("number,code\n1,a\n", (1, "")),
        ("code,number\na,1\na\n", (3, "")),
        ("code,number\na,1,2\n", (2, "")),
        ('code,number\n"a,1\n', (2, "")),
    ],
)
def test_a_broken_file_is_refused_where_it_breaks(text: str, place: tuple[int, str]) -> None:
    assert faults(text) == [place]


def test_a_fault_is_a_sentence_in_the_reader_s_language() -> None:
    fault = Fault(3, "year", say("Write the year in four digits."))
    with speaking("en"):
        assert str(fault) == "Line 3, column year: Write the year in four digits."
        assert str(Fault(3, "", fault.reason)) == "Line 3: Write the year in four digits."
