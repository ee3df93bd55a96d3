"""Reports: typed, signed, frozen, returned, accepted for good, corrected by a revision that waits for its turn."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

import pytest
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.transactions import in_transaction

from portal.kit import clock, drafts
from portal.kit.errors import Refusal
from portal.kit.journal import JournalEntry
from portal.kit.mail import Letter
from portal.monitoring.report import service
from portal.monitoring.report.models import Report, ReportValue
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.conftest import Database

AFTER = datetime(2027, 8, 1, tzinfo=UTC)
FIRST = {"SC-04.n": "100", "SS-01.n": "60", "SS-01.d": "120"}
SECOND = {"SC-04.n": "210", "SS-01.n": "130", "SS-01.d": "240"}


class Cast(NamedTuple):
    first: Report
    second: Report
    editor: Person
    signatory: Person
    officer: Person


@pytest.fixture(autouse=True)
def _after_both_quarters() -> Iterator[None]:
    with clock.frozen(AFTER):
        yield


async def cast() -> Cast:
    region = await make.region(*make.KAMCHATKA)
    agreement = await make.agreement(region)
    first, second = await Report.filter(agreement=agreement).order_by("period").select_related("agreement")
    people = [await make.person(role, region=region) for role in (Role.EDITOR, Role.SIGNATORY)]
    return Cast(first, second, *people, await make.person(Role.OFFICER))


async def submitted(report: Report, typed: dict[str, str], who: Cast, *, based_on: int = 0) -> None:
    await service.save(report, typed, based_on=based_on, by=who.editor)
    await service.submit(report, by=who.signatory)


async def accepted(report: Report, typed: dict[str, str], who: Cast) -> None:
    await submitted(report, typed, who)
    await service.accept(report, by=who.officer)


async def state(report: Report) -> ReportState:
    return (await Report.get(id=report.id)).state


async def test_whole_way_of_a_report(tx: object) -> None:
    who = await cast()
    saved = await service.save(who.first, {**FIRST, "state": "accepted"}, based_on=0, by=who.editor)
    assert (saved.version, sorted(saved.typed)) == (1, sorted(FIRST))
    await service.hand_over(who.first, by=who.editor)
    with pytest.raises(Refusal, match="waits for the signature"):
        await service.save(who.first, SECOND, based_on=1, by=who.editor)
    await service.take_back(who.first, by=who.signatory)
    await service.hand_over(who.first, by=who.editor)
    await service.submit(who.first, by=who.signatory, seen=1)
    values = await ReportValue.filter(report=who.first).order_by("agreed_id")
    assert [(v.attempt, v.numerator, v.denominator) for v in values] == [
        (1, Decimal(100), None), (1, Decimal(60), Decimal(120))
    ]  # fmt: skip
    await service.accept(who.first, by=who.officer, seen=1)
    kept = await Report.get(id=who.first.id)
    assert (kept.state, kept.accepted_by_name) == (ReportState.ACCEPTED, who.officer.name_ru)
    deeds = (
        await JournalEntry.filter(subject="Report", subject_id=kept.id).order_by("id").values_list("deed", flat=True)
    )
    assert [str(deed).removeprefix("report.") for deed in deeds] == [
        "save", "save", "hand_over", "take_back", "hand_over", "submit", "accept"
    ]  # fmt: skip
    assert (
        await Letter.filter(subject__contains="принят").exists()
        or await Letter.filter(subject__contains="accepted").exists()
    )


async def test_submission_is_refused_for_each_reason(tx: object) -> None:
    who = await cast()
    with pytest.raises(Refusal, match="Nothing has been saved"):
        await service.submit(who.first, by=who.signatory)
    await service.save(who.first, {"SC-04.n": "100", "SS-01.n": "130", "SS-01.d": "120"}, based_on=0, by=who.editor)
    with pytest.raises(Refusal, match="is to be corrected"):
        await service.submit(who.first, by=who.signatory)
    with pytest.raises(Refusal, match="is to be corrected"):
        await service.hand_over(who.first, by=who.editor)
    await service.save(who.first, FIRST, based_on=1, by=who.editor)
    with pytest.raises(Refusal, match="Only the signatory"):
        await service.submit(who.first, by=who.editor)
    with pytest.raises(Refusal, match="changed after you opened"):
        await service.submit(who.first, by=who.signatory, seen=1)
    with clock.frozen(datetime(2027, 3, 31, 20, 59, tzinfo=UTC)), pytest.raises(Refusal, match="is not over"):
        await service.submit(who.first, by=who.signatory)
    assert not await ReportValue.filter(report=who.first).exists()
    with clock.frozen(datetime(2027, 3, 31, 21, 0, tzinfo=UTC)):
        await service.submit(who.first, by=who.signatory)


async def test_other_regions_and_staff_type_nothing(tx: object) -> None:
    who = await cast()
    stranger = await make.person(Role.EDITOR, Role.SIGNATORY, region=await make.region(*make.NOVGOROD))
    for person in (stranger, who.officer, await make.person(Role.AUDITOR), who.signatory):
        with pytest.raises(Refusal, match="Only the editors"):
            await service.save(who.first, FIRST, based_on=0, by=person)
    await submitted(who.first, FIRST, who)
    for person in (stranger, who.editor, await make.person(Role.AUDITOR), await make.person(Role.BOARD)):
        with pytest.raises(Refusal, match="Only a programme officer accepts"):
            await service.accept(who.first, by=person)
        with pytest.raises(Refusal, match="Only a programme officer returns"):
            await service.send_back(who.first, reason="Почему", by=person)


async def test_stale_save_is_refused_with_both_texts(tx: object) -> None:
    who = await cast()
    await service.save(who.first, FIRST, based_on=0, by=who.editor)
    with pytest.raises(drafts.Stale) as stale:
        await service.save(who.first, SECOND, based_on=0, by=who.editor)
    assert (stale.value.theirs.content["SC-04.n"], stale.value.mine["SC-04.n"]) == ("100", "210")


async def test_return_and_submit_again(tx: object) -> None:
    who = await cast()
    await submitted(who.first, FIRST, who)
    with pytest.raises(Refusal, match="Write what is to be corrected"):
        await service.send_back(who.first, reason="  ", by=who.officer)
    await service.send_back(who.first, reason="Проверьте знаменатель.", by=who.officer, seen=1)
    kept = await Report.get(id=who.first.id)
    assert (kept.state, kept.returned_because) == (ReportState.RETURNED, "Проверьте знаменатель.")
    with pytest.raises(Refusal, match="Only a submitted report"):
        await service.accept(who.first, by=who.officer)
    await submitted(who.first, {**FIRST, "SS-01.d": "118"}, who, based_on=1)
    with pytest.raises(Refusal, match="submitted anew"):
        await service.accept(who.first, by=who.officer, seen=1)
    await service.accept(who.first, by=who.officer, seen=2)
    values = await ReportValue.filter(report=who.first, denominator__isnull=False).order_by("attempt")
    assert [(v.attempt, v.denominator) for v in values] == [(1, Decimal(120)), (2, Decimal(118))]


async def test_accepted_values_never_change(tx: object) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    for refused in (
        service.save(who.first, SECOND, based_on=1, by=who.editor),
        service.hand_over(who.first, by=who.editor),
        service.take_back(who.first, by=who.signatory),
        service.submit(who.first, by=who.signatory),
        service.accept(who.first, by=who.officer),
        service.send_back(who.first, reason="Поздно", by=who.officer),
    ):
        with pytest.raises(Refusal):
            await refused
    with pytest.raises((OperationalError, IntegrityError)):
        async with in_transaction():
            await ReportValue.filter(report=who.first).update(numerator=1)


async def test_correction_keeps_the_old_until_it_is_accepted(tx: object) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    with pytest.raises(Refusal, match="Write what was wrong"):
        await service.correct(who.first, reason=" ", by=who.editor)
    correction = await service.correct(who.first, reason="Двойной счёт", by=who.editor)
    with pytest.raises(Refusal, match="started already"):
        await service.correct(who.first, reason="Ещё раз", by=who.editor)
    assert (correction.revision, await state(correction)) == (1, ReportState.DRAFT)
    assert dict((await drafts.latest(correction))[service.SECTION].content) == FIRST
    await submitted(correction, {**FIRST, "SC-04.n": "90"}, who, based_on=1)
    assert await state(who.first) is ReportState.ACCEPTED
    await service.accept(correction, by=who.officer)
    assert (await state(who.first), await state(correction)) == (ReportState.CORRECTED, ReportState.ACCEPTED)
    asked = await service.lines(await Report.get(id=who.second.id).select_related("agreement"))
    assert asked[0].accepted["2027Q1"].numerator == Decimal(90)


async def test_fall_below_the_accepted_value_is_an_error_until_the_earlier_report_is_corrected(tx: object) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    lower = {**SECOND, "SC-04.n": "95", "SC-04.why": "Набор сдвинулся."}
    await service.save(who.second, lower, based_on=0, by=who.editor)
    with pytest.raises(Refusal, match="is to be corrected"):
        await service.submit(who.second, by=who.signatory)
    correction = await service.correct(who.first, reason="Двойной счёт", by=who.signatory)
    await submitted(correction, {**FIRST, "SC-04.n": "90"}, who, based_on=1)
    await service.accept(correction, by=who.officer)
    await service.submit(who.second, by=who.signatory)


async def test_submitted_numbers_that_no_longer_fit_are_not_accepted(tx: object) -> None:
    who = await cast()
    await submitted(who.second, SECOND, who)
    await accepted(who.first, {**FIRST, "SC-04.n": "220"}, who)
    with pytest.raises(Refusal, match="no longer fit"):
        await service.accept(who.second, by=who.officer)


async def test_no_data_is_kept_as_a_word(tx: object) -> None:
    who = await cast()
    typed = {"SC-04.n": "100", "SS-01.missing": "not_reported", "SS-01.why": "Программу ещё никто не закончил."}
    await accepted(who.first, typed, who)
    value = await ReportValue.get(report=who.first, missing="not_reported")
    assert (value.numerator, value.denominator) == (None, None)


async def test_of_parallel_submissions_one_succeeds(own_database: Database) -> None:
    who = await cast()
    await service.save(who.first, FIRST, based_on=0, by=who.editor)
    copies = [await Report.get(id=who.first.id) for _ in range(4)]
    done = await asyncio.gather(
        *(service.submit(copy, by=who.signatory) for copy in copies), return_exceptions=True
    )  # fmt: skip
    assert sum(isinstance(one, Report) for one in done) == 1
    assert [one.status for one in done if isinstance(one, Refusal)] == [409, 409, 409]
    assert await ReportValue.filter(report=who.first).count() == 2


async def test_of_parallel_corrections_one_succeeds(own_database: Database) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    copies = [await Report.get(id=who.first.id) for _ in range(3)]
    done = await asyncio.gather(
        *(service.correct(copy, reason="Ошибка", by=who.editor) for copy in copies), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["Refusal", "Refusal", "Report"]
    assert await Report.filter(agreement_id=who.first.agreement_id, period="2027Q1").count() == 2
