"""Before a dangerous deed: the password once more, on a page that keeps what was typed and then does the deed."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.kit import pages
from portal.kit.access import door, give_session
from portal.kit.errors import Problem, Refusal
from portal.kit.forms import Typed, read_form
from portal.kit.guards import SAFE
from portal.people.account import service
from portal.people.account.forms import CONFIRM_CODE, CONFIRM_PASSWORD
from portal.people.account.routes.entry import browser_of, way_back
from portal.people.account.service import second_factor
from portal.people.roles import Role

PROOF = (CONFIRM_PASSWORD.name, CONFIRM_CODE.name)


async def ask(request: Request) -> Response | None:
    """None where the proof came with this very request and is right; else the page that asks for it.

    Its form goes to the address that was asked for, with all that was typed; a page that was only to be read is
    come back to instead.
    """
    if request.method in SAFE:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{pages.url('account:confirm')}?next={quote(here, safe='')}", 303)
    typed = await read_form(request)
    kept = [(name, value) for name, value in typed.pairs if name not in (*PROOF, "form_token")]
    problems: list[Problem] = []
    if CONFIRM_PASSWORD.name in typed:
        problems = await _proved(request, typed)
        if not problems:
            request.state.typed = Typed(kept)
            return None
    return await _page(request, action=request.url.path, kept=kept, problems=problems)


async def _proved(request: Request, typed: Typed) -> list[Problem]:
    person, session = request.state.person, request.state.session
    code = typed.get(CONFIRM_CODE.name, "")
    try:
        await service.prove(person, typed.get(CONFIRM_PASSWORD.name, ""), code, browser_of(request))
    except second_factor.WrongCode as wrong:
        return wrong.at(CONFIRM_CODE.name)
    except Refusal as refusal:
        return refusal.at(CONFIRM_PASSWORD.name)
    give_session(request, await service.confirm(person, session))
    return []


async def _page(
    request: Request, *, action: str, kept: list[tuple[str, str]], problems: list[Problem], status: int = 403
) -> Response:
    factor = await second_factor.of_person(request.state.person)
    context = {"action": action, "kept": kept, "problems": problems, "with_code": factor is not None}
    return await pages.page(request, "account/confirm.html", status=status, **context)


@door(*Role, unfinished=True)
async def confirm(request: Request) -> Response:
    """The page that asks, before another page opens."""
    kept = [("next", way_back(request.query_params.get("next", "")))]
    return await _page(request, action=pages.url("account:confirm_post"), kept=kept, problems=[], status=200)


@door(*Role, unfinished=True)
async def confirm_post(request: Request) -> Response:
    """Right: on to the page, open for five minutes. Wrong: the question again."""
    typed = await read_form(request)
    problems = await _proved(request, typed)
    back = way_back(typed.get("next", ""))
    if problems:
        return await _page(request, action=request.url.path, kept=[("next", back)], problems=problems, status=422)
    return RedirectResponse(back, 303)


routes = [
    Route("/account/confirm", confirm, methods=["GET"], name="account:confirm"),
    Route("/account/confirm", confirm_post, methods=["POST"], name="account:confirm_post"),
]
