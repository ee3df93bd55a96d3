"""Everyone before every door of the demonstration: the table of doors, sessions, and what is whose."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe

import httpx2
import pytest
from starlette.routing import Route
from tortoise.models import Model

from portal.app import PAGES, ROUTES, create_app
from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.review.models import Review
from portal.applications.review.states import ReviewState
from portal.directory.region.models import Region
from portal.kit import clock, files, sessions
from portal.kit.files import StoredFile
from portal.kit.mail import Letter
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.amendment.models import Amendment
from portal.monitoring.report.models import Report
from portal.people.invitation.models import Invitation
from portal.people.person.models import Organisation, Person
from portal.people.roles import REGIONAL, Role
from tests.conftest import Database

TABLE = Path(__file__).parent / "doors.csv"
STAFF = ("officer", "council", "board", "auditor", "administrator")
HOME, WINNER = "RU-KAM", "RU-TYU"
OF_WINNERS = ("version", "decided application", "agreement", "agreed indicator", "amendment", "report", "report file")


@dataclass(frozen=True)
class Door:
    """A line of the table."""

    name: str
    method: str
    record: str
    enter: str

    def admits(self, who: str) -> bool:
        return self.enter == "public" or who in self.enter.split()


@dataclass
class World:
    """Everyone's session, and for each kind of record what is hers and what is another's."""

    call: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    own: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    foreign: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)


with TABLE.open() as file:
    DOORS = [Door(**row) for row in csv.DictReader(file)]


def routes() -> dict[str, Route]:
    return {route.name: route for route in [*ROUTES, *PAGES] if isinstance(route, Route)}


@pytest.fixture
async def world(demonstrated: Database, store: Path) -> World:
    made = World()
    home = await Application.get(region__code=HOME, state=ApplicationState.DRAFT)
    other = await Application.filter(state=ApplicationState.DRAFT).exclude(region__code=HOME).first()
    assert other is not None
    won = await Application.get(region__code=WINNER, state=ApplicationState.AWARDED)
    lost = await Application.filter(state=ApplicationState.DECLINED).first()
    assert lost is not None
    agreements = {a.region.code: a for a in await Agreement.all().prefetch_related("region")}
    theirs = next(a for code, a in agreements.items() if code != WINNER)
    decided, opened = await Call.get(state=CallState.DECIDED), await Call.get(state=CallState.OPEN)
    made.call = decided.number
    reviews = await Review.all().order_by("id").prefetch_related("reviewer", "application")
    reviews.sort(key=lambda review: review.state is not ReviewState.IN_PROGRESS)  # Whoever still reads sees files.
    reviewer = reviews[0].reviewer
    foreign_review = next(r for r in reviews if r.reviewer_id != reviewer.id)
    for agreement in (agreements[WINNER], theirs):
        if not await Amendment.filter(agreement=agreement, number=1).exists():
            await Amendment.create(
                agreement=agreement, number=1, reason="Цель", proposed_at=clock.now(), proposed_by="Куратор"
            )
    report = await Report.filter(agreement=agreements[WINNER]).order_by("period").first()
    foreign_report = await Report.filter(agreement=theirs).order_by("period").first()
    assert report is not None
    assert foreign_report is not None

    letters = {record.pk: await _file_of(record, store) for record in (home, other, won, lost)}
    evidence = {record.pk: await _file_of(record, store) for record in (report, foreign_report)}
    read = await _file_of(reviews[0].application, store)
    unread = await _file_of(foreign_review.application, store)

    def place(kind: str, who: str, own: dict[str, str], foreign: dict[str, str] | None = None) -> None:
        made.own[kind, who] = own
        if foreign is not None:
            made.foreign[kind, who] = foreign

    asked, invited, elsewhere, staffed = await _invitations()
    (batch,) = await Letter.filter(secret=False).limit(1).values_list("batch", flat=True)
    for who in ("anonymous", *map(str, Role)):
        staff, regional = who in STAFF, who in ("editor", "signatory")
        mine, not_mine = (won, home) if staff else (home, other)
        place("", who, {})
        place("ticket", who, {"token": "none"})
        place("region", who, {"code": HOME})
        place("indicator", who, {"code": "SS-01"})
        place("call", who, {"number": decided.number})
        place("open call", who, {"number": opened.number})
        place("application", who, {"number": mine.number}, {"number": not_mine.number})
        place(
            "application file",
            who,
            {"number": mine.number, "file": letters[mine.pk]},
            {"number": not_mine.number, "file": letters[not_mine.pk]},
        )
        section = {"section": "passport"}
        place("section", who, {"number": mine.number, **section}, {"number": not_mine.number, **section})
        absent = lost if regional else home
        place("version", who, {"number": won.number, "version": "1"}, {"number": absent.number, "version": "1"})
        place("decided application", who, {"number": won.number}, {"number": absent.number})
        place("review", who, {"public_id": reviews[0].public_id}, {"public_id": foreign_review.public_id})
        if staff:
            made.foreign.pop(("review", who))
        shown = {"public_id": reviews[0].public_id, "file": read}
        place("review file", who, shown, {"public_id": foreign_review.public_id, "file": unread})
        signed = {"number": agreements[WINNER].number}
        place("agreement", who, signed, {"number": theirs.number} if regional else None)
        coded, theirs_coded = {**signed, "code": "SC-04"}, {"number": theirs.number, "code": "SC-04"}
        place("agreed indicator", who, coded, theirs_coded if regional else None)
        amended = {**signed, "amendment": "1"}
        place("amendment", who, amended, {"number": theirs.number, "amendment": "1"} if regional else None)
        name = f"{agreements[WINNER].number}-{report.period}"
        foreign_name = f"{theirs.number}-{foreign_report.period}"
        place("letter", who, {"batch": batch})
        colleague = await Person.get(email="editor.kamchatka@demo.example").select_related("organisation")
        place("person", who, {"person": colleague.public_id})
        place("organisation", who, {"organisation": colleague.organisation.public_id})
        seen, unseen = (asked, staffed) if who == "officer" else (invited, elsewhere)
        hers, others = {"invitation": seen.public_id}, {"invitation": unseen.public_id}
        place("invitation", who, hers, others if who in ("officer", "signatory") else None)
        place("request", who, {"invitation": asked.public_id}, others if who == "officer" else None)
        place("report", who, {"number": name}, {"number": foreign_name} if regional else None)
        theirs_too = {"number": foreign_name, "file": evidence[foreign_report.pk]} if regional else None
        place("report file", who, {"number": name, "file": evidence[report.pk]}, theirs_too)
    people = {
        "reviewer": reviewer,
        **{who: await _holder(Role(who)) for who in STAFF},
        **{str(role): await _holder(role, HOME) for role in REGIONAL},
        **{f"{role}@winner": await _holder(role, WINNER) for role in REGIONAL},
    }
    for who, person in people.items():
        made.tokens[who] = await sessions.open_session(person.id, "")
    return made


async def _file_of(record: Model, store: Path) -> str:
    """A file that came with the record, by its public id."""
    source = store / "source"
    source.write_bytes(b"letter")
    digest = sha256(b"letter").hexdigest()
    await files.put(digest, source)
    made = await StoredFile.create(
        public_id=token_urlsafe(9),
        **{"sha256": digest, "size": 6, "kind": "txt", "name": "Письмо.txt", "part": "attachments"},
        **{"subject": type(record).__name__, "subject_id": record.pk, "uploaded_by_name": "Редактор"},
        uploaded_at=clock.now() - timedelta(days=3000),
    )
    return made.public_id


async def _invitations() -> tuple[Invitation, ...]:
    """A request, and invitations of the home region, of another, of the Foundation."""
    administrator, home = await _holder(Role.ADMINISTRATOR), await Region.get(code=HOME)
    kind = {"name_ru": "Имя", "roles": ["editor"]}
    made = [await Invitation.create(email="a@b.ru", state="asked", asked_at=clock.now(), region=home, **kind)]
    for number, where in enumerate(({"region": home}, {"region__code": WINNER}, {"region_id__isnull": True})):
        one = await Organisation.filter(**where).first()
        made.append(
            await Invitation.create(
                email=f"{number}@b.ru", state="sent", sent_at=clock.now(), organisation=one, invited_by=administrator,
                **kind,
            )
        )  # fmt: skip
    return tuple([await Invitation.get(id=one.id) for one in made])


async def _holder(role: Role, region: str | None = None) -> Person:
    found = Person.filter(memberships__role=role)
    person = await (found.filter(organisation__region__code=region) if region else found).first()
    assert person is not None
    return person


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=create_app())
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


def knocked(door: Door, world: World, who: str, params: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The address of the door and the headers by which it knows who comes."""
    path = routes()[door.name].url_path_for(door.name, **params)
    address = path if door.name == "front" or door.name.startswith("health:") else f"/ru{path}"
    token = world.tokens.get(f"{who}@winner" if door.record in OF_WINNERS else who, world.tokens.get(who, ""))
    return address, {"cookie": f"session={token}"} if token else {"cookie": "form=x"}
