"""Pages of agreements: the list, the agreement with its plan and budget, drafting and signing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.award.models import Award
from portal.applications.award.states import Outcome
from portal.applications.programme.rules import SOURCE_NAMES
from portal.kit.access import door
from portal.kit.db import found
from portal.kit.documents import size
from portal.kit.i18n import say
from portal.kit.pages import flash, page, see_other
from portal.kit.periods import quarters
from portal.monitoring.agreement import documents, rules, service
from portal.monitoring.agreement.models import Agreement
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, REGIONAL, Role


@door(*REGIONAL, *FOUNDATION)
async def everything(request: Request) -> Response:
    """Her region's agreements, or all of them for the Foundation's people; for officers also whom one is owed."""
    person: Person = request.state.person
    agreements = (
        await Agreement.visible_to(person)
        .select_related("region", "application__call")
        .order_by("-application__call_id", "number")
    )
    return await page(
        request,
        "agreement/list.html",
        agreements=agreements,
        waiting=[one for one in agreements if rules.why_not_sign(one, person) is None],
        inside=not person.roles & FOUNDATION,
        owed=await _owed() if Role.OFFICER in person.roles else [],
        rules=rules,
    )


async def _owed() -> list[Award]:
    """The announced winners for whom no agreement has been drafted, the newest call first, by place."""
    winners = Award.filter(outcome=Outcome.WINNER, application__state=ApplicationState.AWARDED)
    return (
        await winners.filter(application__agreement__id__isnull=True)
        .select_related("application__region", "application__call")
        .order_by("-application__call_id", "place")
    )


@door(*REGIONAL, *FOUNDATION)
async def one(request: Request) -> Response:
    """Parties, sum, term, plan and budget, and who has signed."""
    seen = Agreement.visible_to(request.state.person).filter(number=request.path_params["number"])
    agreement = await found(seen.select_related("region", "version", "application__call"))
    return await page(
        request,
        "agreement/page.html",
        agreement=agreement,
        terms=await service.terms(agreement),
        periods=quarters(agreement.first_period, agreement.last_period),
        names=SOURCE_NAMES,
        why_not_sign=rules.why_not_sign(agreement, request.state.person),
        side=rules.side_of(agreement, request.state.person),
        may_end=Role.OFFICER in request.state.person.roles and not agreement.is_over,
        rules=rules,
        pdf_size=size(documents.name(agreement)),
    )


@door(Role.OFFICER)
async def draft(request: Request) -> Response:
    """The agreement is drafted from the application's winning version."""
    person: Person = request.state.person
    application = await found(Application.visible_to(person).filter(number=request.path_params["number"]))
    agreement = await service.draft(application, by=person)
    await flash(request, say("The agreement has been drafted. The region has been told by letter."))
    return see_other("agreement:page", number=agreement.number)


@door(Role.SIGNATORY, Role.OFFICER, Role.BOARD)
async def sign(request: Request) -> Response:
    """Her side has signed."""
    person: Person = request.state.person
    agreement = await found(Agreement.visible_to(person).filter(number=request.path_params["number"]))
    await service.sign(agreement, by=person)
    await flash(request, say("Your signature has been recorded."))
    return see_other("agreement:page", number=agreement.number)


routes = [
    Route("/agreements", everything, methods=["GET"], name="agreement:list"),
    Route("/agreements/{number}", one, methods=["GET"], name="agreement:page"),
    Route("/agreements/{number}/sign", sign, methods=["POST"], name="agreement:sign"),
    Route("/applications/{number}/agreement", draft, methods=["POST"], name="agreement:draft"),
]
