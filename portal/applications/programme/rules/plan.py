"""Reading the plan of indicators: baseline and quarters, numerators and denominators, what may never fall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from portal.applications.programme.models import CallFacts, IndicatorFacts
from portal.applications.programme.rules.content import Figure, PlannedIndicator
from portal.kit.errors import Problem
from portal.kit.forms import Typed
from portal.kit.i18n import Text, Written, number, quarter, say, say_many
from portal.kit.numbers import Unreadable, read_count, read_decimal
from portal.kit.periods import year_of

BASE = "base"


def promised(typed: Mapping[str, str], facts: CallFacts) -> list[IndicatorFacts]:
    """The indicators that the section asks for: the required ones and those chosen beside them."""
    sent = typed.lists.get("chosen", []) if isinstance(typed, Typed) else []
    chosen = [one for one in facts.offered if one.code in sent]
    return [facts.catalogue[code] for code in facts.required if code in facts.catalogue] + chosen


def read_plan(typed: Mapping[str, str], facts: CallFacts) -> tuple[tuple[PlannedIndicator, ...], list[Problem]]:
    """The plan as far as it can be read, and what is wrong."""
    found, problems = [], []
    for indicator in promised(typed, facts):
        one, wrong = read_indicator(indicator, facts, typed)
        found.append(one)
        problems += wrong
    if not found:
        problems.append(Problem("indicators#chosen", say("Choose at least one indicator.")))
    return tuple(found), problems


def read_indicator(
    indicator: IndicatorFacts, facts: CallFacts, typed: Mapping[str, str]
) -> tuple[PlannedIndicator, list[Problem]]:
    """The plan of one indicator as far as it can be read, and what is wrong; its quarters are those of the call."""
    reading = _Reading(indicator, facts, typed)
    return reading.read(), reading.problems


def read_figure(indicator: IndicatorFacts, part: str) -> Decimal | None:
    """One typed cell of the indicator; None for a blank one; raises Unreadable."""
    value = read_count(part) if indicator.is_whole else read_decimal(part)
    if value is None:
        return None
    exact = Decimal(value)
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


@dataclass(slots=True)
class _Reading:
    """One indicator on its way from cells to figures."""

    indicator: IndicatorFacts
    facts: CallFacts
    typed: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)

    def read(self) -> PlannedIndicator:
        one = self.indicator
        figures = {period: self._figure(period) for period in (BASE, *self.facts.quarters)}
        if self.blank:
            reason = say_many("%(code)s: one cell is empty. Write a number in it, zero too is a number.",
                              "%(code)s: %(num)s cells are empty. Write a number in each, zero too is a number.",
                              len(self.blank), code=one.code)  # fmt: skip
            self.problems.append(Problem(self.blank[0], reason))
        plan = tuple((period, found) for period, found in figures.items() if found and period != BASE)
        baseline = figures[BASE]
        for period, figure in figures.items():
            if figure:
                self._parts(period, figure)
        if one.accumulates:
            self._falls(plan)
        if len(plan) == len(self.facts.quarters):
            self._target(baseline, plan[-1][1])
        return PlannedIndicator(one.code, one.name, one.kind, one.unit, baseline, plan)

    def _figure(self, period: str) -> Figure | None:
        numerator = self._cell(period, "n")
        if not self.indicator.is_quotient:
            return None if numerator is None else Figure(numerator)
        denominator = self._cell(period, "d")
        return None if numerator is None or denominator is None else Figure(numerator, denominator)

    def _cell(self, period: str, part: str) -> Decimal | None:
        name = f"{self.indicator.code}.{period}.{part}"
        text = self.typed.get(name, "")
        if not text.strip():
            self.blank.append(f"indicators#{name}")
            return None
        try:
            return read_figure(self.indicator, text)
        except Unreadable as unreadable:
            self._wrong(period, part, unreadable.reason)
            return None

    def _parts(self, period: str, figure: Figure) -> None:
        """A share is a part of its whole, and nothing is divided by zero."""
        if figure.denominator is None:
            return
        if figure.denominator == 0 and figure.numerator > 0:
            self._wrong(period, "d", say("There is something above the line and zero below it. Write of how many."))
        elif self.indicator.kind == "share" and figure.numerator > figure.denominator:
            self._wrong(period, "n", say(
                "%(part)s is more than the whole, %(whole)s. Check whether the two numbers have changed places.",
                part=_plain(figure.numerator), whole=_plain(figure.denominator)))  # fmt: skip

    def _falls(self, plan: tuple[tuple[str, Figure], ...]) -> None:
        """What adds up from quarter to quarter never gets less, except in January where the count begins anew."""
        for (before, earlier), (period, later) in pairwise(plan):
            if self.facts.resets_in_january and year_of(before) != year_of(period):
                continue
            for part, old, new in (
                ("n", earlier.numerator, later.numerator),
                ("d", earlier.denominator, later.denominator),
            ):
                if old is not None and new is not None and new < old:
                    self._wrong(period, part, say(
                        "The plan adds up from the start and cannot fall: %(now)s after %(before)s. "
                        "Write the sum since the start.", now=_plain(new), before=_plain(old)))  # fmt: skip

    def _target(self, baseline: Figure | None, target: Figure) -> None:
        """The last quarter is measured, and is not worse than what is there already."""
        last = self.facts.last_period
        if target.denominator == 0 and target.numerator == 0:
            self._wrong(last, "d", say("By the end of the programme this cannot be zero. Write of how many."))
        if baseline is None or (self.indicator.accumulates and not self.indicator.is_quotient):
            return
        old = baseline.quotient if self.indicator.is_quotient else baseline.numerator
        new = target.quotient if self.indicator.is_quotient else target.numerator
        if old is None or new is None:
            return
        if (self.indicator.desired == "up" and new < old) or (self.indicator.desired == "down" and new > old):
            self._wrong(last, "n", say(
                "The target is worse than the baseline. Check whether the two have changed places."))  # fmt: skip

    def _wrong(self, period: str, part: str, reason: Text) -> None:
        when = say("baseline") if period == BASE else Written(quarter, period)
        text = say("%(code)s (%(period)s). %(reason)s", code=self.indicator.code, period=when, reason=reason)
        self.problems.append(Problem(f"indicators#{self.indicator.code}.{period}.{part}", text))


def _plain(value: Decimal) -> Written:
    return Written(number, value, max(0, -int(value.as_tuple().exponent)))
