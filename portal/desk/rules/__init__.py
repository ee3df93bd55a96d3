"""What waits for whom: rows in, items out; pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime

from portal.desk.models import Facts
from portal.desk.rules.doors import Door, SignIn, doors
from portal.desk.rules.foundation import for_board, for_council, for_officer, for_whoever_registers, regions_behind
from portal.desk.rules.item import FEW, Item, grouped, when
from portal.desk.rules.region import for_editor, for_reviewer, for_signatory
from portal.people.roles import Role

FIRST = datetime.min.replace(tzinfo=UTC)

BY_ROLE: dict[Role, Callable[[Facts, datetime], Iterator[Item]]] = {
    Role.EDITOR: for_editor,
    Role.SIGNATORY: for_signatory,
    Role.REVIEWER: for_reviewer,
    Role.OFFICER: for_officer,
    Role.COUNCIL: for_council,
    Role.BOARD: for_board,
}


def waiting(roles: Collection[Role], facts: Facts, now: datetime) -> list[Item]:
    """Everything that waits for a person of these roles, the most urgent first."""
    found = [item for role, of_role in BY_ROLE.items() if role in roles for item in of_role(facts, now)]
    if {Role.OFFICER, Role.ADMINISTRATOR} & set(roles):
        found += for_whoever_registers(facts)
    return sorted(found, key=lambda item: (item.due is None, item.due or item.since or FIRST))


__all__ = ["BY_ROLE", "FEW", "Door", "Item", "SignIn", "doors", "grouped", "regions_behind", "waiting", "when"]
