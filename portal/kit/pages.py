"""Pages: templates in the house's shell, addresses in the reader's language, answers to a form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route, Router

from portal.kit import autosave, clock, i18n, journal
from portal.kit.access import cookie, form_token, identify, mark
from portal.kit.errors import Invalid, Problem, Refusal, wrong_and_advice
from portal.kit.forms import written
from portal.kit.i18n import LANGUAGES, Text, language
from portal.kit.sessions import Session, masked
from portal.kit.templating import Templates
from portal.settings import settings

STATIC = Path(__file__).parents[1] / "static"
TOKEN = Markup('<input type="hidden" name="form_token" value="{}">')
Links = Callable[[Any], list[tuple[str, Text]]]

asked: ContextVar[Request] = ContextVar("asked")
"""The request that the page being written answers: macros ask it, and so need not be made anew for each page."""

_rooms: dict[str, FileSystemLoader] = {"kit": FileSystemLoader(Path(__file__).parent / "templates")}
_pages: dict[str, Route]
_nav: Links
_foot: Links
_band: Links


def furnish(
    pages: Router, nav: Links, rooms: Mapping[str, Path], foot: Links = lambda _: [], band: Links = lambda _: []
) -> None:
    """Addresses come from `pages`, templates from the folders of `rooms`.

    `nav`, `foot` and `band` give the (address, label) lines at the head, at the foot and in the demo's band of the
    pages of a person, or of None.
    """
    global _pages, _nav, _foot, _band
    _pages = {route.name: route for route in pages.routes if isinstance(route, Route)}
    _nav, _foot, _band = nav, foot, band
    _rooms.update({room: FileSystemLoader(folder / "templates") for room, folder in rooms.items()})
    environment.cache_clear()


def _in_no_hurry(how: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that the optimizer does not call: a constant would be written once, in its first reader's language."""

    @pass_context
    def filtered(_: Context, *args: Any) -> Any:
        return how(*args)

    return filtered


@cache
def environment() -> Templates:
    """The templates of all rooms: escaped, and an unknown name is an error."""
    env = Templates(
        loader=PrefixLoader(_rooms),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=False)  # type: ignore[attr-defined]
    env.globals.update(_=i18n.gettext, ngettext=i18n.ngettext, url=url, static=static, demo=settings().demo)
    env.globals.update(csrf=csrf, is_refused=is_refused, spoken=language.get)
    env.filters.update(
        {name: _in_no_hurry(how) for name, how in i18n.FORMATS.items()},
        written=written,
        wrong_and_advice=wrong_and_advice,
    )
    return env


def url(name: str, /, **params: Any) -> str:
    """The address of the page called `name` in the reader's language."""
    return f"/{language.get()}{_pages[name].path_format.format(**params)}"


@cache
def _manifest() -> dict[str, str]:
    file = STATIC / "dist" / "manifest.json"
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return found


def static(path: str) -> str:
    """The address of an asset, fingerprinted if the assets have been built."""
    return f"/static/dist/{_manifest()[path]}" if path in _manifest() else f"/static/{path}"


def csrf() -> Markup:
    """The hidden field that every form of this page carries."""
    request = asked.get()
    if not hasattr(request.state, "csrf"):
        request.state.csrf = TOKEN.format(masked(form_token(request)))
    field: Markup = request.state.csrf
    return field


def is_refused() -> bool:
    """Whether this page says what is wrong with what was just sent or asked to be checked."""
    request = asked.get()
    return request.method == "POST" or request.query_params.get("check") == "yes"


def _alternate(request: Request) -> tuple[str, str]:
    other = LANGUAGES[1 - LANGUAGES.index(language.get())]
    path = request.url.path
    here = path[3:] if path[1:3] in LANGUAGES and path[3:4] in ("", "/") else "/"
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    return other, f"/{other}{here or '/'}{query}"


def _greeting(person: Any) -> str:
    """Her name and her role, unless the name says it already."""
    if person is None:
        return ""
    name, role = str(person.name), str(min(person.roles).label)
    return name if role.split()[0].casefold() in name.casefold() else f"{name}, {role}"


def _is_here(path: str, address: str) -> bool:
    return path == address or (len(address) > len("/ru/") and path.startswith(address.rstrip("/") + "/"))


def shell(request: Request) -> dict[str, Any]:
    """What the shell of every page needs to know of this request."""
    person = getattr(request.state, "person", None)
    path = request.url.path
    nav = [(address, label, _is_here(path, address)) for address, label in _nav(person)]
    session = getattr(request.state, "session", None)
    return {
        "person": person,
        "language": language.get(),
        "alternate": _alternate(request),
        "who": _greeting(person),
        "nav": nav,
        "foot_links": _foot(person),
        "band_links": _band(person),
        "now": clock.now(),
        "clear_view": request.cookies.get("view") == "clear",
        "flashes": session.flashes if session else [],
        "here": path,
        "mark": mark(request),
    }


async def page(request: Request, template: str, /, *, status: int = 200, **context: Any) -> Response:
    """The template in the house's shell. Waiting flash messages are shown once."""
    await identify(request)
    asked.set(request)
    context = {**shell(request), **context}
    response = HTMLResponse(environment().get_template(template).render(context), status)
    response.headers["Cache-Control"] = "no-store" if context["person"] else "private, no-cache"
    new = getattr(request.state, "new_form_cookie", None)
    if new:
        response.set_cookie(cookie("form"), new, httponly=True, secure=settings().secure, samesite="lax", path="/")
    if context["flashes"]:
        await Session.filter(id=request.state.session.id).update(flashes=[])
    return response


async def refused(request: Request, refusal: Exception) -> Response:
    """The page of a refusal: its status, its reason, and the way back; for a script only the words."""
    assert isinstance(refusal, Refusal)
    if autosave.is_asked(request):
        return autosave.refused(refusal)
    return await page(
        request,
        "kit/error.html",
        status=refusal.status,
        code=refusal.status,
        reason=refusal.reason,
        problems=refusal.problems if isinstance(refusal, Invalid) else [],
        request_id=journal.request_id.get(),
        back=f"/{language.get()}/",
    )


def see_other(name: str, /, *, fragment: str = "", query: Mapping[str, str] | None = None, **params: Any) -> Response:
    """After a POST: go and read the page called `name`."""
    address = url(name, **params) + (f"?{urlencode(query)}" if query else "") + (f"#{fragment}" if fragment else "")
    return RedirectResponse(address, status_code=303)


async def flash(request: Request, text: Text, kind: str = "good") -> None:
    """The next page that this session opens begins with `text`; kind is good, info or warn."""
    session: Session | None = request.state.session
    if session:
        session.flashes = [*session.flashes, {"kind": kind, "text": str(text)}]
        await Session.filter(id=session.id).update(flashes=session.flashes)


def by_field(problems: list[Problem]) -> dict[str, Text]:
    """The first reason for each field, for a template that shows it beside the field."""
    reasons: dict[str, Text] = {}
    for problem in problems:
        reasons.setdefault(problem.field, problem.reason)
    return reasons
