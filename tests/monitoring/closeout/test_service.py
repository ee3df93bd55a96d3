"""Endings: what closes an agreement, what terminates it, what stays due and public, and when a call is archived."""

from collections.abc import Awaitable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.invariants import RULES
from portal.kit import clock, db
from portal.kit.errors import Invalid, Refusal
from portal.kit.forms import Typed
from portal.kit.i18n import speaking
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.monitoring import published
from portal.monitoring.agreement import service as agreements
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.amendment import service as amendments
from portal.monitoring.closeout import service
from portal.monitoring.release import service as releases
from portal.monitoring.report import rules as report_rules
from portal.monitoring.report import service as reports
from portal.monitoring.report.jobs import remind_of_reports
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make

DURING = datetime(2027, 5, 20, 9, 0, tzinfo=UTC)
AFTER = datetime(2027, 8, 20, 9, 0, tzinfo=UTC)
NUMBERS = {"SC-04.n": "50", "SS-01.n": "40", "SS-01.d": "100"}


class Scene:
    """An agreement for two quarters, its officer, and who writes and signs for its region."""

    agreement: Agreement
    officer: Person
    editor: Person
    signatory: Person

    async def report(self, period: str) -> Report:
        found = Report.filter(agreement_id=self.agreement.id, period=period).order_by("-revision").first()
        report = await found.select_related("agreement__application__call")
        assert report is not None
        return report

    async def send(self, period: str) -> Report:
        report = await self.report(period)
        why = {f"{code}.why": "Набор идёт" for code in ("SC-04", "SS-01")}
        await reports.save(report, Typed((NUMBERS | why).items()), based_on=0, by=self.editor)
        return await reports.submit(report, by=self.signatory)

    async def accept(self, period: str) -> None:
        await reports.accept(await self.send(period), by=self.officer)


@pytest.fixture
async def scene(tx: object) -> Scene:
    made, region = Scene(), await make.region(*make.KAMCHATKA)
    made.agreement = await make.agreement(region)
    made.officer = await make.person(Role.OFFICER)
    made.editor = await make.person(Role.EDITOR, region=region)
    made.signatory = await make.person(Role.SIGNATORY, region=region)
    return made


async def why_not(awaitable: Awaitable[object]) -> str:
    with pytest.raises(Refusal) as refused, speaking("en"):
        await awaitable
    problems = refused.value.problems if isinstance(refused.value, Invalid) else []
    with speaking("en"):
        return str(problems[0].reason if problems else refused.value.reason)


async def test_agreement_is_closed_when_its_programme_is_over_and_every_report_accepted(scene: Scene) -> None:
    with clock.frozen(DURING):
        assert "runs to the end" in await why_not(service.close(scene.agreement, by=scene.officer))
        await scene.accept("2027Q1")
    with clock.frozen(AFTER):
        assert "1 report is not accepted" in await why_not(service.close(scene.agreement, by=scene.officer))
        await scene.accept("2027Q2")
        closed = await service.close(scene.agreement, by=scene.officer)
        assert (closed.state, closed.ended_on) == (AgreementState.CLOSED, date(2027, 8, 20))
        assert "over" in await why_not(service.close(scene.agreement, by=scene.officer))
    assert await Letter.filter(address=scene.signatory.email, subject__contains=closed.number).exists()
    assert (await JournalEntry.filter(deed="closeout.close").order_by("-id").first()) is not None


async def test_agreement_closed_without_a_report_says_why_and_the_report_is_no_longer_due(scene: Scene) -> None:
    with clock.frozen(AFTER):
        await scene.accept("2027Q1")
        closed = await service.close(scene.agreement, reason="Второй отчёт сгорел", by=scene.officer)
        assert closed.ended_because == "Второй отчёт сгорел"
        report = await scene.report("2027Q2")
        assert not report_rules.is_late(report, clock.now())
        assert "no longer due" in await why_not(reports.save(report, Typed([]), based_on=0, by=scene.editor))
        line = await JournalEntry.get(deed="closeout.close")
        assert line.detail["not_accepted"] == ["2027Q2"]


async def test_terminated_agreement_stops_what_is_due_and_keeps_what_was_accepted(scene: Scene) -> None:
    with clock.frozen(DURING):
        await scene.accept("2027Q1")
        call = (await scene.report("2027Q1")).agreement.application.call
        await releases.publish(call, period="2027Q1", by=scene.officer)
        before = await published.programmes(1)
        assert before[0].ended_on is None
        ended = await service.terminate(
            scene.agreement, ended_on=date(2027, 5, 1), reason="Регион отказался", by=scene.officer
        )
        assert ended.state is AgreementState.TERMINATED
        after = await published.programmes(1)
        assert (after[0].ended_on, after[0].terminated) == (date(2027, 5, 1), True)
        kept = [one.latest.numerator for one in await published.series(1, indicator="SC-04")]
        assert kept == [50]
    with clock.frozen(AFTER):
        assert await remind_of_reports() is None
        cells = await releases.cells(call, "2027Q2", clock.now())
        states = {(cell.agreed.indicator.code, cell.period): str(cell.state) for cell in cells}
        assert states == {
            ("SC-04", "2027Q1"): "value", ("SC-04", "2027Q2"): "not_due",
            ("SS-01", "2027Q1"): "value", ("SS-01", "2027Q2"): "not_due",
        }  # fmt: skip
        assert not any(cell.pace for cell in cells)
        for rule in ("An agreement that is over says since when, a terminated one also why",
                     "An agreement is closed with every report accepted, or says why not"):  # fmt: skip
            assert not list(await db.rows(RULES[rule]))


