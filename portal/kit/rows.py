"""Rows of a CSV text, read strictly: the head as agreed, each row whole, every fault named by line and column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from portal.kit.i18n import Text, say

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: its line (1 is the head), its column (empty for the whole line), and what to do."""

    line: int
    column: str
    reason: Text

    def __str__(self) -> str:
        if not self.column:
            return str(say("Line %(line)s: %(reason)s", line=self.line, reason=self.reason))
        return str(
            say("Line %(line)s, column %(column)s: %(reason)s", line=self.line, column=self.column, reason=self.reason)
        )


class Faulty(ValueError):
    """The file cannot be taken; `faults` names everything found, in the order of lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            f"{len(faults)} faults, first in line {faults[0].line}, column {faults[0].column or '(whole line)'}"
        )
        self.faults = sorted(faults, key=lambda fault: fault.line)


@dataclass(slots=True)
class Row:
    """A row with its place in the file; whoever reads a cell wrongly filled in leaves a fault in `faults`."""

    line: int
    cells: dict[str, str]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, column: str, reason: Text) -> None:
        """The cell is wrong; reading goes on, so that all faults are told at once."""
        self.faults.append(Fault(self.line, column, reason))

    def text(self, column: str) -> str:
        """The cell's text, which must be there."""
        cell = self.cells[column]
        if not cell:
            self.fault(column, say("The cell is empty. Fill it in."))
        return cell

    def maybe(self, column: str) -> str:
        """The cell's text, or nothing."""
        return self.cells[column]

    def one_of(self, column: str, allowed: Sequence[str]) -> str:
        """The cell's text, which must be one of the words allowed."""
        cell = self.text(column)
        if cell and cell not in allowed:
            self.fault(
                column,
                say("“%(cell)s” is not known here. Write one of: %(allowed)s.", cell=cell, allowed=", ".join(allowed)),
            )
        return cell

    def matching(self, column: str, is_right: Callable[[str], object], reason: Text) -> str:
        """The cell's text, which must pass the test."""
        cell = self.text(column)
        if cell and not is_right(cell):
            self.fault(column, reason)
        return cell


def read_rows(text: str, columns: Sequence[str], parse: Callable[[Row], T], unique: Sequence[Sequence[str]]) -> list[T]:
    """What `parse` makes of each row, in order.

    Faulty where the head differs, a row is broken, `parse` finds a fault, or the cells named together in `unique`
    repeat an earlier row.
    """
    faults: list[Fault] = []
    seen: dict[tuple[str, ...], int] = {}
    result: list[T] = []
    for row in _rows(text.removeprefix("\ufeff"), tuple(columns)):
        result.append(parse(row))
        for together in unique:
            mark = ("\0".join(together), *(row.cells[column] for column in together))
            first = seen.setdefault(mark, row.line)
            if first != row.line:
                row.fault(together[-1], say("Line %(line)s says the same. Leave one of the two.", line=first))
        faults += row.faults
    if faults:
        raise Faulty(faults)
    return result


def _rows(text: str, columns: tuple[str, ...]) -> Iterator[Row]:
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        head = next(reader, [])
        if tuple(head) != columns:
            raise Faulty([Fault(1, "", say("The first line must be: %(columns)s.", columns=",".join(columns)))])
        start = reader.line_num + 1
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not cells:
                continue
            if len(cells) != len(columns):
                found = {"expected": len(columns), "found": len(cells)}
                raise Faulty([Fault(line, "", say("Expected %(expected)s cells, found %(found)s.", **found))])
            yield Row(line, dict(zip(columns, (cell.strip() for cell in cells), strict=True)))
    except csv.Error:
        raise Faulty(
            [Fault(reader.line_num, "", say("The line is not proper CSV: check the quotation marks."))]
        ) from None
