"""Files and those who try to reach another's, to bring in what must not come, or to fill the disk."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import httpx2
import orjson
import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application import service as applications
from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.review.models import Review
from portal.applications.review.states import Conflict, ReviewState
from portal.kit import clock, files
from portal.kit.files import StoredFile
from portal.kit.journal import JournalEntry
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.roles import Role
from tests import make
from tests.faults.conftest import World
from tests.kit import papers
from tests.visit import Visitor, visitor

LETTER = papers.docx("Министерство поддерживает программу.")


async def send(
    browser: Visitor, address: str, content: bytes, name: str = "Письмо.docx", token: str | None = None
) -> httpx2.Response:
    """A plain multipart form, its token first, as every page's form begins."""
    typed = {"form_token": browser.form_token if token is None else token}
    return await browser.post(address, data=typed, files={"file": (name, content, "application/octet-stream")})


async def attached(application: Application) -> list[StoredFile]:
    return await files.of(application)


def reason(page: str) -> str:
    found = re.search(r'<p class="wrong" id="file-error">.*?</span>(.*?)</span></p>', page, re.DOTALL)
    assert found, page[-3000:]
    return found[1].replace("\xa0", " ")


async def test_file_is_attached_listed_handed_out_and_removed(world: World, browser: Visitor) -> None:
    answer = await send(browser, world.here, LETTER, "C:\\Письмо поддержки.docx")
    assert (answer.status_code, answer.headers["location"]) == (303, world.here)
    (file,) = await attached(world.application)
    assert (file.name, file.size, file.sha256) == ("Письмо поддержки.docx", len(LETTER), sha256(LETTER).hexdigest())
    shown = (await browser.get(world.here)).text
    assert "Письмо поддержки.docx" in shown
    got = await browser.get(f"{world.here}/{file.public_id}")
    assert got.content == LETTER
    line = await JournalEntry.filter(deed="application.attach").get()
    assert line.detail["sha256"] == file.sha256
    removed = await browser.send_form(f"{world.here}/{file.public_id}/remove")
    assert (removed.status_code, await attached(world.application)) == (303, [])
    assert (await browser.get(f"{world.here}/{file.public_id}")).status_code == 404


@pytest.mark.parametrize("kind", ["pdf", "docx", "png"])
async def test_f3_a_file_is_saved_and_never_shown(world: World, browser: Visitor, kind: str) -> None:
    content = {"pdf": papers.pdf(), "docx": LETTER, "png": papers.PNG}[kind]
    await send(browser, world.here, content, f"Файл.{kind}")
    (file,) = await attached(world.application)
    for headers in ({}, {"range": "bytes=0-3,1-9"}):
        got = await browser.get(f"{world.here}/{file.public_id}", headers=headers)
        assert (got.status_code, len(got.content)) == (200, len(content))
        assert got.headers["content-disposition"].startswith("attachment; ")
        assert quote("Файл") in got.headers["content-disposition"]
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-security-policy"] == files.POLICY
        assert got.headers["cache-control"] == "no-store"
    head = await browser.head(f"{world.here}/{file.public_id}")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(content)), b"")


async def test_z2_another_region_s_file_is_not_reached_by_any_address(world: World, browser: Visitor) -> None:
    theirs = f"/ru/applications/{world.foreign.number}/files"
    async with await visitor(world.other) as stranger:
        await send(stranger, theirs, LETTER)
        (file,) = await attached(world.foreign)
        for address in (f"{theirs}/{file.public_id}", f"{world.here}/{file.public_id}", f"{world.here}/{file.sha256}"):
            for answer in (await browser.get(address), await browser.head(address)):
                assert answer.status_code == 404
            ranged = await browser.get(address, headers={"range": "bytes=0-9"})
            assert (ranged.status_code, LETTER[:10] in ranged.content) == (404, False)
            assert (await browser.send_form(f"{address}/remove")).status_code in (404, 422)
        assert (await send(browser, theirs, LETTER)).status_code == 404
        assert await attached(world.foreign) == [file]
        await send(browser, world.here, LETTER)  # The same bytes of her own give no way to the other's row.
        assert (await browser.get(f"{world.here}/{file.public_id}")).status_code == 404
        assert (await stranger.get(f"{theirs}/{file.public_id}")).status_code == 200


async def test_f10_a_file_is_lost_at_once_with_its_application(world: World, browser: Visitor) -> None:
    await send(browser, world.here, LETTER)
    (file,) = await attached(world.application)
    await browser.send_form("/ru/sign-out")
    assert "/sign-in" in (await browser.get(f"{world.here}/{file.public_id}")).headers["location"]


