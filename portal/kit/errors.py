"""How the portal says no: a reason in the reader's language, with the status that HTTP gives it."""

from __future__ import annotations

import errno
import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.kit.i18n import Text, say


class Refusal(Exception):
    """The deed is not possible now; `reason` says why and what to do. Nothing was changed."""

    def __init__(self, reason: Text, status: int = 409) -> None:
        super().__init__(reason.msgid)
        self.reason, self.status = reason, status

    def at(self, field: str) -> list[Problem]:
        """What a page says that shows its form again: the reason beside the field."""
        return [Problem(field, self.reason)]


class NotFound(Refusal):
    """There is no such thing, or it is not this reader's: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(say("There is no such page, or it is not yours."), 404)


class Forbidden(Refusal):
    """This kind of person may not enter here."""

    def __init__(self) -> None:
        super().__init__(say("This page is for another role."), 403)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, and what to do about it; `field` is the id that the error summary links to."""

    field: str
    reason: Text


class Invalid(Refusal):
    """The form cannot be taken as it is; every problem stands beside its field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(say("Check what is written here."), 422)
        self.problems = list(problems)

    def at(self, field: str) -> list[Problem]:
        """Every problem beside its own field."""
        return self.problems


def wrong_and_advice(reason: object) -> tuple[str, str]:
    """The first sentence of a reason, which says what is wrong, and the rest, if any, which says what to do."""
    wrong, *advice = re.split(r"(?<=[^A-ZА-ЯЁ][.!?])\s+(?=[A-ZА-ЯЁ“«])", str(reason), maxsplit=1)
    return wrong, "".join(advice)


def refuse(reason: Text | None) -> None:
    """Nothing happens without a reason; with one, it is raised as a Refusal."""
    if reason is not None:
        raise Refusal(reason)


class Full(Refusal):
    """There is no room on the disk; what was there before is as it was."""

    def __init__(self) -> None:
        super().__init__(
            say("The portal has no room left on its disk. Nothing was changed. Tell the administrator."),
            507,
        )


def is_full(error: BaseException | None) -> bool:
    """Whether the fault is that a disk is full: ours, the database's (53100) or the store's of files."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlstate", "") == "53100" or "StorageFull" in str(error) or "QuotaExceeded" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
