"""What the pages of an application show: the list of tasks, one section, what the Foundation sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.applications.application import rules, service
from portal.applications.application.forms import grids, naming
from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.call.rules import is_accepting
from portal.applications.programme.models import CallFacts, facts_of
from portal.applications.programme.rules import (
    BY_THEMSELVES,
    GROUPS,
    SECTIONS,
    SOURCES,
    Part,
    Programme,
    Section,
    from_canonical,
    read_part,
)
from portal.directory.region.models import Observation
from portal.directory.region.rules import SERIES, Series
from portal.directory.region.service import source
from portal.kit import clock, drafts
from portal.kit.db import records
from portal.kit.drafts import Draft
from portal.kit.errors import Problem
from portal.kit.forms import Typed
from portal.kit.i18n import Text, say, say_many
from portal.kit.pages import url
from portal.people.person.models import Person
from portal.people.roles import Role

# What of the official series stands beside a programme.
BESIDE = ("poverty_rate", "income_per_capita_month", "subsistence_minimum_month", "population",
          "children_share_of_population")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """A section in the list of tasks: how it stands, who saved it last and when."""

    section: Section
    draft: Draft | None
    problems: list[Problem]
    who: str = ""

    @property
    def icon(self) -> str:
        """Its icon."""
        return "early" if self.draft is None else "risk" if self.problems else "met"

    @property
    def word(self) -> Text:
        """Its state in words."""
        if self.draft is None:
            return say("not begun")
        if not self.problems:
            return say("ready")
        return say_many("%(num)s remark", "%(num)s remarks", len(self.problems))

    @property
    def goes_to(self) -> str:
        """The id of the first field to correct."""
        return self.problems[0].field if self.draft is not None and self.problems else ""


def lead(tasks: list[Task], *, may_edit: bool, may_sign: bool) -> list[Text]:
    """The first sentences of the list of tasks: how much is ready, and what is to be done next."""
    ready = [task for task in tasks if task.draft is not None and not task.problems]
    if len(ready) == len(tasks):
        begin = say("All sections are ready.")
        if may_sign:
            return [begin, say("Read the text and submit it.")]
        return [begin, say("Hand the application over to be signed.") if may_edit else say("It can be signed.")]
    sentences = [say_many("%(num)s section of %(all)s is ready.", "%(num)s sections of %(all)s are ready.",
                          len(ready), all=len(tasks))]  # fmt: skip
    wrong = sum(1 for task in tasks if task.draft is not None and task.problems)
    fresh = sum(1 for task in tasks if task.draft is None)
    if wrong:
        sentences.append(say_many("%(num)s is to be corrected.", "%(num)s are to be corrected.", wrong))
    if fresh:
        sentences.append(say_many("%(num)s is not begun.", "%(num)s are not begun.", fresh))
    return sentences


async def tasks(application: Application, person: Person) -> dict[str, Any]:
    """The list of tasks of a region that is writing: sections, remarks, who works on what, what can be done now."""
    programme, problems, saved = await service.reading(application, application.call)
    now, people = clock.now(), await Person.speaking_for(application.region_id)
    names = {one.id: one.name for one in people}
    who = {code: naming.writer(draft, names, application) for code, draft in saved.items()}
    listed = [
        Task(one, saved.get(one.code), rules.of_section(problems, one.code), who.get(one.code, ""))
        for one in SECTIONS.values()
    ]
    may_edit, may_sign = Role.EDITOR in person.roles, Role.SIGNATORY in person.roles
    by_person: dict[str, list[Text]] = {}
    for task in listed:
        if task.draft is not None:
            by_person.setdefault(task.who, []).append(task.section.title)
    return {
        **await about(application, person),
        "programme": programme,
        "problems": problems,
        "groups": [(title, [task for task in listed if task.section.code in codes]) for title, codes in GROUPS],
        "first": next((task for task in listed if task.draft is None or task.problems), None),
        "lead": lead(listed, may_edit=may_edit, may_sign=may_sign),
        "last_saved": max((draft.saved_at for draft in saved.values()), default=None),
        "workers": by_person,
        "signatories": [naming.called(one.name, application) for one in people if Role.SIGNATORY in one.roles],
        "why_not_hand_over": rules.why_not_hand_over(application, application.call, problems, now),
        "why_not_submit": rules.why_not_submit(application, application.call, problems, now),
    }


async def about(application: Application, person: Person) -> dict[str, Any]:
    """What every page of the application shows; its call, region and organisation must be loaded."""
    newest = await records(ApplicationVersion, "application_id = $1 ORDER BY number DESC LIMIT 1", application.id)
    return {
        "application": application,
        "call": application.call,
        "region": application.region,
        "zone": application.region.timezone,
        "standing": rules.STATUS[application.state],
        "version": newest[0] if newest else None,
        "may_edit": Role.EDITOR in person.roles,
        "may_sign": Role.SIGNATORY in person.roles,
        "is_mine": person.region_id == application.region_id,
        "is_officer": Role.OFFICER in person.roles,
        "accepting": is_accepting(application.call, clock.now()),
        "why_not_save": rules.why_not_save(application),
        "why_not_withdraw": rules.why_not_withdraw(application),
        "why_not_check": rules.why_not_check(application, application.call, clock.now()),
        "file_url": file_url(application),
    }


def file_url(application: Application) -> Callable[[str], str]:
    """Where a reader of the application finds one of its files by its public id."""
    return lambda file: url("application:file", number=application.number, file=file)


def text_of(version: ApplicationVersion) -> Programme:
    """The programme that was submitted."""
    return from_canonical(version.content)


async def section(application: Application, code: str, typed: Typed | None = None) -> dict[str, Any]:
    """One section with its fields, rows or grid, and its remarks; with `typed`, what was just sent instead of saved."""
    spec, facts = SECTIONS[code], await facts_of(application.call)
    draft = await drafts.newest(application, code)
    shown = typed if typed is not None else draft.content if draft else Typed([])
    part = read_part(code, shown, facts, await _activities(application, code))
    problems = rules.of_section(part.problems, code) if draft is not None or typed is not None else []
    codes = list(SECTIONS)
    return {
        "application": application,
        "region": application.region,
        "zone": application.region.timezone,
        "accepting": is_accepting(application.call, clock.now()),
        "section": spec,
        "place": codes.index(code) + 1,
        "places": len(codes),
        "draft": draft,
        "typed": shown,
        "problems": problems,
        "wrong": {problem.field for problem in problems},
        "facts": facts,
        **await _layout(spec, shown, facts, part, problems, application),
    }


async def told(application: Application, draft: Draft) -> dict[str, Any]:
    """What a page hears of the section that it saved: remarks, computed figures, whether it is too late for them."""
    code, typed = draft.section, draft.content
    where = {"zone": application.region.timezone, "note": rules.why_late(application.call, clock.now())}
    if code in BY_THEMSELVES:
        return where | {"problems": rules.of_section(BY_THEMSELVES[code](typed)[1], code)}
    facts = await facts_of(application.call)
    part = read_part(code, typed, facts, await _activities(application, code))
    figures: dict[str, str] = {}
    if code == "budget":
        figures = grids.budget_figures(typed, part.budget, facts)
    elif code == "indicators":
        figures = grids.plan_figures(typed, facts, part.indicators)
    return where | {"problems": rules.of_section(part.problems, code), "shown": figures}


async def _activities(application: Application, code: str) -> Typed:
    """What a budget pays for, as it is saved; other sections do not ask."""
    saved = await drafts.newest(application, "activities") if code == "budget" else None
    return saved.content if saved else Typed([])


async def _layout(
    spec: Section, typed: Typed, facts: CallFacts, part: Part, problems: list[Problem], of: Application
) -> dict[str, Any]:
    match spec.code:
        case "passport":
            return {
                "series": await latest_series(of.region_id),
                "series_source": source("region", "regional_statistics.csv"),
            }
        case "indicators":
            return {"plan": grids.plan_grid(typed, facts, part.indicators, problems), "offered": grids.offered(facts)}
        case "budget":
            return {
                "lines": grids.budget_grid(typed, facts, problems),
                "sources": SOURCES,
                "head": grids.budget_head(part.budget, facts, problems),
                "activities": grids.activity_choices(part.activities),
            }
    return {"rows": grids.shown_rows(spec, typed, facts)}


async def latest_series(region_id: int) -> list[tuple[Series, Decimal, int]]:
    """The newest value of each series that stands beside a programme of the region, and its year."""
    rows = await Observation.filter(region_id=region_id, series__in=BESIDE).order_by("year")
    newest = {row.series: row for row in rows}
    return [(SERIES[one], newest[one].value, newest[one].year) for one in BESIDE if one in newest]
