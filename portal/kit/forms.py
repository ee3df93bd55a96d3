"""What a page may send: fields as data, one way to read them, and every problem beside its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from portal.kit.bilingual import Bilingual
from portal.kit.errors import Full, Invalid, Problem, Refusal, is_full
from portal.kit.i18n import MOSCOW, Text, say
from portal.kit.numbers import Unreadable, read_count, read_date, read_decimal, read_money

FIELDS, PARTS, PART_BYTES = 4000, 20, 1_000_000
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ROW = "(?:0|[1-9][0-9]?)"
"""How a row of a repeated group is numbered in the names of its fields: the pattern."""


class Typed(dict[str, str]):
    """What was typed, name by name; `lists` holds every value of a name, in order, for boxes that are ticked.

    A name that was sent with several values has none: neither the first nor the last is what the person meant.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self.lists: dict[str, list[str]] = {}
        for name, value in pairs:
            self.setdefault(name, value)
            self.lists.setdefault(name, []).append(value)

    def get(self, name: str, default: Any = None) -> Any:
        """The one value of the name; raises Refusal where several were sent."""
        values = self.lists.get(name, ())
        if len(values) > 1 and len(set(values)) > 1:
            raise Refusal(say("The field %(name)s was sent twice. Open the page again.", name=name), 422)
        return super().get(name, default)

    def __getitem__(self, name: str) -> str:
        self.get(name)
        return super().__getitem__(name)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Everything as it was sent: a name as often as it has values."""
        return [(name, value) for name, values in self.lists.items() for value in values]

    def number(self, name: str) -> int:
        """A number that the page itself had put into a hidden field; 0 for anything else."""
        text = self.get(name, "")
        return int(text) if re.fullmatch(r"0|[1-9][0-9]{0,8}", text) else 0


def rows(typed: Mapping[str, str], table: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a repeated group sent as `table-0-column`, with their numbers, in order; one removed leaves a gap."""
    found: dict[int, dict[str, str]] = {}
    of_table = re.compile(rf"{table}-({ROW})-(.+)")
    for name, value in typed.items():
        if match := of_table.fullmatch(name):
            found.setdefault(int(match[1]), {})[match[2]] = value
    return sorted(found.items())


class _Parts(MultiPartParser):
    """Starlette's parser, but what was typed is looked at before the bytes of a file are taken."""

    before_file: Callable[[Typed], None]

    def on_headers_finished(self) -> None:
        """A file begins: every field that came before it is known."""
        super().on_headers_finished()
        if self._current_part.file is not None:
            self.before_file(Typed((name, value) for name, value in self.items if isinstance(value, str)))


async def read_form(request: Request, *, before_file: Callable[[Typed], None] = lambda _: None) -> Typed:
    """All text fields of the request, read once; `request.state.uploads` has its files by their fields.

    `before_file` may refuse what was typed so far before a file is taken. Raises Refusal for bytes that no text can
    hold, Full where the disk has no room for a file.
    """
    if not hasattr(request.state, "typed"):
        try:
            form = await _read(request, before_file)
        except (ValueError, MultiPartException) as unreadable:  # A charset that is none; parts that are none.
            raise HTTPException(400) from unreadable
        except OSError as error:
            raise (Full() if is_full(error) else error) from error
        pairs = [(name, value.replace("\r\n", "\n")) for name, value in form.multi_items() if isinstance(value, str)]
        if any(UNWRITABLE.search(name) or UNWRITABLE.search(value) for name, value in pairs):
            raise Refusal(say("The text holds characters that cannot be stored. Remove them and send it again."), 422)
        request.state.uploads = {name: one for name, one in form.multi_items() if isinstance(one, UploadFile)}
        request.state.typed = Typed(pairs)
    typed: Typed = request.state.typed
    return typed


async def _read(request: Request, before_file: Callable[[Typed], None]) -> FormData:
    limits = {"max_files": PARTS, "max_fields": FIELDS, "max_part_size": PART_BYTES}
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await request.form(**limits)
    parts = _Parts(request.headers, request.stream(), **limits)
    parts.before_file = before_file
    return await parts.parse()


