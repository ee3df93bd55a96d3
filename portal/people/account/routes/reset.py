"""Pages of a forgotten password: asking for a link, and using it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.kit import pages
from portal.kit.access import public
from portal.kit.errors import Invalid, Problem, Refusal
from portal.kit.forms import read_fields, read_form
from portal.kit.numbers import Unreadable
from portal.people.account import service
from portal.people.account.forms import ASK_FOR_LINK, NEW_PASSWORD
from portal.people.account.routes.entry import browser_of
from portal.people.account.service.reset import DEAD


async def _ask_page(request: Request, *, status: int = 200, **context: Any) -> Response:
    context = {"email": "", "problems": None, "dead": None, **context}
    return await pages.page(request, "account/ask_for_link.html", status=status, **context)


@public
async def ask(request: Request) -> Response:
    """The form that asks for a link."""
    return await _ask_page(request)


@public
async def ask_post(request: Request) -> Response:
    """One answer for every address; only one that cannot be an address at all is told so."""
    typed = await read_form(request)
    values, problems = read_fields(ASK_FOR_LINK, typed)
    status = 422
    if not problems:
        try:
            await service.ask_for_link(values["email"], browser_of(request))
        except Unreadable as unreadable:
            problems = [Problem("email", unreadable.reason)]
        except Refusal as refusal:
            problems, status = refusal.at("email"), refusal.status
        else:
            return pages.see_other("account:link_sent")
    return await _ask_page(request, status=status, email=typed.get("email", ""), problems=problems)


@public
async def link_sent(request: Request) -> Response:
    """What happens next, the same for everyone."""
    return await pages.page(request, "account/link_sent.html")


@public
async def use(request: Request) -> Response:
    """The form for the new password; reading it uses nothing up."""
    token = request.path_params["token"]
    if await service.whose_link(token) is None:
        return await _ask_page(request, status=410, dead=DEAD)
    return await pages.page(request, "account/new_password.html", token=token, problems=None)


@public
async def use_post(request: Request) -> Response:
    """The new password stands, and one signs in with it."""
    typed, token = await read_form(request), request.path_params["token"]
    _, problems = read_fields(NEW_PASSWORD, typed)
    if not problems:
        try:
            await service.set_by_link(token, typed["password"])
        except Invalid as invalid:
            problems = invalid.problems
        except Refusal as refusal:
            return await _ask_page(request, status=refusal.status, dead=refusal.reason)
        else:
            return pages.see_other("account:sign_in", query={"changed": "yes"})
    return await pages.page(request, "account/new_password.html", status=422, token=token, problems=problems)


routes = [
    Route("/password-reset", ask, methods=["GET"], name="account:ask"),
    Route("/password-reset", ask_post, methods=["POST"], name="account:ask_post"),
    Route("/password-reset/sent", link_sent, methods=["GET"], name="account:link_sent"),
    Route("/password-reset/{token}", use, methods=["GET"], name="account:use"),
    Route("/password-reset/{token}", use_post, methods=["POST"], name="account:use_post"),
]
