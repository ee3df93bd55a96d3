"""For those who look after the portal: whether it lives, whether it can work, and what it counts; never who or what."""

from __future__ import annotations

import hmac
from importlib.resources import files
from time import perf_counter

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client import generate_latest as written
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tortoise import connections

from portal.kit import jobs
from portal.kit.access import public
from portal.kit.errors import NotFound
from portal.settings import settings

REGISTRY = CollectorRegistry(auto_describe=False)
REQUESTS = Counter(
    "portal_requests_total", "Requests answered", ["page", "method", "status"], registry=REGISTRY
)  # fmt: skip
SECONDS = Histogram(
    "portal_request_seconds", "Time to the end of the answer", ["page"], registry=REGISTRY,
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)  # fmt: skip
WAITING = Gauge("portal_tasks_waiting", "Tasks that wait for the worker", registry=REGISTRY)
OLDEST = Gauge("portal_task_oldest_seconds", "How long the first task that is due has waited", registry=REGISTRY)
FAILED = Gauge("portal_tasks_failed", "Tasks held after failures", registry=REGISTRY)
ProcessCollector(registry=REGISTRY)


class Counted:
    """Every answer is counted under the name of its page; addresses are told nowhere, they may hold what is secret."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = perf_counter(), "500"

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            page = _page(scope)
            REQUESTS.labels(page, scope["method"], status).inc()
            SECONDS.labels(page).observe(perf_counter() - begun)


def _page(scope: Scope) -> str:
    """The name of the route that answered; an address that leads nowhere has none."""
    name: str | None = getattr(scope.get("route"), "name", None)
    return name or "none"


def migrations() -> list[str]:
    """The names of this version's migrations, in order."""
    return sorted(one.name[:-3] for one in files("portal.migrations").iterdir() if one.name[:4].isdigit())


async def missing_migrations() -> list[str]:
    """The migrations of this version that the database has not had; more than ours are another version's business."""
    _, rows = await connections.get("default").execute_query("SELECT name FROM tortoise_migrations")
    return [name for name in migrations() if name not in {row["name"] for row in rows}]


@public
async def alive(_: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@public
async def ready(_: Request) -> Response:
    """The database answers and has the tables of this version; else 503, and no balancer sends anybody here."""
    if missing := await missing_migrations():
        return PlainTextResponse(f"The database waits for {missing[0]}: run `portal migrate`.\n", 503)
    return PlainTextResponse("ready\n")


@public
async def metrics(request: Request) -> Response:
    """What is counted, for a collector that knows PORTAL_METRICS_TOKEN; for everybody else there is no such page."""
    token, sent = settings().metrics_token, request.headers.get("authorization", "")
    if not token or not hmac.compare_digest(sent.encode(), f"Bearer {token}".encode()):
        raise NotFound
    queue = await jobs.state()
    WAITING.set(queue.waiting)
    OLDEST.set(queue.oldest.total_seconds())
    FAILED.set(queue.failed)
    return Response(written(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})


routes: list[BaseRoute] = [
    Route("/healthz", alive, methods=["GET"], name="health:alive"),
    Route("/readyz", ready, methods=["GET"], name="health:ready"),
    Route("/metrics", metrics, methods=["GET"], name="health:metrics"),
]
