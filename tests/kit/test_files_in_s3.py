"""Files whose bytes are in S3: written, read, missed, swept; and a bucket that does not answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

from portal.kit import clock, files
from portal.kit.errors import Refusal
from portal.kit.files import StoredFile
from portal.settings import settings
from tests.kit.bucket import KEY, NAME, Bucket, bucket

CONTENT = "Письмо поддержки".encode() * 50_000
HASH = sha256(CONTENT).hexdigest()
FILE = StoredFile(public_id="one", sha256=HASH, size=len(CONTENT), kind="txt", name="Письмо.txt")
GET = Request({"type": "http", "method": "GET", "headers": []})


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """The portal keeps its files in this bucket, named by its settings alone."""
    with bucket() as made:
        in_s3 = replace(settings(), files_url=f"s3://{NAME}/portal")
        monkeypatch.setattr(files, "settings", lambda: in_s3)
        for name, value in {
            "AWS_ENDPOINT_URL": made.address, "AWS_REGION": "ru-1",
            "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": "secret",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        files.store.cache_clear()
        yield made
        files.store.cache_clear()


async def put(folder: Path, content: bytes = CONTENT) -> None:
    file = folder / "file"
    file.write_bytes(content)
    await files.put(sha256(content).hexdigest(), file)


async def test_bytes_come_back_as_they_were_given(s3: Bucket, tmp_path: Path) -> None:
    await put(tmp_path)
    assert list(s3.held) == [f"portal/{HASH[:2]}/{HASH}"]
    answer = await files.serve(GET, FILE)
    assert isinstance(answer, StreamingResponse)
    assert b"".join([bytes(block) async for block in answer.body_iterator]) == CONTENT  # type: ignore[arg-type]
    assert await files.trouble() is None


async def test_what_is_not_there_is_told(s3: Bucket) -> None:
    with pytest.raises(Refusal) as refused:
        await files.serve(GET, FILE)
    assert refused.value.status == 503


async def test_a_bucket_that_is_away_is_told_of_in_seconds(s3: Bucket, tmp_path: Path) -> None:
    s3.status = 503
    begun = time.monotonic()
    with pytest.raises(Refusal) as refused:
        await put(tmp_path)
    assert refused.value.status == 503
    assert 2 <= s3.asked <= 4
    assert time.monotonic() - begun < 10
    assert "cannot be used" in str(await files.trouble())


async def test_keys_that_are_refused_are_trouble(s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "SOMEBODYELSE")
    files.store.cache_clear()
    assert "cannot be used" in str(await files.trouble())


async def test_the_sweep_leaves_what_is_young_or_on_record(s3: Bucket, tmp_path: Path, tx: object) -> None:
    await put(tmp_path)
    await put(tmp_path, b"nobody speaks of it")
    await StoredFile.create(
        public_id="one", sha256=HASH, size=1, kind="txt", name="Письмо.txt", subject="Report", subject_id=1,
        part="evidence", uploaded_by_name="Редактор", uploaded_at=clock.now(),
    )  # fmt: skip
    assert await files.sweep_files() is None
    s3.held = {key: (body, at - timedelta(days=3)) for key, (body, at) in s3.held.items()}
    assert await files.sweep_files() == {"removed": 1, "lost": []}
    assert list(s3.held) == [f"portal/{HASH[:2]}/{HASH}"]
