"""The application: middleware, rooms, dashboards, error pages. The only file that knows every room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Lifespan
from tortoise.exceptions import ValidationError

from portal.applications.application import routes as application
from portal.applications.award import routes as award
from portal.applications.call import routes as call
from portal.applications.review import routes as review
from portal.desk import routes as desk
from portal.directory.indicator import routes as indicator
from portal.directory.region import routes as region
from portal.kit import db, documents, health, mail, pages
from portal.kit.access import ask_nobody, public
from portal.kit.compressing import Compressed
from portal.kit.errors import Full, NotFound, Refusal, is_full
from portal.kit.guards import SAFE, Faults, Guards
from portal.kit.i18n import LANGUAGES, Text, language, say
from portal.kit.routing import Pages
from portal.kit.statics import Assets
from portal.monitoring import published
from portal.monitoring.agreement import routes as agreement
from portal.monitoring.amendment import routes as amendment
from portal.monitoring.closeout import routes as closeout
from portal.monitoring.release import routes as release
from portal.monitoring.report import routes as report
from portal.people.account import routes as account
from portal.people.account import service as account_service
from portal.people.invitation import routes as invitation
from portal.people.letter import routes as letter
from portal.people.membership import routes as membership
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, REGIONAL, Role
from portal.settings import settings

ROOMS = (
    region, indicator, account, membership, invitation, letter, call, application, review, award, agreement, report,
    amendment, closeout, release, desk,
)  # fmt: skip
BODY_LIMIT = 2_000_000
MODELS = [
    "portal.kit.journal",
    "portal.kit.sessions",
    "portal.kit.drafts",
    "portal.kit.jobs",
    "portal.kit.mail",
    "portal.kit.files",
    "portal.directory.region.models",
    "portal.directory.indicator.models",
    "portal.people.person.models",
    "portal.people.account.models",
    "portal.people.invitation.models",
    "portal.applications.call.models",
    "portal.applications.application.models",
    "portal.applications.review.models",
    "portal.applications.award.models",
    "portal.monitoring.agreement.models",
    "portal.monitoring.report.models",
    "portal.monitoring.amendment.models",
    "portal.monitoring.release.models",
]

# What the worker imports so that tasks and schedules are known.
JOBS = [
    "portal.kit.mail",
    "portal.kit.files",
    "portal.people.account.jobs",
    "portal.people.invitation.jobs",
    "portal.people.letter.jobs",
    "portal.applications.application.jobs",
    "portal.applications.review.jobs",
    "portal.monitoring.report.jobs",
    "portal.applications.award.jobs",
]


def nav(person: Person | None) -> list[tuple[str, Text]]:
    """The one line of navigation for her role: never more than six words."""
    if person is None:
        return [
            (f"/{language.get()}/dashboards/", say("Results")),
            (pages.url("call:list"), say("Calls")),
            (pages.url("region:list"), say("Regions")),
            (pages.url("indicator:list"), say("Indicators")),
        ]
    line = [("desk:home", say("My tasks"))]
    if person.roles & (REGIONAL | FOUNDATION):
        line.append(("application:list", say("Applications")))
    if person.roles & {Role.REVIEWER, Role.OFFICER, Role.AUDITOR}:
        line.append(("review:list", say("Reviews")))
    if person.roles & (REGIONAL | {Role.OFFICER, Role.BOARD, Role.AUDITOR}):
        line.append(("agreement:list", say("Agreements")))
    if person.roles & (REGIONAL | {Role.OFFICER, Role.AUDITOR}):
        line.append(("report:list", say("Reports")))
    if Role.ADMINISTRATOR in person.roles:
        line.append(("membership:list", say("People")))
    if person.roles & {Role.AUDITOR, Role.ADMINISTRATOR}:
        line.append(("desk:journal", say("Journal")))
    if len(line) < 6:
        line.append(("call:list", say("Calls")))
    return [(pages.url(name), label) for name, label in line]


def foot(person: Person | None) -> list[tuple[str, Text]]:
    """What everyone finds at the foot of a page; those who look after letters also the outbox."""
    roles = person.roles if person else frozenset[Role]()
    staff = roles & {Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR}
    return [
        *([(pages.url("membership:list"), say("People"))] if Role.AUDITOR in roles else []),
        *([(pages.url("invitation:list"), say("Invitations"))] if staff or Role.SIGNATORY in roles else []),
        *([(pages.url("letter:outbox"), say("Outbox"))] if staff else []),
        (f"/{language.get()}/dashboards/", say("Results")),
        (pages.url("release:list"), say("Data releases")),
        (pages.url("call:list"), say("Calls")),
        (pages.url("region:list"), say("Regions")),
        (pages.url("indicator:list"), say("Indicators")),
    ]


def band(_: Person | None) -> list[tuple[str, Text]]:
    """What stands in the band of the demo."""
    return [(pages.url("letter:mailbox"), say("Mail"))] if mail.is_local() else []


@public
async def front(_: Request) -> Response:
    """The address without a language goes to the Russian home page."""
    return RedirectResponse("/ru/", 302)


ROUTES: list[BaseRoute] = [
    Route("/", front, methods=["GET"], name="front"),
    *health.routes,
]
PAGES: list[BaseRoute] = [route for room in ROOMS for route in room.routes]


async def not_found(request: Request, _: Exception) -> Response:
    """The house's page for an address that leads nowhere."""
    return await pages.refused(request, NotFound())


