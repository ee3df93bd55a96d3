"""What must be true of the data whatever happened: each rule is a query for whatever breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from portal.invariants import competition, monitoring, people, records

FEW = 5


class Reads(Protocol):
    """A connection to the database."""

    async def fetch(self, query: str, /) -> Sequence[Any]: ...


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold: its sentence, how many rows break it, and what the first few are called."""

    rule: str
    number: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        more = f" and {self.number - len(self.examples)} more" if self.number > len(self.examples) else ""
        return f"{self.rule}: not so for {', '.join(self.examples)}{more}"


RULES: dict[str, str] = {**people.RULES, **competition.RULES, **monitoring.RULES, **records.RULES}
"""The sentence that must be true, and a query that names in `what` everything of which it is not."""


async def breaches(connection: Reads) -> list[Breach]:
    """The rules that do not hold, all asked in one statement and so at one instant; none where all is well."""
    parts = [
        f"SELECT {place} AS rule, count(*) AS number, (array_agg(what::text))[1:{FEW}] AS examples FROM ({query}) found"
        for place, query in enumerate(RULES.values())
    ]
    rows = await connection.fetch(f"SELECT * FROM ({' UNION ALL '.join(parts)}) asked WHERE number > 0 ORDER BY rule")
    sentences = list(RULES)
    return [Breach(sentences[row["rule"]], row["number"], tuple(row["examples"])) for row in rows]
