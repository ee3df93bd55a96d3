"""Pages of amendments: those of an agreement, a new one, and one with its signature."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.kit.access import door
from portal.kit.db import found
from portal.kit.documents import answer
from portal.kit.errors import Problem, Refusal
from portal.kit.forms import Typed, read_form
from portal.kit.i18n import say
from portal.kit.pages import flash, page, see_other
from portal.monitoring.agreement import rules as agreement_rules
from portal.monitoring.agreement import service as agreement_service
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.amendment import documents, forms, rules, service
from portal.monitoring.amendment.models import Amendment
from portal.monitoring.amendment.states import AmendmentState
from portal.people.roles import FOUNDATION, REGIONAL, Role


async def _agreement(request: Request) -> Agreement:
    seen = Agreement.visible_to(request.state.person).filter(number=request.path_params["number"])
    return await found(seen.select_related("region", "application__call"))


async def find(request: Request) -> Amendment:
    """The amendment of this address, if its agreement exists for this reader."""
    number = request.path_params["amendment"]
    seen = Amendment.visible_to(request.state.person).filter(
        agreement__number=request.path_params["number"], number=int(number) if number.isdecimal() else 0
    )
    return await found(seen.select_related("agreement__region").prefetch_related("changes__agreed__indicator"))


@door(*REGIONAL, *FOUNDATION)
async def list_(request: Request) -> Response:
    """The amendments of an agreement, the newest first; for officers whether another can be proposed."""
    agreement = await _agreement(request)
    amendments = await Amendment.filter(agreement_id=agreement.id).order_by("-number")
    waiting = next((one for one in amendments if one.state is AmendmentState.PROPOSED), None)
    left = await service.open_quarters(agreement)
    return await page(
        request,
        "amendment/list.html",
        agreement=agreement,
        amendments=amendments,
        is_officer=Role.OFFICER in request.state.person.roles,
        why_not=rules.why_not_propose(agreement, waiting, left, request.state.person),
        forms=forms,
    )


@door(Role.OFFICER, Role.AUDITOR)
async def new(request: Request) -> Response:
    """The plan of the quarters that are still open, to be changed."""
    return await _form(request, await _agreement(request), Typed([]))


async def _form(
    request: Request, agreement: Agreement, typed: Typed, *, status: int = 200, problems: list[Problem] | None = None
) -> Response:
    left = await service.open_quarters(agreement)
    return await page(
        request,
        "amendment/new.html",
        status=status,
        agreement=agreement,
        left=left,
        heads=forms.heads(left),
        grids=forms.grids(await service.indicators_of(agreement), left, typed),
        reason=forms.REASON,
        typed=typed,
        problems=problems or [],
    )


@door(Role.OFFICER)
async def propose(request: Request) -> Response:
    """The amendment waits for the region; or the form again with everything typed and what is wrong."""
    agreement, typed = await _agreement(request), await read_form(request)
    try:
        amendment = await service.propose(
            agreement, reason=typed.get("reason", ""), typed=typed, by=request.state.person
        )
    except Refusal as refusal:
        return await _form(request, agreement, typed, status=refusal.status, problems=refusal.at(""))
    await flash(request, say("The amendment is proposed. The region has a letter."))
    return see_other("amendment:page", number=agreement.number, amendment=amendment.number)


@door(*REGIONAL, *FOUNDATION)
async def one(request: Request) -> Response:
    """What the amendment changes and why, and whose signature it has."""
    amendment = await find(request)
    person = request.state.person
    left = await service.open_quarters(amendment.agreement)
    return await page(
        request,
        "amendment/page.html",
        amendment=amendment,
        agreement=amendment.agreement,
        changes=rules.changes(amendment),
        why_not_sign=rules.why_not_sign(amendment, left, [change.period for change in amendment.changes], person),
        why_not_withdraw=rules.why_not_withdraw(amendment, person),
        is_signatory=Role.SIGNATORY in person.roles,
        forms=forms,
        value=agreement_rules.value,
    )


@door(*REGIONAL, *FOUNDATION)
async def agreement_pdf(request: Request) -> Response:
    """The agreement with its amendments in force, as a file."""
    seen = Agreement.visible_to(request.state.person).filter(number=request.path_params["number"])
    agreement = await found(seen.select_related("region", "version", "application"))
    signed = Amendment.filter(agreement_id=agreement.id, state=AmendmentState.SIGNED).order_by("number")
    amendments = await signed.prefetch_related("changes__agreed__indicator")
    return await answer(documents.agreement(agreement, await agreement_service.terms(agreement), amendments))


@door(Role.SIGNATORY)
async def sign(request: Request) -> Response:
    """The changed values are the plan."""
    amendment = await service.sign(await find(request), by=request.state.person)
    await flash(request, say("Your signature has been recorded. The new plan is in force."))
    return see_other("amendment:page", number=amendment.agreement.number, amendment=amendment.number)


@door(Role.OFFICER)
async def withdraw(request: Request) -> Response:
    """The proposal is taken back."""
    amendment = await service.withdraw(await find(request), by=request.state.person)
    await flash(request, say("The amendment is withdrawn. The plan is as before."), "info")
    return see_other("amendment:list", number=amendment.agreement.number)


ALL = "/agreements/{number}/amendments"
ONE = ALL + "/{amendment}"

routes = [
    Route("/agreements/{number}/pdf", agreement_pdf, methods=["GET"], name="amendment:agreement_pdf"),
    Route(ALL, list_, methods=["GET"], name="amendment:list"),
    Route(f"{ALL}/new", new, methods=["GET"], name="amendment:new"),
    Route(f"{ALL}/new", propose, methods=["POST"], name="amendment:propose"),
    Route(ONE, one, methods=["GET"], name="amendment:page"),
    Route(f"{ONE}/sign", sign, methods=["POST"], name="amendment:sign"),
    Route(f"{ONE}/withdraw", withdraw, methods=["POST"], name="amendment:withdraw"),
]
