"""What an agreement binds both sides to, and how its state, values and sums are said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.applications.award.models import Award
from portal.applications.programme.rules import SOURCES
from portal.directory.indicator.models import Indicator
from portal.kit.i18n import Text, Written, amount, number, percent, say
from portal.kit.numbers import exact
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.agreement.rules.budget import FOUNDATION, Row
from portal.monitoring.agreement.states import AgreementState


@dataclass(frozen=True, slots=True)
class Terms:
    """The ground, the plan as it stands and the budget line by line with its sums; `asked_share` of the application."""

    award: Award
    indicators: Sequence[AgreedIndicator]
    lines: list[list[Row]]
    sums: dict[str, Decimal]
    asked_share: Fraction | None

    @property
    def share(self) -> Fraction | None:
        """What others than the Foundation put in, as a part of the whole."""
        return 1 - exact(self.sums[FOUNDATION]) / exact(self.sums["all"]) if self.sums["all"] else None

    @property
    def sources(self) -> list[str]:
        """The sources beside the Foundation that give anything."""
        return [source for source in SOURCES if source != FOUNDATION and self.sums[source]]

    @property
    def is_fitted(self) -> bool:
        """Whether the Board gave another sum than was asked for."""
        return self.sums["asked"] != self.sums[FOUNDATION]

    @property
    def is_amended(self) -> bool:
        """Whether any value of the plan was changed since the agreement was signed."""
        return any(value.edition for agreed in self.indicators for value in agreed.plan)


def stands(agreement: Agreement) -> tuple[str, Text]:
    """The icon and word of its state; a draft says whose signature it has."""
    match agreement.state:
        case AgreementState.SIGNED:
            return "met", say("in force")
        case AgreementState.CLOSED:
            return "early", say("completed")
        case AgreementState.TERMINATED:
            return "behind", say("terminated")
    if agreement.region_signed_at:
        return "pace", say("signed by the region")
    return ("pace", say("signed by the Foundation")) if agreement.foundation_signed_at else ("early", say("drafted"))


def value(indicator: Indicator, over: Decimal | None, under: Decimal | None) -> tuple[Any, Any]:
    """A planned value as it is read, and what it is made of; both empty where nothing is planned."""
    if over is None:
        return "", ""
    if not indicator.is_quotient:
        return _plain(over), ""
    if not under:
        return "", ""
    parts = say("%(part)s of %(whole)s", part=_plain(over), whole=_plain(under))
    quotient = exact(over) / exact(under)
    return (Written(percent, quotient) if indicator.unit == "percent" else Written(number, quotient, 1)), parts


def _plain(one: Decimal) -> Written:
    return Written(number, one, 0 if one == one.to_integral_value() else 2)


def cell(sum_: Decimal) -> str:
    """A sum of the budget in its column; nothing where there is none."""
    return amount(sum_) if sum_ else ""
