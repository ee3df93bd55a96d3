"""The checks of a report, each beside a row that passes it; due days and periods."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from portal.directory.indicator.models import Indicator, Kind
from portal.monitoring.report import rules
from portal.monitoring.report.rules import Figure, Judged, Line, Span, Standing

D = Decimal
SPAN = Span("2027Q1", "2027Q3")


def indicator(kind: Kind = Kind.COUNT, *, desired: str = "up", measured: str = "over the period") -> Indicator:
    unit = "contracts" if kind is Kind.COUNT else "percent"
    return Indicator(code="X-1", name_ru="Показатель", name_en="Indicator", kind=kind, unit=unit, desired=desired,
                     measured=measured)  # fmt: skip


def line(of: Indicator | None = None, plan: Figure | None = None, accepted: Mapping[str, Figure] | None = None) -> Line:
    return Line(1, of or indicator(), plan, accepted or {})


def judge(about: Line, span: Span = SPAN, **typed: str) -> Judged:
    return rules.judge(about, {f"X-1.{part}": text for part, text in typed.items()}, span)


def reasons(found: Judged) -> list[str]:
    return [remark.reason.msgid for remark in (*found.errors, *found.questions)]


SHARE = indicator(Kind.SHARE)


def test_plain_number_is_checked() -> None:
    found = judge(line(plan=Figure(D(100))), n="1 000 ".replace("1 000", "100"))
    assert (found.standing, found.figure.numerator, found.obstacles) == (Standing.CHECKED, D(100), [])


def test_empty_row_is_an_obstacle_without_being_an_error() -> None:
    found = judge(line(), why="почему")
    assert (found.standing, found.errors) == (Standing.EMPTY, ())
    assert [remark.field for remark in found.obstacles] == ["X-1.n"]


@pytest.mark.parametrize(
    ("about", "typed", "field"),
    [
        (line(), {"n": "сто"}, "X-1.n"),
        (line(), {"n": "1,5"}, "X-1.n"),
        (line(SHARE), {"n": "10"}, "X-1.d"),
        (line(SHARE), {"d": "10"}, "X-1.n"),
        (line(SHARE), {"n": "11", "d": "10"}, "X-1.n"),
        (line(SHARE), {"n": "0", "d": "0"}, "X-1.d"),
        (line(), {"missing": "not_reported"}, "X-1.why"),
        (line(), {"missing": "not_reported", "why": "да", "n": "4"}, "X-1.missing"),
        (line(), {"missing": "anything"}, "X-1.missing"),
        (line(), {"n": "4", "why": "а" * 2001}, "X-1.why"),
        (line(accepted={"2027Q1": Figure(D(41)), "2027Q2": Figure(missing="not_reported")}), {"n": "39"}, "X-1.n"),
        (line(SHARE, accepted={"2027Q2": Figure(D(4), D(9))}), {"n": "4", "d": "8"}, "X-1.d"),
        (line(accepted={"2027Q4": Figure(D(50))}), {"n": "51"}, "X-1.n"),
    ],
)
def test_errors_stand_at_their_field(about: Line, typed: dict[str, str], field: str) -> None:
    found = judge(about, **typed)
    assert found.standing is Standing.ERROR
    assert [error.field for error in found.errors] == [field]
    assert found.obstacles == list(found.errors)


@pytest.mark.parametrize(
    ("about", "typed"),
    [
        (line(accepted={"2027Q1": Figure(D(41)), "2027Q4": Figure(D(41))}), {"n": "41"}),
        (line(indicator(measured="as of date"), accepted={"2027Q2": Figure(D(41))}), {"n": "39"}),
        (line(SHARE), {"n": "0", "d": "7"}),
        (line(indicator(Kind.RATIO)), {"n": "12,50", "d": "10"}),
    ],
)
def test_right_figures_pass(about: Line, typed: dict[str, str]) -> None:
    assert judge(about, **typed).standing is Standing.CHECKED


def test_fall_in_january_is_no_fall_where_counts_begin_anew() -> None:
    about = line(plan=Figure(D(130)), accepted={"2027Q4": Figure(D(120))})
    span = Span("2027Q4", "2028Q1", resets=True)
    assert judge(about, span, n="10").standing is Standing.CHECKED
    assert judge(about, span, n="10").total.numerator == D(130)
    assert judge(about, Span("2027Q4", "2028Q1"), n="10").standing is Standing.ERROR


@pytest.mark.parametrize(
    ("desired", "n", "asked"),
    [("up", "89", True), ("up", "90", False), ("up", "1000", False), ("up", "1001", True),
     ("down", "111", True), ("down", "110", False), ("neutral", "1", False)],
)  # fmt: skip
def test_far_from_plan_is_asked(desired: str, n: str, asked: bool) -> None:
    found = judge(line(indicator(desired=desired), Figure(D(100))), n=n)
    assert (found.standing is Standing.QUESTION) is asked
    assert [remark.field for remark in found.obstacles] == (["X-1.why"] if asked else [])


def test_answered_question_is_no_obstacle() -> None:
    found = judge(line(plan=Figure(D(100))), n="1", why="Набор начался в марте.")
    assert (found.standing, found.obstacles, len(found.questions)) == (Standing.ANSWERED, [], 1)


def test_share_is_asked_about_by_its_value() -> None:
    plan = Figure(D(50), D(100))
    assert judge(line(SHARE, plan), n="44", d="100").standing is Standing.QUESTION
    assert judge(line(SHARE, plan), n="45", d="100").standing is Standing.CHECKED
    assert reasons(judge(line(SHARE, plan), n="500", d="1001"))[0].startswith(
        "%(code)s: %(now)s is more than ten times"
    )


def test_value_of_the_quarter() -> None:
    about = line(accepted={"2027Q1": Figure(D(10)), "2027Q2": Figure(D(25))})
    assert rules.in_quarter(about, Figure(D(40)), SPAN) == Figure(D(15))
    assert rules.in_quarter(about, Figure(D(10)), Span("2027Q1", "2027Q1")) is None
    assert rules.in_quarter(line(accepted={"2027Q1": Figure(D(10))}), Figure(D(40)), SPAN) is None
    dated = line(indicator(measured="as of date"), accepted={"2027Q2": Figure(D(25))})
    assert rules.in_quarter(dated, Figure(D(40)), SPAN) is None
    shares = line(SHARE, accepted={"2027Q2": Figure(D(10), D(20))})
    assert rules.in_quarter(shares, Figure(D(16), D(30)), SPAN) == Figure(D(6), D(10))


def test_report_is_due_by_the_end_of_the_15th_moscow_time() -> None:
    assert rules.due_at("2026Q2") == datetime(2026, 7, 15, 21, 0, tzinfo=UTC)
    assert rules.due_at("2026Q4") == datetime(2027, 1, 15, 21, 0, tzinfo=UTC)
