"""What waits for whom, from rows alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.applications.application.states import ApplicationState
from portal.applications.award.states import ProtocolState
from portal.applications.call.states import CallState
from portal.applications.review.states import ReviewState
from portal.desk.models import (
    AgreementRow,
    AmendmentRow,
    ApplicationRow,
    CallRow,
    Facts,
    PendingRow,
    Progress,
    ReportRow,
    ReviewRow,
)
from portal.desk.rules import FEW, Item, grouped, regions_behind, waiting, when
from portal.kit.bilingual import Bilingual
from portal.kit.i18n import LANGUAGES, speaking
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.report.states import ReportState
from portal.people.roles import Role

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NOTHING = Progress()
DAY = timedelta(days=1)
CALL, REGION = Bilingual("Учебный конкурс", "Training call"), Bilingual("Коми", "Komi")


def call(
    state: CallState = CallState.OPEN,
    *,
    closes: timedelta = DAY,
    protocol: ProtocolState | None = None,
    progress: Progress = NOTHING,
) -> CallRow:
    return CallRow("2027", CALL, state, NOW - 9 * DAY, NOW + closes, protocol, progress)


def application(state: ApplicationState, number: int = 1, **values: Any) -> ApplicationRow:
    return ApplicationRow(f"2027-{number:03}", "2027", CALL, REGION, state, NOW - DAY, **values)


def report(state: ReportState, *, due: timedelta = DAY, number: int = 1, **values: Any) -> ReportRow:
    return ReportRow(f"2025-{number:02}-2026Q3", REGION, "2026Q3", state, NOW + due, **values)


def agreement(**values: Any) -> AgreementRow:
    return AgreementRow("2025-01", REGION, AgreementState.DRAFTED, Decimal("7000000.00"), NOW - DAY, **values)


def pages(role: Role, facts: Facts) -> list[tuple[str, str]]:
    """The pages and the status words that wait for the role."""
    return [(item.page, item.word.msgid) for item in waiting([role], facts, NOW)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), []),
        (Facts([call()]), [("call:page", "not begun")]),
        (Facts([call(closes=timedelta(0))]), []),
        (Facts([call(CallState.DRAFT)]), []),
        (Facts([call()], [application(ApplicationState.DRAFT)]), [("application:page", "draft")]),
        (Facts([call()], [application(ApplicationState.DRAFT, problems=0)]), [("application:page", "ready")]),
        (Facts([call()], [application(ApplicationState.DRAFT, problems=3)]), [("application:page", "not complete")]),
        (Facts([call(closes=-DAY)], [application(ApplicationState.DRAFT)]), []),
        (Facts([call()], [application(ApplicationState.AWAITING)]), []),
        (Facts(reports=[report(ReportState.OPEN)]), [("report:page", "to fill in")]),
        (Facts(reports=[report(ReportState.DRAFT, due=-DAY)]), [("report:page", "overdue")]),
        (Facts(reports=[report(ReportState.RETURNED, returned_because="Ой")]), [("report:page", "returned")]),
        (Facts(reports=[report(ReportState.SUBMITTED)]), []),
    ],
)
def test_editor(facts: Facts, expected: list[tuple[str, str]]) -> None:
    assert pages(Role.EDITOR, facts) == expected


def test_signatory() -> None:
    facts = Facts(
        [call()], [application(ApplicationState.AWAITING), application(ApplicationState.DRAFT, 2)],
        agreements=[agreement(), agreement(region_signed=True)],
        reports=[report(ReportState.AWAITING, due=-DAY), report(ReportState.OPEN)],
    )  # fmt: skip
    assert [page for page, _ in pages(Role.SIGNATORY, facts)] == ["report:page", "application:page", "agreement:page"]


def test_reviewer() -> None:
    days = [
        (ReviewState.ASSIGNED, None), (ReviewState.IN_PROGRESS, date(2026, 11, 19)),
        (ReviewState.RETURNED, date(2026, 11, 20)),
    ]  # fmt: skip
    facts = Facts(reviews=[ReviewRow(state, "2027-001", CALL, state, NOW - DAY, due) for state, due in days])
    items = waiting([Role.REVIEWER], facts, NOW)
    assert [(item.params["public_id"], item.kind) for item in items] == [
        (ReviewState.IN_PROGRESS, "behind"), (ReviewState.RETURNED, "risk"), (ReviewState.ASSIGNED, "early"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts([call()]), []),
        (Facts([call(CallState.DRAFT)]), [("call:page", "draft")]),
        (Facts([call(closes=timedelta(0))]), [("call:page", "time is over")]),
        (Facts([call(CallState.CLOSED, protocol=ProtocolState.APPROVED)]), [("award:ranking", "approved")]),
        (
            Facts([call(CallState.CLOSED, progress=Progress(new=1))]),
            [("application:list", "to check")],
        ),
        (
            Facts([call(CallState.CLOSED, progress=Progress(admitted=1, lacking=1, unread=1))]),
            [("review:assignments", "readers wanted")],
        ),
        (Facts([call(CallState.CLOSED, progress=Progress(admitted=1, unread=1))]), []),
        (Facts(applications=[application(ApplicationState.AWARDED)]), [("agreement:list", "winner")]),
        (Facts(applications=[application(ApplicationState.AWARDED, agreement="2027-01")]), []),
        (
            Facts(agreements=[agreement(), agreement(foundation_signed=True)]),
            [("agreement:page", "awaiting signature")],
        ),
        (Facts(reports=[report(ReportState.SUBMITTED), report(ReportState.OPEN)]), [("report:page", "to check")]),
        (Facts(reports=[report(ReportState.AWAITING, due=-DAY)]), [("report:page", "overdue")]),
        (Facts(pending=[PendingRow("2025", CALL, 3, NOW)]), [("release:new", "not public yet")]),
    ],
)
def test_officer(facts: Facts, expected: list[tuple[str, str]]) -> None:
    assert pages(Role.OFFICER, facts) == expected


def test_many_of_one_kind_are_one_item() -> None:
    many = range(FEW + 1)
    facts = Facts(
        applications=[application(ApplicationState.AWARDED, n) for n in many],
        reports=[report(ReportState.SUBMITTED, number=n) for n in many]
        + [report(ReportState.OPEN, due=-DAY, number=n) for n in many],
    )
    assert sorted(pages(Role.OFFICER, facts)) == [
        ("agreement:list", "winners"), ("report:list", "overdue"), ("report:list", "to check"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("progress", "waits"),
    [
        (Progress(), False),
        (Progress(admitted=2), True),
        (Progress(admitted=2, unread=1), False),
        (Progress(admitted=1, new=1), False),
        (Progress(admitted=1, lacking=1), True),
    ],
)
def test_council_waits_for_every_review(progress: Progress, waits: bool) -> None:
    assert (pages(Role.COUNCIL, Facts([call(CallState.CLOSED, progress=progress)])) != []) is waits
    decided = call(CallState.CLOSED, protocol=ProtocolState.RECOMMENDED, progress=progress)
    assert pages(Role.COUNCIL, Facts([decided])) == []


def test_board_approves_and_signs_what_the_region_has_signed() -> None:
    facts = Facts(
        [call(CallState.CLOSED, protocol=ProtocolState.RECOMMENDED)],
        agreements=[agreement(), agreement(region_signed=True)],
    )
    assert [page for page, _ in pages(Role.BOARD, facts)] == ["award:ranking", "agreement:page"]


def test_nothing_waits_for_an_auditor() -> None:
    facts = Facts([call()], [application(ApplicationState.SUBMITTED)], agreements=[agreement()])
    assert waiting([Role.AUDITOR], facts, NOW) == []


def test_groups_by_when_it_is_due() -> None:
    reports = [report(ReportState.OPEN, due=timedelta(hours=hours), number=hours) for hours in (12, 13, 24 * 7, 24 * 8)]
    items = waiting([Role.EDITOR, Role.SIGNATORY], Facts(reports=reports, agreements=[agreement()]), NOW)
    assert [(name.msgid, len(group)) for name, group in grouped(items, NOW)] == [
        ("Today", 1), ("Within a week", 2), ("Later", 1), ("Without a date", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (timedelta(0), "late since today"),
        (-2 * DAY, "late by 2 days"),
        (timedelta(hours=2), "today until 14:00 (Moscow time)"),
        (timedelta(hours=12), "until 20 November 2026 inclusive"),
        (timedelta(hours=24), "until 21 November, 12:00 (Moscow time)"),
    ],
)
def test_when_is_told_in_moscow_time(due: timedelta, text: str) -> None:
    item = waiting([Role.EDITOR], Facts(reports=[report(ReportState.OPEN, due=due)]), NOW)[0]
    with speaking("en"):
        assert str(when(item, NOW)) == text


def test_what_is_due_on_her_own_today_is_due_today() -> None:
    evening = NOW.replace(hour=20, minute=42)  # 23:42 in Moscow, 08:42 of the next day in Kamchatka
    items = waiting([Role.EDITOR], Facts(reports=[report(ReportState.OPEN, due=timedelta(hours=12, minutes=22))]), NOW)
    with speaking("en"):
        assert [str(name) for name, _ in grouped(items, evening)] == ["Within a week"]
        assert [str(name) for name, _ in grouped(items, evening, ZoneInfo("Asia/Kamchatka"))] == ["Today"]


def test_the_officer_sees_the_newest_report_of_each_region_that_owes_one() -> None:
    tver, omsk = Bilingual("Тверская область", "Tver Oblast"), Bilingual("Омская область", "Omsk Oblast")
    reports = [
        report(ReportState.OPEN, due=-90 * DAY, number=1), report(ReportState.OPEN, due=-DAY, number=2),
        replace(report(ReportState.RETURNED, due=-DAY, number=3), region=tver),
        replace(report(ReportState.SUBMITTED, number=4), region=omsk),
        replace(report(ReportState.DRAFT, number=5), region=Bilingual("Якутия", "Yakutia")),
    ]  # fmt: skip
    with speaking("en"):
        stand = [(str(row.region), row.number[:7], kind, str(word)) for row, kind, word in regions_behind(reports, NOW)]
    assert stand == [
        ("Komi", "2025-02", "behind", "overdue"), ("Tver Oblast", "2025-03", "risk", "being revised"),
        ("Omsk Oblast", "2025-04", "unsure", "to check"),
    ]  # fmt: skip


def test_every_item_is_written_in_both_languages() -> None:
    facts = Facts(
        [call(progress=Progress(2, 2, 1, 1)), call(CallState.DRAFT), call(CallState.CLOSED, progress=Progress(0, 1))],
        [application(state, n) for n, state in enumerate(ApplicationState)],
        [ReviewRow("a", "2027-001", CALL, ReviewState.ASSIGNED, NOW)], [agreement()],
        [AmendmentRow("2026-01", 1, "Колледж закрыт", NOW)],
        [report(state, due=-DAY) for state in ReportState], [PendingRow("2025", CALL, 3, NOW)],
    )  # fmt: skip

    def told(item: Item) -> str:
        return f"{item.word} {item.title} {item.text} {item.action} {when(item, NOW)}"

    for language in LANGUAGES:
        with speaking(language):
            assert all("%(" not in told(item) for item in waiting(list(Role), facts, NOW))
