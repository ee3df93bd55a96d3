"""Whatever a request writes is written inside a verb, which opens the transaction and wants a line of the journal."""

from __future__ import annotations

import re
from typing import Any

import pytest
from asyncpg.connection import Connection

from portal.kit import journal

WRITES = re.compile(r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
UNTOLD = {
    "session": "who is signed in, and what the next page is to tell her: signing in and out are told by name",
    "refused_sign_in": "tries are counted also where there is nobody to tell of",
    "pgqueuer": "what waits for the worker",
}


def watch(patch: pytest.MonkeyPatch) -> None:
    """From now on a page that writes anything else outside a verb fails."""
    for name in ("execute", "executemany", "fetch", "fetchrow", "fetchval"):
        real = getattr(Connection, name)

        async def told(self: Any, query: str, *args: Any, real: Any = real, **kwargs: Any) -> Any:
            found = WRITES.match(query)
            asked = journal.request_id.get() and journal.deed.get() is None
            if found and asked and found[1] not in UNTOLD:
                raise AssertionError(f"{found[1]} is written outside of a verb")
            return await real(self, query, *args, **kwargs)

        patch.setattr(Connection, name, told)
