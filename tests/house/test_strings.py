"""Every string of the interface is in Russian, its placeholders whole, none fuzzy, none left over."""

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%|%")


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def holders(text: str) -> set[str]:
    return {match.group() for match in PLACEHOLDER.finditer(text)}


def are_placeholders_whole(message: Message) -> bool:
    """Each Russian form fills in what the singular does, and no more than the plural."""
    ids = message.id if isinstance(message.id, list | tuple) else [message.id]
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(text and holders(ids[0]) <= holders(text) <= holders(ids[-1]) for text in strings)


def test_every_string_is_in_russian(tmp_path: Path) -> None:
    made = tmp_path / "portal.pot"
    extract = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "extract",
        "-F",
        "pyproject.toml",
        "-o",
        str(made),
    ]
    keywords = ["-k", "_", "-k", "say", "-k", "say_many:1,2", "-k", "ngettext:1,2"]
    subprocess.run([*extract, *keywords, "."], cwd=ROOT, check=True, capture_output=True)
    needed = {str(message.id) for message in catalogue(made) if message.id}
    russian = {str(m.id): m for m in catalogue(ROOT / "locales" / "ru" / "LC_MESSAGES" / "portal.po") if m.id}
    assert not needed - russian.keys(), "run make messages and translate"
    assert not russian.keys() - needed, "run make messages: these are no longer used"
    for message in russian.values():
        assert not message.fuzzy, message.id
        assert are_placeholders_whole(message), message.id
