"""What is to be kept of a sent section: rows added and removed, and two people's texts put together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.applications.programme.models import CallFacts
from portal.applications.programme.rules import SOURCE_NAMES, Section
from portal.applications.programme.rules.sections import Table, with_row, without_row
from portal.kit.forms import Typed, rows
from portal.kit.i18n import Written, quarter, say

MINE, THEIRS = "mine", "theirs"


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


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people left different, with both texts, and whose is taken if nobody chooses."""

    name: str
    label: Any
    mine: str
    theirs: str
    suggested: str


def differences(
    section: Section, base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any], facts: CallFacts
) -> list[Difference]:
    """Where the texts part. What only the colleague changed since `base` is suggested from hers, else from mine."""
    found = []
    for name in dict.fromkeys((*mine, *theirs)):
        if _text(mine.get(name)) == _text(theirs.get(name)) or name.endswith("-key"):
            continue
        untouched = _text(mine.get(name)) == _text(base.get(name))
        found.append(
            Difference(
                name,
                label_of(section, name, facts),
                _text(mine.get(name)),
                _text(theirs.get(name)),
                THEIRS if untouched else MINE,
            )
        )
    return found


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def chosen(theirs: Typed, typed: Typed) -> Typed:
    """My text with the fields that were chosen so (`choose.NAME`) taken from the colleague's, rows with their keys."""
    picked = [
        name.removeprefix("choose.") for name, value in typed.items() if name.startswith("choose.") and value == THEIRS
    ]
    keys = {f"{name.rpartition('-')[0]}-key" for name in picked if "-" in name}
    taken = {*picked, *(key for key in keys if key in theirs and key not in typed)}
    pairs = [(name, value) for name, value in typed.pairs if name not in taken]
    return Typed([*pairs, *((name, value) for name in theirs if name in taken for value in theirs.lists[name])])


def label_of(section: Section, name: str, facts: CallFacts) -> Any:
    """What the field is called: with its row, or with its indicator and quarter."""
    for field in section.fields:
        if field.name == name:
            return field.label
    if section.table is not None and name.startswith(f"{section.table.name}-"):
        _, row, column = name.split("-", 2)
        labels = {field.name: field.label for field in section.table.fields}
        year, _, source = column.partition(".")
        label = labels.get(column) or say("%(source)s, %(year)s", source=SOURCE_NAMES.get(source, source), year=year)
        return say("%(row)s %(place)s: %(field)s", row=section.table.row, place=int(row) + 1, field=label)
    code, period, part = (*name.split("."), "", "")[:3]
    when = say("baseline") if period == "base" else Written(quarter, period)
    return say("%(code)s, %(period)s, %(part)s", code=code, period=when,
               part=say("numerator") if part == "n" else say("denominator"))  # fmt: skip
