"""What the pages of reviews may send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.applications.call.models import Criterion
from portal.applications.review import rules
from portal.applications.review.models import Review
from portal.applications.review.rules import NOTE_LIMIT
from portal.applications.review.service import SECTION, Pair
from portal.kit.drafts import Draft
from portal.kit.errors import Invalid, Problem
from portal.kit.forms import Field, Kind, Typed, read_field
from portal.kit.i18n import number, say
from portal.kit.numbers import Unreadable
from portal.kit.pages import url
from portal.kit.versions import Named, Writing, among

DUE = Field("due_on", say("Last day for reading"), Kind.DATE, required=False)
REASON = Field("reason", say("What the reviewer should correct"), Kind.LONG, limit=NOTE_LIMIT)
PAIR = re.compile(r"([0-9A-Za-z-]{1,16}):([0-9]{1,18})")


def read_arrangement(typed: Typed) -> tuple[list[Pair], list[Pair], date | None]:
    """Pairs to add, pairs to remove, the last day: `pick` is what is ticked, `was` what the page had shown as ticked.

    So what another officer has arranged since then is left alone. Raises Invalid for a day that cannot be read.
    """
    picked, shown = _pairs(typed, "pick"), _pairs(typed, "was")
    try:
        due_on = read_field(DUE, typed.get(DUE.name, ""))
    except Unreadable as unreadable:
        raise Invalid([Problem(DUE.name, unreadable.reason)]) from None
    return [pair for pair in picked if pair not in shown], [pair for pair in shown if pair not in picked], due_on


def _pairs(typed: Typed, name: str) -> list[Pair]:
    matches = (PAIR.fullmatch(value) for value in dict.fromkeys(typed.lists.get(name, [])))
    return [Pair(match[1], int(match[2])) for match in matches if match]


async def told(review: Review, draft: Draft) -> dict[str, Any]:
    """What a page hears of the marks that it saved: remarks, how many are marked, the weighted mean so far."""
    criteria = await Criterion.filter(call_id=review.application.call_id).order_by("position")
    sheet = rules.read_sheet(criteria, draft.content)
    mean = rules.weighted_mean(sheet.marks, {criterion.code: criterion.weight for criterion in criteria})
    done = say("%(done)s of %(all)s", done=len(sheet.marks), all=len(criteria))
    shown = {"marked": done, "mean": say("no marks yet") if mean is None else number(mean, 4)}
    return {"problems": sheet.problems, "shown": shown}


async def writing(review: Review) -> Writing:
    """The marks as the pages of their versions and of two texts show them: for their reviewer alone."""
    of, application = {"public_id": review.public_id}, review.application
    here, marks = url("review:page", **of), ((rules.NOT_APPLICABLE, say("Not applicable")),)
    fields = []
    for criterion in await Criterion.filter(call_id=application.call_id).order_by("position"):
        of_mark = say("%(row)s: %(field)s", row=criterion.name, field=say("mark"))
        of_comment = say("%(row)s: %(field)s", row=criterion.name, field=say("why this mark"))
        fields += [Named(f"mark.{criterion.code}", of_mark, marks), Named(f"comment.{criterion.code}", of_comment)]
    return Writing(
        record=review,
        section=SECTION,
        over=say("Application %(number)s, %(region)s", number=application.number, region=application.region.name),
        trail=[(url("review:list"), say("My reviews")), (here, say("Your review"))],
        form=f"{here}#marks",
        save=url("review:save", **of),
        history=url("review:history", **of),
        restore=url("review:restore", **of),
        fields=among(fields),
        closed=rules.why_not_mark(review, application),
    )


def read_answer(typed: Mapping[str, str]) -> tuple[bool, str]:
    """Whether there is a conflict of interest, and what it is; raises Invalid where the question is not answered."""
    answer = typed.get("conflict", "")
    if answer not in ("yes", "no"):
        raise Invalid([Problem("conflict", say("Answer the question about a conflict of interest."))])
    return answer == "yes", typed.get("note", "")
