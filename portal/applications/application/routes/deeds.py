"""Deeds of regions and officers: begun, handed over, taken back, submitted, withdrawn, admitted or not."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from portal.applications.application import service
from portal.applications.application.forms import REJECTION, WITHDRAWAL
from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.application.routes.reading import about, find
from portal.applications.call.models import Call
from portal.kit import clock
from portal.kit.access import door
from portal.kit.db import found
from portal.kit.errors import Invalid, Refusal
from portal.kit.forms import cleaned, read_form
from portal.kit.i18n import say
from portal.kit.pages import flash, see_other
from portal.people.person.models import Person
from portal.people.roles import REGIONAL, Role


@door(*REGIONAL)
async def start(request: Request) -> Response:
    """The region's application to the call: the one that is there, or a new one."""
    person: Person = request.state.person
    call = await found(Call.visible_to(person).filter(number=request.path_params["number"]))
    mine = await Application.get_or_none(call_id=call.id, region_id=person.region_id)
    if mine is None:
        mine = await service.start(call, by=person)
    return see_other("application:page", number=mine.number)


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
        return await about(request, application, invalid=invalid)
    await service.withdraw(application, reason=values["reason"], by=request.state.person)
    await flash(request, say("The application is withdrawn. Its text is kept."), "info")
    return see_other("application:page", number=application.number)


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
        return await about(request, application, invalid=invalid)
    await service.reject(application, reason=values["reason"], by=request.state.person)
    await flash(request, say("The application is not admitted. The region has a letter with the reason."), "info")
    return see_other("application:page", number=application.number)
