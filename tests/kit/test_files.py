"""Files: what they are, what they are called, where their bytes lie, and what is swept away."""

from __future__ import annotations

import os
import struct
import zipfile
from datetime import date
from email.message import Message
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tortoise.exceptions import BaseORMException

from portal.kit import clock, files
from portal.kit.errors import Refusal
from portal.kit.files import StoredFile, disposition
from portal.kit.inspection import inspect
from portal.kit.uploads import REFUSED, Received, clean_name
from portal.people.roles import Role
from tests import make
from tests.kit import papers

TODAY = date(2026, 11, 20)


def looked_at(folder: Path, name: str, content: bytes) -> dict[str, Any]:
    path = folder / "file"
    path.write_bytes(content)
    return inspect(path, name, TODAY)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("pdf", papers.pdf()),
        ("png", papers.PNG),
        ("jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 40),
        ("docx", papers.docx("Письмо поддержки")),
        ("xlsx", papers.xlsx({"Расчёт": [["Район", "Семей"], ["Первый", 12]]})),
        ("odt", papers.archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})),
        ("csv", "Район;Семей\nПервый;12\n".encode()),
        ("txt", "Письмо".encode("cp1251")),
    ],
)
def test_f3_what_people_send_is_taken(tmp_path: Path, kind: str, content: bytes) -> None:
    assert looked_at(tmp_path, kind, content) == {"kind": kind}


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("pdf", b"<html><script>alert(1)</script>", "another kind"),
        ("pdf", b"\n%PDF-1.7 after something else", "another kind"),
        ("html", b"<html>", "unknown kind"),
        ("svg", b"<svg onload=alert(1)>", "unknown kind"),
        ("", b"%PDF-1.7", "unknown kind"),
        ("png", papers.pdf(), "another kind"),
        ("txt", b"MZ\x00\x01", "another kind"),
        ("csv", papers.archive({"a": "b"}), "another kind"),
        ("pdf", b"", "empty"),
        ("docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old office"),
        ("docx", papers.docx(types="application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        ("docx", papers.docx(more={"word/vbaProject.bin": b"x"}), "macros"),
        ("xlsx", papers.docx(), "another kind"),
        ("docx", papers.docx(more={"../../etc/passwd": "x"}), "broken"),
        ("docx", b"PK\x03\x04 and nothing", "broken"),
        ("pdf", papers.pdf(script="app.alert(1)"), "active"),
        ("pdf", papers.pdf(password="1234"), "locked"),
        ("pdf", b"%PDF-1.7 and nothing", "broken"),
    ],
)
def test_f3_what_is_something_else_is_refused(tmp_path: Path, kind: str, content: bytes, code: str) -> None:
    assert looked_at(tmp_path, kind, content) == {"refused": code}
    assert code in REFUSED


def test_f3_archives_are_measured_before_they_are_unpacked(tmp_path: Path) -> None:
    bomb = papers.docx(more={"word/media/a": b"\x00" * 20_000_000})
    assert len(bomb) < 30_000
    assert looked_at(tmp_path, "docx", bomb) == {"refused": "bomb"}
    many = papers.docx(more={f"word/{n}": b"" for n in range(4001)})
    assert looked_at(tmp_path, "docx", many) == {"refused": "bomb"}
    declared = bytearray(papers.docx("короткий"))
    place = declared.rindex(b"word/document.xml") - 46
    struct.pack_into("<I", declared, place + 24, 3_000_000_000)
    assert looked_at(tmp_path, "docx", bytes(declared)) == {"refused": "bomb"}


def test_locked_archive_is_refused(tmp_path: Path) -> None:
    content = bytearray(papers.archive({"[Content_Types].xml": papers.DOCX}, zipfile.ZIP_STORED))
    place = content.rindex(b"PK\x01\x02")
    struct.pack_into("<H", content, place + 8, 1)
    assert looked_at(tmp_path, "docx", bytes(content)) == {"refused": "locked"}


