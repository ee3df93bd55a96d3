"""Long lists in parts: which part is asked for, and the links to the others, without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

T = TypeVar("T")
SIZE = 100
"""Rows that a page shows at most."""


@dataclass(frozen=True, slots=True)
class Part:
    """Part `here` of `last`, both counted from 1, of a list whose other parts are at `address` and their number."""

    here: int
    last: int
    size: int
    address: str

    @property
    def offset(self) -> int:
        """How many rows stand before it."""
        return (self.here - 1) * self.size

    def of(self, rows: Sequence[T]) -> Sequence[T]:
        """Its rows among all."""
        return rows[self.offset : self.offset + self.size]

    @property
    def links(self) -> list[tuple[str, int, bool]]:
        """Address, number, whether it is this one: the first, the last, two on each side; none if all is here."""
        near = range(max(1, self.here - 2), min(self.last, self.here + 2) + 1)
        numbers = sorted({1, self.last, *near}) if self.last > 1 else []
        return [(f"{self.address}{number}", number, number == self.here) for number in numbers]

    @property
    def previous(self) -> str:
        """The address of the part before, or nothing."""
        return f"{self.address}{self.here - 1}" if self.here > 1 else ""

    @property
    def following(self) -> str:
        """The address of the part after, or nothing."""
        return f"{self.address}{self.here + 1}" if self.here < self.last else ""


def part(request: Request, number: int, *, size: int = SIZE) -> Part:
    """The part of a list of `number` rows that `?page=` asks for: the first where it names none, the last if beyond."""
    last = max(1, -(-number // size))
    text = request.query_params.get("page", "")
    here = min(int(text), last) if text.isdecimal() and text.isascii() and 0 < len(text) < 9 and int(text) else 1
    others = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "page"])
    return Part(here, last, size, f"{request.url.path}?{others + '&' if others else ''}page=")
