"""The one store of files: bytes by their hash, in a folder or in S3; and on record whose they are and what they are."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from tortoise import connections, fields
from tortoise.functions import Sum
from tortoise.indexes import Index
from tortoise.models import Model
from tortoise.queryset import QuerySet

from portal.kit import clock, db, jobs, journal
from portal.kit.errors import Full, Refusal, is_full
from portal.kit.i18n import Text, say
from portal.kit.kinds import MEDIA
from portal.settings import settings

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

    from portal.kit.uploads import Received

FILES, FILES_EVER = 20, 200
"""How many files one record has at most, and ever had."""
BYTES, OWNER_BYTES = 100_000_000, 1_000_000_000
"""What the files of one record, and of one organisation, may take up."""
GRACE = timedelta(hours=48)
"""How long bytes without a row are kept: an upload may be on its way, a removal may have been a mistake."""
IN_TIME: ClientConfig = {"connect_timeout": "3s", "timeout": "60s", "allow_http": True}
AGAIN: RetryConfig = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
"""Somebody waits: that a bucket is away is told in seconds, where the library by itself would try for three minutes.
Whether it is reached by http or https, AWS_ENDPOINT_URL says."""
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"

log = structlog.get_logger()


class StoredFile(Model):
    """A file on record. Its bytes are in the store under `sha256`; the row never changes, except that it is removed."""

    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=16, unique=True)
    sha256 = fields.CharField(max_length=64, db_index=True)
    size = fields.BigIntField()
    kind = fields.CharField(max_length=8)
    name = fields.CharField(max_length=150)
    subject = fields.CharField(max_length=64)
    subject_id = fields.BigIntField()
    part = fields.CharField(max_length=40)
    owner_id = fields.BigIntField(null=True)
    uploaded_by_id = fields.BigIntField(null=True)
    uploaded_by_name = fields.CharField(max_length=200)
    uploaded_at = fields.DatetimeField()
    removed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "stored_file"
        indexes = (Index(fields=("subject", "subject_id")), Index(fields=("owner_id",)))

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        """What kind it is, as people say it."""
        return "JPEG" if self.kind == "jpg" else self.kind.upper()


@cache
def store() -> ObjectStore:
    """Where the bytes are."""
    if settings().files_url:
        return from_url(str(settings().files_url), client_options=IN_TIME, retry_config=AGAIN)
    folder = settings().var / "files"
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder)


def _path(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


async def put(sha256: str, file: Path) -> None:
    """The bytes of `file` are in the store, once, under their hash; raises Full, or Refusal if it does not answer."""
    try:
        await obstore.put_async(store(), _path(sha256), file)
    except (BaseError, OSError) as error:
        if is_full(error):
            raise Full from error
        log.exception("the store of files does not answer")
        away = say("The store of files does not answer. Nothing was changed. Try again in a minute.")
        raise Refusal(away, 503) from error


def of(record: Model) -> QuerySet[StoredFile]:
    """The files of the record, oldest first."""
    mine = StoredFile.filter(subject=type(record).__name__, subject_id=record.pk, removed_at=None)
    return mine.order_by("uploaded_at", "id")


async def named(public_id: str, record: Model) -> StoredFile:
    """The file that an address names, if it is this record's; raises NotFound for any other."""
    return await db.found(of(record).filter(public_id=public_id))


