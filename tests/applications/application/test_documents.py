"""The submitted text and its receipt as PDF: what the page shows, the same bytes each time, nobody's names in it."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pypdf
import pytest

from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.programme.documents import attachments
from portal.applications.programme.rules import Attachment, Programme
from portal.directory.region.models import Region
from portal.kit import clock, documents
from portal.people.roles import Role
from tests import make
from tests.pdf import squeezed, text_of, texts_of
from tests.visit import Visitor, visitor

pytestmark = pytest.mark.breaks_the_rules  # Its application is of an organisation of nobody.


@dataclass
class Scene:
    region: Region
    application: Application
    version: ApplicationVersion
    browser: Visitor


@pytest.fixture
async def scene(tx: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Scene:
    monkeypatch.setattr(documents, "_folder", lambda: tmp_path)
    region, call = await make.region(*make.KAMCHATKA), await make.call(state=CallState.CLOSED)
    application = await make.eligible(region, of=call)
    version = await ApplicationVersion.get(application=application)
    return Scene(region, application, version, await visitor(await make.person(Role.EDITOR, region=region)))


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in {"format", "key", "activity", "direction", "direction_name", "kind", "unit", "source"}:
                yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_o7_document_says_all_that_the_page_says(scene: Scene, language: str) -> None:
    here = f"/{language}/applications/{scene.application.number}/versions/1"
    page, file = await scene.browser.get(here), await scene.browser.get(f"{here}/pdf")
    assert (page.status_code, file.status_code) == (200, 200)
    told = text_of(file.content)
    texts = texts_of(page.text, "programme", "thead")
    assert len(texts) > 60
    missing = [text for text in texts if squeezed(text) not in told]
    assert missing == []
    assert scene.version.sha256 in told


async def test_o7_every_text_and_figure_of_the_programme_is_in_the_document(scene: Scene) -> None:
    file = await scene.browser.get(f"/en/applications/{scene.application.number}/versions/1/pdf")
    told = text_of(file.content).replace(",", "")
    content = json.loads(scene.version.content)
    texts = [text for name in ("passport", "goal", "activities", "budget") for text in leaves(content[name])]
    assert len(texts) > 15
    for text in texts:
        quarter = f"Q{text[5]}{text[:4]}" if text[4:5] == "Q" else text
        day = "1 November 2026" if text == "2026-11-01" else quarter
        assert squeezed(day).replace(",", "") in told, text
    for indicator in content["indicators"]:
        assert indicator["code"] in told
        for figure in [indicator["baseline"], *(figure for _, figure in indicator["plan"])]:
            parts = [part for part in (figure["numerator"], figure["denominator"]) if part is not None]
            assert "of".join(parts) in told


async def test_o7_document_is_the_same_file_each_time_it_is_made(scene: Scene) -> None:
    here = f"/ru/applications/{scene.application.number}/versions/1/pdf"
    first = await scene.browser.get(here)
    for file in documents._folder().iterdir():
        file.unlink()
    with clock.frozen(make.NOW.replace(year=2027)):
        browser = await visitor(await make.person(Role.AUDITOR))
        second = await browser.get(here)
    assert first.content == second.content
    reader = pypdf.PdfReader(io.BytesIO(first.content))
    assert reader.metadata is not None
    assert reader.metadata.creation_date == scene.version.submitted_at


async def test_document_is_a_file_to_be_saved_and_kept_by_nobody_between(scene: Scene) -> None:
    here = f"/ru/applications/{scene.application.number}"
    page = await scene.browser.get(f"{here}/receipt")
    assert f'href="{here}/receipt/pdf" download>Скачать PDF</a>' in page.text
    file = await scene.browser.get(f"{here}/receipt/pdf")
    assert file.headers["content-type"] == "application/pdf"
    named = f'attachment; filename="receipt-{scene.application.number}.ru.pdf"'
    assert file.headers["content-disposition"] == named
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in file.headers["content-security-policy"]
    kilobytes = round(len(file.content) / 1000)
    assert f"Скачать PDF ({kilobytes} КБ)" in (await scene.browser.get(f"{here}/receipt")).text


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_receipt_says_all_that_its_page_says(scene: Scene, language: str) -> None:
    here = f"/{language}/applications/{scene.application.number}/receipt"
    page, file = await scene.browser.get(here), await scene.browser.get(f"{here}/pdf")
    told = text_of(file.content)
    texts = texts_of(page.text, "summary")
    assert len(texts) == 18
    assert [text for text in texts if squeezed(text) not in told] == []
    assert scene.version.sha256 in told


def test_attachments_stand_with_their_hashes_in_the_text_and_in_the_receipt() -> None:
    files = (
        Attachment("k3", "Письмо поддержки.pdf", 1_234_567, "b" * 64),
        Attachment("k4", "Расчёт.xlsx", 20, "c" * 64),
    )
    one = Programme("2027", "2027Q1", "2027Q2", *[None] * 5, files)  # type: ignore[arg-type]
    said = json.dumps(attachments(one), ensure_ascii=False)
    for word in ("Письмо поддержки.pdf", "Расчёт.xlsx", "1,2", "b" * 64, "c" * 64):
        assert word in said
    assert attachments(replace(one, attachments=())) == []


async def test_z12_no_document_that_a_region_may_read_names_a_reviewer(scene: Scene) -> None:
    reviewer = await make.person(Role.REVIEWER, name="Тайный Рецензент")
    await make.review(scene.application, reviewer, K1=5, K2=4)
    for what in ("versions/1/pdf", "receipt/pdf"):
        for language in ("ru", "en"):
            file = await scene.browser.get(f"/{language}/applications/{scene.application.number}/{what}")
            reader = pypdf.PdfReader(io.BytesIO(file.content))
            assert "Рецензент" not in text_of(file.content)
            assert reader.metadata is not None
            assert reader.metadata.author is None
            assert "Рецензент".encode() not in file.content


async def test_documents_of_another_region_and_of_drafts_do_not_exist(scene: Scene) -> None:
    here = f"/ru/applications/{scene.application.number}"
    novgorod = await make.region(*make.NOVGOROD)
    stranger = await visitor(await make.person(Role.EDITOR, region=novgorod))
    for what in ("receipt/pdf", "versions/1/pdf", "versions/2/pdf", "versions/x/pdf"):
        assert (await stranger.get(f"{here}/{what}")).status_code == 404
    assert (await scene.browser.get(f"{here}/versions/2/pdf")).status_code == 404
    call = await Call.get(id=scene.application.call_id)
    draft = await Application.create(
        number="2027-990",
        call=call,
        region=novgorod,
        organisation_id=scene.application.organisation_id,
        started_at=make.NOW,
    )
    assert (await stranger.get(f"/ru/applications/{draft.number}/receipt/pdf")).status_code == 404
