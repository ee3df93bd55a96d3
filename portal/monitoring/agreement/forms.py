"""How an agreement is shown: the words of its state, its values and sums."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portal.directory.indicator.models import Indicator
from portal.kit.i18n import Text, Written, amount, number, percent, say
from portal.kit.numbers import exact
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import AgreementState


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
