"""Pages of the desk: the start page for everyone, what waits for me, and the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tortoise.expressions import Q

from portal.desk import rules, service
from portal.desk.forms import DEEDS, SUBJECTS
from portal.desk.models import CallRow, ReportRow, calls_not_over, stories
from portal.desk.rules import Door, Item, SignIn
from portal.directory.indicator.models import Direction
from portal.directory.region.models import Region
from portal.kit import clock, pages, paging
from portal.kit.access import door, public
from portal.kit.i18n import MOSCOW, Text, Written, instant, language, moment, say
from portal.kit.journal import JournalEntry
from portal.monitoring.release.models import Release
from portal.people.account.service import offered
from portal.people.roles import Role

PAGE = 50
LONGEST = 200
# Shares that the seminar's text names; quoted as its words, never charted beside official series.
SEMINAR = {"families": Decimal("0.229"), "households": Decimal("0.9")}
WEST, EAST = "Europe/Kaliningrad", "Asia/Kamchatka"


@public
async def home(request: Request) -> Response:
    """What waits for the person who is signed in; for everyone else, what the portal is and what is open now."""
    return await (_desk(request) if request.state.person else _start(request))


async def _start(request: Request) -> Response:
    now = clock.now()
    if sign_ins := offered():
        return await _doors(request, sign_ins, now)
    latest = await Release.all().select_related("call").order_by("-number").first()
    return await pages.page(
        request, "desk/start.html",
        calls=[call for call in await calls_not_over() if call.is_accepting(now)], latest=latest,
        published_on=latest.published_at.astimezone(MOSCOW).date() if latest else None,
        directions=await Direction.all().order_by("position"), regions=await Region.filter(is_hidden=False).count(),
        elsewhere=elsewhere, seminar=SEMINAR,
    )  # fmt: skip


async def _doors(request: Request, sign_ins: list[SignIn], now: datetime) -> Response:
    """In the demonstration: through whose eyes one may look, and the page on which each story stands."""
    found, regions, applications = await stories({email for _, email, _ in sign_ins})
    return await pages.page(
        request, "desk/doors.html", doors=[(one, _behind(one)) for one in rules.doors(found, sign_ins, now)],
        regions=regions, applications=applications,
    )  # fmt: skip


def _behind(one: Door) -> str:
    if one.page == "dashboards":
        return f"/{language.get()}/dashboards/"
    query = f"?{urlencode(one.query)}" if one.query else ""
    return pages.url(one.page, **one.params) + query + (f"#{one.anchor}" if one.anchor else "")


def elsewhere(when: datetime) -> Text:
    """The same instant at both ends of the country."""
    return say(
        "In Kaliningrad it is %(west)s; in Kamchatka %(east)s.",
        west=Written(instant, when, WEST), east=Written(instant, when, EAST),
    )  # fmt: skip


async def _desk(request: Request) -> Response:
    person, now = request.state.person, clock.now()
    facts = await service.facts_for(person, now)
    items = rules.waiting(person.roles, facts, now)
    zone = person.region.timezone if person.region else None
    groups = rules.grouped(items, now, ZoneInfo(zone) if zone else MOSCOW)
    behind = rules.regions_behind(facts.reports, now) if Role.OFFICER in person.roles else []
    calls = [call for call in facts.calls if call.is_accepting(now)]
    reads_journal = Role.AUDITOR in person.roles or Role.ADMINISTRATOR in person.roles
    decisions = JournalEntry.exclude(Q(deed__startswith="account.") | Q(deed__endswith=".save"))
    lines = await decisions.order_by("-id").limit(10) if reads_journal else []
    return await pages.page(
        request, "desk/home.html",
        groups=[(name, [_shown(item, now) for item in group]) for name, group in groups],
        number=len(items), calls=calls, other_calls=[_open(call) for call in calls[1:]],
        behind=[_owing(*row) for row in behind], lines=[_line(entry) for entry in lines], reads_journal=reads_journal,
        zone=zone, place=person.region.name if person.region else "",
    )  # fmt: skip


def _owing(report: ReportRow, kind: str, word: Text) -> dict[str, Any]:
    return {"label": report.region, "url": pages.url("report:page", number=report.number), "kind": kind, "word": word}


def _open(call: CallRow) -> dict[str, Any]:
    return {"label": call.name, "url": pages.url("call:page", number=call.number), "text": moment(call.closes_at)}


def _shown(item: Item, now: datetime) -> dict[str, Any]:
    query = f"?{urlencode(item.query)}" if item.query else ""
    return {
        "kind": item.kind, "word": item.word, "title": item.title, "text": item.text, "action": item.action,
        "url": pages.url(item.page, **item.params) + query, "when": rules.when(item, now) or "",
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the journal as it is read: what was done, to what, by whom, why, and the rest of its detail."""

    at: datetime
    deed: Text | str
    subject: Text | str
    name: str
    who: Text | str
    why: str
    detail: list[tuple[str, str]]
    request: str


def _line(entry: JournalEntry) -> Line:
    detail = {name: value for name, value in entry.detail.items() if value not in (None, "", [], {})}
    why = detail.pop("why", detail.pop("reason", ""))
    return Line(
        entry.at, DEEDS.get(entry.deed, entry.deed), SUBJECTS.get(entry.subject, entry.subject), entry.subject_name,
        entry.actor_name if entry.actor_id else say("the portal itself"), str(why),
        [(name, _flat(value)) for name, value in detail.items()], entry.request_id,
    )  # fmt: skip


def _flat(value: Any) -> str:
    match value:
        case dict():
            return ", ".join(f"{name}: {_flat(inner)}" for name, inner in value.items())
        case list():
            return "; ".join(_flat(inner) for inner in value)
    return str(value)


@door(Role.AUDITOR, Role.ADMINISTRATOR)
async def journal(request: Request) -> Response:
    """Who did what to what, when and why: fifty lines a page, newest first."""
    asked = {name: request.query_params.get(name, "")[:LONGEST] for name in ("subject", "deed", "words")}
    chosen = {name: value for name, value in asked.items() if value}
    query = JournalEntry.all()
    if "subject" in chosen:
        query = query.filter(subject=chosen["subject"])
    if "deed" in chosen:
        query = query.filter(deed=chosen["deed"])
    if "words" in chosen:
        words = chosen["words"].strip()
        query = query.filter(Q(subject_name__icontains=words) | Q(actor_name__icontains=words))
    number = await query.count()
    part = paging.part(request, number, size=PAGE)
    entries = await query.order_by("-id").offset(part.offset).limit(PAGE)
    return await pages.page(
        request, "desk/journal.html",
        lines=[_line(entry) for entry in entries], number=number, chosen=asked, is_chosen=bool(chosen),
        subjects=sorted(SUBJECTS.items(), key=lambda pair: str(pair[1])),
        deeds=sorted(DEEDS.items(), key=lambda pair: str(pair[1])),
        part=part,
    )  # fmt: skip


routes = [
    Route("/", home, methods=["GET"], name="desk:home"),
    Route("/journal", journal, methods=["GET"], name="desk:journal"),
]
