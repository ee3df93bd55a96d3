"""Pages of a section: written, saved by the person or by the page itself, its versions, an earlier text restored."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.applications.application import rules, service
from portal.applications.application.forms import naming, rows, showing
from portal.applications.application.models import Application
from portal.applications.application.routes.reading import find
from portal.applications.programme.rules import SECTIONS, Section
from portal.kit import autosave, versions
from portal.kit.access import door
from portal.kit.drafts import Stale
from portal.kit.errors import NotFound, Refusal
from portal.kit.forms import Typed, read_form
from portal.kit.pages import page, see_other, url
from portal.people.roles import REGIONAL, Role


def _section(request: Request) -> Section:
    section = SECTIONS.get(request.path_params["section"])
    if section is None:
        raise NotFound
    return section


@door(Role.EDITOR)
async def section(request: Request) -> Response:
    """A section to write in, with remarks once it has been saved; where the text is fixed, back to the application."""
    application = await find(request, mine=True)
    spec = _section(request)
    if rules.why_not_save(application):
        return see_other("application:page", number=application.number)
    shown = await showing.section(application, spec.code)
    return await page(
        request,
        "application/section.html",
        based_on=shown["draft"].version if shown["draft"] else 0,
        refusal=None,
        **shown,
    )


@door(Role.EDITOR)
async def save(request: Request) -> Response:
    """What was typed is kept, right or wrong; if a colleague saved first, both texts are shown and nothing is lost."""
    application = await find(request, mine=True)
    spec, sent = _section(request), await read_form(request)
    based_on = sent.number("based_on")
    kept = rows.rebuilt(spec, await versions.settled(application, spec.code, sent))
    if autosave.is_asked(request):
        draft = await service.save(application, spec.code, kept, based_on=based_on, by=request.state.person)
        return autosave.saved(draft, **await showing.told(application, draft))
    try:
        await service.save(application, spec.code, kept, based_on=based_on, by=request.state.person)
    except Stale as stale:
        return await versions.both(request, await _writing(request, application, spec), stale, based_on)
    except Refusal as refusal:
        shown = await showing.section(application, spec.code, typed=kept)
        return await page(request, "application/section.html", status=refusal.status, based_on=based_on,
                          refusal=refusal.reason, **shown)  # fmt: skip
    return await _after_saving(application, spec, sent, kept)


async def _writing(request: Request, application: Application, spec: Section) -> versions.Writing:
    return await naming.writing(application, spec, request.state.person)


@door(*REGIONAL)
async def history(request: Request) -> Response:
    """Who wrote the section when, and what was changed."""
    application = await find(request, mine=True)
    return await versions.history(request, await _writing(request, application, _section(request)))


@door(Role.EDITOR)
async def restore(request: Request) -> Response:
    """An earlier text stands again above the newest; both are kept."""
    application, spec = await find(request, mine=True), _section(request)
    again = partial(service.restore, section=spec.code)
    return await versions.restored(request, await _writing(request, application, spec), again)


async def _after_saving(application: Application, spec: Section, sent: Typed, kept: Typed) -> Response:
    """To the row that was added or follows the removed; to the tasks if asked and nothing is wrong; else back."""
    if row := rows.row_to_see(spec, sent, kept):
        return see_other("application:section", fragment=row, number=application.number, section=spec.code)
    if sent.get("then") == "leave":
        _, problems, _ = await service.reading(application, application.call)
        if not rules.of_section(problems, spec.code):
            return see_other("application:page", number=application.number)
        here = url("application:section", number=application.number, section=spec.code)
        return RedirectResponse(f"{here}?check=yes", status_code=303)
    return see_other("application:section", number=application.number, section=spec.code)
