"""What a file really is: known by its first bytes and its inner list, never by its name or what a browser says."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import BinaryIO

ENTRIES = 4000
UNPACKED = 100_000_000
"""Bytes that an archive may declare altogether."""
RATIO, RATIO_FROM = 200, 1_000_000
"""How many times larger than packed an entry may be, if it is larger than so many bytes."""

OFFICE = {
    "docx": b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
OPEN = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
"""The kinds that are taken, and how each is called on the wire."""
ALIASES = {"jpeg": "jpg"}
PLAIN = ("csv", "txt")


class NotTaken(Exception):
    """The file is not taken; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def extension(name: str) -> str:
    """The kind that a name promises: its last extension, small, aliases resolved; "" where there is none."""
    _, dot, last = name.rpartition(".")
    return ALIASES.get(last.lower(), last.lower()) if dot else ""


def sniff(path: Path, promised: str) -> str:
    """The kind of the file, which is the one that its name promises; raises NotTaken where it is any other."""
    if promised not in MEDIA:
        raise NotTaken("unknown kind")
    with path.open("rb") as file:
        head = file.read(8)
        if not head:
            raise NotTaken("empty")
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            raise NotTaken("old office")
        found = _by_magic(head) or (_archive(file) if head.startswith(b"PK") else _plain(file, promised))
    if found != promised:
        raise NotTaken("another kind")
    return found


def _by_magic(head: bytes) -> str:
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head == b"\x89PNG\r\n\x1a\n":
        return "png"
    return "jpg" if head.startswith(b"\xff\xd8\xff") else ""


def _plain(file: BinaryIO, promised: str) -> str:
    """Text looks like nothing in particular: it has no bytes that text never has."""
    file.seek(0)
    while block := file.read(1 << 16):
        if any(sign in block for sign in (b"\x00", b"\x1b", b"\x7f")):
            return ""
    return promised if promised in PLAIN else ""


def _archive(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            check_archive(archive)
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                return _office(archive, names)
            if "mimetype" in names:
                return _open(archive, names)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise NotTaken("broken") from None
    return ""


def check_archive(archive: zipfile.ZipFile) -> None:
    """Nothing more than it should is declared, nothing is locked, nothing leads out; raises NotTaken.

    Only the archive's list is read, none of its entries.
    """
    entries = archive.infolist()
    if len(entries) > ENTRIES or sum(one.file_size for one in entries) > UNPACKED:
        raise NotTaken("bomb")
    for one in entries:
        if one.file_size > RATIO_FROM and one.file_size > RATIO * max(one.compress_size, 1):
            raise NotTaken("bomb")
        if one.flag_bits & 0x1:
            raise NotTaken("locked")
        outside = one.filename.startswith(("/", "\\")) or ".." in one.filename.replace("\\", "/").split("/")
        if outside or (one.external_attr >> 16) & 0o170000 == 0o120000:
            raise NotTaken("broken")


def _office(archive: zipfile.ZipFile, names: set[str]) -> str:
    with archive.open("[Content_Types].xml") as entry:
        types = entry.read(1_000_000)
    lower = {name.lower() for name in names}
    if b"macroenabled" in types.lower() or any(name.endswith("vbaproject.bin") for name in lower):
        raise NotTaken("macros")
    return next((kind for kind, sign in OFFICE.items() if sign in types), "")


def _open(archive: zipfile.ZipFile, names: set[str]) -> str:
    with archive.open("mimetype") as entry:
        kind = entry.read(200).strip()
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise NotTaken("macros")
    return next((code for code, sign in OPEN.items() if sign == kind), "")
