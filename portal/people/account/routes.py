"""Pages of people: signing in and out, and the view that a reader chose."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.kit import pages
from portal.kit.access import cookie, door, public, visitors_come_from
from portal.kit.errors import Problem, Refusal
from portal.kit.forms import read_fields, read_form
from portal.kit.i18n import say
from portal.people.account import rules, service
from portal.people.account.forms import SIGN_IN
from portal.people.person.rules import canonical_email
from portal.people.person.service import load
from portal.people.roles import Role
from portal.settings import settings

YEAR = 365 * 24 * 3600

visitors_come_from(load)


def _back(asked: str) -> str:
    return rules.path_back(asked, settings().hosts) or pages.url("desk:home")


async def _form(request: Request, *, status: int = 200, **context: Any) -> Response:
    context = {"email": "", "problems": None, "retry": True, "unsaved": False, **context}
    return await pages.page(request, "account/sign_in.html", status=status, doors=service.offered(), **context)


@public
async def sign_in(request: Request) -> Response:
    """The form; `next` is the page to come back to, `unsaved` says that a form was sent from it in vain."""
    asked, unsaved = request.query_params.get("next", ""), "unsaved" in request.query_params
    return await _form(request, back=_back(asked), asked=bool(asked), unsaved=unsaved)


@public
async def sign_in_post(request: Request) -> Response:
    """Right: a new session, and back to the page. Wrong: the form again, with one answer for every kind of wrong."""
    typed = await read_form(request)
    back = _back(typed.get("next", ""))
    values, problems = read_fields(SIGN_IN, typed)
    status = 422
    if not problems:
        try:
            token = await service.sign_in(
                values["email"],
                typed["password"],
                device=request.headers.get("user-agent", ""),
                replacing=request.cookies.get(cookie("session"), ""),
                network=request.client.host if request.client else "",
                mark=request.cookies.get(cookie("device"), ""),
            )
        except Refusal as refusal:
            problems, status = [Problem("email", refusal.reason)], refusal.status
        else:
            if token is not None:
                return _entered(back, token, service.device_mark(canonical_email(values["email"])))
            problems = [Problem("email", say("This e-mail and this password do not fit together. Check both."))]
    return await _form(request, status=status, back=back, asked=False, email=typed.get("email", ""), problems=problems)


def _entered(back: str, token: str, mark: str) -> Response:
    answer = RedirectResponse(back, 303)
    secure = settings().secure
    answer.set_cookie(cookie("session"), token, httponly=True, secure=secure, samesite="lax", path="/")
    answer.set_cookie(cookie("device"), mark, max_age=YEAR, httponly=True, secure=secure, samesite="lax", path="/")
    return answer


@door(*Role)
async def sign_out(request: Request) -> Response:
    """The session is ended here and the cookie is gone."""
    await service.sign_out(request.cookies[cookie("session")], by=request.state.person)
    answer = pages.see_other("desk:home")
    answer.delete_cookie(cookie("session"), httponly=True, secure=settings().secure, samesite="lax", path="/")
    return answer


@public
async def view(request: Request) -> Response:
    """The clear view is on or off for this browser, and the page is the same."""
    typed = await read_form(request)
    answer = RedirectResponse(_back(typed.get("back", "")), 303)
    chosen = "clear" if typed.get("view") == "clear" else "plain"
    answer.set_cookie("view", chosen, max_age=YEAR, secure=settings().secure, samesite="lax", path="/")
    return answer


routes = [
    Route("/sign-in", sign_in, methods=["GET"], name="account:sign_in"),
    Route("/sign-in", sign_in_post, methods=["POST"], name="account:sign_in_post"),
    Route("/sign-out", sign_out, methods=["POST"], name="account:sign_out"),
    Route("/view", view, methods=["POST"], name="account:view"),
]
