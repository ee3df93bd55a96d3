"""An indicator of an agreement: how it stands by the method, and what the programme officer says beside that."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.kit import clock
from portal.kit.access import door
from portal.kit.db import found
from portal.kit.errors import NotFound, Problem, Refusal
from portal.kit.forms import Typed, cleaned, read_form
from portal.kit.i18n import say
from portal.kit.pages import flash, page, see_other
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.report import forms, rules, service
from portal.monitoring.report.models import Forecast, ManualStatus, reports_of
from portal.people.roles import FOUNDATION, REGIONAL, Role


async def _find(request: Request) -> AgreedIndicator:
    """The agreed indicator of this address, its agreement and region loaded, if the agreement exists for her."""
    seen = Agreement.visible_to(request.state.person).filter(number=request.path_params["number"])
    agreement = await found(seen.select_related("region"))
    agreed = AgreedIndicator.filter(agreement_id=agreement.id, indicator__code=request.path_params["code"])
    one = await found(agreed.select_related("indicator"))
    one.agreement = agreement
    return one


async def _page(
    request: Request, agreed: AgreedIndicator, *, typed: Typed | None = None, problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response:  # fmt: skip
    agreement = agreed.agreement
    computed = [row for row in await Forecast.newest([agreement.id]) if row["agreed_id"] == agreed.id]
    stand = forms.outlooks(computed, [agreement], await reports_of([agreement]), clock.now())
    if not stand:  # Nothing is to be said of what has no direction.
        raise NotFound
    return await page(
        request,
        "report/indicator.html",
        status=status,
        agreed=agreed,
        agreement=agreement,
        one=stand[0],
        history=await ManualStatus.filter(agreed_id=agreed.id).order_by("-id"),
        words=rules.WORDS,
        may_state=Role.OFFICER in request.state.person.roles and bool(computed[0]["status"]),
        fields=forms.STATING,
        typed=typed or forms.stated(computed[0]),
        problems=list(problems),
    )


@door(*REGIONAL, *FOUNDATION)
async def one(request: Request) -> Response:
    """How the indicator stands, and whatever was said of it."""
    return await _page(request, await _find(request))


@door(Role.OFFICER)
async def state(request: Request) -> Response:
    """Her status stands beside the computed one, or the page says why not."""
    agreed, typed = await _find(request), await read_form(request)
    try:
        told = cleaned(forms.STATING, typed)
        await service.state(
            agreed, status=told["status"] or "", reason=told["reason"] or "", by=request.state.person
        )  # fmt: skip
    except Refusal as refusal:
        return await _page(request, agreed, typed=typed, problems=refusal.at("reason"), status=refusal.status)
    await flash(request, say("Your status is written down.") if told["status"] else say("Your status is taken back."))
    return see_other("report:indicator", number=agreed.agreement.number, code=agreed.indicator.code)


routes = [
    Route("/agreements/{number}/indicators/{code}", one, methods=["GET"], name="report:indicator"),
    Route("/agreements/{number}/indicators/{code}/status", state, methods=["POST"], name="report:state"),
]
