"""No page asks the database once for each of its rows. Numbers of queries are held here, never times."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.bench.asking import ask, statements
from tests.bench.world import cases
from tests.conftest import Database
from tests.visit import the_portal

pytestmark = pytest.mark.breaks_the_rules  # Its many applications are written without their verbs.

APPLICATIONS = 12
ALIKE = 3
"""One statement may be sent so often for one answer: twice by chance, more often only in a loop."""


async def test_pages_and_deeds_ask_the_database_a_few_times_only(demonstrated: Database) -> None:
    wrong = []
    for case in await cases(APPLICATIONS):
        first, _ = await ask(the_portal(), case.question())
        with statements() as sent:
            status, _ = await ask(the_portal(), case.question())
        assert (first, status) == (case.status, case.status), case.name
        alike = max(Counter(sent).values(), default=0)
        if len(sent) > case.statements or alike > ALIKE:
            wrong.append(f"{case.name}: {len(sent)} statements of {case.statements}, {alike} alike")
    assert not wrong
