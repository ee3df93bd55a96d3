"""What a programme must know of its call and of the catalogue: read in one place, never written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.applications.call.models import Call, RequiredIndicator
from portal.directory.indicator.models import Direction, Indicator, Kind
from portal.kit.bilingual import UNSAID, Bilingual
from portal.kit.periods import quarters, year_of


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
    """The conditions of the call with the catalogue as it stands now: three queries."""
    required = {
        str(row["indicator__code"]) for row in await RequiredIndicator.filter(call_id=call.id).values("indicator__code")
    }
    catalogue = {
        one.code: IndicatorFacts(
            one.code, one.name, str(one.kind.value), one.unit, one.desired, one.accumulates, one.numerator,
            one.denominator, one.group,
        )
        for one in await Indicator.all().order_by("position")
    }  # fmt: skip
    return CallFacts(
        number=call.number,
        first_period=call.first_period,
        last_period=call.last_period,
        grant_limit=call.grant_limit,
        cofinancing_min=call.cofinancing_min,
        resets_in_january=call.resets_in_january,
        required=tuple(code for code in catalogue if code in required),
        catalogue=catalogue,
        directions=tuple((one.code, one.name) for one in await Direction.all().order_by("position")),
    )
