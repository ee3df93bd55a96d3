"""The start page, the desk of each role and the journal, in both languages."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.application.states import ApplicationState
from portal.applications.call.states import CallState
from portal.applications.review.models import Review
from portal.applications.review.states import Conflict, ReviewState
from portal.desk import routes
from portal.desk.models import Progress, gather
from portal.kit import clock
from portal.kit.drafts import Draft
from portal.kit.journal import JournalEntry
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.release.models import Release
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Organisation, Person
from portal.people.roles import Role
from tests import make
from tests.visit import visitor

pytestmark = pytest.mark.breaks_the_rules  # Its journal is written by people who are not there.

LANGUAGES = pytest.mark.parametrize("language", ["ru", "en"])


async def line(number: int, **values: Any) -> JournalEntry:
    told = {
        "at": clock.now(), "deed": "application.submit", "actor_id": 1, "actor_name": "Пётр", "subject": "Application",
        "subject_id": number, "subject_name": f"2027-{number:03}", **values,
    }  # fmt: skip
    return await JournalEntry.create(**told)


async def application(stands: ApplicationState, person: Person, **call: Any) -> Application:
    made = await make.call(**call)
    organisation = await Organisation.get(id=person.organisation_id)
    return await Application.create(
        number=f"{made.number}-001", call=made, region_id=person.region_id, organisation=organisation, state=stands,
        started_at=clock.now(),
    )  # fmt: skip


async def version_of(submitted: Application, person: Person) -> ApplicationVersion:
    return await ApplicationVersion.create(
        application=submitted, number=1, content="{}", sha256="0" * 64, grant=Decimal(1), total=Decimal(2),
        submitted_at=clock.now(), submitted_by=person,
    )  # fmt: skip


async def reporting(person: Person, **values: Any) -> Report:
    """A report of the third quarter of 2026 of an agreement of the person's region."""
    won = await application(ApplicationState.AWARDED, person, state=CallState.DECIDED)
    version = await version_of(won, person)
    agreement = await Agreement.create(
        number="2025-01", application=won, version=version, region_id=person.region_id, title_ru="Рядом",
        grant=Decimal(1), first_period="2026Q3", last_period="2026Q3", drafted_at=clock.now(),
        state=AgreementState.SIGNED, region_signed_at=clock.now(), foundation_signed_at=clock.now(),
    )  # fmt: skip
    due: dict[str, Any] = {"period": "2026Q3", "due_at": clock.now() - timedelta(days=2)}
    return await Report.create(agreement=agreement, **{**due, **values})


