"""Pages of applications: the list of tasks, the sections, signing, the receipt, admission."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.applications.application import rules, service
from portal.applications.application.forms import REJECTION, WITHDRAWAL, merging, showing
from portal.applications.application.models import Application, ApplicationVersion, titles
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call
from portal.applications.call.rules import is_accepting
from portal.applications.programme.rules import SECTIONS, Section
from portal.kit import clock, drafts
from portal.kit.access import door
from portal.kit.db import found
from portal.kit.drafts import Stale
from portal.kit.errors import Invalid, NotFound, Refusal
from portal.kit.forms import Typed, cleaned, read_form
from portal.kit.i18n import say
from portal.kit.pages import flash, page, see_other, url
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, REGIONAL, Role

WRITING = frozenset({ApplicationState.DRAFT, ApplicationState.AWAITING})


async def find(request: Request, *, mine: bool = False) -> Application:
    """The application of this address if it exists for this person; with `mine`, only if it is her region's."""
    person: Person = request.state.person
    seen = Application.visible_to(person).filter(number=request.path_params["number"])
    if mine:
        seen = seen.filter(region_id=person.region_id)
    return await found(seen.select_related("call", "region", "organisation"))


@door(*REGIONAL, *FOUNDATION)
async def list_(request: Request) -> Response:
    """A region's own applications and the calls that it can apply to; for the Foundation what was submitted."""
    person: Person = request.state.person
    seen = Application.visible_to(person)
    call = request.query_params.get("call", "")
    if call:
        seen = seen.filter(call__number=call)
    shown = await seen.select_related("call", "region").order_by("-call__closes_at", "number")
    ids = [one.id for one in shown]
    frozen = ApplicationVersion.filter(application_id__in=ids).order_by("number")
    versions = {one.application_id: one for one in await frozen.only("id", "application_id", "grant", "submitted_at")}
    now, calls = clock.now(), []
    if person.region_id is not None:
        own = {one.call_id for one in shown if one.region_id == person.region_id}
        calls = [one for one in await Call.visible_to(person) if is_accepting(one, now) and one.id not in own]
    return await page(
        request,
        "application/list.html",
        applications=shown,
        versions=versions,
        titles=await titles(ids) | await showing.names(one for one in shown if one.id not in versions),
        standings=rules.STATUS,
        calls=calls,
        call=call,
        is_regional=bool(person.roles & REGIONAL),
        may_edit=Role.EDITOR in person.roles,
    )


@door(*REGIONAL)
async def start(request: Request) -> Response:
    """The region's application to the call: the one that is there, or a new one."""
    person: Person = request.state.person
    call = await found(Call.visible_to(person).filter(number=request.path_params["number"]))
    mine = await Application.get_or_none(call_id=call.id, region_id=person.region_id)
    if mine is None:
        mine = await service.start(call, by=person)
    return see_other("application:page", number=mine.number)


@door(*REGIONAL, *FOUNDATION)
async def one(request: Request) -> Response:
    """The list of tasks while the region writes; afterwards what was submitted and how it stands."""
    return await _page(request, await find(request))


async def _page(request: Request, application: Application, *, invalid: Invalid | None = None) -> Response:
    person: Person = request.state.person
    typed = await read_form(request) if invalid else Typed([])
    shown: dict[str, Any] = {"typed": typed, "deed_problems": invalid.problems if invalid else []}
    shown |= {"withdrawal": WITHDRAWAL, "rejection": REJECTION}
    if application.state in WRITING:
        template, shown = "application/tasks.html", shown | await showing.tasks(application, person)
    else:
        template, shown = "application/submitted.html", shown | await showing.about(application, person)
        shown["programme"] = showing.text_of(shown["version"]) if shown["version"] else None
    return await page(request, template, status=422 if invalid else 200, **shown)


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
    shown = await showing.section(application, spec.code, request.state.person)
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
    kept = merging.rebuilt(spec, sent)
    if any(name.startswith("choose.") for name in sent):
        theirs = (await drafts.latest(application)).get(spec.code)
        kept = merging.chosen(theirs.content if theirs else Typed([]), kept)
    try:
        await service.save(application, spec.code, kept, based_on=based_on, by=request.state.person)
    except Stale as stale:
        return await _both(request, application, spec, stale, based_on)
    except Refusal as refusal:
        shown = await showing.section(application, spec.code, request.state.person, typed=kept)
        return await page(request, "application/section.html", status=refusal.status, based_on=based_on,
                          refusal=refusal.reason, **shown)  # fmt: skip
    return await _after_saving(application, spec, sent, kept)


async def _after_saving(application: Application, spec: Section, sent: Typed, kept: Typed) -> Response:
    """To the row that was added or follows the removed; to the tasks if asked and nothing is wrong; else back."""
    if row := merging.row_to_see(spec, sent, kept):
        return see_other("application:section", fragment=row, number=application.number, section=spec.code)
    if sent.get("then") == "leave":
        _, problems, _ = await service.reading(application, application.call)
        if not rules.of_section(problems, spec.code):
            return see_other("application:page", number=application.number)
        here = url("application:section", number=application.number, section=spec.code)
        return RedirectResponse(f"{here}?check=yes", status_code=303)
    return see_other("application:section", number=application.number, section=spec.code)