async def test_z11_a_reviewer_has_the_files_as_long_as_she_reads(world: World, browser: Visitor) -> None:
    await send(browser, world.here, LETTER)
    (file,) = await attached(world.application)
    reviewer = await make.person(Role.REVIEWER)
    review = await Review.create(
        public_id="review-of-mine", application=world.application, reviewer=reviewer, assigned_at=clock.now()
    )
    address = f"/ru/reviews/{review.public_id}/files/{file.public_id}"
    expected = [
        (ReviewState.ASSIGNED, Conflict.NOT_ASKED, 404), (ReviewState.IN_PROGRESS, Conflict.NONE, 200),
        (ReviewState.SUBMITTED, Conflict.NONE, 200), (ReviewState.DECLINED, Conflict.NONE, 404),
        (ReviewState.DECLINED, Conflict.YES, 404),
    ]  # fmt: skip
    async with await visitor(reviewer) as reading:
        for state, conflict, status in expected:
            await Review.filter(id=review.id).update(state=state, conflict=conflict, submitted_at=clock.now())
            assert (await reading.get(address)).status_code == status, (state, conflict)
        await Review.filter(id=review.id).update(state=ReviewState.IN_PROGRESS, conflict=Conflict.NONE)
        assert (await reading.get(f"{world.here}/{file.public_id}")).status_code == 403
        await Review.filter(id=review.id).update(reviewer_id=(await make.person(Role.REVIEWER)).id)
        assert (await reading.get(address)).status_code == 404


async def test_bytes_that_are_gone_are_no_fault_of_the_reader(world: World, browser: Visitor, store: Path) -> None:
    await send(browser, world.here, LETTER)
    (file,) = await attached(world.application)
    (store / file.sha256[:2] / file.sha256).unlink()
    answer = await browser.get(f"{world.here}/{file.public_id}")
    assert (answer.status_code, "Сообщите администратору" in answer.text) == (503, True)


async def test_f7_what_was_submitted_names_its_files_and_keeps_them(world: World, browser: Visitor) -> None:
    await make.written(world.application, world.editor)
    await send(browser, world.here, LETTER)
    (file,) = await attached(world.application)
    version = await applications.submit(world.application, by=world.signatory, at=clock.now())
    told = orjson.loads(version.content)["attachments"]
    assert told == [{"id": file.public_id, "name": "Письмо.docx", "size": len(LETTER), "sha256": file.sha256}]
    assert version.sha256 == sha256(version.content.encode()).hexdigest()
    assert (await browser.send_form(f"{world.here}/{file.public_id}/remove")).status_code == 409
    assert (await send(browser, world.here, papers.PNG, "Схема.png")).status_code == 409
    assert await attached(world.application) == [file]
    receipt = await browser.get(f"/ru/applications/{world.application.number}/receipt")
    assert file.sha256 in receipt.text
    async with await visitor(await make.person(Role.OFFICER)) as officer:
        shown = await officer.get(f"/ru/applications/{world.application.number}/versions/1")
        assert f"{world.here}/{file.public_id}" in shown.text
        assert (await officer.get(f"{world.here}/{file.public_id}")).content == LETTER


async def test_a_submission_without_files_reads_as_before(world: World) -> None:
    await make.written(world.application, world.editor)
    await applications.submit(world.application, by=world.signatory, at=clock.now())
    assert "attachments" not in (await ApplicationVersion.get(application=world.application)).content


async def test_draft_s_files_are_the_region_s_alone(world: World, browser: Visitor) -> None:
    await send(browser, world.here, LETTER)
    (file,) = await attached(world.application)
    for role in (Role.OFFICER, Role.AUDITOR, Role.COUNCIL, Role.BOARD):
        async with await visitor(await make.person(role)) as staff:
            assert (await staff.get(f"{world.here}/{file.public_id}")).status_code == 404


async def test_evidence_is_seen_by_the_foundation_once_it_is_submitted(tx: TransactionalDBClient, store: Path) -> None:
    region = await make.region(*make.KAMCHATKA)
    agreement = await make.agreement(region)
    editor, officer = await make.person(Role.EDITOR, region=region), await make.person(Role.OFFICER)
    report = await Report.filter(agreement=agreement).order_by("period").first()
    assert report is not None
    here = f"/ru/reports/{agreement.number}-{report.period}/files"
    async with await visitor(editor) as writing, await visitor(officer) as reading:
        assert (await send(writing, here, LETTER, "Акт.docx")).status_code == 303
        (file,) = await files.of(report)
        assert (await writing.get(f"{here}/{file.public_id}")).status_code == 200
        assert (await reading.get(f"{here}/{file.public_id}")).status_code == 404
        assert "Акт.docx" not in (await reading.get(here)).text
        await Report.filter(id=report.id).update(state=ReportState.SUBMITTED, submitted_at=clock.now())
        assert (await reading.get(f"{here}/{file.public_id}")).content == LETTER
        page = (await reading.get(here)).text
        assert ("Акт.docx" in page, str(editor.name) in page) == (True, False)
        assert (await writing.send_form(f"{here}/{file.public_id}/remove")).status_code == 409
        await Report.filter(id=report.id).update(state=ReportState.RETURNED, returned_because="Исправьте")
        assert (await writing.send_form(f"{here}/{file.public_id}/remove")).status_code == 409
        assert (await send(writing, here, papers.PNG, "Фото.png")).status_code == 303
        assert "Фото.png" not in (await reading.get(here)).text
        added = (await files.of(report))[-1]
        assert (await writing.send_form(f"{here}/{added.public_id}/remove")).status_code == 303
