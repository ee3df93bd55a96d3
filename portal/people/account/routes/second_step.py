"""Pages of the second step of signing in: setting it up, its recovery codes, taking it away."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.kit import pages
from portal.kit.access import door, give_session
from portal.kit.errors import Invalid, Problem
from portal.kit.forms import read_fields, read_form
from portal.kit.i18n import say
from portal.people.account import rules
from portal.people.account.forms import CODE
from portal.people.account.routes.entry import first
from portal.people.account.service import second_factor
from portal.people.person.models import Person
from portal.people.roles import Role
from portal.settings import settings


async def _offer(
    request: Request, sealed: str, *, status: int = 200, problems: list[Problem] | None = None
) -> Response:
    person: Person = request.state.person
    secret = second_factor.secret_offered(sealed, request.state.session)
    if secret is None:  # Of another session, or of nobody's making.
        sealed = second_factor.offered(request.state.session)
        secret = second_factor.secret_offered(sealed, request.state.session) or ""
    import segno  # Of this page alone: the portal starts without it.

    drawn = segno.make(rules.address_of(secret, person.email), error="m", micro=False)
    context: dict[str, Any] = {
        "sealed": sealed,
        "secret": rules.grouped(secret),
        "drawing": drawn.svg_data_uri(scale=5, border=2),
        "problems": problems,
        "needed": first(person, request.state.session) is not None,
    }
    return await pages.page(request, "account/set_up.html", status=status, **context)


@door(*Role, confirmed=True, unfinished=True)
async def page(request: Request) -> Response:
    """A new secret to set up, or what there is already. Nothing is stored by reading it."""
    factor = await second_factor.of_person(request.state.person)
    if factor is None:
        return await _offer(request, "")
    left = sum(code.used_at is None for code in factor.recovery_codes)
    why_not = None if settings().demo else rules.why_not_remove(request.state.person.roles)
    return await pages.page(request, "account/second_step.html", factor=factor, left=left, why_not=why_not)


@door(*Role, confirmed=True, unfinished=True)
async def set_up(request: Request) -> Response:
    """The first code fits: the second step stands, and the recovery codes are shown this once."""
    typed = await read_form(request)
    sealed = typed.get("sealed", "")
    values, problems = read_fields(CODE, typed)
    if not problems:
        person, session = request.state.person, request.state.session
        try:
            token, codes = await second_factor.set_up(person, sealed, values["code"], session=session)
        except Invalid as invalid:
            problems = invalid.problems
        else:
            give_session(request, token)
            return await pages.page(request, "account/recovery_codes.html", codes=codes, is_new=True)
    return await _offer(request, sealed, status=422, problems=problems)


@door(*Role, confirmed=True)
async def renew_codes(request: Request) -> Response:
    """Ten new recovery codes, shown this once."""
    codes = await second_factor.renew_codes(request.state.person)
    return await pages.page(request, "account/recovery_codes.html", codes=codes, is_new=False)


@door(*Role, confirmed=True)
async def remove(request: Request) -> Response:
    """The portal asks for the password only."""
    person: Person = request.state.person
    await second_factor.remove(person, by=person)
    await pages.flash(request, say("The second step is removed. The portal asks for the password only."), "warn")
    return pages.see_other("account:page")


routes = [
    Route("/account/second-step", page, methods=["GET"], name="account:second_step"),
    Route("/account/second-step", set_up, methods=["POST"], name="account:set_up"),
    Route("/account/second-step/codes", renew_codes, methods=["POST"], name="account:renew_codes"),
    Route("/account/second-step/remove", remove, methods=["POST"], name="account:remove"),
]
