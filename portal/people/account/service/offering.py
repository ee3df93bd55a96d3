"""The people whom one may be in the demonstration, with their passwords in plain sight."""

from __future__ import annotations

from collections.abc import Sequence

from portal.kit.i18n import Text
from portal.settings import settings

_offered: list[tuple[Text, str, str]] = []


def offer(sign_ins: Sequence[tuple[Text, str, str]]) -> None:
    """From now on the sign-in page shows these people as (who, e-mail, password): only in the demonstration."""
    if not settings().demo:
        raise RuntimeError("outside the demonstration no password is shown")
    _offered[:] = sign_ins


def offered() -> list[tuple[Text, str, str]]:
    """The people whom one may be in the demonstration; none outside it."""
    return list(_offered)
