"""The compiled catalogues of messages, made from the .po files that people edit."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal.kit.i18n import LOCALES


def build(locales: Path = LOCALES) -> int:
    """Every .po has an .mo that is not older; answers how many were made. Fuzzy messages stay English."""
    made = 0
    for source in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        partial = compiled.with_suffix(".mo.partial")
        with partial.open("wb") as file:
            write_mo(file, catalogue)
        partial.replace(compiled)
        made += 1
    return made
