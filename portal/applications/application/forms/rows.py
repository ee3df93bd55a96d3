"""What is to be kept of a sent section: with one more row, or without one."""

from __future__ import annotations

import re

from portal.applications.programme.rules import Section
from portal.applications.programme.rules.sections import Table, with_row, without_row
from portal.kit.forms import Typed, rows


def rebuilt(section: Section, typed: Typed) -> Typed:
    """What is to be kept of a form: with one more row, or without one, if its button said so."""
    if section.table is None:
        return typed
    if typed.get("add") == section.table.name:
        return with_row(typed, section.table)
    gone = _removed(section.table, typed)
    return typed if gone is None else without_row(typed, section.table, gone)


def row_to_see(section: Section, sent: Typed, kept: Typed) -> str:
    """The first field of the row that the form added, or that follows the one it removed; nothing if it did neither."""
    if section.table is None:
        return ""
    gone = _removed(section.table, sent)
    if gone is None and not sent.get("add"):
        return ""
    here = [number for number, _ in rows(kept, section.table.name)] or [0]
    row = here[-1] if gone is None else next((one for one in here if one > gone), here[-1])
    return f"{section.table.name}-{row}-{section.table.fields[0].name}"


def _removed(table: Table, sent: Typed) -> int | None:
    name, _, row = sent.get("remove", "").rpartition("-")
    return int(row) if name == table.name and re.fullmatch("[0-9]{1,2}", row, re.ASCII) else None
