"""Documents as PDF: said in blocks, typeset apart, the same bytes for the same words; kept so long as there is room."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

import orjson
from starlette.responses import Response

from portal.kit.apart import apart
from portal.kit.bilingual import Bilingual
from portal.kit.errors import Refusal
from portal.kit.i18n import Text, Written, gettext, language, number, say
from portal.settings import settings

MODULE = "portal.kit.typesetting"
TEMPLATE = Path(__file__).parent / "templates" / "document.typ"
SPRITE = TEMPLATE.with_name("sprite.html")
PRINT = Path(__file__).parents[1] / "static" / "dist" / "print"
KEPT = 300
SECONDS, AT_ONCE, IN_LINE = 60.0, 2, 12

TEXT = say("SHA-256 of the text")
FICTION = "The regions and official series are real; programmes, people, marks and sums are fictional."

Block: TypeAlias = dict[str, Any]
_places = asyncio.Semaphore(AT_ONCE)
_in_line = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its language, where it is not the document's, its tone, and smaller lines beneath it."""

    text: Any
    lang: str = ""
    sub: tuple[Any, ...] = ()
    quiet: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; `width` is its part of what is left over, 0 as wide as its widest cell."""

    name: Any
    width: float = 0
    right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row. A "group" or a "note" has one cell over all columns; a "total" stands at the foot."""

    cells: Sequence[Any]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What is said, in the reader's language of now. `name` is the file's; `made_at` is the only date that it tells."""

    name: str
    over: Any
    heading: Any
    lead: Any
    running: Any
    made_at: datetime
    blocks: Sequence[Block]
    foot: str = ""


def ru(text: str, **more: Any) -> Said:
    """What a person wrote: it is Russian in an English document too."""
    return Said(text, lang="" if language.get() == "ru" else "ru", **more)


def heading(text: Any, level: int = 1) -> Block:
    """A heading of the first or second level."""
    return {"kind": "heading", "level": level, "text": _plain(text)}


def words(text: Any, tone: str = "", *, label: Any = "") -> Block:
    """A text in paragraphs, the first behind its label; the tone is "", "quiet", or "leading" to what follows."""
    said = _plain(text)
    said = said if isinstance(said, dict) else _plain(Said(said))
    parts = [part.strip("\n") for part in re.split(r"\n\s*\n", said["text"].replace("\r", "")) if part.strip()]
    return {"kind": "words", "tone": tone, "label": str(label), "parts": [{**said, "text": part} for part in parts]}


def facts(rows: Iterable[tuple[Any, Any]]) -> Block:
    """Names and values, a line each."""
    return {"kind": "facts", "rows": [[_plain(name), _plain(value)] for name, value in rows]}


def tally(items: Iterable[tuple[Any, Any, Any]]) -> Block:
    """Large figures side by side: name, value, note."""
    return {"kind": "tally", "items": [[_plain(one) for one in item] for item in items]}


def table(caption: Any, columns: Sequence[Column], rows: Iterable[Row], *, size: float = 9) -> Block:
    """A table whose head is repeated on every page; `size` of its type in points."""
    heads = [{"name": str(one.name), "width": one.width, "right": one.right} for one in columns]
    lines = [{"kind": row.kind, "cells": [_plain(cell) for cell in row.cells]} for row in rows]
    return {"kind": "table", "caption": _plain(caption), "columns": heads, "rows": lines, "size": size}


def notice(text: Any) -> Block:
    """What must not be overlooked."""
    return {"kind": "notice", "text": _plain(text)}


def hash_of_text(sha256: str, of: Any = TEXT) -> list[Block]:
    """The SHA-256 that proves a text, under its heading."""
    return [heading(of, 2), hash_(sha256)]


def hash_(sha256: str) -> Block:
    """A hash in a line of its own, to be copied whole."""
    return {"kind": "hash", "text": sha256}


def weight(octets: int) -> Text:
    """How large a file is, in words."""
    if octets < 1_000_000:
        return say("%(size)s KB", size=Written(number, max(1, round(octets / 1000))))
    return say("%(size)s MB", size=Written(number, octets / 1_000_000, 1))


async def answer(document: Document) -> Response:
    """The document as a file to be saved, never shown inside the portal's own pages."""
    headers = {
        "Content-Disposition": f'attachment; filename="{document.name}.{language.get()}.pdf"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return Response(await pdf(document), media_type="application/pdf", headers=headers)


async def pdf(document: Document) -> bytes:
    """The document's bytes, typeset now or before; Refusal 503 when too many are asked for at once."""
    content = _content(document)
    kept = _folder() / f"{document.name}.{language.get()}.{_digest(content)}.pdf"
    with suppress(OSError):
        return await asyncio.to_thread(kept.read_bytes)
    made = await _typeset({"content": content, "instant": int(document.made_at.timestamp())})
    with suppress(OSError):  # Without a place to keep it, it is made again the next time.
        await asyncio.to_thread(_keep, kept, made)
    return made


def size(name: str) -> int | None:
    """How many kilobytes the document of this name had when it was last made; None where it was not yet."""
    with suppress(OSError):
        for file in _folder().glob(f"{name}.{language.get()}.*.pdf"):
            return max(1, round(file.stat().st_size / 1000))
    return None


async def picture(content: Mapping[str, Any]) -> bytes:
    """A chart as PNG, made from the blocks of `picture.typ`; Refusal 503 when too many are asked for at once."""
    return await _typeset({"content": orjson.dumps({**content, "icons": _icons()}).decode()})


@cache
def _icons() -> dict[str, str]:
    """The page's icons by name, each as a drawing of its own in the colour of its word."""
    sprite = re.findall(r'<symbol id="i-(\w+)" viewBox="([\d ]+)">(.*?)</symbol>', SPRITE.read_text())
    look = 'fill="currentColor" stroke="currentColor"'
    return {
        name: f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="16" height="16" {look}>{drawn}</svg>'
        for name, box, drawn in sprite
    }


async def _typeset(task: dict[str, Any]) -> bytes:
    global _in_line
    busy = Refusal(say("Many documents are being made right now. Try again in a minute."), 503)
    if _in_line >= IN_LINE:
        raise busy
    _in_line += 1
    try:
        async with _places:
            told = await apart(MODULE, task, seconds=SECONDS)
    except TimeoutError:
        raise busy from None
    finally:
        _in_line -= 1
    return base64.b64decode(told["made"])


def _folder() -> Path:
    return settings().var / "documents"


def _keep(file: Path, made: bytes) -> None:
    """The file is there, readable by the portal alone; its earlier forms and the oldest of too many are gone."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = file.name.rsplit(".", 2)[0]
    earlier = list(file.parent.glob(f"{stem}.*.pdf"))
    others = sorted(file.parent.glob("*.pdf"), key=lambda one: one.stat().st_mtime)
    for old in [*earlier, *others[: max(0, len(others) - KEPT + 1)]]:
        old.unlink(missing_ok=True)
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(made)
    fresh.replace(file)


def _content(document: Document) -> str:
    """The JSON that the template reads."""
    demo = gettext("Demonstration data") if settings().demo else ""
    blocks = [notice(f"{gettext('Demonstration data.')} {gettext(FICTION)}")] if demo else []
    content = {
        "language": language.get(),
        "title": f"{document.over}: {document.heading}",
        "portal": gettext("Programmes for families"),
        "line": gettext("applications and results"),
        "over": _plain(document.over),
        "heading": _plain(document.heading),
        "lead": _plain(document.lead),
        "running": str(document.running),
        "foot": document.foot,
        "pages": gettext("page {page} of {pages}"),
        "demo": demo,
        "blocks": [*blocks, *document.blocks],
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def _plain(value: Any) -> Any:
    """As the template reads it: a string, or a record where there is more to say than its words."""
    if isinstance(value, Said):
        return {
            "text": str(value.text),
            "lang": value.lang or _foreign(value.text),
            "sub": [_plain(one) for one in value.sub],
            "quiet": value.quiet,
            "bold": value.bold,
        }
    if foreign := _foreign(value):
        return _plain(Said(str(value), lang=foreign))
    return str(value)


def _foreign(value: Any) -> str:
    """The language of a text that has no form in the document's."""
    return value.language if isinstance(value, Bilingual) and value.language != language.get() else ""


@cache
def _means() -> bytes:
    """What else the bytes hang on: the template, the fonts, the typesetter."""
    fonts = "".join(sorted(file.name for file in PRINT.glob("*.ttf")))
    return TEMPLATE.read_bytes() + f"{fonts} {version('typst')}".encode()


def _digest(content: str) -> str:
    return hashlib.sha256(_means() + content.encode()).hexdigest()[:32]
