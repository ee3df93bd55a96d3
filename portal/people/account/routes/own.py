"""One's own page: who the portal takes her for, her password, the language of letters, the sessions that are open."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.kit import pages, sessions
from portal.kit.access import door, give_session
from portal.kit.errors import Invalid, Refusal
from portal.kit.forms import read_fields, read_form
from portal.kit.i18n import say
from portal.people.account import rules, service
from portal.people.account.forms import CHANGE_PASSWORD, CODE
from portal.people.account.routes.entry import browser_of
from portal.people.account.service import second_factor
from portal.people.person.models import Person
from portal.people.roles import Role


@door(*Role)
async def page(request: Request) -> Response:
    """Everything about her account, and the way to each change."""
    person: Person = request.state.person
    opened = [
        {
            "mark": session.mark,
            "device": rules.words_of_device(session.device),
            "opened_at": session.opened_at,
            "seen_at": session.seen_at,
            "is_this": session.id == request.state.session.id,
        }
        for session in await sessions.of_person(person.id)
    ]
    opened.sort(key=lambda one: not one["is_this"])
    factor = await second_factor.of_person(person)
    return await pages.page(request, "account/page.html", sessions=opened, factor=factor)


@door(*Role)
async def choose_language(request: Request) -> Response:
    """Letters come in this language from now on."""
    typed = await read_form(request)
    await service.choose_language(request.state.person, typed.get("language", ""))
    await pages.flash(request, say("Letters will come in this language."))
    return pages.see_other("account:page")


@door(*Role)
async def end_session(request: Request) -> Response:
    """One of her sessions is ended."""
    typed = await read_form(request)
    await service.end_session(request.state.person, typed.get("session", ""))
    await pages.flash(request, say("You are signed out on that device."))
    return pages.see_other("account:page", fragment="sessions")


@door(*Role)
async def end_others(request: Request) -> Response:
    """All her sessions but this one are ended."""
    person: Person = request.state.person
    await service.sign_out_everywhere(person, by=person, but=request.state.session)
    await pages.flash(request, say("You are signed out on all other devices."))
    return pages.see_other("account:page", fragment="sessions")


async def _password_page(request: Request, *, status: int = 200, problems: Any = None) -> Response:
    factor = await second_factor.of_person(request.state.person)
    context = {"with_code": factor is not None, "problems": problems}
    return await pages.page(request, "account/password.html", status=status, **context)


@door(*Role)
async def password(request: Request) -> Response:
    """The form of a new password."""
    return await _password_page(request)


@door(*Role)
async def change_password(request: Request) -> Response:
    """The new password stands if the present one is right; other devices are signed out."""
    typed, person = await read_form(request), request.state.person
    _, problems = read_fields(CHANGE_PASSWORD, typed)
    weak = rules.why_not_password(typed.get("password", ""), person.email) if not problems else None
    if weak is not None:  # Before the code is used up.
        problems = Refusal(weak).at("password")
    if not problems:
        try:
            code = typed.get(CODE[0].name, "")
            await service.prove(person, typed["present"], code, browser_of(request))
            give_session(
                request, await service.change_password(person, typed["password"], session=request.state.session)
            )
        except second_factor.WrongCode as wrong:
            problems = wrong.at("code")
        except Invalid as invalid:
            problems = invalid.problems
        except Refusal as refusal:
            problems = refusal.at("present")
        else:
            await pages.flash(request, say("The new password is set. You are signed out on all other devices."))
            return pages.see_other("account:page")
    return await _password_page(request, status=422, problems=problems)


routes = [
    Route("/account", page, methods=["GET"], name="account:page"),
    Route("/account/language", choose_language, methods=["POST"], name="account:choose_language"),
    Route("/account/sessions/end", end_session, methods=["POST"], name="account:end_session"),
    Route("/account/sessions/end-others", end_others, methods=["POST"], name="account:end_others"),
    Route("/account/password", password, methods=["GET"], name="account:password"),
    Route("/account/password", change_password, methods=["POST"], name="account:change_password"),
]
