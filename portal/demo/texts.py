"""The demonstration's files, and numbers that look like chance and never change."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
FOLDER = Path(__file__).parent


@cache
def read(name: str) -> dict[str, Any]:
    """What one file says, by its name without the ending."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def fraction(*words: object) -> float:
    """A number from 0 up to 1, the same for the same words on every machine."""
    digest = sha256("|".join(map(str, words)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def between(low: float, high: float, *words: object) -> float:
    """A number from `low` to `high`, the same for the same words."""
    return low + (high - low) * fraction(*words)


def pick(among: Sequence[T], *words: object) -> T:
    """One of them, the same for the same words."""
    return among[int(fraction(*words) * len(among))]
