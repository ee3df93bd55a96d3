"""Pages of entry: the password, the code where one is needed, the way out, and the view that a reader chose."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.kit import pages
from portal.kit.access import cookie, door, give_session, public
from portal.kit.errors import Problem, Refusal
from portal.kit.forms import read_fields, read_form
from portal.kit.i18n import say
from portal.kit.sessions import Session
from portal.people.account import rules, service
from portal.people.account.forms import CODE, SIGN_IN
from portal.people.account.models import Purpose
from portal.people.account.service import Browser, tickets
from portal.people.account.service.second_factor import WRONG
from portal.people.person.models import Person
from portal.people.person.rules import canonical_email
from portal.people.roles import Role
from portal.settings import settings

YEAR = 365 * 24 * 3600
TEN_MINUTES = 600


def way_back(asked: str) -> str:
    """The page of our own that was asked for, or the home page."""
    return rules.path_back(asked, settings().hosts) or pages.url("desk:home")


def first(person: Person, session: Session) -> str | None:
    """The page without which she gets no further: staff set up a second factor, outside the demonstration."""
    needed = rules.must_have_second_factor(person.roles) and not settings().demo
    return "/account/second-step" if needed and not session.is_strong else None


def browser_of(request: Request) -> Browser:
    """Where the request comes from."""
    return Browser(
        device=request.headers.get("user-agent", ""),
        network=request.client.host if request.client else "",
        mark=request.cookies.get(cookie("device"), ""),
        replacing=request.cookies.get(cookie("session"), ""),
    )


def entered(request: Request, person_email: str, token: str, back: str) -> Response:
    """Back to the page, with the session's cookie and the mark of a browser in which this person has signed in."""
    give_session(request, token)
    answer = RedirectResponse(back, 303)
    _keep(answer, "device", service.device_mark(person_email), YEAR)
    answer.delete_cookie(cookie("entry"), httponly=True, secure=settings().secure, samesite="lax", path="/")
    return answer


def _keep(answer: Response, name: str, value: str, seconds: int) -> None:
    secure = settings().secure
    answer.set_cookie(cookie(name), value, max_age=seconds, httponly=True, secure=secure, samesite="lax", path="/")


async def _form(request: Request, *, status: int = 200, **context: Any) -> Response:
    context = {"email": "", "problems": None, "unsaved": False, "changed": False, **context}
    return await pages.page(request, "account/sign_in.html", status=status, doors=service.offered(), **context)


@public
async def sign_in(request: Request) -> Response:
    """The form; `next` is the page to come back to, `unsaved` says that a form was sent from it in vain."""
    asked, unsaved = request.query_params.get("next", ""), "unsaved" in request.query_params
    changed = "changed" in request.query_params
    return await _form(request, back=way_back(asked), asked=bool(asked), unsaved=unsaved, changed=changed)


@public
async def sign_in_post(request: Request) -> Response:
    """Right: a new session, and back to the page. Wrong: the form again, with one answer for every kind of wrong."""
    typed = await read_form(request)
    back = way_back(typed.get("next", ""))
    values, problems = read_fields(SIGN_IN, typed)
    status = 422
    if not problems:
        try:
            entry = await service.sign_in(values["email"], typed["password"], browser_of(request))
        except Refusal as refusal:
            problems, status = [Problem("email", refusal.reason)], refusal.status
        else:
            if entry is not None and entry.awaits_code:
                answer = pages.see_other("account:code", query={"next": back})
                _keep(answer, "entry", entry.token, TEN_MINUTES)
                return answer
            if entry is not None:
                return entered(request, canonical_email(values["email"]), entry.token, back)
            problems = [Problem("email", say("This e-mail and this password do not fit together. Check both."))]
    return await _form(request, status=status, back=back, asked=False, email=typed.get("email", ""), problems=problems)


@public
async def code(request: Request) -> Response:
    """The second page: nothing is open until the code is right. Without a ticket one begins with the password."""
    if await tickets.holder(request.cookies.get(cookie("entry"), ""), Purpose.CODE) is None:
        return pages.see_other("account:sign_in")
    return await _code_page(request, back=way_back(request.query_params.get("next", "")))


@public
async def code_post(request: Request) -> Response:
    """Right: a strong session. Wrong: the page again; the ticket lives ten minutes."""
    typed = await read_form(request)
    back = way_back(typed.get("next", ""))
    values, problems = read_fields(CODE, typed)
    status = 422
    if not problems:
        try:
            given = await service.give_code(
                request.cookies.get(cookie("entry"), ""), values["code"], browser_of(request)
            )
        except Refusal as refusal:
            problems, status = refusal.at("code"), refusal.status
        else:
            if given is not None:
                person, token = given
                return entered(request, person.email, token, back)
            problems = [Problem("code", WRONG)]
    return await _code_page(request, status=status, back=back, problems=problems)


async def _code_page(request: Request, *, back: str, status: int = 200, problems: Any = None) -> Response:
    return await pages.page(request, "account/code.html", status=status, back=back, problems=problems)


@door(*Role, unfinished=True)
async def sign_out(request: Request) -> Response:
    """The session is ended here and the cookie is gone."""
    person: Person = request.state.person
    await service.sign_out(request.state.token, by=person)
    answer = pages.see_other("desk:home")
    answer.delete_cookie(cookie("session"), httponly=True, secure=settings().secure, samesite="lax", path="/")
    return answer


@public
async def view(request: Request) -> Response:
    """The clear view is on or off for this browser, and the page is the same."""
    typed = await read_form(request)
    answer = RedirectResponse(way_back(typed.get("back", "")), 303)
    chosen = "clear" if typed.get("view") == "clear" else "plain"
    answer.set_cookie("view", chosen, max_age=YEAR, secure=settings().secure, samesite="lax", path="/")
    return answer


routes = [
    Route("/sign-in", sign_in, methods=["GET"], name="account:sign_in"),
    Route("/sign-in", sign_in_post, methods=["POST"], name="account:sign_in_post"),
    Route("/sign-in/code", code, methods=["GET"], name="account:code"),
    Route("/sign-in/code", code_post, methods=["POST"], name="account:code_post"),
    Route("/sign-out", sign_out, methods=["POST"], name="account:sign_out"),
    Route("/view", view, methods=["POST"], name="account:view"),
]
