"""A believable programme, marked as fictional: two calls, lived through the same services as people use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from portal.kit.i18n import Text
from portal.people.account.rules import DEMONSTRATION
from portal.people.roles import LABELS, Role

PASSWORD = DEMONSTRATION
"""The password of everybody in the demonstration; it opens nothing but fictional data."""

_DOORS = {
    Role.EDITOR: "editor.kamchatka",
    Role.SIGNATORY: "signatory.altai",
    Role.REVIEWER: "reviewer.1",
    Role.OFFICER: "officer",
    Role.COUNCIL: "council",
    Role.BOARD: "board",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
}

SIGN_INS: list[tuple[Text, str, str]] = [
    (LABELS[role], f"{key}@demo.example", PASSWORD) for role, key in _DOORS.items()
]
"""One person for each role: the role as its holder is greeted, the e-mail, the password."""


async def begin_again() -> None:
    """The open call has forty minutes left, whenever the demonstration is started."""
    from portal.demo import keeping

    await keeping.give_more_time(keeping.LEFT - timedelta(minutes=3))


async def make(say: Callable[[str], object]) -> None:
    """The database holds the demonstration's past up to now; nothing happens where a call exists already.

    Models must be connected. Raises RuntimeError if what was made is not what the content describes.
    """
    from portal.demo import story

    await story.tell(say)
