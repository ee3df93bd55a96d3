"""The door of every route: who may enter at all, and that a form was sent from our own page."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.kit import autosave, sessions
from portal.kit.errors import Forbidden, Refusal
from portal.kit.forms import Typed, read_form
from portal.kit.guards import SAFE
from portal.kit.i18n import language, say
from portal.kit.sessions import Session
from portal.settings import settings

Endpoint = Callable[[Request], Awaitable[Response]]


_load: Callable[[int], Awaitable[Any]]
_first: Callable[[Any, Session], str | None]
_confirm: Callable[[Request], Awaitable[Response | None]]


def visitors_come_from(
    load: Callable[[int], Awaitable[Any]],
    *,
    first: Callable[[Any, Session], str | None],
    confirm: Callable[[Request], Awaitable[Response | None]],
) -> None:
    """From now on a session's person is loaded by `load(person_id)`, which gives None for one who may not enter.

    `first(person, session)` gives the page without which she gets no further, or None; `confirm(request)` gives the
    page that asks for the password once more, or None where it came with this very request and is right.
    """
    global _load, _first, _confirm
    _load, _first, _confirm = load, first, confirm


def cookie(name: str) -> str:
    """The cookie's full name: bound to the host where the connection is encrypted."""
    return f"__Host-{name}" if settings().secure else name


def form_token(request: Request) -> str:
    """The token that this visitor's forms must carry; an anonymous visitor gets a cookie for it with the page."""
    return sessions.signature(settings().secret, _bound_to(request))


def _bound_to(request: Request) -> str:
    token: str | None = request.state.token if getattr(request.state, "person", None) else None
    if token is None:
        token = request.cookies.get(cookie("form")) or getattr(request.state, "new_form_cookie", None)
    if token is None:
        token = request.state.new_form_cookie = secrets.token_urlsafe(24)
    return token


def mark(request: Request) -> str:
    """What a page knows its reader by, to keep her unsent texts on her device apart from others'; "" for nobody."""
    person = getattr(request.state, "person", None)
    return sessions.signature(settings().secret, f"person {person.id}")[:16] if person else ""


async def identify(request: Request) -> None:
    """`request.state` knows the person and her session, both None for an anonymous visitor."""
    if hasattr(request.state, "person"):
        return
    token = request.cookies.get(cookie("session"))
    session = await sessions.find(token) if token else None
    request.state.token, request.state.session = token, session
    request.state.person = await _load(session.person_id) if session else None


def ask_nobody(request: Request) -> None:
    """The page that answers asks no database who its reader is, and shows none of her messages."""
    request.state.person, request.state.session = getattr(request.state, "person", None), None


async def _check_form(request: Request) -> None:
    if request.method in SAFE:
        return

    def check(typed: Typed) -> None:
        sent = typed.get("form_token") or request.headers.get("x-form-token", "")
        if not sessions.is_signed(sessions.unmasked(sent), settings().secrets, _bound_to(request)):
            raise Refusal(say("This form has expired. Go back, open the page again and send it once more."), 403)

    check(await read_form(request, before_file=check))


def _sign_in_first(request: Request) -> Response:
    if autosave.is_asked(request):
        return autosave.refused(Refusal(say("You have signed out or were away for long. Sign in again."), 401))
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    reading = request.method in SAFE
    back = quote(here if reading else request.headers.get("referer", ""), safe="")
    unsaved = "" if reading else "&unsaved=yes"
    return RedirectResponse(f"/{language.get()}/sign-in?next={back}{unsaved}", status_code=303)


def give_session(request: Request, token: str) -> None:
    """The answer to this request carries the token of a session that was opened or renewed meanwhile."""
    request.state.token = request.state.given = token


def _answered(request: Request, answer: Response) -> Response:
    if hasattr(request.state, "given"):
        secure = settings().secure
        answer.set_cookie(
            cookie("session"), request.state.given, httponly=True, secure=secure, samesite="lax", path="/"
        )
    return answer


def _way_first(request: Request) -> Response | None:
    person = request.state.person
    way = _first(person, request.state.session) if person else None
    return RedirectResponse(f"/{language.get()}{way}", status_code=303) if way else None


def door(*roles: StrEnum, confirmed: bool = False, unfinished: bool = False) -> Callable[[Endpoint], Endpoint]:
    """Only a signed-in person who has one of the roles enters; others are told to sign in, or that it is not theirs.

    `confirmed`: she has given her password within five minutes, or is asked for it here, and what she typed is kept.
    `unfinished`: it opens also to somebody who has still to set up what her role needs.
    """

    def guard(endpoint: Endpoint) -> Endpoint:
        @wraps(endpoint)
        async def guarded(request: Request) -> Response:
            await identify(request)
            person = request.state.person
            if person is None:
                return _sign_in_first(request)
            if not unfinished and (way := _way_first(request)):
                return way
            if not person.roles & frozenset(roles):
                raise Forbidden
            await _check_form(request)
            if confirmed and not request.state.session.is_confirmed and (asked := await _confirm(request)):
                return asked
            return _answered(request, await endpoint(request))

        guarded.door = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return guard


def public(endpoint: Endpoint) -> Endpoint:
    """Everyone enters, signed in or not."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        await identify(request)
        if request.method in SAFE and (way := _way_first(request)):
            return way
        await _check_form(request)
        return _answered(request, await endpoint(request))

    guarded.door = "public"  # type: ignore[attr-defined]
    return guarded
