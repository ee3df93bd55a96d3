"""The demonstration, made once in a database of its own, holds the whole chain."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.award.models import Award, Protocol
from portal.applications.award.states import Outcome
from portal.applications.call import rules as call_rules
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.review.models import Review
from portal.applications.review.states import ReviewState
from portal.demo import PASSWORD, SIGN_INS, make
from portal.demo.diary import Diary, Interrupted
from portal.directory.region.models import Region
from portal.kit import clock
from portal.kit.drafts import Draft
from portal.kit.errors import Refusal
from portal.kit.i18n import MOSCOW, say
from portal.kit.journal import JournalEntry
from portal.monitoring import published
from portal.monitoring.agreement.models import AgreedCost, Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.release.models import Release, ReleaseFigure
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.account import service as people
from portal.people.person.models import Person
from tests.conftest import Database

VERBS = {
    "region.bring_in", "person.found_organisation", "account.register", "call.create", "call.open", "call.close",
    "application.start", "application.save", "application.hand_over", "application.submit", "application.admit",
    "application.reject", "review.arrange", "review.assign", "review.declare", "review.save", "review.submit",
    "application.withdraw",
    "award.recommend", "award.approve", "award.announce", "agreement.draft", "agreement.sign", "amendment.propose",
    "amendment.sign", "report.save",
    "report.hand_over", "report.submit", "report.accept", "report.send_back", "report.correct", "report.state",
    "release.publish",
}  # fmt: skip


async def test_the_demonstration_holds_the_whole_chain(own_database: Database) -> None:
    await make(lambda _line: None)
    await _calls()
    await _competition()
    await _monitoring()
    await _journal()
    for _, email, password in SIGN_INS:
        assert await people.sign_in(email, password, people.Browser()), email
    assert not await people.sign_in(SIGN_INS[0][1], PASSWORD + "!", people.Browser())

    said: list[str] = []
    before = await JournalEntry.all().count()
    await make(said.append)
    assert said == ["There is a call already: nothing was added"]
    assert await JournalEntry.all().count() == before


@pytest.mark.soak
@pytest.mark.parametrize(
    "day",
    ["2026-01-05 00:10", "2026-02-28 23:50", "2026-04-19 09:00", "2026-04-20 09:00", "2026-07-19 17:40",
     "2026-12-31 23:59", "2027-03-06 12:00", "2027-10-20 00:01", "2028-02-29 18:00"],
)  # fmt: skip
async def test_the_demonstration_can_be_made_on_any_day(own_database: Database, day: str) -> None:
    with clock.frozen(datetime.fromisoformat(day).replace(tzinfo=MOSCOW)):
        await make(lambda _line: None)
        await _calls()
        await _competition()
        await _monitoring()
        await _journal()


async def _calls() -> None:
    decided, running = await Call.get(state=CallState.DECIDED), await Call.get(state=CallState.OPEN)
    assert await Call.filter(state=CallState.CLOSED).count() == 1
    assert decided.is_demo
    assert running.is_demo
    assert call_rules.is_accepting(running, clock.now())
    assert str(decided.name) != str(running.name)
    assert "{" not in decided.name_ru + decided.name_en + running.name_ru + running.name_en
    assert await Region.all().count() == 83
    drafts = await Application.filter(call=running).prefetch_related("region")
    states = ApplicationState
    assert Counter(one.state for one in drafts) == {
        states.DRAFT: 4, states.AWAITING: 1, states.SUBMITTED: 1, states.WITHDRAWN: 1,
    }  # fmt: skip
    saved = Counter(draft.subject_id for draft in await Draft.filter(subject="Application"))
    assert sorted(saved[one.id] for one in drafts) == [1, 3, 5, 5, 5, 5, 5]


async def _competition() -> None:
    applications = await Application.filter(call__state=CallState.DECIDED)
    states = ApplicationState
    assert Counter(one.state for one in applications) == {states.AWARDED: 20, states.RESERVE: 2, states.DECLINED: 23}
    small = Counter(one.state for one in await Application.filter(call__state=CallState.CLOSED))
    assert small == {states.ELIGIBLE: 3, states.INELIGIBLE: 1}
    reviews = await Review.filter(application__call__state=CallState.DECIDED)
    assert Counter(one.state for one in reviews) == {ReviewState.SUBMITTED: 135, ReviewState.DECLINED: 1}
    assert len({one.reviewer_id for one in reviews}) == 15
    reading = Counter(one.state for one in await Review.filter(application__call__state=CallState.CLOSED))
    assert reading == {
        ReviewState.ASSIGNED: 6, ReviewState.IN_PROGRESS: 1, ReviewState.SUBMITTED: 2, ReviewState.DECLINED: 1,
    }  # fmt: skip
    awards = await Award.all().order_by("place").prefetch_related("application__region")
    winners = [one for one in awards if one.outcome is Outcome.WINNER]
    assert [one.place for one in winners] == list(range(1, 21))
    assert [awards[place].application.region.code for place in (0, 19, 20)] == ["RU-TYU", "RU-KO", "RU-TVE"]
    assert awards[0].score == "83/15"
    assert Fraction(awards[19].score) - Fraction(awards[20].score) == Fraction(1, 10)
    assert len({one.amount for one in winners}) == 20
    protocol = await Protocol.get()
    assert protocol.board_number == "7-у"


async def _monitoring() -> None:
    agreements = await Agreement.all().order_by("number").prefetch_related("region")
    assert [one.state for one in agreements] == [AgreementState.SIGNED] * 20
    for one in agreements:
        costs = await AgreedCost.filter(agreement=one, source="foundation").values_list("amount", flat=True)
        assert sum(costs, Decimal(0)) == one.grant
    accepted = await Report.filter(state=ReportState.ACCEPTED).prefetch_related("agreement__region")
    periods = sorted({one.period for one in accepted})
    assert len(periods) == 6
    silent = {one.region.code for one in agreements} - {one.agreement.region.code for one in accepted}
    assert silent == {"RU-ULY"}
    assert [one.agreement.region.code for one in accepted if one.revision] == ["RU-KLU"]
    assert await Report.filter(state=ReportState.CORRECTED).count() == 1
    waiting = await Report.filter(state__in=[ReportState.SUBMITTED, ReportState.RETURNED])
    assert Counter(one.state for one in waiting) == {ReportState.SUBMITTED: 1, ReportState.RETURNED: 1}
    assert len(accepted) == 19 * 6 - 3
    assert all(one.accepted_at and one.accepted_at < one.due_at for one in accepted if not one.revision)
    releases = await Release.all().order_by("number")
    assert [one.period for one in releases] == [periods[1], periods[3], periods[5]]
    traced = await published.trace(releases[-1].number, "RU-TYU", "SC-04", periods[5])
    assert traced is not None
    assert traced.place == 1
    assert traced.reported.numerator is not None
    assert traced.promised.numerator is not None
    assert traced.promised.numerator < traced.reported.numerator
    shown = Counter(figure.state for figure in await ReleaseFigure.filter(release=releases[-1]))
    assert shown["hidden"] > 0
    assert shown["not_reported"] > 20
    assert shown["value"] > 0.7 * shown.total()
    first, second = [
        await ReleaseFigure.get(
            release=one, agreed__agreement__region__code="RU-KLU", agreed__indicator__code="CH-01", period=periods[1]
        )
        for one in releases[:2]
    ]
    assert (first.numerator or 0) - (second.numerator or 0) == 12


async def _journal() -> None:
    lines = await JournalEntry.all().order_by("id")
    assert {line.deed for line in lines} >= VERBS
    assert all(earlier.at <= later.at for earlier, later in pairwise(lines))
    assert lines[-1].at <= clock.now()
    people_made = await Person.all().count()
    assert sum(line.deed == "account.register" for line in lines) == people_made


async def test_a_refused_deed_is_named() -> None:
    diary = Diary()

    async def refused() -> None:
        raise Refusal(say("Choose at least one role."))

    diary.note(clock.now() - timedelta(days=1), "try", refused)
    with pytest.raises(Interrupted, match="try: "):
        await diary.live(until=clock.now())


async def test_the_future_is_not_lived() -> None:
    diary, done = Diary(), []

    async def deed() -> None:
        done.append(clock.now())

    diary.note(clock.now() + timedelta(days=1), "tomorrow", deed)
    with pytest.raises(Interrupted, match="has not come yet"):
        await diary.live(until=clock.now())
    assert done == []