async def http_error(request: Request, error: Exception) -> Response:
    """The house's page for what Starlette refuses by itself."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return await not_found(request, error)
    if error.status_code == 413:
        return await pages.refused(request, Refusal(say("This is more than the portal takes at once."), 413))
    return await pages.refused(request, Refusal(say("This request cannot be read."), error.status_code))


async def unfitting(request: Request, _: Exception) -> Response:
    """An address or a text longer than anything of its kind: there is no such page, or the request cannot be read."""
    if request.method in SAFE:
        return await pages.refused(request, NotFound())
    return await pages.refused(request, Refusal(say("This request cannot be read."), 422))


async def fault(request: Request, error: Exception) -> Response:
    """The house's page for a fault of ours; the details are in the log under the request's id, never on the page."""
    if is_full(error):
        return await pages.refused(request, Full())
    if db.is_away(error):
        away = say("The database does not answer. Try again in a minute.")
        # It may have gone when all was done but the answer.
        sent = say("The database does not answer. In a minute open the page again and see if what you sent was saved.")
        ask_nobody(request)
        answer = await pages.refused(request, Refusal(away if request.method in SAFE else sent, 503))
        answer.headers["Retry-After"] = "10"
        return answer
    return await pages.refused(request, Refusal(say("The portal could not do this. Nothing was changed."), 500))


def _folder(routes: ModuleType) -> Path:
    """Where the room of these routes lies, which are a file in it or a package."""
    file = Path(str(routes.__file__))
    return file.parents[1] if file.name == "__init__.py" else file.parent


def create_app(lifespan: Lifespan[Any] | None = None) -> Starlette:
    """The whole portal as one ASGI application. It needs models connected: by `lifespan` or by whoever calls it."""
    import dashboards
    from dashboards.app import dashboards as mount_dashboards

    if settings().demo:
        from portal.demo import SIGN_INS

        account_service.offer(SIGN_INS)
    indicator.results_are_known_by(published.has_results)
    folders = {room.__name__.split(".")[-2]: _folder(room) for room in ROOMS}
    folders["dashboards"] = Path(str(dashboards.__file__)).parent
    pages.furnish(Pages(PAGES), nav, folders, foot, band)
    mounts, policy_of = mount_dashboards(
        shell=lambda request, title: pages.page(request, "dashboards/frame.html", title=title),
        demo=settings().demo,
        scripts=[pages.static("plotly/plotly.js"), pages.static("plotly/ru.js")],
        draw=documents.picture,
    )
    languages = [Mount(f"/{code}", app=Pages(PAGES)) for code in LANGUAGES]
    return Starlette(
        routes=[*ROUTES, *mounts, *languages, Mount("/static", Assets(directory=pages.STATIC))],
        middleware=[
            Middleware(health.Counted),
            Middleware(Guards, hosts=settings().hosts, secure=settings().secure, policy_of=policy_of),
            Middleware(Compressed),
            Middleware(Faults, answer=fault),
            Middleware(RequestBodyLimitMiddleware, max_body_size=BODY_LIMIT),
        ],
        exception_handlers={Refusal: pages.refused, HTTPException: http_error, ValidationError: unfitting},
        lifespan=lifespan,
    )


def served(url: str) -> Starlette:
    """The portal with its own connection to the database at `url`."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with db.connected(url, MODELS, patience=db.PATIENCE):
            yield

    return create_app(lifespan)
