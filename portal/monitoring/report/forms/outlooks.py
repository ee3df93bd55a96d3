"""How the indicators of regions stand, as lists and the board show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.directory.indicator.models import Kind
from portal.kit.bilingual import Bilingual
from portal.kit.forms import Field, Typed
from portal.kit.forms import Kind as Typing
from portal.kit.i18n import Text, Written, number, percent, say
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.report import rules
from portal.monitoring.report.methods import Status
from portal.monitoring.report.models import Report

GROUPS: dict[str, tuple[Text, frozenset[Status]]] = {
    "attention": (say("Need attention"), frozenset({Status.OFF_TRACK, Status.AT_RISK, Status.NO_DATA})),
    "unclear": (say("Not clear yet"), frozenset({Status.UNCLEAR, Status.TOO_EARLY, Status.SMALL_NUMBERS})),
    "well": (say("Going well"), frozenset({Status.ON_TRACK, Status.ACHIEVED})),
    "all": (say("All indicators"), frozenset(Status)),
}
"""The tabs of the board, the first one first."""

ORDERS: dict[str, Text] = {
    "attention": say("Most urgent first"), "region": say("By region"), "indicator": say("By indicator"),
}  # fmt: skip


STATING = (
    Field("status", say("Your status"), Typing.CHOICE, required=False,
          choices=(("", say("only the computed one")), *((str(one), rules.WORDS[one][1]) for one in rules.STATED))),
    Field("reason", say("Why you judge otherwise"), Typing.LONG, required=False, limit=500,
          hint=say("Two or three sentences. The region and, with the next release, everybody reads them: no names.")),
)  # fmt: skip
"""What an officer says of an indicator."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How an indicator of a region stands: status with icon and word, target, and what is expected with its range.

    `period` is the last accepted quarter, `stated` what the officer says beside the computed status, `because` her
    reason.
    """

    agreement: Agreement
    period: str
    code: str
    name: Bilingual
    status: Status
    target: Any
    forecast: Any
    span: Any
    chance: float
    stated: Status | None
    because: str

    @property
    def shown(self) -> tuple[str, Text]:
        """The icon and the word."""
        return rules.WORDS[self.status]

    @property
    def said(self) -> tuple[str, Text] | None:
        """The icon and the word of what the officer says."""
        return rules.WORDS[self.stated] if self.stated else None

    def place(self, order: str) -> tuple[Any, ...]:
        """Its place in a list of this order."""
        urgency, region = (rules.ATTENTION.index(self.status), self.chance), str(self.agreement.region.short)
        if order in ("region", "indicator"):
            return (region if order == "region" else self.code, *urgency)
        return (*urgency, region)


def outlooks(
    found: Sequence[Mapping[str, Any]], agreements: Sequence[Agreement], reports: Sequence[Report], now: datetime
) -> list[Outlook]:
    """The newest forecasts as they are shown at `now`; what has no status or was terminated is left out."""
    known = {one.id: one for one in agreements if one.state is not AgreementState.TERMINATED}
    late = dict[int, str]()
    for report in reports:
        if rules.is_late(report, now):
            late[report.agreement_id] = max(report.period, late.get(report.agreement_id, ""))
    shown = []
    for row in found:
        is_late = late.get(row["agreement_id"], "") > (row["period"] or "")
        status = rules.standing_now(row["status"], row["kind"], row["desired"], is_late=is_late)
        if status is None or row["agreement_id"] not in known:
            continue
        target = row["target_numerator"]
        if target is not None and row["target_denominator"]:
            target = target / row["target_denominator"]
        expected = row["forecast"] is not None and status is not Status.NO_DATA
        low, high = _written(row, row["low"]), _written(row, row["high"])
        shown.append(
            Outlook(
                agreement=known[row["agreement_id"]],
                period=row["period"] or "",
                code=row["code"],
                name=Bilingual(row["name_ru"], row["name_en"]),
                status=status,
                target=_written(row, target),
                forecast=_written(row, row["forecast"]) if expected else "",
                span=say("%(low)s to %(high)s", low=low, high=high) if expected else "",
                chance=1.0 if row["p_target"] is None else row["p_target"],
                stated=Status(row["stated"]) if row["stated"] else None,
                because=row["because"] or "",
            )
        )
    return sorted(shown, key=lambda one: one.place("attention"))


def _written(row: Mapping[str, Any], value: Any) -> Any:
    if value is None:
        return ""
    if row["unit"] == "percent":
        return Written(percent, value)
    return Written(number, value, 0 if row["kind"] == Kind.COUNT else 1)


def stated(row: Mapping[str, Any]) -> Typed:
    """The fields of what the officer says, as it stands."""
    return Typed([("status", row["stated"] or ""), ("reason", row["because"] or "")])


def chosen_outlooks(found: Sequence[Outlook], group: str, order: str) -> dict[str, Any]:
    """What the board shows of them: the rows of one tab in one order, and how many stand under each tab."""
    group, order = group if group in GROUPS else "attention", order if order in ORDERS else "attention"
    counts = {name: sum(one.status in statuses for one in found) for name, (_, statuses) in GROUPS.items()}
    rows = [one for one in found if one.status in GROUPS[group][1]]
    if order != "attention":  # They come in this one.
        rows.sort(key=lambda one: one.place(order))
    return {"outlooks": rows, "group": group, "order": order, "counts": counts}
