"""What is asked, and of what: the demonstration, and beside it a call with as many applications as one wants."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call, Criterion
from portal.applications.call.states import CallState
from portal.applications.review.models import Mark, Review
from portal.applications.review.states import Conflict, ReviewState
from portal.demo import PASSWORD, SIGN_INS
from portal.directory.region.models import Region
from portal.kit import clock, drafts, sessions
from portal.kit.access import cookie
from portal.kit.periods import last_day
from portal.monitoring.report import rules
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.person.service import load
from portal.people.roles import Role
from portal.settings import settings
from tests import make
from tests.bench.asking import Question, form

Cookies = Mapping[str, str]
NOBODY: Cookies = {}
READERS, READINGS, SECTION = 15, 2, "indicators"
SUBMISSIONS = 56
WHO = 2
"""Statements that tell who asks: the session, the person with her roles."""
PLAIN, FULL, SIGNED_IN, SUBMITTED = 4 + WHO, 8 + WHO, 12, 16 + WHO


@dataclass(frozen=True, slots=True)
class Case:
    """A page or a deed: how it is asked for anew each time, its status, the most SQL statements that it may send."""

    name: str
    question: Callable[[], Question]
    status: int = 200
    statements: int = PLAIN
    times: int = 100_000
    """How often it can be asked at most."""


def _same(question: Question) -> Callable[[], Question]:
    return lambda: question


async def _signed_in(person: Person) -> Cookies:
    return {cookie("session"): await sessions.open_session(person.id, "bench")}


def _token(cookies: Cookies) -> str:
    return sessions.signature(settings().secret, cookies.get(cookie("session")) or cookies[cookie("form")])


async def _holder(role: Role, region_id: int | None = None) -> Person:
    """Somebody of the demonstration with this role, of this region if it is named."""
    people = Person.filter(memberships__role=role, is_active=True).exclude(password_hash="")
    if region_id is not None:
        people = people.filter(organisation__region_id=region_id)
    found = await people.order_by("id").first()
    assert found is not None
    loaded = await load(found.id)
    assert loaded is not None
    return loaded


async def _regions(number: int) -> list[Region]:
    """So many regions: those there are, and fictional ones where more are wanted."""
    have = await Region.filter(is_hidden=False).order_by("id").limit(number)
    first = have[0]
    kept = {name: getattr(first, name) for name in Region._meta.db_fields - {"id", "code"}}
    await Region.bulk_create(Region(code=f"X{len(have) + place}", **kept) for place in range(number - len(have)))
    return await Region.filter(is_hidden=False).order_by("id").limit(number)


async def big_call(number: int) -> tuple[Call, Review]:
    """A closed call with so many admitted applications, each read twice, and one more review that is being written."""
    begun, name = clock.now() - timedelta(days=60), f"B{number}"
    call = await make.call(state=CallState.CLOSED, at=begun, number=name, places=20)
    readers = [await make.person(Role.REVIEWER) for _ in range(READERS)]
    regions = await _regions(number)
    pattern = await make.eligible(regions[0], of=call, at=begun)
    version = await ApplicationVersion.get(application=pattern)
    same = {"call": call, "organisation_id": pattern.organisation_id, "state": pattern.state, "started_at": begun}
    await Application.bulk_create(
        Application(number=f"{name}-1{place:03d}", region=region, **same) for place, region in enumerate(regions[1:], 1)
    )
    made = await Application.filter(call=call).order_by("region_id")
    text = {field: getattr(version, field) for field in ApplicationVersion._meta.db_fields - {"id", "application_id"}}
    others = [application.id for application in made if application.id != pattern.id]
    await ApplicationVersion.bulk_create(ApplicationVersion(application_id=one, **text) for one in others)
    await _marked(name, [application.id for application in made], readers, call, begun)
    mine = await Review.create(
        public_id=f"{name}-mine",
        application=made[0],
        reviewer=readers[-2],
        state=ReviewState.IN_PROGRESS,
        conflict=Conflict.NONE,
        assigned_at=begun,
        due_on=clock.today(),
    )
    return call, mine


async def _marked(name: str, applications: list[int], readers: list[Person], call: Call, begun: datetime) -> None:
    """Each application has two submitted reviews with all their marks."""
    done = {"state": ReviewState.SUBMITTED, "conflict": Conflict.NONE, "assigned_at": begun, "submitted_at": begun}
    await Review.bulk_create(
        Review(
            public_id=f"{name}-{place}-{reading}",
            application_id=one,
            reviewer=readers[(place + reading * 7) % READERS],
            due_on=begun.date(),
            **done,
        )
        for place, one in enumerate(applications)
        for reading in range(READINGS)
    )
    reviews = await Review.filter(application__call=call).order_by("id")
    criteria = await Criterion.filter(call=call)
    await Mark.bulk_create(
        Mark(review=review, criterion=criterion, value=1 + (place * 5 + part) % 6, comment="Почему так.")
        for place, review in enumerate(reviews)
        for part, criterion in enumerate(criteria)
    )


async def _submitting(number: int) -> Case:
    """Whole drafts of an open call, each of a region of its own, that wait to be submitted."""
    call = await make.call(number=f"O{number}")
    ready: list[Question] = []
    for place, region in enumerate(await Region.filter(is_hidden=False).order_by("id").limit(SUBMISSIONS)):
        signatory = await make.person(Role.SIGNATORY, region=region)
        whose = {"region": region, "organisation": signatory.organisation, "started_at": clock.now()}
        draft = await Application.create(number=f"O{number}-{place:03d}", call=call, **whose)
        await make.written(draft, signatory)
        cookies = await _signed_in(signatory)
        ready.append(form(f"/ru/applications/{draft.number}/submit", cookies, {"form_token": _token(cookies)}))
    return Case("submit an application", ready.pop, 303, SUBMITTED, SUBMISSIONS)


async def _writing(cookies: Cookies, application: Application, *, section: str = SECTION, script: bool = False) -> Case:
    """A save of the section by its button or by the page's own script, each with another number or word in it."""
    saved = (await drafts.latest(application))[section]
    typed, version = dict(saved.content), saved.version
    cell = next((name for name, value in typed.items() if value.isdecimal()), next(iter(typed)))
    path = f"/ru/applications/{application.number}/sections/{section}"

    def question() -> Question:
        nonlocal version
        values = {**typed, cell: str(100 + version), "based_on": str(version), "form_token": _token(cookies)}
        version += 1
        sent = form(path, cookies, values)
        return replace(sent, accept="application/json") if script else sent

    name = f"autosave: {section}" if script else "save a section"
    return Case(name, question, 200 if script else 303, FULL)


