"""Pages of the end: of an agreement, and of a call."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.applications.call.models import Call
from portal.kit import clock
from portal.kit.access import door
from portal.kit.db import found
from portal.kit.errors import Problem, Refusal
from portal.kit.forms import Typed, cleaned, read_form
from portal.kit.i18n import say
from portal.kit.pages import flash, page, see_other
from portal.monitoring.agreement import rules as agreement_rules
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.closeout import forms, rules, service
from portal.people.roles import Role


async def find(request: Request) -> Agreement:
    """The agreement of this address, if it exists for this reader."""
    seen = Agreement.visible_to(request.state.person).filter(number=request.path_params["number"])
    return await found(seen.select_related("region"))


@door(Role.OFFICER, Role.AUDITOR)
async def one(request: Request) -> Response:
    """What ending the agreement means, what is left to be accepted, and the two ways."""
    return await _page(request, await find(request))


async def _page(
    request: Request,
    agreement: Agreement,
    *,
    status: int = 200,
    typed: Typed | None = None,
    problems: list[Problem] | None = None,
) -> Response:
    waiting, person = await service.waiting(agreement), request.state.person
    return await page(
        request,
        "closeout/agreement.html",
        status=status,
        agreement=agreement,
        stand=agreement_rules.stands(agreement),
        left=await service.unaccepted(agreement),
        why_not_close=rules.why_not_close(agreement, waiting, person, clock.today()),
        why_not_terminate=rules.why_not_terminate(agreement, waiting, person),
        forms=forms,
        typed=typed or Typed([]),
        problems=problems or [],
    )


@door(Role.OFFICER)
async def close(request: Request) -> Response:
    """The agreement is closed; or the page again with what is wrong."""
    agreement, typed = await find(request), await read_form(request)
    try:
        reason = cleaned([forms.WITHOUT], typed)["close-reason"] or ""
        await service.close(agreement, reason=reason, by=request.state.person)
    except Refusal as refusal:
        problems = refusal.at("")
        return await _page(request, agreement, status=refusal.status, typed=typed, problems=problems)
    await flash(request, say("The agreement is closed. The region has been told by letter."))
    return see_other("agreement:page", number=agreement.number)


@door(Role.OFFICER, confirmed=True)
async def terminate(request: Request) -> Response:
    """The agreement is terminated; or the page again with what is wrong."""
    agreement, typed = await find(request), await read_form(request)
    try:
        values = cleaned(forms.TERMINATION, typed)
        await service.terminate(agreement, **values, by=request.state.person)
    except Refusal as refusal:
        return await _page(request, agreement, status=refusal.status, typed=typed, problems=refusal.at(""))
    await flash(request, say("The agreement is terminated. The region has been told by letter."))
    return see_other("agreement:page", number=agreement.number)


async def _call(request: Request) -> Call:
    return await found(Call.visible_to(request.state.person).filter(number=request.path_params["number"]))


@door(Role.OFFICER, Role.AUDITOR)
async def call(request: Request) -> Response:
    """What the archive means for the call, and what keeps it from there."""
    about = await _call(request)
    owed, running = await service.left_of(about)
    why_not = rules.why_not_archive(about, owed, [one.number for one in running], request.state.person)
    return await page(request, "closeout/call.html", call=about, running=running, why_not=why_not,
                      stands=agreement_rules.stands)  # fmt: skip


@door(Role.OFFICER)
async def archive(request: Request) -> Response:
    """The call is in the archive."""
    about = await service.archive(await _call(request), by=request.state.person)
    await flash(request, say("The call is in the archive. Its pages can be read as before."))
    return see_other("call:page", number=about.number)


routes = [
    Route("/agreements/{number}/end", one, methods=["GET"], name="closeout:page"),
    Route("/agreements/{number}/close", close, methods=["POST"], name="closeout:close"),
    Route("/agreements/{number}/terminate", terminate, methods=["POST"], name="closeout:terminate"),
    Route("/calls/{number}/archive", call, methods=["GET"], name="closeout:call"),
    Route("/calls/{number}/archive", archive, methods=["POST"], name="closeout:archive"),
]
