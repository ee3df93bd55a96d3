"""What the page of a proposal may send and how an amendment is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.directory.indicator.models import Indicator
from portal.kit.forms import Field, Kind
from portal.kit.i18n import Text, Written, quarter, quarter_short, say
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.amendment.models import Amendment
from portal.monitoring.amendment.rules import as_typed
from portal.monitoring.amendment.states import AmendmentState

REASON = Field("reason", say("Why the plan is changed"), Kind.LONG, limit=2000)
WORDS = {
    AmendmentState.PROPOSED: ("risk", say("awaiting the region's signature")),
    AmendmentState.SIGNED: ("met", say("in force")),
    AmendmentState.WITHDRAWN: ("early", say("taken back")),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One input of the plan: its name, what stands in it, what it is."""

    name: str
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Grid:
    """One indicator with a row of cells for each part, a column for each open quarter."""

    indicator: Indicator
    rows: list[tuple[Text, Any, list[Cell]]]

    @property
    def kind(self) -> str:
        """What is typed into its cells."""
        return "count" if self.indicator.kind in ("count", "share") else "decimal"


def grids(indicators: Sequence[AgreedIndicator], left: Sequence[str], typed: Mapping[str, str]) -> list[Grid]:
    """The plan of the open quarters, with what was typed over what stands."""
    cells = {**as_typed(indicators), **typed}
    return [_grid(one.indicator, left, cells) for one in indicators]


def _grid(indicator: Indicator, left: Sequence[str], cells: Mapping[str, str]) -> Grid:
    parts = [("n", say("Value"), indicator.numerator)]
    if indicator.is_quotient:
        parts = [("n", say("Numerator"), indicator.numerator), ("d", say("Denominator"), indicator.denominator)]
    rows: list[tuple[Text, Any, list[Cell]]] = []
    for part, title, meaning in parts:
        names = [(f"{indicator.code}.{period}.{part}", period) for period in left]
        rows.append((title, meaning, [
            Cell(name, cells.get(name, ""), say("%(code)s, %(period)s, %(part)s", code=indicator.code,
                                                period=Written(quarter, period), part=title))
            for name, period in names
        ]))  # fmt: skip
    return Grid(indicator, rows)


def heads(left: Sequence[str]) -> list[Written]:
    """The open quarters as the heads of columns."""
    return [Written(quarter_short, period) for period in left]


def stands(amendment: Amendment) -> tuple[str, Text]:
    """The icon and word of its state."""
    return WORDS[amendment.state]
