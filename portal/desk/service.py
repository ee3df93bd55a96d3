"""What the desk asks of several rooms at once. No verbs: the desk only shows where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from portal.applications.application.models import Application
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call
from portal.applications.programme.models import facts_of
from portal.applications.programme.rules import read
from portal.desk.models import ApplicationRow, Facts, gather
from portal.kit.drafts import Draft
from portal.kit.forms import Typed
from portal.people.person.models import Person
from portal.people.roles import Role


async def facts_for(person: Person, now: datetime) -> Facts:
    """What could wait for her; an editor is also told how much is left to do in the drafts of open calls."""
    facts = await gather(person, now)
    if Role.EDITOR not in person.roles:
        return facts
    accepting = {call.number for call in facts.calls if call.is_accepting(now)}
    drafts = [row for row in facts.applications if row.state is ApplicationState.DRAFT and row.call in accepting]
    problems = await problems_in(drafts)
    return replace(facts, applications=[replace(row, problems=problems.get(row.number)) for row in facts.applications])


async def problems_in(rows: Sequence[ApplicationRow]) -> dict[str, int]:
    """How many places of each draft still need an answer, by the application's number."""
    if not rows:
        return {}
    numbers = dict(await Application.filter(number__in=[row.number for row in rows]).values_list("id", "number"))
    content: dict[int, dict[str, Typed]] = defaultdict(dict)
    for saved in await Draft.filter(subject=Application.__name__, subject_id__in=list(numbers)).order_by("version"):
        content[saved.subject_id][saved.section] = saved.content
    facts = {call.number: await facts_of(call) for call in await Call.filter(number__in={row.call for row in rows})}
    call_of = {row.number: row.call for row in rows}
    return {number: len(read(content[key], facts[call_of[number]])[1]) for key, number in numbers.items()}