async def why_not_keep(record: Model, size: int, owner: int | None) -> Text | None:
    """Why the record, or the organisation `owner`, has no room for a file of so many bytes."""
    mine = await of(record).only("id", "size")
    ever = await StoredFile.filter(subject=type(record).__name__, subject_id=record.pk).count()
    if len(mine) >= FILES or ever >= FILES_EVER:
        return say("There are %(limit)s files here already. Remove one that is not needed.", limit=FILES)
    if sum(one.size for one in mine) + size > BYTES:
        return say("All files here may have %(limit)s MB together. Remove one, or send a smaller one.",
                   limit=BYTES // 1_000_000)  # fmt: skip
    taken = await StoredFile.filter(owner_id=owner, removed_at=None).annotate(all=Sum("size")).values_list("all")
    if owner is not None and (taken[0][0] or 0) + size > OWNER_BYTES:
        return say("The files of your organisation have taken up all %(limit)s MB. Tell the Foundation.",
                   limit=OWNER_BYTES // 1_000_000)  # fmt: skip
    return None


async def keep(received: Received, record: Model, *, part: str, owner: int | None, by: journal.Actor) -> StoredFile:
    """The file that has been received belongs to the record, and the journal says so. Called inside a verb.

    The record must be locked. Raises Refusal where there is no room for it.
    """
    if reason := await why_not_keep(record, received.size, owner):
        raise Refusal(reason)
    await connections.get("default").execute_query(LOCK, [received.sha256])  # The sweep waits, or has been.
    await _head(received.sha256)
    made = await StoredFile.create(
        public_id=secrets.token_urlsafe(9),
        sha256=received.sha256,
        size=received.size,
        kind=received.kind,
        name=received.name,
        subject=type(record).__name__,
        subject_id=record.pk,
        part=part,
        owner_id=owner,
        uploaded_by_id=by.id,
        uploaded_by_name=by.name_in_journal,
        uploaded_at=clock.now(),
    )
    await journal.write(record, by=by, file=made.name, size=made.size, sha256=made.sha256)
    return made


async def remove(record: Model, file: StoredFile, *, by: journal.Actor) -> None:
    """The file is not the record's any more; the row says when, the bytes go later. Called inside a verb."""
    await StoredFile.filter(id=file.id, removed_at=None).update(removed_at=clock.now())
    await journal.write(record, by=by, file=file.name, size=file.size, sha256=file.sha256)


async def _head(sha256: str) -> None:
    try:
        await obstore.head_async(store(), _path(sha256))
    except (BaseError, OSError) as error:
        raise Refusal(say("The file did not arrive. Send it once more."), 503) from error


async def serve(request: Request, file: StoredFile) -> Response:
    """The file as something to save and never to show; raises Refusal where its bytes cannot be had."""
    headers = {
        "Content-Disposition": disposition(file.name),
        "Content-Length": str(file.size),
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        "Accept-Ranges": "none",
    }
    if request.method == "HEAD":
        return Response(headers=headers, media_type=MEDIA[file.kind])
    try:
        found = await obstore.get_async(store(), _path(file.sha256))
    except (BaseError, OSError) as error:
        log.exception("bytes of a file are not there", file=file.public_id)
        raise Refusal(say("This file cannot be opened now. Tell the administrator."), 503) from error

    async def bytes_() -> AsyncIterator[bytes]:
        async for block in found.stream(min_chunk_size=1 << 18):
            yield bytes(block)

    return StreamingResponse(bytes_(), headers=headers, media_type=MEDIA[file.kind])


def disposition(name: str) -> str:
    """The header that makes a browser save a file under its name, in any alphabet (RFC 6266)."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in " ._-()") else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@jobs.scheduled("sweep_files", "17 4 * * *")
async def sweep_files() -> dict[str, object] | None:
    """Bytes that no row has spoken of for two days are gone; rows whose bytes are gone are told."""
    before = clock.now() - GRACE
    wanted = await _wanted()
    stored: set[str] = set()
    removed = 0
    async for batch in obstore.list(store()):
        for one in batch:
            sha256 = one["path"].rpartition("/")[2]
            stored.add(sha256)
            if len(sha256) == 64 and sha256 not in wanted and one["last_modified"] < before:
                removed += await _sweep(sha256)
    lost = sorted(await _wanted(lasting=True) - stored)
    if lost:
        log.error("files on record have no bytes in the store", count=len(lost))
    return {"removed": removed, "lost": lost[:20]} if removed or lost else None


async def _wanted(sha256: str = "", *, lasting: bool = False) -> set[str]:
    """The hashes that some row speaks of, or spoke of until two days ago; with `lasting` those not removed."""
    rows = await db.rows(
        "SELECT DISTINCT sha256 FROM stored_file WHERE (removed_at IS NULL OR removed_at > $1) AND $2 IN ('', sha256)",
        clock.now() if lasting else clock.now() - GRACE,
        sha256,
    )
    return {str(row["sha256"]) for row in rows}


async def _sweep(sha256: str) -> int:
    """1 if the bytes are gone: asked once more under a lock, for they may have come again meanwhile."""
    await connections.get("default").execute_query(LOCK, [sha256])
    about = await obstore.head_async(store(), _path(sha256))
    if await _wanted(sha256) or about["last_modified"] >= clock.now() - GRACE:
        return 0
    await obstore.delete_async(store(), _path(sha256))
    return 1


async def trouble() -> str | None:
    """What is wrong with the store, in one line, or None: a small file is written, read and removed."""
    try:
        await obstore.put_async(store(), "check", b"check")
        found = await (await obstore.get_async(store(), "check")).bytes_async()
        await obstore.delete_async(store(), "check")
    except (BaseError, OSError, ValueError) as error:
        return f"The store of files cannot be used ({str(error).strip().splitlines()[0]})."
    return None if bytes(found) == b"check" else "The store of files gives back other bytes than it was given."
