"""Pages of those who invite people and decide about requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.directory.region.models import Region
from portal.kit import clock, pages, paging
from portal.kit.access import door
from portal.kit.db import found
from portal.kit.errors import Invalid, Problem, Refusal
from portal.kit.forms import Typed, cleaned, read_form
from portal.kit.i18n import language, say
from portal.people.invitation import rules, service
from portal.people.invitation.forms import NEW, OUT_OF_TIME, REASON, STANDINGS, inviting, where
from portal.people.invitation.models import Invitation
from portal.people.invitation.states import InvitationState
from portal.people.person.models import Organisation, Person
from portal.people.roles import Role

INVITERS = (Role.ADMINISTRATOR, Role.OFFICER, Role.SIGNATORY)


def standing(invitation: Invitation) -> tuple[str, Any]:
    """Its icon and word; a letter whose link is out of time says so."""
    ends = invitation.ends_at
    late = invitation.state is InvitationState.SENT and ends is not None and ends <= clock.now()
    return OUT_OF_TIME if late else STANDINGS[invitation.state]


@door(*INVITERS, Role.AUDITOR)
async def list_page(request: Request) -> Response:
    """Invitations and requests that exist for her, the newest first."""
    person, asked = request.state.person, request.query_params.get("state", "")
    chosen = asked if asked in set(InvitationState) else ""
    seen = Invitation.visible_to(person)
    seen = seen.filter(state=chosen) if chosen else seen
    part = paging.part(request, await seen.count())
    shown = seen.select_related("organisation", "region").order_by("-id").offset(part.offset).limit(part.size)
    return await pages.page(
        request, "invitation/list.html", invitations=await shown, part=part, standing=standing,
        tabs=[(f"?state={state}", word, state == chosen) for state, (_, word) in STANDINGS.items()],
        chosen=chosen, invites=bool(rules.roles_to_give(person.roles)),
    )  # fmt: skip


async def _places(person: Person, roles: Sequence[Role]) -> tuple[list[Organisation], list[Region]]:
    """The organisations to which she may invite, and the regions of which she may name a new one."""
    all_of_them = Organisation.all().order_by("name_ru", "id")
    if Role.ADMINISTRATOR in person.roles:
        return await all_of_them, await Region.filter(is_hidden=False).order_by("name_ru")
    if Role.REVIEWER in roles:
        return await all_of_them.filter(region_id__isnull=True), []
    return [person.organisation], []


async def _form(request: Request, **more: Any) -> Response:
    person = request.state.person
    roles = rules.roles_to_give(person.roles)
    organisations, regions = await _places(person, roles)
    only = organisations[0] if Role.SIGNATORY in person.roles else None
    context: dict[str, Any] = {
        "problems": [], "typed": {"language": language.get()}, "only": only,
        "only_role": roles[0] if len(roles) == 1 else None,
        "fields": inviting(roles, organisations, regions, is_bound=only is not None),
    }  # fmt: skip
    status = more.pop("status", 200)
    return await pages.page(request, "invitation/new.html", status=status, **{**context, **more})


@door(*INVITERS)
async def new(request: Request) -> Response:
    """The form of an invitation."""
    return await _form(request)


@door(*INVITERS, confirmed=True)
async def create(request: Request) -> Response:
    """The letter is on its way, or the form again."""
    person, typed = request.state.person, await read_form(request)
    roles = rules.roles_to_give(person.roles)
    organisations, regions = await _places(person, roles)
    try:
        is_bound = Role.SIGNATORY in person.roles
        values = cleaned(inviting(roles, organisations, regions, is_bound=is_bound), typed)
        invitation = await service.invite(
            email=values["email"], name_ru=values["name_ru"], language=values["language"],
            organisation=organisations[0] if is_bound else _chosen(values, organisations, regions),
            roles=[Role(role) for role in values.get("roles", roles)], by=person,
        )  # fmt: skip
    except Refusal as refusal:
        return await _form(request, status=refusal.status, problems=refusal.at("email"), typed=_again(typed))
    await pages.flash(request, say("The invitation is on its way to %(email)s.", email=invitation.email))
    return pages.see_other("invitation:list")


def _again(typed: Typed) -> dict[str, Any]:
    return {**typed, "roles": typed.lists.get("roles", [])}


def _chosen(
    values: dict[str, Any], organisations: Sequence[Organisation], regions: Sequence[Region]
) -> Organisation | service.NewOrganisation:
    """The organisation of the form. Raises Invalid for a new one without a name."""
    if values["organisation"] != NEW:
        return next(one for one in organisations if one.public_id == values["organisation"])
    if not values["new_organisation"]:
        raise Invalid([Problem("new_organisation", say("Write the name of the organisation."))])
    region = next((one for one in regions if one.code == values.get("region")), None)
    return service.NewOrganisation(values["new_organisation"], region)


async def _one(request: Request) -> Invitation:
    seen = Invitation.visible_to(request.state.person).filter(public_id=request.path_params["invitation"])
    return await found(seen.select_related("organisation", "region", "invited_by"))


async def _page(request: Request, about: Invitation, **more: Any) -> Response:
    roles = request.state.person.roles
    fields = where(await Organisation.filter(region_id=about.region_id).order_by("name_ru"), [])
    typed = {"organisation": fields[0].choices[-1][0], "new_organisation": about.typed_organisation}
    acts = bool(rules.roles_to_give(roles))
    context = {
        "problems": [], "typed": typed, "fields": fields, "reason": REASON, "standing": standing(about),
        "why_not_send_again": rules.why_not_send_again(about), "acts": acts,
        "why_not_decide": rules.why_not_decide(about, roles),
    }  # fmt: skip
    status = more.pop("status", 200)
    return await pages.page(request, "invitation/page.html", status=status, about=about, **{**context, **more})


@door(*INVITERS, Role.AUDITOR)
async def page(request: Request) -> Response:
    """One invitation or request, and what can be done about it."""
    return await _page(request, await _one(request))


def _deed(verb: Callable[..., Awaitable[None]], told: Any) -> Callable[[Request], Awaitable[Response]]:
    """The route of a verb that needs nothing but the invitation."""

    @door(*INVITERS, confirmed=True)
    async def route(request: Request) -> Response:
        about = await _one(request)
        await verb(about, by=request.state.person)
        await pages.flash(request, told)
        return pages.see_other("invitation:page", invitation=about.public_id)

    return route


send_again = _deed(service.send_again, say("Another letter is on its way. The link of the one before no longer works."))
withdraw = _deed(service.withdraw, say("The invitation is withdrawn. Its link opens nothing any more."))


@door(Role.ADMINISTRATOR, Role.OFFICER, confirmed=True)
async def approve(request: Request) -> Response:
    """The request becomes an invitation."""
    about, typed = await _one(request), await read_form(request)
    organisations = await Organisation.filter(region_id=about.region_id)
    try:
        values = {**cleaned(where(organisations, []), typed), "region": about.region and about.region.code}
        chosen = _chosen(values, organisations, [about.region] if about.region else [])
        await service.approve(about, chosen, by=request.state.person)
    except Refusal as refusal:
        return await _page(request, about, status=refusal.status, problems=refusal.at("organisation"), typed=typed)
    await pages.flash(request, say("The request is approved. The invitation is on its way."))
    return pages.see_other("invitation:page", invitation=about.public_id)


@door(Role.ADMINISTRATOR, Role.OFFICER)
async def decline(request: Request) -> Response:
    """The request is declined, and its sender is told why."""
    about, typed = await _one(request), await read_form(request)
    try:
        reason = cleaned([REASON], typed)["reason"]
    except Invalid as invalid:
        return await _page(request, about, status=422, problems=invalid.problems, declining=typed)
    await service.decline(about, reason=reason, by=request.state.person)
    await pages.flash(request, say("The request is declined, and a letter is on its way."))
    return pages.see_other("invitation:page", invitation=about.public_id)


routes = [
    Route("/invitations", list_page, methods=["GET"], name="invitation:list"),
    Route("/invitations", create, methods=["POST"], name="invitation:create"),
    Route("/invitations/new", new, methods=["GET"], name="invitation:new"),
    Route("/invitations/{invitation}", page, methods=["GET"], name="invitation:page"),
    Route("/invitations/{invitation}/send-again", send_again, methods=["POST"], name="invitation:send_again"),
    Route("/invitations/{invitation}/withdraw", withdraw, methods=["POST"], name="invitation:withdraw"),
    Route("/invitations/{invitation}/approve", approve, methods=["POST"], name="invitation:approve"),
    Route("/invitations/{invitation}/decline", decline, methods=["POST"], name="invitation:decline"),
]
