"""The compiled catalogues of messages, made from the .po files that people edit."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal.kit.i18n import LOCALES, NBSP

LABEL = 4
# What a Russian line must not end with: a short word, a number before its noun, a noun before its number;
# a dash does not begin it.
_SHORT = re.compile(r"(?<![^\s(«])([А-Яа-яЁё]{1,2}|№|%\(num\)s) (?=\S)")
_BEFORE = re.compile(r"(?<=\S) (?=[—–] |%\((?:number|version|revision)\)s)")
# A sign never parts from its number, in a label neither.
_SIGN = re.compile(r"(?<=№) (?=\S)|(?<=\d) (?=%)")


def build(locales: Path = LOCALES) -> int:
    """Every .po has an .mo that is not older; answers how many were made. Fuzzy messages stay English."""
    made = 0
    for source in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        if source.parts[-3] == "ru":
            _set_lines(catalogue)
        partial = compiled.with_suffix(".mo.partial")
        with partial.open("wb") as file:
            write_mo(file, catalogue)
        partial.replace(compiled)
        made += 1
    return made


def unbroken(text: str) -> str:
    """The Russian text with no-break spaces where a line must not end; a label of a few words may break anywhere."""
    text = _SIGN.sub(NBSP, text)
    if text.count(" ") < LABEL:
        return text
    # Twice, for a short word that follows another: the first pass leaves no space for the second to begin with.
    return _BEFORE.sub(NBSP, _SHORT.sub(rf"\1{NBSP}", _SHORT.sub(rf"\1{NBSP}", text)))


def _set_lines(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id and isinstance(message.string, str):
            message.string = unbroken(message.string)
        elif message.id and message.string:
            message.string = tuple(map(unbroken, message.string))