def _marking(cookies: Cookies, review: Review) -> Case:
    version = 0

    def question() -> Question:
        nonlocal version
        values = {f"{part}.{code}": "4" for part in ("mark", "comment") for code in ("K1", "K2")}
        values |= {"comment.K1": f"{version}", "based_on": str(version), "form_token": _token(cookies)}
        version += 1
        return form(f"/ru/reviews/{review.public_id}/marks", cookies, values)

    return Case("save marks", question, 303, FULL)


def _entering() -> Case:
    cookies = {cookie("form"): "a browser of the bench"}
    values = {"email": SIGN_INS[0][1], "password": PASSWORD, "form_token": _token(cookies)}
    return Case("sign in (hashing too)", _same(form("/ru/sign-in", cookies, values)), 303, SIGNED_IN)


async def _reporting() -> Case:
    """A region's own page of a quarter that is over and not reported yet."""
    reports = Report.filter(state=ReportState.OPEN).select_related("agreement").order_by("period", "id")
    report = next(one for one in await reports if last_day(one.period) < clock.today())
    editor = await _signed_in(await _holder(Role.EDITOR, report.agreement.region_id))
    return Case("report page", _same(Question(f"/ru/reports/{rules.number_of(report)}", editor)), statements=FULL)


def drawing() -> list[Question]:
    """What the scripts of the dashboards ask for once the page is there; the last is the callback."""
    path = "/ru/dashboards/"
    asked = {
        "output": "page.children",
        "outputs": {"id": "page", "property": "children"},
        "inputs": [
            {"id": "address", "property": "pathname", "value": path},
            {"id": "address", "property": "search", "value": ""},
        ],
        "changedPropIds": ["address.pathname"],
    }
    body = Question(f"{path}_dash-update-component", NOBODY, json.dumps(asked).encode(), "application/json")
    return [Question(f"{path}_dash-layout", NOBODY), Question(f"{path}_dash-dependencies", NOBODY), body]


def _dashboards() -> list[Case]:
    return [
        Case("dashboard shell", _same(Question("/ru/dashboards/", NOBODY))),
        Case("dashboard callback", _same(drawing()[-1]), statements=2),
    ]


async def cases(number: int) -> list[Case]:
    """Everything that is asked. The demonstration must be in the database; the call of `number` applications comes."""
    call, review = await big_call(number)
    draft = await Application.filter(state=ApplicationState.DRAFT).order_by("id").first()
    assert draft is not None
    editor = await _signed_in(await _holder(Role.EDITOR, draft.region_id))
    officer, council = [await _signed_in(await _holder(role)) for role in (Role.OFFICER, Role.COUNCIL)]
    reviewer = await _signed_in(await Person.get(id=review.reviewer_id))
    task = f"/ru/applications/{draft.number}"
    lists = [
        ("applications of a call", f"/ru/applications?call={call.number}", officer),
        ("reviews of a call", f"/ru/reviews?call={call.number}", officer),
        ("assignments", f"/ru/calls/{call.number}/assignments", officer),
        ("ranking", f"/ru/calls/{call.number}/ranking", officer),
        ("ranking with the council's form", f"/ru/calls/{call.number}/ranking", council),
    ]
    return [
        Case("home", _same(Question("/ru/", NOBODY))),
        Case("my tasks (officer)", _same(Question("/ru/", officer)), statements=FULL),
        Case("sign-in page", _same(Question("/ru/sign-in", NOBODY))),
        _entering(),
        Case("application, list of tasks", _same(Question(task, editor)), statements=FULL),
        Case("application, a section", _same(Question(f"{task}/sections/{SECTION}", editor)), statements=FULL),
        await _writing(editor, draft),
        await _writing(editor, draft, section="budget", script=True),
        await _writing(editor, draft, section="passport", script=True),
        await _submitting(number),
        *(Case(name, _same(Question(path, who)), statements=FULL) for name, path, who in lists),
        Case("review page", _same(Question(f"/ru/reviews/{review.public_id}", reviewer)), statements=FULL),
        _marking(reviewer, review),
        await _reporting(),
        Case("board of reports", _same(Question("/ru/reports", officer)), statements=FULL),
        *_dashboards(),
    ]
