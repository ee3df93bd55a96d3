"""Typesetting in a process of its own: a document as JSON comes in, a tagged PDF goes out; a chart, and a PNG."""

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
PICTURE = Path(__file__).parent / "templates" / "picture.typ"
SHARP = 144
"""Points of a picture to the inch: two for each pixel of its layout."""
STANDARD: typst.PDFStandard = "ua-1"


def typeset(content: str, instant: int, format: typst.OutputFormat = "pdf") -> bytes | list[bytes]:
    """The document in PDF/UA-1, made at `instant` (Unix seconds); as "png" a list of pages.

    `content` is the JSON that `document.typ` reads: text comes as data only, never as source. Where a character is in
    no font at all the standard cannot be claimed; the document is then tagged all the same.
    """
    compiler = _compiler(TEMPLATE, content)
    if format != "pdf":
        return compiler.compile(format=format, timestamp=instant, ppi=110) or b""
    try:
        return compiler.compile(format="pdf", timestamp=instant, pdf_standards=[STANDARD]) or b""
    except typst.TypstError:
        return compiler.compile(format="pdf", timestamp=instant) or b""


def picture(content: str) -> bytes:
    """The chart in PNG. `content` is the JSON that `picture.typ` reads."""
    made = _compiler(PICTURE, content).compile(format="png", ppi=SHARP)
    return made[0] if isinstance(made, list) else made or b""


def _compiler(template: Path, content: str) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS] if FONTS.is_dir() else [])
    return typst.Compiler(template, root=template.parent, font_paths=fonts, sys_inputs={"content": content})


def main() -> None:
    """Reads {"content", "instant"}, or only the content of a picture, and writes what is made in base64, as JSON."""
    os.nice(PRIORITY)  # Pages come first.
    task: dict[str, Any] = orjson.loads(sys.stdin.buffer.read())
    made = typeset(task["content"], task["instant"]) if "instant" in task else picture(task["content"])
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(orjson.dumps({"made": base64.b64encode(made).decode()}))


if __name__ == "__main__":
    main()
