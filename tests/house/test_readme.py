"""The map in the README equals the disk: what it names is there, and what is there it names."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAP = README.split("## The map\n\n```\n", 1)[1].split("\n```", 1)[0].splitlines()


def named() -> set[str]:
    """The paths of the map: a line further in stands inside the folder above it, several share a line by commas."""
    paths, folder = set(), ""
    for line in MAP:
        words = re.fullmatch(r"( *)((?:\S+, )*\S+)  +\S.*", line)
        assert words, f"not a line of the map: {line!r}"
        inside = folder if words[1] else ""
        found = [inside + name.rstrip("/") for name in words[2].split(", ")]
        if not words[1]:
            folder = words[2] if words[2].endswith("/") else ""
        paths.update(found)
    return paths


def kept() -> list[Path]:
    """What git keeps, without what is only for tools and begins with a dot."""
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode:
        pytest.skip("not a checkout")
    return [Path(line) for line in told.stdout.splitlines() if not line.startswith(".")]


def test_what_the_map_names_is_there() -> None:
    missing = [path for path in sorted(named()) if not list(ROOT.glob(path))]
    assert not missing


def test_what_is_there_the_map_names() -> None:
    there = {file.parts[0] for file in kept()}
    there |= {"/".join(file.parts[:2]) for file in kept() if file.parts[0] == "portal"} - {"portal/__init__.py"}
    on_the_map = {str(path.relative_to(ROOT)) for name in named() for path in ROOT.glob(name)}
    assert there - on_the_map == set()


def test_the_settings_are_those_that_are_read() -> None:
    from portal.settings import Settings

    written = {
        name
        for line in README.splitlines()
        if line.startswith("| `PORT")
        for name in re.findall(r"`(PORTAL_\w+)`", line.split("|")[1])
    }
    assert written == {f"PORTAL_{name.upper()}" for name in Settings.__annotations__}
