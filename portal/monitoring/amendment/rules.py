"""Who may amend an agreement, which quarters are still open to change, and what a changed plan must be like."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from portal.applications.programme.models import CallFacts
from portal.applications.programme.rules import Figure, read_indicator
from portal.directory.indicator.models import Indicator
from portal.kit.errors import Problem
from portal.kit.forms import Typed
from portal.kit.i18n import Text, say
from portal.kit.periods import quarters
from portal.monitoring.agreement.models import AgreedIndicator, Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.amendment.models import AmendedValue, Amendment
from portal.monitoring.amendment.states import AmendmentState
from portal.people.person.models import Person
from portal.people.roles import Role


@dataclass(frozen=True, slots=True)
class Change:
    """A planned value that is to be another one."""

    agreed: AgreedIndicator
    period: str
    before: Figure
    after: Figure


def open_quarters(agreement: Agreement, reported: Collection[str]) -> list[str]:
    """The quarters whose plan may change: those after the last one that the region has reported on."""
    last = max(reported, default="")
    return [period for period in quarters(agreement.first_period, agreement.last_period) if period > last]


def why_not_propose(agreement: Agreement, waiting: Amendment | None, left: Sequence[str], by: Person) -> Text | None:
    """None if the officer can propose a change of the plan now."""
    if Role.OFFICER not in by.roles:
        return say("Only a programme officer proposes amendments.")
    if agreement.state is not AgreementState.SIGNED:
        return say("Only an agreement in force is amended.")
    if waiting is not None:
        return say("Amendment No. %(number)s waits for the region's signature. Withdraw it first.",
                   number=waiting.number)  # fmt: skip
    if not left:
        return say("Every quarter has been reported on: there is nothing left to change.")
    return None


def why_not_sign(amendment: Amendment, left: Collection[str], periods: Collection[str], by: Person) -> Text | None:
    """None if her signature is awaited; `periods` are those that the amendment changes, `left` those still open."""
    if amendment.state is not AmendmentState.PROPOSED:
        return say("This amendment has been signed or withdrawn.")
    if amendment.agreement.is_over:
        return say("This agreement is over.")
    if Role.SIGNATORY not in by.roles or by.region_id != amendment.agreement.region_id:
        return say("The signatory of the region signs the amendment.")
    if not set(periods) <= set(left):
        return say("A quarter that it changes has been reported on in the meantime. Ask the officer for a new one.")
    return None


def why_not_withdraw(amendment: Amendment, by: Person) -> Text | None:
    """None if the officer can take the proposal back."""
    if Role.OFFICER not in by.roles:
        return say("Only a programme officer withdraws amendments.")
    if amendment.state is not AmendmentState.PROPOSED:
        return say("This amendment has been signed or withdrawn.")
    return None


def as_typed(indicators: Sequence[AgreedIndicator]) -> dict[str, str]:
    """The plan as it stands, named and written like the cells of a form."""
    cells = {}
    for one in indicators:
        figures = {period: (value.numerator, value.denominator) for period, value in one.planned().items()}
        figures["base"] = (one.baseline_numerator or Decimal(0), one.baseline_denominator)
        for period, parts in figures.items():
            for part, number in zip("nd", parts, strict=True):
                if number is not None:
                    cells[f"{one.indicator.code}.{period}.{part}"] = _plain(number)
    return cells


def _plain(number: Decimal) -> str:
    return str(number.quantize(Decimal(1)) if number == number.to_integral_value() else number).replace(".", ",")


def read_changes(
    indicators: Sequence[AgreedIndicator], facts: CallFacts, left: Sequence[str], typed: Mapping[str, str]
) -> tuple[list[Change], list[Problem]]:
    """What was typed for the open quarters as changes of the plan, and what is wrong.

    The whole changed plan must be as an application's: its rules are asked again.
    """
    whole = as_typed(indicators)
    whole |= {name: typed[name] for name in whole if name in typed and name.split(".")[1] in left}
    changes, problems = [], []
    for one in indicators:
        stands = one.planned()
        read, wrong = read_indicator(facts.catalogue[one.indicator.code], facts, Typed(whole.items()))
        problems += [Problem(problem.field.partition("#")[2], problem.reason) for problem in wrong]
        for period, after in read.plan:
            before = Figure(stands[period].numerator, stands[period].denominator)
            if after != before:
                changes.append(Change(one, period, before, after))
    if not changes and not problems:
        problems.append(Problem("", say("Nothing is changed: write the new values.")))
    return changes, problems


def changes(amendment: Amendment) -> list[tuple[Indicator, list[tuple[str, Figure, Figure]]]]:
    """What it changes, indicator by indicator: the quarter, the value before and after; changes must be loaded."""
    ordered = sorted(amendment.changes, key=lambda one: (one.agreed.position, one.period))
    return [
        (indicator, [(one.period, _before(one), Figure(one.numerator, one.denominator)) for one in those])
        for indicator, those in groupby(ordered, key=lambda one: one.agreed.indicator)
    ]


def _before(one: AmendedValue) -> Figure:
    return Figure(one.before_numerator, one.before_denominator)
