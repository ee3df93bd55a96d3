"""Pages of those who come in: a request for registration, and the page behind an invitation's link."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.directory.region.models import Region
from portal.kit import pages
from portal.kit.access import public
from portal.kit.errors import Invalid, Refusal
from portal.kit.forms import cleaned, read_form
from portal.kit.i18n import language
from portal.people.account.forms import NEW_PASSWORD
from portal.people.account.routes.entry import browser_of, entered
from portal.people.invitation import service
from portal.people.invitation.forms import asking


async def _form(request: Request, *, status: int = 200, **more: Any) -> Response:
    fields = asking(await Region.filter(is_hidden=False).order_by("name_ru"))
    context = {"fields": fields, "problems": [], "typed": {}, **more}
    return await pages.page(request, "invitation/ask.html", status=status, **context)


@public
async def ask(request: Request) -> Response:
    """The form of somebody of a region who asks for registration."""
    return await _form(request)


@public
async def ask_post(request: Request) -> Response:
    """One answer for every address; only one that cannot be an address at all is told so."""
    typed = await read_form(request)
    try:
        values = cleaned(asking(await Region.filter(is_hidden=False)), typed)
        await service.ask({**values, "language": language.get()}, browser_of(request))
    except Refusal as refusal:
        return await _form(request, status=refusal.status, problems=refusal.at("email"), typed=typed)
    return pages.see_other("invitation:asked")


@public
async def asked(request: Request) -> Response:
    """What happens next, the same for everyone."""
    return await pages.page(request, "invitation/asked.html")


async def _dead(request: Request, refusal: Refusal) -> Response:
    return await pages.page(request, "invitation/dead.html", status=refusal.status, reason=refusal.reason)


async def _join_page(request: Request, *, status: int = 200, problems: Any = None) -> Response:
    token = request.path_params["token"]
    try:
        about = await service.open_by(token)
    except Refusal as refusal:
        return await _dead(request, refusal)
    context = {"about": about, "token": token, "problems": problems or []}
    return await pages.page(request, "invitation/join.html", status=status, **context)


@public
async def join(request: Request) -> Response:
    """Who invites, to what, and the form for the first password; reading it uses nothing up."""
    return await _join_page(request)


@public
async def join_post(request: Request) -> Response:
    """The person stands and is signed in. Whoever is signed in already cannot take another's invitation."""
    typed = await read_form(request)
    if request.state.person is not None:
        return await _join_page(request, status=409)
    try:
        cleaned(NEW_PASSWORD, typed)
        person, token = await service.accept(request.path_params["token"], typed["password"], browser_of(request))
    except Invalid as invalid:
        return await _join_page(request, status=422, problems=invalid.problems)
    except Refusal as refusal:
        return await _dead(request, refusal)
    return entered(request, person.email, token, pages.url("desk:home"))


routes = [
    Route("/registration", ask, methods=["GET"], name="invitation:ask"),
    Route("/registration", ask_post, methods=["POST"], name="invitation:ask_post"),
    Route("/registration/sent", asked, methods=["GET"], name="invitation:asked"),
    Route("/join/{token}", join, methods=["GET"], name="invitation:join"),
    Route("/join/{token}", join_post, methods=["POST"], name="invitation:join_post"),
]
