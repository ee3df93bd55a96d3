"""Typesetting in a process of its own: a document as JSON comes in, a tagged PDF goes out."""

from __future__ import annotations

import base64
import os
import sys
from pathlib import Path
from typing import Any

import orjson
import typst

PRIORITY = 5
FONTS = Path(__file__).parents[1] / "static" / "dist" / "print"
TEMPLATE = Path(__file__).parent / "templates" / "document.typ"
STANDARD: typst.PDFStandard = "ua-1"


def typeset(content: str, instant: int, format: typst.OutputFormat = "pdf") -> bytes | list[bytes]:
    """The document in PDF/UA-1, made at `instant` (Unix seconds); as "png" a list of pages.

    `content` is the JSON that `document.typ` reads: text comes as data only, never as source. Where a character is in
    no font at all the standard cannot be claimed; the document is then tagged all the same.
    """
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS] if FONTS.is_dir() else [])
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts, sys_inputs={"content": content})
    if format != "pdf":
        return compiler.compile(format=format, timestamp=instant, ppi=110) or b""
    try:
        return compiler.compile(format="pdf", timestamp=instant, pdf_standards=[STANDARD]) or b""
    except typst.TypstError:
        return compiler.compile(format="pdf", timestamp=instant) or b""


def main() -> None:
    """Reads {"content", "instant"} and writes the PDF in base64, both as JSON."""
    os.nice(PRIORITY)  # Pages come first.
    task: dict[str, Any] = orjson.loads(sys.stdin.buffer.read())
    made = typeset(task["content"], task["instant"])
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(orjson.dumps({"pdf": base64.b64encode(made).decode()}))


if __name__ == "__main__":
    main()
