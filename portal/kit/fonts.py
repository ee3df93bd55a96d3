"""Fonts for documents: a web font unpacked into the form that a typesetter reads, under a family of its own."""

from __future__ import annotations

import struct
import zlib

HEADER, ENTRY = 44, 20


def unpacked(woff: bytes, family: str) -> bytes:
    """The OpenType font of a WOFF file, renamed to `family`; ValueError for anything else.

    The subsets of one family must not share its name: a typesetter takes one of them for the whole family.
    Source: WOFF File Format 1.0 (W3C), sections 3 to 5; OpenType, "Organization of an OpenType Font" and "name".
    """
    if woff[:4] != b"wOFF":
        raise ValueError("not a WOFF file")
    flavor, count = struct.unpack(">4x4s4xH", woff[:14])
    tables: dict[bytes, bytes] = {}
    for place in range(HEADER, HEADER + ENTRY * count, ENTRY):
        tag, start, packed, length, _ = struct.unpack(">4s4L", woff[place : place + ENTRY])
        body = woff[start : start + packed]
        tables[tag] = body if packed == length else zlib.decompress(body)
    tables[b"name"] = _names(family)
    tables.pop(b"STAT", None)  # It points to names that are gone, and a font of one weight has no need of it.
    return _assembled(flavor, tables)


def _names(family: str) -> bytes:
    """The table of names with the family's name as the only one, for Windows, in English."""
    text = family.encode("utf-16-be")
    kinds = (1, 4, 6)  # Family, full name, PostScript name.
    records = b"".join(struct.pack(">6H", 3, 1, 0x409, kind, len(text), 0) for kind in kinds)
    return struct.pack(">3H", 0, len(kinds), 6 + len(records)) + records + text


def _assembled(flavor: bytes, tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    reach = 16 * 2**power
    head, body = flavor + struct.pack(">4H", count, reach, power, 16 * count - reach), b""
    for tag, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}L", padded)) & 0xFFFFFFFF
        head += tag + struct.pack(">3L", total, 12 + 16 * count + len(body), len(table))
        body += padded
    return head + body