@LANGUAGES
async def test_start_page_tells_everyone_what_is_open(
    tx: TransactionalDBClient, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await visitor()
    monkeypatch.setattr(routes, "offered", list)  # As it is outside the demonstration.
    assert (await browser.get(f"/{language}/")).status_code == 200
    call = await make.call()
    await make.call(state=CallState.DRAFT, name_ru="Тайный", name_en="Secret")
    await Release.create(number=7, call=call, period="2026Q3", published_at=clock.now(), published_by_name="Пётр")
    text = (await browser.get(f"/{language}/")).text
    assert f"/{language}/calls/{call.number}" in text
    assert ("Тайный" if language == "ru" else "Secret") not in text
    assert "2026" in text
    assert f"/{language}/dashboards/" in text
    assert ("22,9\u00a0%" if language == "ru" else "22.9%") in text


@LANGUAGES
@pytest.mark.parametrize("role", list(Role))
async def test_every_role_has_a_desk(tx: TransactionalDBClient, language: str, role: Role) -> None:
    person = await make.person(role, region=await make.region(*make.KAMCHATKA))
    await make.call()
    await line(1)
    page = await (await visitor(person)).get(f"/{language}/")
    assert page.status_code == 200
    assert str(person.name.en if language == "en" else person.name.ru) in page.text


async def test_editor_sees_her_draft_with_its_problems_and_not_the_neighbours(tx: TransactionalDBClient) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    neighbour = await make.person(Role.EDITOR, region=await make.region(*make.NOVGOROD))
    mine = await application(ApplicationState.DRAFT, editor)
    theirs = await application(ApplicationState.DRAFT, neighbour)
    await Draft.create(
        subject="Application", subject_id=mine.id, section="passport", version=1, typed={"title": "Рядом"},
        saved_by_id=editor.id, saved_by_name="Пётр", saved_at=clock.now(),
    )  # fmt: skip
    text = (await (await visitor(editor)).get("/en/")).text
    assert f"/en/applications/{mine.number}" in text
    assert "places still need your answer" in text
    assert theirs.number not in text


async def test_reports_of_a_quarter_that_has_ended_wait_for_region_and_officer(tx: TransactionalDBClient) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    officer, reviewer = await make.person(Role.OFFICER), await make.person(Role.REVIEWER)
    with clock.frozen(make.NOW):
        report = await reporting(editor)
        later: dict[str, Any] = {"period": "2026Q4", "due_at": clock.now() + timedelta(days=60)}
        await Report.create(agreement_id=report.agreement_id, **later)
        for person, wait in ((editor, 1), (officer, 1), (reviewer, 0)):
            found = await gather(person, make.NOW)
            assert [row.number for row in found.reports] == ["2025-01-2026Q3"] * wait
        assert "/en/reports/2025-01-2026Q3" in (await (await visitor(officer)).get("/en/")).text


async def test_accepted_reports_wait_for_a_release_until_they_are_in_one(tx: TransactionalDBClient) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    officer = await make.person(Role.OFFICER)
    report = await reporting(
        editor, state=ReportState.ACCEPTED, submitted_at=clock.now(), accepted_at=clock.now() - timedelta(hours=1)
    )
    pending = (await gather(officer, clock.now())).pending
    assert [row.accepted for row in pending] == [1]
    assert f"/en/releases/new?call={pending[0].call}" in (await (await visitor(officer)).get("/en/")).text
    agreement = await Agreement.get(id=report.agreement_id).select_related("application")
    await Release.create(
        number=1,
        call_id=agreement.application.call_id,
        period="2026Q3",
        published_at=clock.now(),
        published_by_name="П",
    )
    assert not (await gather(officer, clock.now())).pending


async def test_reviewer_sees_only_her_own_readings(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    editor = await make.person(Role.EDITOR, region=region)
    admitted = await application(ApplicationState.ELIGIBLE, editor, state=CallState.CLOSED)
    hers, other = await make.person(Role.REVIEWER), await make.person(Role.REVIEWER)
    for number, person in enumerate((hers, other)):
        await Review.create(public_id=f"review{number}", application=admitted, reviewer=person, assigned_at=clock.now())
    text = (await (await visitor(hers)).get("/ru/")).text
    assert "/ru/reviews/review0" in text
    assert "review1" not in text


async def test_officer_is_told_how_many_readers_an_application_has(tx: TransactionalDBClient) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    admitted = await application(ApplicationState.ELIGIBLE, editor, state=CallState.CLOSED)
    await version_of(admitted, editor)
    for state in (ReviewState.SUBMITTED, ReviewState.ASSIGNED, ReviewState.DECLINED):
        done: dict[str, Any] = (
            {"conflict": Conflict.NONE, "submitted_at": clock.now()} if state is ReviewState.SUBMITTED else {}
        )
        await Review.create(
            public_id=state, application=admitted, reviewer=await make.person(Role.REVIEWER), state=state,
            assigned_at=clock.now(), **done,
        )  # fmt: skip
    council = await gather(await make.person(Role.COUNCIL), clock.now())
    assert ([one.progress for one in council.calls], council.applications) == ([Progress(0, 1, 0, 1)], ())
    regional = await gather(editor, clock.now())
    assert [one.progress for one in regional.calls] == [Progress()]
    assert [row.number for row in regional.applications] == [admitted.number]
    await Review.filter(application=admitted, state=ReviewState.ASSIGNED).delete()
    council = await gather(await make.person(Role.COUNCIL), clock.now())
    assert [one.progress for one in council.calls] == [Progress(0, 1, 1, 0)]


@LANGUAGES
async def test_journal_is_read_by_auditors_and_administrators_only(tx: TransactionalDBClient, language: str) -> None:
    await line(1, detail={"why": "Потому что", "before": "draft", "list": [1, {"a": 2}], "nothing": None})
    await line(2, deed="release.unheard_of", actor_id=None, actor_name="portal")
    for role in Role:
        person = await make.person(role, region=await make.region(*make.KAMCHATKA))
        page = await (await visitor(person)).get(f"/{language}/journal")
        assert page.status_code == (200 if role in (Role.AUDITOR, Role.ADMINISTRATOR) else 403)
        assert ("Потому что" in page.text) is (page.status_code == 200)
    assert (await (await visitor()).get(f"/{language}/journal")).status_code == 303


async def test_journal_is_filtered_and_paged_newest_first(tx: TransactionalDBClient) -> None:
    for number in range(1, 121):
        await line(number, deed="application.save" if number % 2 else "application.submit")
    await line(500, subject="Call", deed="call.open", subject_name="2027")
    browser = await visitor(await make.person(Role.AUDITOR))
    first = (await browser.get("/en/journal")).text
    assert first.count("<li><p><b>") == 50
    assert "121 lines" in first
    assert first.index("2027-120") < first.index("2027-119")
    last = (await browser.get("/en/journal?page=3")).text
    assert last.count("<li><p><b>") == 21
    assert "60 lines" in (await browser.get("/en/journal?deed=application.save")).text
    assert "1 line<" in (await browser.get("/en/journal?subject=Call")).text
    assert "1 line<" in (await browser.get("/en/journal?words=2027-007")).text
    assert "No lines" in (await browser.get("/en/journal", params={"words": "%_'"})).text
    for odd in ("0", "-1", "x", "99999999999", "²", ""):
        assert (await browser.get("/en/journal", params={"page": odd})).status_code == 200