async def _both(request: Request, application: Application, spec: Section, stale: Stale, based_on: int) -> Response:
    return await page(
        request, "application/both.html", status=409, **await showing.both(application, spec, stale, based_on)
    )  # fmt: skip


@door(*REGIONAL)
async def check(request: Request) -> Response:
    """All that is to be corrected on one page with links, and the whole text as it will be signed."""
    application = await find(request, mine=True)
    if application.state not in WRITING:
        return see_other("application:page", number=application.number)
    return await page(request, "application/check.html", **await showing.tasks(application, request.state.person))


@door(Role.EDITOR)
async def hand_over(request: Request) -> Response:
    """The application waits for the signatory."""
    application = await service.hand_over(await find(request, mine=True), by=request.state.person)
    await flash(request, say("The application waits for a signature. The signatory has a letter."))
    return see_other("application:page", number=application.number)


@door(Role.SIGNATORY)
async def take_back(request: Request) -> Response:
    """The application is a draft again."""
    application = await service.take_back(await find(request, mine=True), by=request.state.person)
    await flash(request, say("The application is a draft again and can be corrected."))
    return see_other("application:page", number=application.number)


@door(Role.SIGNATORY)
async def submit(request: Request) -> Response:
    """The application is submitted once, from any number of clicks: each of them comes to the same receipt."""
    application = await find(request, mine=True)
    try:
        await service.submit(application, by=request.state.person, at=clock.received_at())
    except Refusal:
        if not await ApplicationVersion.filter(application_id=application.id).exists():
            raise
    return see_other("application:receipt", number=application.number)


@door(Role.SIGNATORY)
async def withdraw(request: Request) -> Response:
    """The application has left the competition."""
    application = await find(request, mine=True)
    try:
        values = cleaned(WITHDRAWAL, await read_form(request))
    except Invalid as invalid:
        return await _page(request, application, invalid=invalid)
    await service.withdraw(application, reason=values["reason"], by=request.state.person)
    await flash(request, say("The application is withdrawn. Its text is kept."), "info")
    return see_other("application:page", number=application.number)


@door(*REGIONAL, *FOUNDATION)
async def receipt(request: Request) -> Response:
    """What was received, when, from whom, and the hash that proves it."""
    application = await find(request)
    version = await found(ApplicationVersion.filter(application_id=application.id).select_related("submitted_by"))
    return await page(
        request,
        "application/receipt.html",
        application=application,
        version=version,
        zone=application.region.timezone,
        is_mine=request.state.person.region_id == application.region_id,
    )


@door(*REGIONAL, *FOUNDATION)
async def version(request: Request) -> Response:
    """The text that was submitted, to be read and printed."""
    application = await find(request)
    versions = {str(one.number): one for one in await ApplicationVersion.filter(application_id=application.id)}
    frozen = versions.get(request.path_params["version"])
    if frozen is None:
        raise NotFound
    return await page(
        request,
        "application/version.html",
        application=application,
        version=frozen,
        programme=showing.text_of(frozen),
        zone=application.region.timezone,
    )


@door(Role.OFFICER)
async def admit(request: Request) -> Response:
    """The application goes to reviewers."""
    application = await service.admit(await find(request), by=request.state.person)
    await flash(request, say("The application is admitted. The region has a letter."))
    return see_other("application:page", number=application.number)


@door(Role.OFFICER)
async def reject(request: Request) -> Response:
    """The application is not admitted, with a reason that the region reads."""
    application = await find(request)
    try:
        values = cleaned(REJECTION, await read_form(request))
    except Invalid as invalid:
        return await _page(request, application, invalid=invalid)
    await service.reject(application, reason=values["reason"], by=request.state.person)
    await flash(request, say("The application is not admitted. The region has a letter with the reason."), "info")
    return see_other("application:page", number=application.number)


routes = [
    Route("/applications", list_, methods=["GET"], name="application:list"),
    Route("/calls/{number}/applications", start, methods=["POST"], name="application:start"),
    Route("/applications/{number}", one, methods=["GET"], name="application:page"),
    Route("/applications/{number}/sections/{section}", section, methods=["GET"], name="application:section"),
    Route("/applications/{number}/sections/{section}", save, methods=["POST"], name="application:save"),
    Route("/applications/{number}/check", check, methods=["GET"], name="application:check"),
    Route("/applications/{number}/hand-over", hand_over, methods=["POST"], name="application:hand_over"),
    Route("/applications/{number}/take-back", take_back, methods=["POST"], name="application:take_back"),
    Route("/applications/{number}/submit", submit, methods=["POST"], name="application:submit"),
    Route("/applications/{number}/withdraw", withdraw, methods=["POST"], name="application:withdraw"),
    Route("/applications/{number}/receipt", receipt, methods=["GET"], name="application:receipt"),
    Route("/applications/{number}/versions/{version}", version, methods=["GET"], name="application:version"),
    Route("/applications/{number}/admit", admit, methods=["POST"], name="application:admit"),
    Route("/applications/{number}/reject", reject, methods=["POST"], name="application:reject"),
]
