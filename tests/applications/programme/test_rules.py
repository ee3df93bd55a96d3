"""What a region types is read exactly, and every mistake is said with its place and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.applications.call.models import Call
from portal.applications.programme.models import CallFacts, IndicatorFacts
from portal.applications.programme.rules import (
    SECTIONS,
    SOURCES,
    Budget,
    BudgetLine,
    Cost,
    Programme,
    canonical,
    from_canonical,
    kept,
    missing_cofinancing,
    read,
    share_shown,
)
from portal.applications.programme.rules.sections import with_row, without_row
from portal.kit.bilingual import Bilingual
from portal.kit.errors import Problem
from portal.kit.forms import Typed, rows
from portal.kit.i18n import speaking
from tests import make

FACTS = CallFacts(
    number="2027",
    first_period="2027Q1",
    last_period="2027Q2",
    grant_limit=Decimal("10000000.00"),
    cofinancing_min=Decimal("20.00"),
    resets_in_january=False,
    required=("SC-04", "SS-01"),
    catalogue={
        "SC-04": IndicatorFacts("SC-04", Bilingual("Контракты"), "count", "contracts"),
        "SS-01": IndicatorFacts("SS-01", Bilingual("Самообеспечение"), "share", "percent"),
        "SS-04": IndicatorFacts("SS-04", Bilingual("Разрыв"), "ratio", "percent", desired="down"),
        "SS-05": IndicatorFacts("SS-05", Bilingual("Бедность"), "context", "percent", desired="down"),
        "ME-02": IndicatorFacts("ME-02", Bilingual("Наставники"), "count", "persons", accumulates=False),
    },
    directions=(("contract", Bilingual("Социальный контракт", "Social contract")),),
)
CALL = Call(number="2027")


def reading(facts: CallFacts = FACTS, **changed: dict[str, str]) -> tuple[Programme, list[Problem]]:
    """What is read of a faultless programme with some fields typed otherwise."""
    texts = make.texts(CALL)
    content = {section: Typed({**typed, **changed.get(section, {})}.items()) for section, typed in texts.items()}
    return read(content, facts)


def problems(facts: CallFacts = FACTS, **changed: dict[str, str]) -> list[tuple[str, str]]:
    """Where and what is wrong, in English."""
    with speaking("en"):
        return [(problem.field, str(problem.reason)) for problem in reading(facts, **changed)[1]]


def test_a_faultless_programme_is_read_whole() -> None:
    programme, wrong = reading()
    assert wrong == []
    assert programme.passport.act_date == date(2026, 11, 1)
    assert programme.budget.grant == Decimal("1000000.00")
    assert programme.budget.share == Fraction(3, 13)
    assert programme.activities[0].direction_name.en == "Social contract"
    planned = programme.indicators[1].planned("2027Q2")
    assert planned is not None
    assert planned.quotient == Fraction(12, 30)


def test_nothing_typed_says_what_to_begin_with() -> None:
    programme, wrong = read({}, FACTS)
    fields = {problem.field for problem in wrong}
    assert {"passport#title", "goal#groups-0-name", "activities#activities-0-title", "budget#lines-0-title"} <= fields
    assert "indicators#SC-04.base.n" in fields
    assert programme.budget.share is None


@pytest.mark.parametrize(
    ("section", "typed", "field", "words"),
    [
        ("passport", {"act_date": "вчера"}, "passport#act_date", "20.11.2026"),
        ("passport", {"title": "я" * 201}, "passport#title", "longer than 200"),
        ("goal", {"groups-0-families": "", "groups-0-children": ""}, "goal#groups-0-families", "how many families"),
        ("goal", {"groups-0-families": "-5"}, "goal#groups-0-families", "Target group 1"),
        ("activities", {"activities-0-first": "2026Q4"}, "activities#activities-0-first", "Choose one"),
        ("activities", {"activities-0-first": "2027Q2", "activities-0-last": "2027Q1"},
         "activities#activities-0-last", "earlier"),
        ("activities", {"activities-0-direction": "other"}, "activities#activities-0-direction", "Choose one"),
        ("activities", {"activities-0-key": ""}, "activities#activities-0-title", "mark of this row"),
        ("indicators", {"SC-04.2027Q1.n": ""}, "indicators#SC-04.2027Q1.n", "one cell is empty"),
        ("indicators", {"SC-04.2027Q1.n": "30"}, "indicators#SC-04.2027Q2.n", "cannot fall: 20 after 30"),
        ("indicators", {"SS-01.2027Q2.d": "15"}, "indicators#SS-01.2027Q2.d", "cannot fall"),
        ("indicators", {"SS-01.2027Q1.n": "25"}, "indicators#SS-01.2027Q1.n", "more than the whole"),
        ("indicators", {"SS-01.2027Q1.d": "0"}, "indicators#SS-01.2027Q1.d", "zero below"),
        ("indicators", {"SS-01.base.n": "9"}, "indicators#SS-01.2027Q2.n", "worse than the baseline"),
        ("indicators", {"SC-04.base.n": "1,5"}, "indicators#SC-04.base.n", "SC-04 (baseline)"),
        ("budget", {"lines-0-activity": ""}, "budget#lines-0-activity", "Choose the activity"),
        ("budget", {"lines-0-activity": "a9"}, "budget#lines-0-activity", "not in the programme any more"),
        ("budget", {"lines-0-2027.regional": "1e9"}, "budget#lines-0-2027.regional", "Budget line 1 (Region, 2027)"),
        ("budget", {"lines-0-2027.regional": "100 000"}, "budget#share",
         "9.1% is less than the required 20%. Raise regional, municipal or extra-budgetary money by at least 150,000"),
        ("budget", {"lines-0-2027.foundation": "10000000,01", "lines-0-2027.regional": "9000000"}, "budget#grant",
         "Take at least 0.01"),
        ("budget", {"lines-0-2027.foundation": ""}, "budget#grant", "Nothing is asked"),
        ("budget", {"lines-0-2029.regional": "1"}, "budget#lines-0-title", "2029"),
        ("budget", {"lines-1-title": "Пусто", "lines-1-activity": "a1"}, "budget#lines-1-2027.foundation", "no sum"),
        ("budget", {"justification": " "}, "budget#justification", "Fill in"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_place(section: str, typed: dict[str, str], field: str, words: str) -> None:
    changed: dict[str, Any] = {section: typed}
    found = problems(**changed)
    assert any(where == field and words in reason.replace("\u00a0", " ") for where, reason in found), found


def test_a_removed_activity_leaves_its_money_without_one() -> None:
    content = {section: Typed(typed.items()) for section, typed in make.texts(CALL).items()}
    del content["activities"]
    assert "budget#lines-0-activity" in {problem.field for problem in read(content, FACTS)[1]}


def test_january_begins_anew_only_where_the_call_says_so() -> None:
    facts = replace(FACTS, first_period="2027Q4", last_period="2028Q1")
    plan = {"SC-04.base.n": "0", "SC-04.2027Q4.n": "30", "SC-04.2028Q1.n": "5"}
    assert any("cannot fall" in reason for _, reason in problems(facts, indicators=plan))
    assert not any("cannot fall" in reason for _, reason in problems(replace(facts, resets_in_january=True),
                                                                     indicators=plan))  # fmt: skip


def test_what_is_measured_as_of_a_date_may_fall() -> None:
    plan = {"chosen": "ME-02", "ME-02.base.n": "5", "ME-02.2027Q1.n": "9", "ME-02.2027Q2.n": "7"}
    assert problems(indicators=plan) == []
    assert "worse than the baseline" in problems(indicators={**plan, "ME-02.2027Q2.n": "4"})[0][1]


def test_a_ratio_has_decimals_and_less_is_better_where_the_catalogue_says_so() -> None:
    plan = {"chosen": "SS-04"}
    for period, above in (("base", "40,5"), ("2027Q1", "45"), ("2027Q2", "60,25")):
        plan |= {f"SS-04.{period}.n": above, f"SS-04.{period}.d": "100" if period != "2027Q2" else "200"}
    assert problems(indicators=plan) == []
    assert "worse" in problems(indicators={**plan, "SS-04.2027Q2.n": "90"})[0][1]


def test_context_and_unknown_indicators_cannot_be_promised() -> None:
    programme, wrong = reading(indicators={"chosen": "SS-05"})
    assert wrong == []
    assert [one.code for one in programme.indicators] == ["SC-04", "SS-01"]


def test_empty_rows_are_passed_over_and_gaps_stay() -> None:
    assert problems(activities={"activities-3-key": "a2", "activities-3-title": " "}) == []
    assert problems(budget={"lines-1-key": "b2", "lines-1-title": ""}) == []


def test_a_row_is_added_with_a_free_mark_and_removed_alone() -> None:
    table = SECTIONS["budget"].table
    assert table is not None
    typed = Typed({"lines-0-key": "b1", "lines-0-title": "x", "lines-3-key": "b2", "justification": "y"}.items())
    more = with_row(typed, table)
    assert dict(rows(more, "lines"))[4]["key"] == "b3"
    less = without_row(more, table, 3)
    assert [number for number, _ in rows(less, "lines")] == [0, 4]
    assert less["justification"] == "y"
    full = Typed([(f"lines-{n}-key", f"b{n}") for n in range(100)])
    assert with_row(full, table) == full


def test_a_section_keeps_its_own_names_only() -> None:
    sent = {"lines-0-2027.foundation": "1", "lines-0-state": "x", "status": "accepted", "lines-100-title": "x",
            "lines-0-2027.other": "1", "justification": "y", "region_id": "5"}  # fmt: skip
    assert set(kept(SECTIONS["budget"], sent)) == {"lines-0-2027.foundation", "justification"}
    assert set(kept(SECTIONS["indicators"], {"SC-04.2027Q1.n": "1", "SC-04.2027Q5.n": "1", "chosen": "x"})) == {
        "SC-04.2027Q1.n", "chosen",
    }  # fmt: skip


def test_canonical_json_is_sorted_compact_and_comes_back() -> None:
    programme, _ = reading()
    text = canonical(programme)
    assert text.startswith('{"activities":[{"description":"Специалист ведёт семью."')
    assert '"amount":"1000000.00"' in text
    assert ": " not in text
    assert from_canonical(text) == programme
    with pytest.raises(ValueError, match="not a programme"):
        from_canonical('{"format":"other"}')


MONEY = st.integers(0, 10**13).map(lambda kopecks: Decimal(kopecks).scaleb(-2))
COSTS = st.builds(Cost, st.integers(2027, 2028), st.sampled_from(SOURCES), MONEY)
BUDGETS = st.lists(st.builds(BudgetLine, st.just("b1"), st.just("x"), st.just("a1"), st.lists(COSTS, max_size=8)
                             .map(tuple)), max_size=5).map(lambda lines: Budget(tuple(lines), "y"))  # fmt: skip
MINIMA = st.integers(0, 9999).map(lambda hundredths: Decimal(hundredths).scaleb(-2))


@settings(deadline=None)
@given(BUDGETS, MINIMA)
def test_i10_the_missing_sum_is_enough_and_not_a_kopeck_more(budget: Budget, minimum: Decimal) -> None:
    missing = missing_cofinancing(budget, minimum)

    def share_with(more: Decimal) -> Fraction:
        whole = Fraction(budget.total() + more)
        return 1 - Fraction(budget.grant) / whole if whole else Fraction(1)

    assert share_with(missing) >= Fraction(minimum) / 100
    if missing:
        assert share_with(missing - Decimal("0.01")) < Fraction(minimum) / 100


@settings(deadline=None)
@given(BUDGETS, MINIMA)
def test_a_share_below_the_minimum_never_looks_enough(budget: Budget, minimum: Decimal) -> None:
    share = budget.share
    if share is not None and share < Fraction(minimum) / 100:
        assert share_shown(share, minimum) * 100 < minimum


@settings(deadline=None)
@given(BUDGETS)
def test_i10_totals_agree_in_any_order(budget: Budget) -> None:
    assert budget.total() == sum(budget.total(source=source) for source in SOURCES)
    assert budget.total() == sum(budget.total(year=year) for year in (2027, 2028))
    assert budget.total() == sum(line.total() for line in reversed(budget.lines))
    assert 0 <= budget.grant <= budget.total()


CELL = st.one_of(
    st.text(max_size=30), st.sampled_from(["１２", "NaN", "1e309", "-1", "1.234,56", "1,234", "0,001", "∞"])
)
NAMES = st.sampled_from(sorted({name for typed in make.texts(CALL).values() for name in typed} | {"chosen"}))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(SECTIONS)), st.dictionaries(NAMES, CELL, max_size=12)))
def test_any_text_is_read_or_refused_in_words(content: dict[str, dict[str, str]]) -> None:
    texts: dict[str, Any] = make.texts(CALL)
    typed = {section: Typed({**texts[section], **content.get(section, {})}.items()) for section in SECTIONS}
    programme, wrong = read(typed, FACTS)
    assert all(str(problem.reason) and problem.field.split("#")[0] in SECTIONS for problem in wrong)
    assert from_canonical(canonical(programme)) == programme
    assert canonical(from_canonical(canonical(programme))) == canonical(programme)


def test_a_share_just_below_the_minimum_never_looks_as_if_it_had_reached_it() -> None:
    minimum = Decimal(20)
    assert share_shown(Fraction(19_996, 100_000), minimum) == Decimal("0.199")
    assert share_shown(Fraction(20_004, 100_000), minimum) == Decimal("0.2")
    assert share_shown(Fraction(19_946, 100_000), minimum) == Decimal("0.199")
