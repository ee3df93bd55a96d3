"""The ranking in rows and what keeps a decision from standing, without a database."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from portal.applications.award import rules
from portal.applications.award.forms import council
from portal.applications.award.models import Contest, Contestant, Protocol
from portal.applications.award.rules import Choice
from portal.applications.award.states import Outcome, ProtocolState
from portal.applications.call.models import Call, Criterion
from portal.applications.call.states import CallState
from portal.kit.bilingual import Bilingual
from portal.kit.i18n import speaking

W, R, D = Outcome.WINNER, Outcome.RESERVE, Outcome.DECLINED


def a_call() -> Call:
    return Call(
        number="2027",
        state=CallState.CLOSED,
        fund=Decimal("20000000.00"),
        places=2,
        grant_limit=Decimal("10000000.00"),
        tie_breaks=["criterion:K1", "cofinancing", "submitted"],
        readers=1,
    )


def one(number: str, first: int | None, second: int | None, *, own: str = "3000000.00") -> Contestant:
    return Contestant(
        id=int(number),
        number=number,
        region=Bilingual(f"Область {number}"),
        region_code="RU-X",
        requested=Decimal("9000000.00"),
        total=Decimal("9000000.00") + Decimal(own),
        submitted_at=datetime(2026, 11, int(number), tzinfo=UTC),
        version_sha256="0" * 64,
        marks={"r" + number: {"K1": first, "K2": second}} if first or second else {},
        unfinished=0,
    )


def contest(*contestants: Contestant) -> Contest:
    weights = (("K1", "Первый", 60), ("K2", "Второй", 40))
    criteria = tuple(Criterion(code=code, name_ru=name, weight=Decimal(weight)) for code, name, weight in weights)
    return Contest(criteria, contestants)


THREE = contest(one("1", 6, 5), one("2", 5, 5), one("3", 4, 4))


def decided(*outcomes: Outcome, reasons: dict[str, str] | None = None, amount: str = "9000000.00") -> list[Choice]:
    return [
        Choice(str(n), outcome, Decimal(amount) if outcome is W else None, (reasons or {}).get(str(n), ""))
        for n, outcome in enumerate(outcomes, 1)
    ]


def test_rows_are_in_order_with_exact_scores_and_a_running_total() -> None:
    rows = rules.ranking(THREE, a_call())
    assert [(row.contestant.number, row.place, row.score) for row in rows] == [
        ("1", 1, Fraction(28, 5)), ("2", 2, 5), ("3", 3, 4),
    ]  # fmt: skip
    assert [row.running for row in rows] == [Decimal(9000000), Decimal(18000000), Decimal(27000000)]
    assert [row.is_last_place for row in rows] == [False, True, False]


def test_finding_names_the_gap_at_the_line() -> None:
    with speaking("en"):
        assert str(rules.finding(rules.ranking(THREE, a_call()), 2)) == "Places 2 and 3 are 1.0 apart"
        assert "all applications" in str(rules.finding(rules.ranking(THREE, a_call()), 3))
        assert "no scores" in str(rules.finding([], 3))
        equal = contest(one("1", 5, 5), one("2", 5, 5, own="4000000.00"), one("3", 5, 5))
        assert "told apart" in str(rules.finding(rules.ranking(equal, a_call()), 2))
        call = a_call()
        call.tie_breaks = []
        assert "council votes" in str(rules.finding(rules.ranking(equal, call), 2))


def test_a_tie_is_explained_by_the_rule_that_decided() -> None:
    equal = contest(one("1", 5, 5), one("2", 5, 5, own="4000000.00"))
    rows = rules.ranking(equal, a_call())
    assert [row.contestant.number for row in rows] == ["2", "1"]
    with speaking("en"):
        assert "share of co-financing" in str(rules.explanation(rows[0], equal))
    call = a_call()
    call.tie_breaks = []
    assert len(rules.ranking(equal, call)[0].tie) == 2
    assert rules.explanation(rules.ranking(THREE, call)[0], THREE) is None


def test_the_digest_is_of_json_that_anyone_can_write() -> None:
    call = a_call()
    told = rules.snapshot(THREE, rules.ranking(THREE, call), call) | {
        "odd": '\u2028 \x7f \t " \\ é 😀',
        "\uffff": 1,
        "😀": 2,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert rules.digest(told) == hashlib.sha256(text.encode()).hexdigest()


def test_many_equals_are_counted_and_few_are_named() -> None:
    call = a_call()
    call.tie_breaks = []
    for number, told in ((3, "Equal to 2, 3 by"), (12, "Equal to 11 other applications")):
        equal = contest(*(one(str(key), 5, 5) for key in range(1, number + 1)))
        with speaking("en"):
            assert told in str(rules.explanation(rules.ranking(equal, call)[0], equal))


def test_a_form_does_not_cut_equals_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(council, "AT_ONCE", 1)
    call = a_call()
    call.tie_breaks, call.places = [], 1
    marks = {1: 6, 2: 5, 3: 5, 4: 4, 5: 3}
    rows = rules.ranking(contest(*(one(str(key), mark, mark) for key, mark in marks.items())), call)
    shown = council.in_question(rows, 1, lambda row: row.contestant.number == "5")
    assert [row.contestant.number for row in shown] == ["1", "2", "3", "5"]


def test_snapshot_changes_with_any_mark_and_with_nothing_else() -> None:
    call = a_call()

    def hashed(facts: Contest) -> str:
        return rules.digest(rules.snapshot(facts, rules.ranking(facts, call), call))

    before = hashed(THREE)
    assert hashed(contest(*reversed(THREE.contestants))) == before
    assert hashed(contest(*(replace(c, unfinished=1) for c in THREE.contestants))) == before
    assert hashed(contest(one("1", 6, 4), *THREE.contestants[1:])) != before
    assert hashed(contest(*THREE.contestants[:2])) != before


def test_in_order_and_within_the_fund_nothing_is_wrong() -> None:
    rows = rules.ranking(THREE, a_call())
    assert rules.problems_with(decided(W, W, D), rows, a_call()) == []
    assert rules.problems_with(decided(W, R, D), rows, a_call()) == []


@pytest.mark.parametrize(
    ("outcomes", "skipped"),
    [
        ((W, D, W), ["2"]),
        ((D, W, W), ["1"]),
        ((W, D, R), ["2"]),
        ((R, D, W), ["1", "2"]),
        ((D, D, D), []),
        ((W, W, R), []),
    ],
)
def test_whoever_is_passed_over_needs_a_reason(outcomes: tuple[Outcome, ...], skipped: list[str]) -> None:
    rows = rules.ranking(THREE, a_call())
    assert rules.needing_a_reason(rows, decided(*outcomes)) == skipped
    problems = [problem.field for problem in rules.problems_with(decided(*outcomes), rows, a_call())]
    assert problems == [f"reason.{number}" for number in skipped]
    reasons = dict.fromkeys("123", "Отозвано софинансирование")
    assert not rules.problems_with(decided(*outcomes, reasons=reasons), rows, a_call())


def test_of_equals_that_no_rule_parts_the_one_left_out_needs_a_reason() -> None:
    call = a_call()
    call.tie_breaks = []
    rows = rules.ranking(contest(one("1", 5, 5), one("2", 5, 5)), call)
    assert rules.needing_a_reason(rows, decided(W, D)) == ["2"]
    assert rules.needing_a_reason(rows, decided(D, W)) == ["1"]


def test_sums_are_told_to_the_kopeck() -> None:
    rows = rules.ranking(THREE, a_call())
    tight = a_call()
    tight.fund = Decimal("17999999.50")
    tight.places = 1
    with speaking("en"):
        told = {p.field: str(p.reason) for p in rules.problems_with(decided(W, W, D), rows, tight)}
    assert told.keys() == {"places", "fund"}
    assert "18,000,000" in told["fund"]
    assert "0.50" in told["fund"]
    over = decided(W, D, D, amount="9000000.01")
    assert [p.field for p in rules.problems_with(over, rows, a_call())] == ["amount.1"]
    low = a_call()
    low.grant_limit = Decimal("8000000.00")
    assert [p.field for p in rules.problems_with(decided(W, D, D), rows, low)] == ["amount.1"]
    assert [p.field for p in rules.problems_with(decided(W, D, D, amount="0.00"), rows, a_call())] == ["amount.1"]


def test_each_application_is_chosen_once() -> None:
    rows = rules.ranking(THREE, a_call())
    assert rules.problems_with(decided(W, W), rows, a_call())[0].field == ""
    assert rules.problems_with([*decided(W, W, D), Choice("3", D)], rows, a_call())[0].field == ""


def test_recommendation_waits_for_the_closing_and_for_a_review_of_each() -> None:
    rows = rules.ranking(THREE, a_call())
    assert rules.why_not_recommend(a_call(), None, rows) is None
    unread = rules.ranking(contest(*THREE.contestants, one("4", None, None)), a_call())
    assert "4" in str(rules.why_not_recommend(a_call(), None, unread))
    assert rules.why_not_recommend(a_call(), None, [])
    still_open = a_call()
    still_open.state = CallState.OPEN
    assert rules.why_not_recommend(still_open, None, rows)
    assert rules.why_not_recommend(a_call(), Protocol(state=ProtocolState.APPROVED), rows)


def test_approval_needs_the_same_ranking_a_number_and_a_day() -> None:
    today = date(2026, 12, 20)
    written = Protocol(state=ProtocolState.RECOMMENDED, ranking_sha256="a")

    def why(protocol: Protocol | None, now: str = "a", number: str = "7", day: date | None = today) -> object:
        return rules.why_not_approve(protocol, now, board_number=number, board_date=day, today=today)

    assert why(written) is None
    assert why(None)
    assert why(written, now="b")
    assert why(written, number=" ")
    assert why(written, day=None)
    assert why(written, day=date(2026, 12, 21))
    assert why(Protocol(state=ProtocolState.APPROVED, ranking_sha256="a"))


def test_announcement_comes_after_the_approval_and_once() -> None:
    assert rules.why_not_announce(None)
    assert rules.why_not_announce(Protocol(state=ProtocolState.RECOMMENDED))
    assert rules.why_not_announce(Protocol(state=ProtocolState.APPROVED)) is None
    assert rules.why_not_announce(Protocol(state=ProtocolState.ANNOUNCED))
