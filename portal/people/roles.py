"""Who a person may be to the portal."""

from collections.abc import Collection
from enum import StrEnum

from portal.kit.i18n import Text, Written, say


class Role(StrEnum):
    """A role; a person may hold several."""

    EDITOR = "editor"
    SIGNATORY = "signatory"
    REVIEWER = "reviewer"
    OFFICER = "officer"
    COUNCIL = "council"
    BOARD = "board"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> Text:
        """The role as its holder is greeted."""
        return LABELS[self]


LABELS = {
    Role.EDITOR: say("regional editor"),
    Role.SIGNATORY: say("signatory"),
    Role.REVIEWER: say("reviewer"),
    Role.OFFICER: say("programme officer"),
    Role.COUNCIL: say("council member"),
    Role.BOARD: say("Board member"),
    Role.AUDITOR: say("auditor"),
    Role.ADMINISTRATOR: say("administrator"),
}

REGIONAL = frozenset({Role.EDITOR, Role.SIGNATORY})
# They read what regions send; administrators, who run the portal, do not.
FOUNDATION = frozenset({Role.OFFICER, Role.COUNCIL, Role.BOARD, Role.AUDITOR})
STAFF = FOUNDATION | {Role.ADMINISTRATOR}


def in_words(roles: Collection[Role]) -> Written:
    """These roles as a list in the reader's language, for the values of a lazy message."""
    return Written(_listed, tuple(sorted(roles, key=list(Role).index)))


def _listed(roles: Collection[Role]) -> str:
    return ", ".join(str(role.label) for role in roles)
