"""When a release may be published, and what it says of the end of each indicator."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from portal.applications.call.models import Call
from portal.kit.i18n import Text, Written, quarter, say
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.release.methods import Protection, Showing, suppress
from portal.monitoring.report.methods import Pace
from portal.monitoring.report.models import ManualStatus
from portal.monitoring.report.rules import Figure, Promise, promise_of

STEP = Decimal("0.0001")


def why_not_publish(call: Call, period: str, has_accepted: bool) -> Text | None:
    """None if figures of the call up to `period` can be published; `has_accepted`: a report of that quarter is."""
    if not call.first_period <= period <= call.last_period:
        return say("%(period)s lies outside the programmes of this call.", period=Written(quarter, period))
    if not has_accepted:
        return say("No report for %(period)s has been accepted yet.", period=Written(quarter, period))
    return None


def public_promise(agreed: AgreedIndicator, call: Call) -> Promise:
    """The promise as the public sees it: a baseline that is hidden is not known to the forecast either."""
    promise, protection = promise_of(agreed, call), Protection(protect=agreed.indicator.is_protected)
    first = promise.baseline
    shown = suppress(agreed.indicator.kind, first.numerator, first.denominator, protection=protection)
    return promise if shown.showing is Showing.SHOWN else replace(promise, baseline=Figure())


def expected(pace: Pace | None, said: ManualStatus | None) -> dict[str, Any]:
    """The columns of a public figure that hold its status and forecast, in the unit of the value, to four places.

    What the officer said is public beside a public status only: alone it could tell of what is hidden.
    """
    if pace is None or pace.status is None:
        return {}
    low, high = pace.interval_80 or (None, None)
    numbers = {"forecast": pace.forecast, "low": low, "high": high}
    rounded = {name: None if one is None else Decimal(one).quantize(STEP) for name, one in numbers.items()}
    beside = {"stated": said.status, "because": said.reason} if said else {}
    return {"status": str(pace.status), "method": pace.method, **rounded, **beside}