async def test_report_that_was_due_before_the_end_stays_not_reported(scene: Scene) -> None:
    with clock.frozen(DURING):
        await service.terminate(scene.agreement, ended_on=date(2027, 5, 1), reason="Отказ", by=scene.officer)
        call = await Call.get(applications__agreement__id=scene.agreement.id)
        cells = await releases.cells(call, "2027Q2", clock.now())
        assert [str(cell.state) for cell in cells[:2]] == ["not_reported", "not_due"]


async def test_what_was_sent_can_be_accepted_and_what_was_accepted_corrected_after_the_end(scene: Scene) -> None:
    with clock.frozen(DURING):
        sent = await scene.send("2027Q1")
        await service.terminate(scene.agreement, ended_on=date(2027, 5, 1), reason="Отказ", by=scene.officer)
        assert "cannot correct" in await why_not(reports.send_back(sent, reason="Ещё раз", by=scene.officer))
        await reports.accept(sent, by=scene.officer)
        correction = await reports.correct(sent, reason="Опечатка", by=scene.editor)
        corrected = await scene.report("2027Q1")
        assert corrected.revision == 1
        await reports.submit(corrected, by=scene.signatory)
        await reports.accept(corrected, by=scene.officer)
    assert (await Report.get(id=correction.id)).state is ReportState.ACCEPTED


async def test_end_needs_a_day_that_was_a_reason_and_no_amendment_under_way(scene: Scene) -> None:
    async def refused(**values: Any) -> str:
        typed: dict[str, Any] = {"ended_on": date(2027, 5, 1), "reason": "Отказ", "by": scene.officer, **values}
        return await why_not(service.terminate(scene.agreement, **typed))

    with clock.frozen(DURING):
        assert "not come" in await refused(ended_on=date(2027, 5, 21))
        assert "was made on" in await refused(ended_on=make.NOW.date() - timedelta(days=1))
        assert "Write why" in await refused(reason=" ")
        assert "Only a programme officer" in await refused(by=scene.signatory)
        amendment = await amendments.propose(
            scene.agreement, reason="Меньше", typed={"SC-04.2027Q2.n": "150"}, by=scene.officer
        )
        assert "Amendment No. 1" in await refused()
        await amendments.withdraw(amendment, by=scene.officer)
        await service.terminate(scene.agreement, ended_on=date(2027, 5, 1), reason="Отказ", by=scene.officer)
        ended = await Agreement.get(id=scene.agreement.id)
        assert "over" in await why_not(agreements.sign(ended, by=scene.signatory))


async def test_draft_that_is_terminated_was_never_in_force(tx: object) -> None:
    draft = await make.agreement(await make.region(*make.KAMCHATKA), signed=False)
    officer = await make.person(Role.OFFICER)
    with clock.frozen(DURING):
        assert "not been in force" in await why_not(service.close(draft, by=officer))
        await service.terminate(draft, ended_on=date(2027, 5, 1), reason="Не подписали", by=officer)
        call = await Call.get(applications__agreement__id=draft.id)
        assert not await releases.cells(call, "2027Q1", clock.now())
        archived = await service.archive(call, by=officer)
        assert archived.state is CallState.ARCHIVED


async def test_call_is_archived_when_its_agreements_are_over(scene: Scene) -> None:
    call = await Call.get(applications__agreement__id=scene.agreement.id)
    await make.winner(await make.region(*make.NOVGOROD), of=call)
    with clock.frozen(AFTER):
        assert "1 winner" in await why_not(service.archive(call, by=scene.officer))
        other = await make.agreement(await make.region("RU-TA", "Татарстан", "Tatarstan", "Europe/Moscow"))
        theirs = await Call.get(applications__agreement__id=other.id)
        assert "1 agreement" in await why_not(service.archive(theirs, by=scene.officer))
        await service.close(other, reason="Отчёты утрачены", by=scene.officer)
        assert (await service.archive(theirs, by=scene.officer)).state is CallState.ARCHIVED
        assert "already" in await why_not(service.archive(theirs, by=scene.officer))
    assert "announced" in await why_not(service.archive(await make.call(), by=scene.officer))