def test_personal_data_is_named_by_its_place(tmp_path: Path) -> None:
    rows = [["Район", "Примечание"], *[[f"Район {n}", ""] for n in range(10)], ["Район 11", "112-233-445 95"]]
    told = looked_at(tmp_path, "xlsx", papers.xlsx({"Свод": [["Всего", 5]], "Семьи": rows}))
    assert told == {"found": "snils", "row": 12, "sheet": "Семьи"}
    births = [["ФИО", "Дата рождения"], ["Иванова Анна", date(2015, 2, 1)]]
    told = looked_at(tmp_path, "xlsx", papers.xlsx({"Дети": births}))
    assert told == {"found": "people", "row": 2, "sheet": "Дети"}
    told = looked_at(tmp_path, "docx", papers.docx("Письмо", "Паспорт 4510 123456"))
    assert told == {"found": "passport", "row": 2}
    cells = "".join(f"<w:tc><w:p><w:t>{one}</w:t></w:p></w:tc>" for one in ("СНИЛС", "112 233", "445 95"))
    body = {"word/footnotes.xml": f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"}
    assert looked_at(tmp_path, "docx", papers.docx("Письмо", more=body)) == {"kind": "docx"}
    split = "<w:p><w:r><w:t>112-233-</w:t></w:r><w:r><w:t>445 95</w:t></w:r></w:p>"
    told = looked_at(tmp_path, "docx", papers.docx("Письмо", more={"word/header1.xml": split}))
    assert told == {"found": "snils", "row": 2}
    told = looked_at(tmp_path, "csv", "Имя;Дата рождения\nАнна;01.02.2015\n".encode("cp1251"))
    assert told == {"found": "people", "row": 2}


NAMES = [
    ("../../etc/passwd.pdf", "passwd.pdf"),
    ("..\\..\\x.pdf", "x.pdf"),
    ("C:\\Users\\Анна\\Письмо поддержки.pdf", "Письмо поддержки.pdf"),
    ("x\x00.pdf", "x.pdf"),
    ("отчёт\u202efdp.exe.pdf", "отчётfdp.exe.pdf"),
    ("CON.pdf", "_CON.pdf"),
    ("lpt1.txt", "_lpt1.txt"),
    ("-rf.pdf", "rf.pdf"),
    ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
    ("a.pdf; filename*=UTF-8''evil.html", "a.pdf_ filename_=UTF-8''evil.html"),
    ("....", "file"),
    (".pdf", "pdf"),
    ("Й" * 300 + ".pdf", "Й" * 115 + ".pdf"),
]


@pytest.mark.parametrize(("typed", "name"), NAMES)
def test_f1_names_are_made_harmless(typed: str, name: str) -> None:
    assert clean_name(typed) == name


@example("0" * 112 + " 0.0000")
@given(st.text(max_size=400))
def test_f1_any_name_becomes_one_that_header_and_disk_can_hold(typed: str) -> None:
    name = clean_name(typed)
    assert 0 < len(name) <= 121
    assert clean_name(name) == name
    assert not set(name) & set('/\\:"<>|?*\0\r\n')
    message = Message()
    message["Content-Disposition"] = disposition(name)
    assert message.get_filename() is not None
    assert message.get_content_disposition() == "attachment"
    assert message["Content-Disposition"].isascii()


def test_f1_russian_names_come_back_from_the_header() -> None:
    header = disposition("Письмо поддержки.pdf")
    assert header.startswith('attachment; filename="______ _________.pdf"; ')
    message = Message()
    message["Content-Disposition"] = header.replace('filename="______ _________.pdf"; ', "")
    assert message.get_filename() == "Письмо поддержки.pdf"


def names(store: Path) -> list[str]:
    return [str(path.relative_to(store)) for path in store.rglob("*") if path.is_file()]


def lose(store: Path) -> None:
    store.rmdir()
    store.write_text("no folder any more")


async def put(content: bytes, folder: Path, name: str = "Письмо.txt") -> Received:
    source = folder.parent / "source"
    source.write_bytes(content)
    digest = sha256(content).hexdigest()
    await files.put(digest, source)
    return Received(name, "txt", len(content), digest)


async def test_bytes_are_kept_once_under_their_hash(tx: None, store: Path) -> None:
    first, second = await put(b"same", store), await put(b"same", store, "Другое имя.txt")
    assert first.sha256 == second.sha256
    assert names(store) == [f"{first.sha256[:2]}/{first.sha256}"]
    assert await files.trouble() is None


async def kept(received: Received) -> StoredFile:
    region = await make.region(*make.KAMCHATKA)
    editor = await make.person(Role.EDITOR, region=region)
    return await StoredFile.create(
        public_id=f"file{received.size}",
        **{"name": received.name, "kind": received.kind, "size": received.size, "sha256": received.sha256},
        subject="Application",
        subject_id=1,
        part="attachments",
        uploaded_by_id=editor.id,
        uploaded_by_name="Редактор",
        uploaded_at=clock.now(),
    )


def age(store: Path, digest: str, hours: float) -> Path:
    path = store / digest[:2] / digest
    then = clock.now().timestamp() - hours * 3600
    os.utime(path, (then, then))
    return path


async def test_sweep_takes_what_no_row_speaks_of_after_two_days(tx: None, store: Path) -> None:
    orphan, fresh, wanted = await put(b"1", store), await put(b"22", store), await put(b"333", store)
    await kept(wanted)
    old, young = age(store, orphan.sha256, 49), age(store, fresh.sha256, 47)
    stays = age(store, wanted.sha256, 1000)
    assert await files.sweep_files() == {"removed": 1, "lost": []}
    assert (old.exists(), young.exists(), stays.exists()) == (False, True, True)
    assert await files.sweep_files() is None


async def test_sweep_waits_two_days_after_a_removal_and_tells_of_lost_bytes(tx: None, store: Path) -> None:
    received = await put(b"4444", store)
    file = await kept(received)
    path = age(store, received.sha256, 1000)
    await StoredFile.filter(id=file.id).update(removed_at=clock.now())
    assert await files.sweep_files() is None
    with clock.frozen(clock.now() + files.GRACE * 2):
        assert await files.sweep_files() == {"removed": 1, "lost": []}
    assert not path.exists()
    lost = await put(b"55555", store)
    await kept(lost)
    (store / lost.sha256[:2] / lost.sha256).unlink()
    assert await files.sweep_files() == {"removed": 0, "lost": [lost.sha256]}


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"size": 1}, {"name": "другое.pdf"}, {"subject_id": 2}])
async def test_f7_a_row_never_changes(tx: Any, store: Path, change: dict[str, Any]) -> None:
    file = await kept(await put(b"666666", store))
    with pytest.raises(BaseORMException, match="stored_file"):
        await StoredFile.filter(id=file.id).update(**change)


async def test_f4_store_that_is_away_is_told(store: Path) -> None:
    lose(store)
    assert str(await files.trouble()).startswith("The store of files cannot be used")
    with pytest.raises(Refusal) as refusal:
        await put(b"7777777", store)
    assert refusal.value.status == 503
