"""Documents: tagged and in one language, the same bytes each time, text as data only, kept and bounded."""

import asyncio
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from portal.kit import assets, documents, fonts
from portal.kit.documents import Column, Document, Row, Said
from portal.kit.errors import Refusal
from portal.kit.i18n import speaking
from portal.kit.typesetting import typeset
from portal.settings import Settings

AT = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
SENTENCE = "Семьи получают помощь по месту жительства, а дети — бесплатные занятия. "
MINE = Document(
    name="application-2027-001-1",
    over="Заявка",
    heading="Шаг вперёд",
    lead="Получена",
    running="Заявка",
    made_at=AT,
    blocks=[documents.heading("Паспорт"), documents.words("Первый абзац\nс новой строки\n\nВторой абзац")],
    foot="SHA-256 " + "a" * 64,
)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(documents, "settings", lambda: Settings(var=tmp_path, demo=True))
    return tmp_path / "documents"


def kept(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def set_here(document: Document) -> pypdf.PdfReader:
    made = typeset(documents._content(document), int(AT.timestamp()))
    assert isinstance(made, bytes)
    return pypdf.PdfReader(io.BytesIO(made))


def test_document_is_tagged_pdf_ua_in_its_language() -> None:
    for code in ("ru", "en"):
        with speaking(code):
            made = typeset(documents._content(MINE), int(AT.timestamp()))
        assert isinstance(made, bytes)
        root = pypdf.PdfReader(io.BytesIO(made)).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"].value is True
        assert root["/Lang"] == code
        assert root["/StructTreeRoot"]["/K"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
        assert b"<pdfuaid:part>1</pdfuaid:part>" in made


def test_document_is_set_in_the_portals_font() -> None:
    found = {font["/BaseFont"] for page in set_here(MINE).pages for font in
             (one.get_object() for one in page["/Resources"]["/Font"].values())}  # fmt: skip
    assert found
    assert all("Golos" in name for name in found), found


def test_foreign_text_in_an_english_document_names_its_language() -> None:
    with speaking("en"):
        reader = set_here(replace(MINE, blocks=[documents.words(documents.ru("Помощь семьям"))]))
    assert "ru" in _languages(reader.trailer["/Root"]["/StructTreeRoot"])


def _languages(element: Any) -> set[str]:
    """The languages that the elements of the structure name."""
    element = element.get_object()
    if isinstance(element, list):
        return set().union(*map(_languages, element))
    if not isinstance(element, dict):
        return set()
    named = {str(element["/Lang"])} if "/Lang" in element else set()
    return named | (_languages(element["/K"]) if "/K" in element else set())


def test_o7_same_words_give_the_same_bytes() -> None:
    content = documents._content(MINE)
    assert typeset(content, 0) == typeset(content, 0)


def test_z12_file_names_no_author_and_no_time_but_its_own() -> None:
    reader = set_here(MINE)
    assert reader.metadata is not None
    assert reader.metadata.author is None
    assert set(reader.metadata) == {"/Title", "/Creator", "/CreationDate", "/ModDate"}
    assert reader.metadata.creation_date == AT
    assert b"dc:creator" not in reader.trailer["/Root"]["/Metadata"].get_data()


@pytest.mark.parametrize(
    "text",
    ["#read(\"/etc/passwd\")", "#import \"@preview/x:1.0.0\"", "{{7*7}} ${7*7} %s {0.__class__}", "$x^2$ *b* _i_ `r`",
     "= Heading", "\\u{41} // not a comment /* nor this */", "<label> @ref [x] #{", "\"]; #eval(\"1+1\")"],
)  # fmt: skip
def test_n8_text_is_shown_as_it_was_typed(text: str) -> None:
    blocks = [documents.words(text), documents.facts([(text, text)]),
              documents.table(text, [Column(text)], [Row([text])])]  # fmt: skip
    reader = set_here(replace(MINE, heading=text, over=text, blocks=blocks))
    shown = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert shown.count("".join(text.split())) >= 7


def test_what_no_font_holds_and_no_line_holds_is_set_all_the_same() -> None:
    reader = set_here(replace(MINE, blocks=[documents.words("Смех 😀 " + "ж" * 5000), documents.words("")]))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    assert "".join(page.extract_text() for page in reader.pages).count("ж") == 5000


def test_every_page_has_its_number_its_hash_and_the_mark_of_the_demo(folder: Path) -> None:
    rows = [Row([str(place), "1 000,00"]) for place in range(90)]
    table = documents.table("Смета", [Column("Строка", 1), Column("Сумма", right=True)], rows)
    pages = [page.extract_text() for page in set_here(replace(MINE, blocks=[table])).pages]
    assert len(pages) > 2
    for place, text in enumerate(pages, 1):
        assert f"стр. {place} из {len(pages)}" in text
        assert "a" * 64 in text
        assert "Демонстрационные данные" in text
        assert "Строка" in text, "the head of the table is repeated"


async def test_document_is_made_apart_and_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert documents.size(MINE.name) is None
    made = await documents.pdf(MINE)
    assert made.startswith(b"%PDF-")
    (file,) = kept(folder)
    assert file.read_bytes() == made
    assert file.stat().st_mode & 0o077 == 0
    assert documents.size(MINE.name) == round(len(made) / 1000)

    monkeypatch.setattr(documents, "_typeset", None)
    assert await documents.pdf(MINE) == made


async def test_a_changed_document_replaces_its_earlier_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def typeset(task: dict[str, Any]) -> bytes:
        return bytes(task["content"].encode())

    monkeypatch.setattr(documents, "_typeset", typeset)
    monkeypatch.setattr(documents, "KEPT", 3)
    await documents.pdf(MINE)
    await documents.pdf(replace(MINE, lead="Получена ещё раз"))
    assert len(kept(folder)) == 1
    for place in range(5):
        await documents.pdf(replace(MINE, name=f"receipt-{place}"))
    assert len(kept(folder)) == 3
    with speaking("en"):
        assert documents.size("receipt-4") is None


async def test_too_many_documents_at_once_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = asyncio.Event()

    async def slow(*_: object, **__: object) -> dict[str, str]:
        await release.wait()
        return {"made": ""}

    monkeypatch.setattr(documents, "apart", slow)
    waiting = [asyncio.create_task(documents._typeset({})) for _ in range(documents.IN_LINE)]
    await asyncio.sleep(0)
    with pytest.raises(Refusal) as refused:
        await documents._typeset({})
    assert refused.value.status == 503
    release.set()
    assert await asyncio.gather(*waiting) == [b""] * documents.IN_LINE
    assert await documents._typeset({}) == b""


async def test_document_that_takes_too_long_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "SECONDS", 0.01)
    with pytest.raises(Refusal) as refused:
        await documents._typeset({"content": documents._content(MINE), "instant": 0})
    assert refused.value.status == 503


@pytest.mark.soak
async def test_o7_three_hundred_pages_are_set_in_bounded_time(folder: Path) -> None:
    long = replace(MINE, blocks=[documents.words("\n\n".join([SENTENCE * 12] * 1400))])
    async with asyncio.timeout(documents.SECONDS):
        reader = pypdf.PdfReader(io.BytesIO(await documents.pdf(long)))
    assert len(reader.pages) >= 300


def test_font_is_unpacked_only_from_a_web_font() -> None:
    with pytest.raises(ValueError, match="not a WOFF"):
        fonts.unpacked(b"\0\1\0\0", "Golos")
    body = (assets.MODULES / assets.PRINTED.format("latin", 400)).read_bytes()
    made = fonts.unpacked(body, "Golos latin")
    assert made[:4] == b"\0\1\0\0"
    assert "Golos latin".encode("utf-16-be") in made


def test_content_is_what_was_said() -> None:
    block = documents.table("a", [Column("b", 1)], [Row([Said("c", quiet=True, sub=("d",))], "note")])
    content = json.loads(documents._content(replace(MINE, blocks=[block])))
    cell = content["blocks"][-1]["rows"][0]["cells"][0]
    assert cell == {"text": "c", "lang": "", "sub": ["d"], "quiet": True, "bold": False}
