"""A file that comes with a form: counted, known by its content, read for personal data, and only then in the store."""

from __future__ import annotations

import asyncio
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request

from portal.kit import clock, files
from portal.kit.apart import apart
from portal.kit.errors import Full, Invalid, Problem, is_full
from portal.kit.i18n import Text, say
from portal.kit.kinds import extension

MEGABYTES = 20
LIMIT = MEGABYTES * 1_000_000
TAKES_FILES = [Middleware(RequestBodyLimitMiddleware, max_body_size=LIMIT + 1_000_000)]
"""What a route needs that takes a file: a limit of its own, above that of all other requests."""
FIELD = "file"
SECONDS = 60.0
NAME_LIMIT = 120
RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?=\.|$)", re.IGNORECASE)
KINDS = say("documents PDF, DOCX, ODT, tables XLSX, ODS, CSV, pictures PNG, JPEG or texts TXT")

log = structlog.get_logger()
_turns = asyncio.Semaphore(2)
"""Two files are read at a time: the others wait, pages do not."""

REFUSED: Mapping[str, Text] = {
    "unknown kind": say("Files of this kind are not taken. Send %(kinds)s.", kinds=KINDS),
    "another kind": say("The content of the file is not what its name says. Save it anew in its own program."),
    "empty": say("The file is empty. Choose another one."),
    "old office": say("This is an old or locked office file. Save it as DOCX or XLSX without a password."),
    "locked": say("The file is locked with a password, so it cannot be checked. Save it without one."),
    "macros": say("The file has macros. Save it without them."),
    "active": say("The PDF carries scripts or other files inside. Print it to PDF anew."),
    "bomb": say("The file unpacks into far more than it seems to hold. Save it anew in its own program."),
    "broken": say("The file cannot be read. Open it, check it and save it anew."),
    "too much": say("The file is too large to be checked for personal data. Divide it, or send only what is needed."),
}
FOUND: Mapping[str, Text] = {
    "snils": say("this looks like a СНИЛС number"),
    "passport": say("this looks like a passport number"),
    "people": say("this looks like a list of people with their days of birth"),
}


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is in the store and not yet on record: its clean name, kind, size in bytes and hash."""

    name: str
    kind: str
    size: int
    sha256: str


async def receive(request: Request) -> Received:
    """The file of the form that was sent, accepted and in the store; the form must have been read.

    Raises Invalid with the reason beside the field, Full where there is no room.
    """
    upload: UploadFile | None = request.state.uploads.get(FIELD)
    if upload is None or not upload.filename:
        raise _refused(say("Choose a file."))
    try:
        return await _received(upload.file, upload.filename)
    except OSError as error:
        raise (Full() if is_full(error) else error) from error
    finally:
        await upload.close()


async def _received(sent: BinaryIO, typed: str) -> Received:
    name, promised = clean_name(typed), extension(typed)
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        copy = Path(folder) / "file"
        size, digest = await asyncio.to_thread(_copied, sent, copy)
        if size > LIMIT:
            raise _refused(say("The file is larger than %(limit)s MB. Send a smaller one.", limit=MEGABYTES))
        kind = await _inspected(copy, promised)
        await files.put(digest, copy)
    return Received(name, kind, size, digest)


def _copied(sent: BinaryIO, copy: Path) -> tuple[int, str]:
    digest, size = sha256(), 0
    with copy.open("wb") as file:
        while block := sent.read(1 << 18):
            digest.update(block)
            size += file.write(block)
    return size, digest.hexdigest()


async def _inspected(path: Path, promised: str) -> str:
    task = {"path": str(path), "kind": promised, "today": clock.today().isoformat()}
    async with _turns:
        try:
            told: dict[str, Any] = await apart("portal.kit.inspection", task, seconds=SECONDS)
        except (RuntimeError, TimeoutError) as error:  # It took too long or too much memory; its words stay unsaid.
            log.warning("a file could not be inspected", kind=promised, fault=type(error).__name__)
            told = {"refused": "too much"}
    if "found" in told:
        raise _refused(_told(told))
    if "refused" in told:
        raise _refused(REFUSED[told["refused"]])
    return str(told["kind"])


def _told(found: dict[str, Any]) -> Text:
    """Where it is and what it looks like: never what stands there."""
    values: dict[str, Any] = {"row": found["row"], "what": FOUND[found["found"]]}
    advice = say("Personal data is not taken: remove it and send the file again.")
    if "sheet" in found:
        return say(
            "Sheet “%(sheet)s”, row %(row)s: %(what)s. %(advice)s", sheet=found["sheet"][:60], advice=advice, **values
        )
    if "page" in found:
        return say("Page %(page)s, line %(row)s: %(what)s. %(advice)s", page=found["page"], advice=advice, **values)
    return say("Line or paragraph %(row)s: %(what)s. %(advice)s", advice=advice, **values)


def _refused(reason: Text) -> Invalid:
    return Invalid([Problem(FIELD, reason)])


def clean_name(typed: str) -> str:
    """A name that every system can keep and nobody can be misled by: no path, no invisible signs, 120 characters."""
    last = unicodedata.normalize("NFC", typed).replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    safe = re.sub(r'[<>:"|?*%;]', "_", re.sub(r"\s+", " ", seen)).strip(" .-_~")
    stem, dot, kind = safe.rpartition(".")
    stem, kind = (stem.rstrip(" .") or "file", dot + kind[:10]) if dot else (safe or "file", "")
    return ("_" if RESERVED.match(stem) else "") + stem[: NAME_LIMIT - len(kind) - 1].rstrip(" .") + kind
