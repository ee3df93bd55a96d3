"""Pages of people and organisations for whoever runs the portal; an auditor reads them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.directory.region.models import Region
from portal.kit import pages, paging, sessions
from portal.kit.access import door
from portal.kit.db import found
from portal.kit.errors import Invalid, NotFound, Refusal
from portal.kit.forms import Field, Kind, cleaned, read_form
from portal.kit.i18n import say
from portal.people.account.service import second_factor
from portal.people.membership import service
from portal.people.membership.forms import CHANGE_ROLES, NAMES, WHY, details
from portal.people.membership.models import is_last_administrator, number_of_people, organisations, people, seen_at
from portal.people.person.models import Organisation, Person, whole
from portal.people.person.rules import NOT_OWN, why_not_deactivate
from portal.people.person.service import found_organisation
from portal.people.roles import LABELS, Role

PAGE, LONGEST = 50, 200


@door(Role.ADMINISTRATOR, Role.AUDITOR)
async def list_page(request: Request) -> Response:
    """Everyone who has an account: found by name or e-mail, role, organisation; fifty a page."""
    asked = {name: request.query_params.get(name, "")[:LONGEST].strip() for name in ("words", "role", "organisation")}
    number = await number_of_people(**asked)
    part = paging.part(request, number, size=PAGE)
    return await pages.page(
        request, "membership/list.html", people=await people(**asked, offset=part.offset, size=part.size),
        number=number, part=part, chosen=asked, is_chosen=any(asked.values()),
        roles=[(role.value, label) for role, label in LABELS.items()],
        organisations=[(one.public_id, one.name) for one in await organisations()],
    )  # fmt: skip


async def _person(request: Request) -> Person:
    found_people = await whole("person.public_id = $1", request.path_params["person"])
    if not found_people:
        raise NotFound
    return found_people[0]


async def _person_page(request: Request, about: Person, *, status: int = 200, **more: Any) -> Response:
    is_own = about.id == request.state.person.id
    factor = await second_factor.of_person(about)
    context = {
        "why": WHY, "problems": [], "typed": {}, "factor": factor, "is_own": is_own,
        "changes": Role.ADMINISTRATOR in request.state.person.roles, "seen_at": await seen_at(about.id),
        "open_sessions": len(await sessions.of_person(about.id)),
        "why_not_deactivate": why_not_deactivate(
            is_active=about.is_active, is_own=is_own, is_last_administrator=await is_last_administrator(about)
        ),
    }  # fmt: skip
    return await pages.page(request, "membership/page.html", status=status, about=about, **{**context, **more})


@door(Role.ADMINISTRATOR, Role.AUDITOR)
async def page(request: Request) -> Response:
    """One person: who she is, as whom she enters, and what can be done about it."""
    return await _person_page(request, await _person(request))


async def _details_page(request: Request, about: Person, **more: Any) -> Response:
    typed = {"name_ru": about.name_ru, "name_en": about.name_en, "email": about.email,
             "organisation": about.organisation.public_id}  # fmt: skip
    status = more.pop("status", 200)
    context: dict[str, Any] = {"fields": details(await Organisation.all().order_by("name_ru", "id")), "problems": []}
    context["typed"] = typed
    return await pages.page(request, "membership/details.html", status=status, about=about, **{**context, **more})


@door(Role.ADMINISTRATOR)
async def details_page(request: Request) -> Response:
    """The form of her name, address and organisation."""
    return await _details_page(request, await _person(request))


@door(Role.ADMINISTRATOR, confirmed=True)
async def correct(request: Request) -> Response:
    """Her details are corrected, or the form again."""
    about, typed = await _person(request), await read_form(request)
    try:
        values = cleaned(details(await Organisation.all()), typed)
        organisation = await found(Organisation.filter(public_id=values.pop("organisation")))
        values["name_en"] = values["name_en"] or ""
        await service.correct(about, **values, organisation=organisation, by=request.state.person)
    except Refusal as refusal:
        return await _details_page(request, about, status=refusal.status, problems=refusal.at("email"), typed=typed)
    await pages.flash(request, say("The details are saved."))
    return pages.see_other("membership:page", person=about.public_id)


async def _roles_page(request: Request, about: Person, **more: Any) -> Response:
    status = more.pop("status", 200)
    context: dict[str, Any] = {"fields": CHANGE_ROLES, "problems": [], "typed": {"roles": sorted(about.roles)}}
    context["why_not"] = NOT_OWN if about.id == request.state.person.id else None
    return await pages.page(request, "membership/roles.html", status=status, about=about, **{**context, **more})


@door(Role.ADMINISTRATOR)
async def roles_page(request: Request) -> Response:
    """The form of her roles."""
    return await _roles_page(request, await _person(request))


@door(Role.ADMINISTRATOR, confirmed=True)
async def change_roles(request: Request) -> Response:
    """She has the roles that are ticked, or the form again."""
    about, typed = await _person(request), await read_form(request)
    try:
        values = cleaned(CHANGE_ROLES, typed)
        chosen = [Role(role) for role in values["roles"]]
        await service.change_roles(about, chosen, why=values["why"], by=request.state.person)
    except Refusal as refusal:
        again = {"roles": typed.lists.get("roles", []), "why": typed.get("why", "")}
        return await _roles_page(request, about, status=refusal.status, problems=refusal.at("roles"), typed=again)
    await pages.flash(request, say("The roles are changed, and a letter is on its way."))
    return pages.see_other("membership:page", person=about.public_id)


@door(Role.ADMINISTRATOR, confirmed=True)
async def deactivate(request: Request) -> Response:
    """She enters nowhere any more."""
    about, typed = await _person(request), await read_form(request)
    try:
        why = cleaned([WHY], typed)["why"]
    except Invalid as invalid:
        return await _person_page(request, about, status=422, problems=invalid.problems, typed=typed)
    await service.deactivate(about, why=why, by=request.state.person)
    await pages.flash(request, say("The entry is closed, and a letter is on its way."))
    return pages.see_other("membership:page", person=about.public_id)


def _deed(verb: Callable[..., Awaitable[None]], told: Any) -> Callable[[Request], Awaitable[Response]]:
    """The route of a verb that needs nothing but the person."""

    @door(Role.ADMINISTRATOR, confirmed=True)
    async def route(request: Request) -> Response:
        about = await _person(request)
        await verb(about, by=request.state.person)
        await pages.flash(request, told)
        return pages.see_other("membership:page", person=about.public_id)

    return route


reactivate = _deed(service.reactivate, say("The entry is open again, and a letter is on its way."))
sign_out = _deed(service.sign_out, say("This person is signed out on all devices."))
remove_second_step = _deed(
    second_factor.remove, say("The second step is removed, and this person is signed out on all devices.")
)


@door(Role.ADMINISTRATOR, Role.AUDITOR)
async def organisation_list(request: Request) -> Response:
    """All organisations, with their people."""
    changes = Role.ADMINISTRATOR in request.state.person.roles
    return await pages.page(
        request, "membership/organisations.html", organisations=await organisations(), changes=changes
    )


async def _organisation_page(request: Request, about: Organisation | None, **more: Any) -> Response:
    status = more.pop("status", 200)
    typed = {"name_ru": about.name_ru, "name_en": about.name_en} if about else {}
    fields = NAMES if about else (*NAMES, await _region_field())
    context: dict[str, Any] = {"fields": fields, "problems": [], "typed": typed}
    return await pages.page(request, "membership/organisation.html", status=status, about=about, **{**context, **more})


async def _region_field() -> Field:
    choices = [(one.code, one.name) for one in await Region.filter(is_hidden=False).order_by("name_ru")]
    hint = say("For a body that speaks for a region. The Foundation and reviewers' organisations have none.")
    return Field("region", say("Region"), Kind.CHOICE, hint, required=False, choices=tuple(choices))


async def _organisation(request: Request) -> Organisation:
    one = Organisation.filter(public_id=request.path_params["organisation"])
    return await found(one.select_related("region"))


@door(Role.ADMINISTRATOR)
async def organisation_new(request: Request) -> Response:
    """The form of a new organisation."""
    return await _organisation_page(request, None)


@door(Role.ADMINISTRATOR, confirmed=True)
async def organisation_create(request: Request) -> Response:
    """The organisation stands."""
    typed = await read_form(request)
    try:
        values = cleaned((*NAMES, await _region_field()), typed)
    except Invalid as invalid:
        return await _organisation_page(request, None, status=422, problems=invalid.problems, typed=typed)
    region = await Region.get_or_none(code=values["region"]) if values["region"] else None
    await found_organisation(
        name_ru=values["name_ru"], name_en=values["name_en"] or "", region=region, by=request.state.person
    )
    await pages.flash(request, say("The organisation is entered."))
    return pages.see_other("membership:organisations")


@door(Role.ADMINISTRATOR)
async def organisation_page(request: Request) -> Response:
    """The form of its names. Its region stays what it is: signed documents rest on it."""
    return await _organisation_page(request, await _organisation(request))


@door(Role.ADMINISTRATOR, confirmed=True)
async def organisation_save(request: Request) -> Response:
    """The names are changed, or the form again."""
    about, typed = await _organisation(request), await read_form(request)
    try:
        values = cleaned(NAMES, typed)
    except Invalid as invalid:
        return await _organisation_page(request, about, status=422, problems=invalid.problems, typed=typed)
    await service.rename(about, name_ru=values["name_ru"], name_en=values["name_en"] or "", by=request.state.person)
    await pages.flash(request, say("The names are saved."))
    return pages.see_other("membership:organisations")


routes = [
    Route("/people", list_page, methods=["GET"], name="membership:list"),
    Route("/people/{person}", page, methods=["GET"], name="membership:page"),
    Route("/people/{person}/details", details_page, methods=["GET"], name="membership:details"),
    Route("/people/{person}/details", correct, methods=["POST"], name="membership:correct"),
    Route("/people/{person}/roles", roles_page, methods=["GET"], name="membership:roles"),
    Route("/people/{person}/roles", change_roles, methods=["POST"], name="membership:change_roles"),
    Route("/people/{person}/deactivate", deactivate, methods=["POST"], name="membership:deactivate"),
    Route("/people/{person}/reactivate", reactivate, methods=["POST"], name="membership:reactivate"),
    Route("/people/{person}/sign-out", sign_out, methods=["POST"], name="membership:sign_out"),
    Route("/people/{person}/second-step", remove_second_step, methods=["POST"], name="membership:remove_second_step"),
    Route("/organisations", organisation_list, methods=["GET"], name="membership:organisations"),
    Route("/organisations", organisation_create, methods=["POST"], name="membership:organisation_create"),
    Route("/organisations/new", organisation_new, methods=["GET"], name="membership:organisation_new"),
    Route("/organisations/{organisation}", organisation_page, methods=["GET"], name="membership:organisation"),
    Route("/organisations/{organisation}", organisation_save, methods=["POST"], name="membership:organisation_save"),
]
