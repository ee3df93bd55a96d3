"""What the fields of a section are called, and the section as the pages of its versions show it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from portal.applications.application import rules
from portal.applications.application.models import Application
from portal.applications.programme.models import CallFacts, facts_of
from portal.applications.programme.rules import SOURCE_NAMES, Section, activity_fields
from portal.kit.bilingual import Bilingual
from portal.kit.drafts import Draft
from portal.kit.i18n import Written, quarter, say
from portal.kit.pages import url
from portal.kit.versions import Named, Writing
from portal.people.person.models import Person

LATE = say("late draft: saved after the call had closed")


async def writing(application: Application, section: Section, person: Person) -> Writing:
    """The section as the pages of its versions and of two texts show it."""
    of, facts = {"number": application.number}, await facts_of(application.call)
    here, people = {**of, "section": section.code}, await Person.speaking_for(application.region_id)
    names = {one.id: one.name for one in people}
    return Writing(
        record=application,
        section=section.code,
        over=say("Application %(number)s · %(section)s", section=section.title, **of),
        trail=[
            (url("application:page", **of), say("Application %(number)s", **of)),
            (url("application:section", **here), section.title),
        ],
        form=url("application:section", **here),
        save=url("application:save", **here),
        history=url("application:history", **here),
        restore=url("application:restore", **here),
        fields=lambda names: fields(section, names, facts),
        closed=rules.why_not_write(application, person),
        zone=application.region.timezone,
        who=lambda draft: writer(draft, names, application),
        note=lambda draft: LATE if draft.saved_at >= application.call.closes_at else None,
    )


def writer(draft: Draft, names: Mapping[int, Bilingual], of: Application) -> str:
    """Who saved the version, in the reader's language; one who has left keeps the name of that day."""
    return called(names.get(draft.saved_by_id or 0, draft.saved_by_name), of)


def called(name: object, of: Application) -> str:
    """A name among the region's own people: their region goes without saying."""
    return str(name).removesuffix(f", {of.region.short}")


def fields(section: Section, names: Collection[str], facts: CallFacts) -> list[Named]:
    """The fields of these names in the order of the page; the keys of rows are the portal's own."""
    table = section.table
    choices = {one.name: one.choices for one in activity_fields(facts)} if section.code == "activities" else {}

    def place(name: str) -> tuple[Any, ...]:
        for number, one in enumerate(section.fields):
            if one.name == name:
                return 0, number
        if table is None or not name.startswith(f"{table.name}-"):
            code, period, part = _cell(name)
            return 1, code, period != "base", period, part == "d"
        _, row, column = name.split("-", 2)
        columns = [one.name for one in table.fields]
        return 1, int(row), columns.index(column) if column in columns else len(columns), column

    return [
        Named(name, label_of(section, name, facts), choices.get(name.rpartition("-")[2], ()))
        for name in sorted(names, key=place)
        if not name.endswith("-key")
    ]


def _cell(name: str) -> list[str]:
    return [*name.split("."), "", ""][:3]


def label_of(section: Section, name: str, facts: CallFacts) -> Any:
    """What the field is called: with its row, or with its indicator and quarter."""
    for field in section.fields:
        if field.name == name:
            return field.label
    if section.table is not None and name.startswith(f"{section.table.name}-"):
        _, row, column = name.split("-", 2)
        labels = {field.name: field.label for field in section.table.fields}
        year, _, source = column.partition(".")
        label = labels.get(column) or say("%(source)s, %(year)s", source=SOURCE_NAMES.get(source, source), year=year)
        return say("%(row)s %(place)s: %(field)s", row=section.table.row, place=int(row) + 1, field=label)
    code, period, part = _cell(name)
    when = say("baseline") if period == "base" else Written(quarter, period)
    return say("%(code)s, %(period)s, %(part)s", code=code, period=when,
               part=say("numerator") if part == "n" else say("denominator"))  # fmt: skip
