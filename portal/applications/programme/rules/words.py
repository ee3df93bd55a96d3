"""Reading the sections of words: the passport, the goal with its groups, the activities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.applications.programme.models import CallFacts
from portal.applications.programme.rules.content import Activity, Goal, Group, Passport
from portal.applications.programme.rules.sections import SECTIONS, Table, is_blank
from portal.kit.bilingual import Bilingual
from portal.kit.errors import Problem
from portal.kit.forms import Field, read_fields, rows
from portal.kit.i18n import Text, Written, quarter, say


def activity_fields(facts: CallFacts) -> tuple[Field, ...]:
    """The fields of an activity with the directions and quarters of the call to choose from."""
    table = SECTIONS["activities"].table
    assert table is not None
    periods = tuple((period, Written(quarter, period)) for period in facts.quarters)
    choices: dict[str, tuple[tuple[str, Any], ...]] = {"direction": facts.directions, "first": periods, "last": periods}
    return tuple(replace(field, choices=choices.get(field.name, ())) for field in table.fields)


def named(table: Table, place: int, reason: Text, cell: Text | None = None) -> Text:
    """The reason, said of a row by its place as the reader counts, and of one cell in it."""
    if cell is not None:
        return say("%(row)s %(place)s (%(cell)s). %(reason)s", row=table.row, place=place, cell=cell, reason=reason)
    return say("%(row)s %(place)s. %(reason)s", row=table.row, place=place, reason=reason)


def read_passport(typed: Mapping[str, str]) -> tuple[Passport, list[Problem]]:
    """The passport as far as it can be read, and what is wrong."""
    values, problems = read_fields(SECTIONS["passport"].fields, typed, prefix="passport#")
    text = {name: value or "" for name, value in values.items()}
    return Passport(
        title=Bilingual(text["title"], text["title_en"]),
        summary=Bilingual(text["summary"], text["summary_en"]),
        executor=text["executor"],
        coexecutors=text["coexecutors"],
        act_kind=text["act_kind"],
        act_number=text["act_number"],
        act_date=values["act_date"],
        contact=text["contact"],
    ), problems


def read_goal(typed: Mapping[str, str]) -> tuple[Goal, list[Problem]]:
    """The goal and its groups as far as they can be read, and what is wrong; empty rows are passed over."""
    section = SECTIONS["goal"]
    assert section.table is not None
    values, problems = read_fields(section.fields, typed, prefix="goal#")
    groups = []
    for place, (number, row) in enumerate(rows(typed, "groups"), 1):
        if is_blank(row):
            continue
        found, wrong = _read_row(section.table, section.table.fields, "goal", number, place, row)
        problems += wrong
        if not wrong and found["families"] is None and found["children"] is None:
            reason = say("Write how many families or children there will be.")
            problems.append(Problem(f"goal#groups-{number}-families", named(section.table, place, reason)))
        groups.append(Group(found["name"] or "", found["families"], found["children"]))
    if not groups:
        problems.append(Problem("goal#groups-0-name", say("Name at least one target group and its size.")))
    return Goal(values["problem"] or "", values["goal"] or "", tuple(groups)), problems


def read_activities(typed: Mapping[str, str], facts: CallFacts) -> tuple[tuple[Activity, ...], list[Problem]]:
    """The activities as far as they can be read, and what is wrong; empty rows are passed over."""
    table = SECTIONS["activities"].table
    assert table is not None
    fields, names = activity_fields(facts), dict(facts.directions)
    problems: list[Problem] = []
    activities: list[Activity] = []
    for place, (number, row) in enumerate(rows(typed, "activities"), 1):
        if is_blank(row):
            continue
        found, wrong = _read_row(table, fields, "activities", number, place, row)
        problems += wrong
        text = {name: value or "" for name, value in found.items()}
        key = row.get("key", "")
        if not key or any(one.key == key for one in activities):
            reason = say("The portal has lost the mark of this row. Remove the row and write it again.")
            problems.append(Problem(f"activities#activities-{number}-title", named(table, place, reason)))
        if text["first"] and text["last"] and text["last"] < text["first"]:
            reason = say("The last quarter is earlier than the first. Choose a later one.")
            problems.append(Problem(f"activities#activities-{number}-last", named(table, place, reason)))
        name = names.get(text["direction"], Bilingual(""))
        activities.append(Activity(key=key, direction_name=name, **text))
    if not activities:
        problems.append(Problem("activities#activities-0-title", say("Describe at least one activity.")))
    return tuple(activities), problems


def _read_row(
    table: Table, fields: tuple[Field, ...], section: str, number: int, place: int, row: Mapping[str, str]
) -> tuple[dict[str, Any], list[Problem]]:
    values, problems = read_fields(fields, row, prefix=f"{section}#{table.name}-{number}-")
    return values, [Problem(one.field, named(table, place, one.reason)) for one in problems]
