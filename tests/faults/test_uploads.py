"""Files that must not come in, that are too many, or for which there is no room."""

from __future__ import annotations

import asyncio
import errno
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from obstore.exceptions import GenericError
from obstore.store import LocalStore

from portal.applications.application import service as applications
from portal.kit import drafts, files, uploads
from tests.faults.conftest import World
from tests.faults.test_files import LETTER, attached, reason, send
from tests.kit import papers
from tests.visit import Visitor


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("Письмо.html", b"<script>", "такого вида"),
        ("Письмо.pdf", b"<html><script>alert(1)</script>", "не соответствует"),
        ("Письмо.pdf.html", papers.pdf(), "такого вида"),
        ("Письмо.svg", b"<svg onload=alert(1)>", "такого вида"),
        ("Письмо.docx", b"", "пустой"),
        ("Письмо.pdf", papers.pdf(script="app.alert(1)"), "сценарии"),
        ("Бомба.docx", papers.docx(more={"word/media/a": b"\x00" * 20_000_000}), "распаковывается"),
    ],
)  # fmt: skip
async def test_f3_what_must_not_come_in_is_refused_beside_its_field(
    world: World, browser: Visitor, store: Path, name: str, content: bytes, words: str
) -> None:
    answer = await send(browser, world.here, content, name)
    assert answer.status_code == 422
    assert words in reason(answer.text)
    assert await attached(world.application) == []
    assert stored(store) == 0


def stored(store: Path) -> int:
    return sum(1 for path in store.rglob("*") if path.is_file())


async def test_personal_data_is_refused_with_its_place_and_never_repeated(
    world: World, browser: Visitor, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["Район", "Примечание"], *[[f"Район {n}", ""] for n in range(10)], ["Район", "112-233-445 95"]]
    answer = await send(browser, world.here, papers.xlsx({"Семьи": rows}), "Расчёт.xlsx")
    assert answer.status_code == 422
    assert "Лист «Семьи», строка 12: похоже на СНИЛС." in reason(answer.text)
    told = capsys.readouterr()
    assert not any("233-445" in text or "112233445" in text for text in (answer.text, told.out, told.err))
    assert stored(store) == 0


async def test_f2_a_file_that_takes_too_long_to_read_is_refused(
    world: World, browser: Visitor, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SECONDS", 0.001)
    answer = await send(browser, world.here, LETTER)
    assert (answer.status_code, "слишком велик" in reason(answer.text)) == (422, True)
    assert stored(store) == 0


async def test_no_file_chosen_is_said_beside_the_field(world: World, browser: Visitor) -> None:
    for answer in (await send(browser, world.here, b"", ""), await browser.send_form(world.here)):
        assert (answer.status_code, reason(answer.text)) == (422, "Выберите файл.")


async def test_form_token_is_asked_before_the_file_is_taken(
    world: World, browser: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal taken
        yield (
            b'--x\r\nContent-Disposition: form-data; name="form_token"\r\n\r\nforged\r\n'
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-'
        )
        while taken < 300:
            taken += 1
            yield b"x" * 65536

    answer = await browser.post(world.here, content=body(), headers={"content-type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 403
    assert await attached(world.application) == []


async def test_f8_limits_have_words(world: World, browser: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LIMIT", 1000)
    large = await send(browser, world.here, papers.PNG + b"\x00" * 1000, "Схема.png")
    assert "больше 20 МБ" in reason(large.text)
    whole = await browser.post(world.here, content=b"", headers={"content-length": "90000000"})
    assert whole.status_code == 413
    elsewhere = f"/ru/applications/{world.application.number}/hand-over"
    assert (await browser.post(elsewhere, content=b"x" * 2_000_001)).status_code == 413
    monkeypatch.setattr(files, "FILES", 1)
    assert (await send(browser, world.here, papers.PNG, "Схема.png")).status_code == 303
    again = await send(browser, world.here, papers.PNG, "Схема 2.png")
    assert (again.status_code, "Удалите ненужный" in reason(again.text)) == (409, True)
    monkeypatch.setattr(files, "FILES", 20)
    monkeypatch.setattr(files, "BYTES", 60)
    assert "вместе могут занимать" in reason((await send(browser, world.here, papers.PNG, "2.png")).text)
    monkeypatch.setattr(files, "BYTES", 100_000)
    monkeypatch.setattr(files, "OWNER_BYTES", 60)
    assert "вашей организации" in reason((await send(browser, world.here, papers.PNG, "2.png")).text)
    assert len(await attached(world.application)) == 1


async def test_f4_full_disk_is_told_and_the_draft_is_as_it_was(
    world: World, browser: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await applications.save(world.application, "goal", {"goal": "Цель"}, based_on=0, by=world.editor)
    words = "На диске портала кончилось место"

    async def full(*_: Any) -> None:
        raise GenericError("Generic LocalFileSystem error: StorageFull")

    with monkeypatch.context() as patch:
        patch.setattr(files.obstore, "put_async", full)
        answer = await send(browser, world.here, LETTER)
        assert (answer.status_code, words in answer.text.replace("\xa0", " ")) == (507, True)

    def no_room(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:  # The place where the request's own parts are put is full.
        patch.setattr("starlette.formparsers.SpooledTemporaryFile.write", no_room)
        answer = await send(browser, world.here, LETTER)
        assert (answer.status_code, words in answer.text.replace("\xa0", " ")) == (507, True)
    with monkeypatch.context() as patch:  # And so is that of the copy that is looked at.
        patch.setattr(uploads, "_copied", no_room)
        assert (await send(browser, world.here, LETTER)).status_code == 507
    assert await attached(world.application) == []
    assert (await drafts.latest(world.application))["goal"].typed == {"goal": "Цель"}
    assert (await browser.get(world.here)).status_code == 200
    assert (await send(browser, world.here, LETTER)).status_code == 303


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.soak
async def test_f4_disk_that_is_really_full(
    world: World, browser: Visitor, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = LocalStore(tiny)
    monkeypatch.setattr(files, "store", lambda: small)
    content = papers.PNG + os.urandom(600_000)
    assert (await send(browser, world.here, content, "1.png")).status_code == 303
    answers = await asyncio.gather(*(send(browser, world.here, content[:-n], f"{n}.png") for n in (2, 3)))
    assert [answer.status_code for answer in answers] == [507, 507]
    assert len(await attached(world.application)) == 1
    (file,) = await attached(world.application)
    assert (await browser.get(f"{world.here}/{file.public_id}")).content == content
    assert (await send(browser, world.here, papers.PNG, "3.png")).status_code == 303
