"""What the fields of a call are called, and its conditions as the pages of their versions show them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from portal.applications.call import rules, service
from portal.applications.call.forms.fields import (
    CRITERION,
    INSTANTS,
    JUDGING,
    MONEY,
    NAMES,
    OPENNESS,
    PERIODS,
    REQUIRED,
    TIES,
)  # fmt: skip
from portal.applications.call.models import Call
from portal.kit.forms import ROW, Typed
from portal.kit.i18n import say
from portal.kit.pages import url
from portal.kit.versions import Named, Writing, named
from portal.people.person.models import Person

SIMPLE = {field.name: field for field in (*NAMES, *INSTANTS, *MONEY, *PERIODS, *OPENNESS, *JUDGING, REQUIRED)}
COLUMNS = {field.name: field for field in CRITERION}


def kept(typed: Typed) -> Typed:
    """What was typed of the conditions, without what else a form sends."""
    return Typed((name, value) for name, value in typed.pairs if _place(name))


def _place(name: str) -> tuple[int, ...] | None:
    """Where the field stands in the form; None for one that it does not have."""
    if name in SIMPLE:
        return 0, list(SIMPLE).index(name)
    group, row, column = [*name.split("-", 2), "", ""][:3]
    if not re.fullmatch(ROW, row):
        return None
    if group == "criteria" and column in COLUMNS:
        return 1, int(row), list(COLUMNS).index(column)
    return (2, int(row)) if (group, column) == ("tie", "rule") and int(row) < TIES else None


def fields(names: Collection[str]) -> list[Named]:
    """The fields of these names in the order of the form."""
    return [_named(name) for name in sorted(filter(_place, names), key=lambda name: _place(name) or ())]


def _named(name: str) -> Named:
    if name in SIMPLE:
        return named(SIMPLE[name])
    _, row, column = name.split("-", 2)
    if column == "rule":
        return Named(name, say("Rule %(number)s", number=int(row) + 1))
    field = COLUMNS[column]
    label = say("Criterion %(number)s: %(field)s", number=int(row) + 1, field=field.label)
    return named(field, name, label)


def writing(call: Call | None, person: Person) -> Writing:
    """The conditions as the pages of their versions and of two texts show them; of a new call for its writer alone."""
    of: dict[str, Any] = {"number": call.number} if call else {}
    here = url("call:edit", **of) if call else url("call:new")
    return Writing(
        record=call or person,
        section=service.CONDITIONS if call else service.NEW,
        over=say("Call %(number)s", **of) if call else say("New call"),
        trail=[(url("call:list"), say("Calls")), *([(url("call:page", **of), call.name)] if call else [])],
        form=here,
        save=url("call:save", **of) if call else url("call:create"),
        history=url("call:history", **of) if call else "",
        restore=url("call:restore", **of) if call else "",
        fields=fields,
        closed=rules.why_not_change(call) if call else None,
    )
