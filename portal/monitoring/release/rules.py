"""When a release may be published."""

from __future__ import annotations

from portal.applications.call.models import Call
from portal.kit.i18n import Text, Written, quarter, say


def why_not_publish(call: Call, period: str, has_accepted: bool) -> Text | None:
    """None if figures of the call up to `period` can be published; `has_accepted`: a report of that quarter is."""
    if not call.first_period <= period <= call.last_period:
        return say("%(period)s lies outside the programmes of this call.", period=Written(quarter, period))
    if not has_accepted:
        return say("No report for %(period)s has been accepted yet.", period=Written(quarter, period))
    return None
