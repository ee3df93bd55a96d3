"""Pages that are read: applications, the list of tasks, all remarks, the receipt, what was submitted."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from portal.applications.application import documents, rules
from portal.applications.application.forms import REJECTION, WITHDRAWAL, showing
from portal.applications.application.models import Application, ApplicationVersion, listed, number_of, unsubmitted
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call
from portal.applications.call.rules import is_accepting
from portal.kit import clock, paging
from portal.kit.access import door
from portal.kit.db import found
from portal.kit.documents import size
from portal.kit.errors import Invalid, NotFound
from portal.kit.forms import Typed, read_form
from portal.kit.pages import page, see_other
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, REGIONAL, Role

WRITING = frozenset({ApplicationState.DRAFT, ApplicationState.AWAITING})


async def find(request: Request, *, mine: bool = False) -> Application:
    """The application of this address if it exists for this person; with `mine`, only if it is her region's."""
    person: Person = request.state.person
    application = await Application.of_number(request.path_params["number"], person)
    if application is None or (mine and application.region_id != person.region_id):
        raise NotFound
    return application


@door(*REGIONAL, *FOUNDATION)
async def list_(request: Request) -> Response:
    """A region's own applications and the calls that it can apply to; for the Foundation what was submitted."""
    person: Person = request.state.person
    call = request.query_params.get("call", "")
    part = paging.part(request, await number_of(person, call))
    shown = await listed(person, call, offset=part.offset, limit=part.size)
    now, calls = clock.now(), []
    if person.region_id is not None:
        own = set(await Application.filter(region_id=person.region_id).values_list("call_id", flat=True))
        calls = [one for one in await Call.visible_to(person) if is_accepting(one, now) and one.id not in own]
    return await page(
        request,
        "application/list.html",
        applications=shown,
        part=part,
        standings=rules.STATUS,
        calls=calls,
        call=call,
        is_regional=bool(person.roles & REGIONAL),
        may_edit=Role.EDITOR in person.roles,
        unsubmitted=await unsubmitted(call) if person.roles & {Role.OFFICER, Role.AUDITOR} else [],
    )


@door(*REGIONAL, *FOUNDATION)
async def one(request: Request) -> Response:
    """The list of tasks while the region writes; afterwards what was submitted and how it stands."""
    return await about(request, await find(request))


async def about(request: Request, application: Application, *, invalid: Invalid | None = None) -> Response:
    """The application as it stands; with `invalid` what is wrong with a deed, and what was typed for it."""
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


@door(*REGIONAL)
async def check(request: Request) -> Response:
    """All that is to be corrected on one page with links, and the whole text as it will be signed."""
    application = await find(request, mine=True)
    if application.state not in WRITING:
        return see_other("application:page", number=application.number)
    return await page(request, "application/check.html", **await showing.tasks(application, request.state.person))


async def received(application: Application) -> ApplicationVersion:
    """The version that was submitted, with who did it; NotFound before that."""
    return await found(ApplicationVersion.filter(application_id=application.id).select_related("submitted_by"))


async def frozen(request: Request, application: Application) -> ApplicationVersion:
    """The version of this address; NotFound where there is none."""
    versions = {str(one.number): one for one in await ApplicationVersion.filter(application_id=application.id)}
    if (version := versions.get(request.path_params["version"])) is None:
        raise NotFound
    return version


@door(*REGIONAL, *FOUNDATION)
async def receipt(request: Request) -> Response:
    """What was received, when, from whom, and the hash that proves it."""
    application = await find(request)
    text = await received(application)
    return await page(
        request,
        "application/receipt.html",
        application=application,
        version=text,
        attachments=showing.text_of(text).attachments,
        file_url=showing.file_url(application),
        zone=application.region.timezone,
        is_mine=request.state.person.region_id == application.region_id,
        pdf_size=size(documents.receipt_name(application)),
    )


@door(*REGIONAL, *FOUNDATION)
async def version(request: Request) -> Response:
    """The text that was submitted, to be read and printed."""
    application = await find(request)
    text = await frozen(request, application)
    return await page(
        request,
        "application/version.html",
        application=application,
        version=text,
        programme=showing.text_of(text),
        file_url=showing.file_url(application),
        zone=application.region.timezone,
        pdf_size=size(documents.text_name(application, text)),
    )
