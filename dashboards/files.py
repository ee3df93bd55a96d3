"""A table as a file to take away: `.csv` for programs, `.xlsx` for people. Text never becomes a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from dashboards.tables import Table, Value
from portal.kit.i18n import gettext as _

KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONG_AGO: Final = datetime(1980, 1, 1, tzinfo=UTC)
_WIDEST: Final = 48


def written(table: Table, kind: str) -> bytes:
    """The table as a file of `kind`; the same table gives the same bytes. KeyError for an unknown kind."""
    return {"csv": as_csv, "xlsx": as_xlsx}[kind](table)


def as_csv(table: Table) -> bytes:
    """UTF-8 with a mark for Excel, commas and decimal points; an empty cell where there is no number."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(table.heads)
    lines.writerows([_text(value) for value in line] for line in table.lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(table: Table) -> bytes:
    """A sheet with the title and the notes over the table; numbers are numbers, text is text."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": table.title, "comments": "; ".join(table.notes), "created": _LONG_AGO})
        sheet = book.add_worksheet(_("Figures"))
        strong, wrapped = book.add_format({"bold": True}), book.add_format({"bold": True, "text_wrap": True})
        sheet.write_string(0, 0, table.title, strong)
        for place, note in enumerate(table.notes, 1):
            sheet.write_string(place, 0, note)
        top = len(table.notes) + 2
        for column, head in enumerate(table.heads):
            sheet.write_string(top, column, head, wrapped)
            sheet.set_column(column, column, _width(table, column))
        for row, line in enumerate(table.lines, top + 1):
            _fill(sheet, row, line)
        sheet.freeze_panes(top + 1, 0)
        if table.lines:
            sheet.autofilter(top, 0, top + len(table.lines), len(table.heads) - 1)
    return out.getvalue()


def _fill(sheet: Any, row: int, line: tuple[Value, ...]) -> None:
    for column, value in enumerate(line):
        if isinstance(value, str):
            sheet.write_string(row, column, value)
        elif value is not None:
            sheet.write_number(row, column, float(value))


def _width(table: Table, column: int) -> int:
    longest = max([len(table.heads[column]) // 2, *(len(str(line[column] or "")) for line in table.lines)])
    return min(longest + 2, _WIDEST)


def _text(value: Value) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_DANGEROUS) else value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