class Kind(StrEnum):
    """How a field is typed and read."""

    TEXT = "text"
    LONG = "long"
    EMAIL = "email"
    PASSWORD = "password"
    MONEY = "money"
    COUNT = "count"
    DECIMAL = "decimal"
    DATE = "date"
    INSTANT = "instant"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `limit` is in characters; `choices` are (value, label) pairs for CHOICE and CHOICES."""

    name: str
    label: Text | Bilingual | str
    kind: Kind = Kind.TEXT
    hint: Text | None = None
    required: bool = True
    limit: int = 300
    choices: tuple[tuple[str, Any], ...] = ()


def read_instant(typed: str) -> datetime | None:
    """A day with hours as an officer types it, in Moscow time: 20.11.2026 18:00."""
    text = typed.strip()
    if not text:
        return None
    head, _, tail = text.replace("T", " ").rpartition(" ")
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", tail, re.ASCII)
    day = read_date(head) if match else None
    if match is None or day is None:
        raise Unreadable(say("Write the day and the hour in Moscow time, for example 20.11.2026 10:00."))
    return datetime(day.year, day.month, day.day, int(match[1]), int(match[2]), tzinfo=MOSCOW)


_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.MONEY: read_money,
    Kind.COUNT: read_count,
    Kind.DECIMAL: read_decimal,
    Kind.DATE: read_date,
    Kind.INSTANT: read_instant,
    Kind.FLAG: lambda typed: typed == "yes",
}


def read_field(field: Field, typed: str) -> Any:
    """The value of one typed text, None for a blank one; raises Unreadable with what to do about it."""
    text = typed if field.kind is Kind.PASSWORD else typed.strip()
    if not text and field.kind is not Kind.FLAG:
        if field.required:
            raise Unreadable(say("Fill in “%(field)s”.", field=field.label))
        return None
    if field.kind in _READERS:
        return _READERS[field.kind](text)
    if field.kind is Kind.CHOICE and text not in {value for value, _ in field.choices}:
        raise Unreadable(say("Choose one of the answers in “%(field)s”.", field=field.label))
    if len(text) > field.limit:
        raise Unreadable(
            say("“%(field)s” is longer than %(limit)s characters by %(over)s.",
                field=field.label, limit=field.limit, over=len(text) - field.limit)
        )  # fmt: skip
    return text


def read_fields(
    fields: Sequence[Field], typed: Mapping[str, str], *, prefix: str = ""
) -> tuple[dict[str, Any], list[Problem]]:
    """The values by name, None where unreadable, and what is wrong; problems name the field as `prefix + name`."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in fields:
        if field.kind is Kind.CHOICES:
            sent = typed.lists.get(field.name, []) if isinstance(typed, Typed) else []
            values[field.name] = [value for value, _ in field.choices if value in sent]
            if field.required and not values[field.name]:
                reason = say("Choose at least one in “%(field)s”.", field=field.label)
                problems.append(Problem(prefix + field.name, reason))
            continue
        try:
            values[field.name] = read_field(field, typed.get(field.name, ""))
        except Unreadable as unreadable:
            values[field.name] = None
            problems.append(Problem(prefix + field.name, unreadable.reason))
    return values, problems


def cleaned(fields: Sequence[Field], typed: Mapping[str, str]) -> dict[str, Any]:
    """The values by name; raises Invalid with every problem if there is one."""
    values, problems = read_fields(fields, typed)
    if problems:
        raise Invalid(problems)
    return values


def written(value: Any) -> str:
    """A stored value as its field shows it for editing: in Moscow time, with a comma, without groups of thousands."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case datetime():
            return f"{value.astimezone(MOSCOW):%d.%m.%Y %H:%M}"
        case date():
            return f"{value:%d.%m.%Y}"
    return str(value).replace(".", ",") if not isinstance(value, str) else value
