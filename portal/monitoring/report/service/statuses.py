"""What the programme officer says of an indicator beside the computed status."""

from __future__ import annotations

from portal.kit import clock, journal
from portal.kit.errors import Refusal, refuse
from portal.kit.lifecycle import already_moved
from portal.kit.verb import verb
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.report import rules
from portal.monitoring.report.models import Forecast, ManualStatus
from portal.people.person.models import Person


@verb
async def state(agreed: AgreedIndicator, *, status: str, reason: str, by: Person) -> ManualStatus:
    """Her status and its reason stand beside the computed one until the next report is accepted; "" takes them back.

    Raises Refusal where nothing is computed, where both say the same, or without a reason.
    """
    agreement = await Agreement.select_for_update().get(id=agreed.agreement_id)
    last = await Forecast.filter(agreed_id=agreed.id).order_by("-id").first()
    before = (await ManualStatus.newest([agreement.id])).get(agreed.id)
    period, computed = (last.period, last.status) if last else ("", "")
    said = before.status if before and before.period == period else ""
    refuse(rules.why_not_state(by, computed, said, status, reason))
    if before and said == status and before.reason == reason.strip():  # An answer that was lost, and its form again.
        raise Refusal(already_moved())
    stated = await ManualStatus.create(
        agreed=agreed,
        period=period,
        status=status,
        reason=reason.strip() if status else "",
        stated_at=clock.now(),
        stated_by_name=by.name_in_journal,
    )
    detail = {"period": period, "computed": computed, "before": said, "stated": status, "why": stated.reason}
    await journal.write(agreement, by=by, indicator=agreed.indicator.code, **detail)
    return stated
