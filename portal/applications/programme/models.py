"""What a programme must know of its call and of the catalogue: read in one place, never written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.applications.call.models import Call
from portal.directory.indicator.models import OVER_THE_PERIOD, Kind
from portal.kit.bilingual import UNSAID, Bilingual
from portal.kit.db import rows
from portal.kit.periods import quarters, year_of

WORDS = ("name", "numerator", "denominator", "group")
CATALOGUE = f"""
SELECT code, kind, unit, desired, measured, {", ".join(f"{one}_ru, {one}_en" for one in WORDS)},
       EXISTS (SELECT FROM required_indicator r WHERE r.call_id = $1 AND r.indicator_id = i.id) AS is_required
FROM indicator i ORDER BY position"""


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """An indicator as a programme may promise it."""

    code: str
    name: Bilingual
    kind: str
    unit: str
    desired: str = "up"
    accumulates: bool = True
    numerator: Bilingual = UNSAID
    denominator: Bilingual = UNSAID
    group: Bilingual = UNSAID

    @property
    def is_quotient(self) -> bool:
        """Whether it is typed as a numerator and a denominator."""
        return self.kind != Kind.COUNT

    @property
    def is_whole(self) -> bool:
        """Whether it counts people, families or things, and so has no decimals."""
        return self.kind in (Kind.COUNT, Kind.SHARE)


@dataclass(frozen=True, slots=True)
class CallFacts:
    """The conditions of a call. `grant_limit` in roubles, `cofinancing_min` in percent of the whole budget."""

    number: str
    first_period: str
    last_period: str
    grant_limit: Decimal
    cofinancing_min: Decimal
    resets_in_january: bool
    required: tuple[str, ...]
    catalogue: Mapping[str, IndicatorFacts]
    directions: tuple[tuple[str, Bilingual], ...]

    @property
    def quarters(self) -> list[str]:
        """The quarters of the programme, in order."""
        return quarters(self.first_period, self.last_period)

    @property
    def years(self) -> list[int]:
        """The years that the programme touches, in order."""
        return list(range(year_of(self.first_period), year_of(self.last_period) + 1))

    @property
    def offered(self) -> list[IndicatorFacts]:
        """What a region may promise of its own will, beside what is required; context is nobody's promise."""
        return [one for one in self.catalogue.values() if one.code not in self.required and one.kind != Kind.CONTEXT]


async def facts_of(call: Call) -> CallFacts:
    """The conditions of the call with the catalogue as it stands now: two queries."""
    catalogue = {one["code"]: (_indicator(one), one["is_required"]) for one in await rows(CATALOGUE, call.id)}
    directions = await rows("SELECT code, name_ru, name_en FROM direction ORDER BY position")
    return CallFacts(
        number=call.number,
        first_period=call.first_period,
        last_period=call.last_period,
        grant_limit=call.grant_limit,
        cofinancing_min=call.cofinancing_min,
        resets_in_january=call.resets_in_january,
        required=tuple(code for code, (_, is_required) in catalogue.items() if is_required),
        catalogue={code: facts for code, (facts, _) in catalogue.items()},
        directions=tuple((one["code"], Bilingual(one["name_ru"], one["name_en"])) for one in directions),
    )


def _indicator(row: Mapping[str, Any]) -> IndicatorFacts:
    name, numerator, denominator, group = (Bilingual(row[f"{one}_ru"], row[f"{one}_en"]) for one in WORDS)
    accumulates = row["measured"] == OVER_THE_PERIOD
    return IndicatorFacts(
        row["code"], name, row["kind"], row["unit"], row["desired"], accumulates, numerator, denominator, group
    )
