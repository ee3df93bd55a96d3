"""One file looked at in a process of its own: what it is, and whether it holds personal data. JSON in, JSON out."""

from __future__ import annotations

import csv
import html
import io
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from portal.kit import personal
from portal.kit.kinds import UNPACKED, NotTaken, sniff

CPU_SECONDS, MEMORY = 40, 512_000_000
TEXTS = {
    "docx": r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml",
    "odt": r"(?:content|styles)\.xml",
}
CELL_ENDS, ROW_ENDS = {"/w:tc", "/table:table-cell"}, {"/w:tr", "/table:table-row"}
LINE_ENDS = {"/w:p", "/text:p", "/text:h", "w:br", "text:line-break"}
TABLES = {"w:tbl": 1, "/w:tbl": -1, "table:table": 1, "/table:table": -1}
ACTIVE = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData"}

Sheet = tuple[dict[str, Any], Iterator[personal.Row]]
"""Where one is in the file, {"sheet": …}, {"page": …} or {}, and its rows."""


def inspect(path: Path, promised: str, today: date) -> dict[str, Any]:
    """{"kind": …} of a file that may come in, {"refused": code} of another, or {"found": what, "row": …, place}."""
    try:
        kind = sniff(path, promised)
        for place, rows in _sheets(path, kind):
            if found := personal.first_finding(rows, today):
                return {"found": found.what, "row": found.row, **place}
    except NotTaken as refusal:
        return {"refused": refusal.code}
    except MemoryError:
        return {"refused": "too much"}
    except Exception:  # Whatever a reader stumbles over: the file cannot be vouched for.
        return {"refused": "broken"}
    return {"kind": kind}


def _sheets(path: Path, kind: str) -> Iterator[Sheet]:
    match kind:
        case "pdf":
            yield from _pdf(path)
        case "xlsx" | "ods":
            yield from _workbook(path)
        case "docx" | "odt":
            yield {}, _document(path, TEXTS[kind])
        case "csv" | "txt":
            yield {}, _plain(path, kind)


def _pdf(path: Path) -> Iterator[Sheet]:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject

    reader = PdfReader(path)
    if reader.is_encrypted:
        raise NotTaken("locked")
    root: Any = reader.trailer["/Root"]
    names, action = (root.get(key, DictionaryObject()).get_object() for key in ("/Names", "/OpenAction"))
    if "/JavaScript" in names or "/EmbeddedFiles" in names or "/AA" in root:
        raise NotTaken("active")
    if isinstance(action, dict) and action.get("/S") in ACTIVE:
        raise NotTaken("active")
    for number, page in enumerate(reader.pages, 1):
        lines = page.extract_text().splitlines()
        yield {"page": number}, ((row, re.split(r"\s{2,}|\t", line)) for row, line in enumerate(lines, 1))


def _workbook(path: Path) -> Iterator[Sheet]:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(path) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            first = sheet.start[0] if sheet.start else 0
            rows = sheet.to_python(skip_empty_area=True)
            yield {"sheet": name}, ((row, [_text(one) for one in cells]) for row, cells in enumerate(rows, first + 1))


def _text(cell: object) -> str:
    match cell:
        case datetime() | date():
            return f"{cell:%d.%m.%Y}"
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell).strip()


def _document(path: Path, parts: str) -> Iterator[personal.Row]:
    """The text of a DOCX or ODT: a table's row in cells, a paragraph in one. Tags are cut, nothing is resolved."""
    number = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not re.fullmatch(parts, name):
                continue
            with archive.open(name) as entry:
                raw = entry.read(UNPACKED + 1)
            text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", errors="replace")
            for line in _lines(text):
                number += 1
                yield number, line.split("\t")


def _lines(xml: str) -> Iterator[str]:
    found: list[str] = []
    depth = 0
    for match in re.finditer(r"<(/?[\w:]+)[^>]*>([^<]*)", xml):
        tag = match[1]
        depth += TABLES.get(tag, 0)
        if tag in CELL_ENDS:
            found.append("\t")
        elif tag in LINE_ENDS and depth:
            found.append(" ")
        elif tag in LINE_ENDS or tag in ROW_ENDS:
            if line := html.unescape("".join(found)).strip(" "):
                yield line
            found = []
        found.append(match[2])


def _plain(path: Path, kind: str) -> Iterator[personal.Row]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1251", errors="replace")
    if kind == "csv":
        head = text[:5000]
        sign = max(";,\t", key=head.count)
        yield from enumerate(csv.reader(io.StringIO(text), delimiter=sign), 1)
    else:
        yield from enumerate((line.split("\t") for line in text.splitlines()), 1)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    task = orjson.loads(sys.stdin.buffer.read())
    told = inspect(Path(task["path"]), task["kind"], date.fromisoformat(task["today"]))
    sys.stdout.buffer.write(orjson.dumps(told))
