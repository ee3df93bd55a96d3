"""What the page of a new release may ask for, and how its preview counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.applications.call.models import Call
from portal.directory.region.models import Region
from portal.kit.i18n import Text, Written, quarter, say
from portal.kit.periods import quarters
from portal.monitoring.release.methods import Showing
from portal.monitoring.release.service import NOT_DUE, Draft
from portal.monitoring.report.rules import Figure, shown

WORDS: dict[str, Text] = {
    Showing.HIDDEN: say("hidden: small number"),
    Showing.NOT_REPORTED: say("not reported"),
    Showing.NOT_APPLICABLE: say("not applicable"),
    NOT_DUE: say("not yet due"),
}


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region of the preview: its cells of the last quarter by indicator, and how many of each kind in all."""

    region: Region
    cells: Mapping[str, Draft]
    counts: Counter[str]


def periods_of(call: Call, current: str) -> list[str]:
    """The quarters that can be published: from the call's first to the current one, the latest first."""
    return quarters(call.first_period, min(call.last_period, current))[::-1] if call.first_period <= current else []


def call_choices(calls: Sequence[Call]) -> list[tuple[str, Any]]:
    """The calls to choose from."""
    return [(call.number, call.name) for call in calls]


def period_choices(periods: Sequence[str]) -> list[tuple[str, Any]]:
    """The quarters to choose from."""
    return [(period, Written(quarter, period)) for period in periods]


def preview(drafts: Sequence[Draft], regions: Mapping[int, Region], period: str) -> list[RegionRow]:
    """The drafts by region, in the order of the regions' names; `regions` by key of the agreement."""
    rows = []
    for agreement_id, region in sorted(regions.items(), key=lambda one: str(one[1].short)):
        mine = [draft for draft in drafts if draft.agreement_id == agreement_id]
        last = {draft.agreed.indicator.code: draft for draft in mine if draft.period == period}
        rows.append(RegionRow(region, last, Counter(str(draft.state) for draft in mine)))
    return rows


def codes(drafts: Sequence[Draft]) -> list[str]:
    """The indicators of the preview in the order of the catalogue."""
    found = {draft.agreed.indicator.code: draft.agreed.indicator.position for draft in drafts}
    return sorted(found, key=lambda code: found[code])


def written(draft: Draft) -> Any:
    """What the public will read in the cell."""
    value = Figure(draft.numerator, draft.denominator).value(draft.agreed.indicator)
    if draft.state != Showing.SHOWN or value is None:
        return WORDS.get(draft.state, "")
    return shown(draft.agreed.indicator, value)
