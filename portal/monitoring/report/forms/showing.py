"""What the pages of a report may send, and its rows as the page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.directory.indicator.models import Kind, unit_name
from portal.kit.drafts import Draft
from portal.kit.errors import Problem
from portal.kit.forms import Field
from portal.kit.forms import Kind as Typing
from portal.kit.i18n import Text, Written, instant, say, say_many
from portal.monitoring.report import rules, service
from portal.monitoring.report.models import Report
from portal.monitoring.report.rules import Figure, Judged, Line, Remark, Span, Standing
from portal.monitoring.report.states import ReportState

REASON = Field("reason", say("What is to be corrected"), Typing.LONG, say("The region reads it with its report."),
               limit=2000)  # fmt: skip
MISTAKE = Field("reason", say("What was wrong"), Typing.LONG, say("The officer reads it with the new numbers."),
                limit=2000)  # fmt: skip
STANDINGS: dict[Standing, tuple[str, Text]] = {
    Standing.EMPTY: ("early", say("not filled in")),
    Standing.ERROR: ("error", say("error")),
    Standing.QUESTION: ("warn", say("question")),
    Standing.ANSWERED: ("warn", say("question, answered")),
    Standing.MISSING: ("none", say("no number, explained")),
    Standing.CHECKED: ("met", say("checked")),
}
S = ReportState
STATES: dict[ReportState, tuple[str, Text]] = {
    S.OPEN: ("early", say("to be filled in")),
    S.DRAFT: ("pace", say("being filled in")),
    S.AWAITING: ("pace", say("awaiting signature")),
    S.SUBMITTED: ("unsure", say("sent for checking")),
    S.RETURNED: ("risk", say("returned for revision")),
    S.ACCEPTED: ("met", say("accepted")),
    S.CORRECTED: ("early", say("corrected")),
}
LATE = ("behind", say("late"))
NOT_SENT = ("early", say("not sent yet"))
NOT_DUE = ("early", say("not yet due"))
DROPPED = ("none", say("no longer due"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as a cell shows it: its value, what it is made of, or the word why there is none."""

    value: Any = ""
    parts: Any = ""
    missing: Any = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator as the page shows it: `typed` its fields, `read` its numbers, `wrong` the parts with an error."""

    line: Line
    typed: Mapping[str, str]
    read: Mapping[str, Any]
    plan: Shown
    last: Shown
    done: Shown
    quarter: Shown | None
    status: tuple[str, Text]
    errors: Sequence[Remark]
    questions: Sequence[Remark]
    wrong: frozenset[str]

    @property
    def unit(self) -> Text | str:
        """The unit of a count; shares and means have theirs in the value."""
        return "" if self.line.indicator.is_quotient else unit_name(self.line.indicator.unit)

    @property
    def kind(self) -> str:
        """How its fields are typed: whole numbers, or with kopecks."""
        return "decimal" if self.line.indicator.kind in (Kind.RATIO, Kind.MEAN) else "count"

    @property
    def is_open(self) -> bool:
        """Whether its explanation is in view without a click."""
        return bool(self.questions or self.typed["missing"] or self.wrong & {"why", "missing"})


def row(one: Judged, typed: Mapping[str, str], span: Span) -> Row:
    """The indicator with its plan, its past and what was typed."""
    line = one.line
    before = rules.before(line, span)
    added = None if one.errors or one.is_empty or one.figure.missing else rules.in_quarter(line, one.figure, span)
    sent = {part: typed.get(f"{line.code}.{part}", "") for part in rules.PARTS}
    parts = {"n": one.figure.numerator, "d": one.figure.denominator}
    return Row(
        line=line,
        typed=sent,
        read={part: sent[part] if value is None else rules.amount(value) for part, value in parts.items()},
        plan=show(line, line.plan),
        last=show(line, before[1] if before else None),
        done=show(line, None if one.is_empty else one.figure),
        quarter=show(line, added) if added else None,
        status=STANDINGS[one.standing],
        errors=one.errors,
        questions=one.questions,
        wrong=frozenset(error.field.rsplit(".", 1)[1] for error in one.errors),
    )


def show(line: Line, figure: Figure | None) -> Shown:
    """The figure in words and digits; an unknown one is empty."""
    if figure is None:
        return Shown()
    if figure.missing:
        return Shown(missing=rules.MISSING.get(figure.missing, ""))
    value = figure.value(line.indicator)
    if value is None:
        return Shown()
    parts: Any = ""
    if figure.numerator is not None and figure.denominator is not None:
        parts = say(
            "%(part)s of %(whole)s", part=rules.amount(figure.numerator), whole=rules.amount(figure.denominator)
        )
    return Shown(rules.shown(line.indicator, value), parts)


def checks(found: Sequence[Judged]) -> dict[str, Any]:
    """How many rows are filled, which are left, how many errors, and how many questions with and without an answer."""
    left = [one.line.code for one in found if one.is_empty]
    errors = sum(len(one.errors) for one in found)
    asked = [one for one in found if one.questions and not one.errors]
    answered = sum(one.standing is Standing.ANSWERED for one in asked)
    words = [say_many("%(num)s error", "%(num)s errors", errors)] if errors else []
    words += [say_many("%(num)s question", "%(num)s questions", len(asked))] if asked else []
    return {"filled": len(found) - len(left), "of": len(found), "left": left, "errors": errors, "words": words,
            "asked": len(asked), "unanswered": len(asked) - answered}  # fmt: skip


async def told(report: Report, draft: Draft) -> dict[str, Any]:
    """What a page hears of the figures that it saved: remarks, computed values, how each row and the whole stand."""
    asked, typed = await service.lines(report), draft.content
    found, span = service.judged(report, asked, typed), service.span_of(report)
    rows = [row(one, typed, span) for one in found]
    remarks = [remark for one in rows for remark in (*one.errors, *one.questions)]
    whole = checks(found)
    shown = {"filled": filled_words(whole), "filled-note": left_words(whole), "checks": checks_words(whole)}
    for one in rows:
        shown[f"{one.line.code}-done"] = one.done.missing or one.done.value
        shown[f"{one.line.code}-quarter"] = (one.quarter.parts or one.quarter.value) if one.quarter else ""
    return {
        "problems": [Problem(one.field, say("%(reason)s %(advice)s", reason=one.reason, advice=one.advice))
                     for one in remarks],
        "shown": shown,
        "standings": {one.line.code: one.status for one in rows},
    }  # fmt: skip


def filled_words(whole: Mapping[str, Any]) -> Text:
    """How many of the indicators are filled in."""
    return say_many("%(filled)s of %(num)s indicator", "%(filled)s of %(num)s indicators", whole["of"],
                    filled=whole["filled"])  # fmt: skip


def left_words(whole: Mapping[str, Any]) -> Text | str:
    """Which indicators are left to be filled in."""
    return say("left: %(codes)s", codes=", ".join(whole["left"])) if whole["left"] else ""


def checks_words(whole: Mapping[str, Any]) -> Text | str:
    """The errors and questions in words."""
    return ", ".join(map(str, whole["words"])) or say("nothing to correct")


def standing(report: Report, *, inside: bool, now: datetime) -> tuple[str, Any]:
    """The icon and word of a report; `inside` for its region, which sees how far it is before it is submitted."""
    if report.state not in (S.SUBMITTED, S.ACCEPTED, S.CORRECTED) and rules.is_dropped(report):
        return DROPPED
    if report.state in (S.OPEN, S.DRAFT, S.AWAITING) and not (inside and report.state is not S.OPEN):
        if report.revision:
            return "pace", say("being corrected")
        if report.submitted_at:
            return STATES[S.RETURNED]
        return LATE if rules.is_late(report, now) else NOT_SENT if rules.is_over(report.period, now) else NOT_DUE
    return STATES[report.state]


def due_day(report: Report) -> Written:
    """The last day with its weekday, in Moscow: that of the instant before the first late one."""
    return Written(_weekday_and_day, report.due_at - timedelta(minutes=1))


def _weekday_and_day(moment: datetime) -> str:
    return instant(moment).rsplit(", ", 1)[0]
