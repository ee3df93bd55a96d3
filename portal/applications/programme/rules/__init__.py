"""A region's programme, as typed and as read: pure questions about texts, plans and sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.applications.programme.models import CallFacts, IndicatorFacts
from portal.applications.programme.rules.budget import read_budget, totals
from portal.applications.programme.rules.canonical import canonical, from_canonical
from portal.applications.programme.rules.content import (
    SOURCES,
    Activity,
    Attachment,
    Budget,
    BudgetLine,
    Cost,
    Figure,
    Goal,
    Group,
    Passport,
    PlannedIndicator,
    Programme,
    missing_cofinancing,
    share_shown,
)
from portal.applications.programme.rules.plan import promised, read_indicator, read_plan
from portal.applications.programme.rules.sections import GROUPS, SECTIONS, SOURCE_NAMES, Section, Table, kept
from portal.applications.programme.rules.words import activity_fields, read_activities, read_goal, read_passport
from portal.kit.errors import Problem
from portal.kit.forms import Typed

NOTHING = Typed([])
EMPTY = Budget((), "")


def read(content: Mapping[str, Typed], facts: CallFacts) -> tuple[Programme, list[Problem]]:
    """The programme as far as the typed sections can be read, and every problem as "section#field-id", in page order.

    Without problems the programme is complete: every promised indicator has its baseline and every quarter.
    """
    passport, in_passport = read_passport(content.get("passport", NOTHING))
    goal, in_goal = read_goal(content.get("goal", NOTHING))
    activities, in_activities = read_activities(content.get("activities", NOTHING), facts)
    indicators, in_indicators = read_plan(content.get("indicators", NOTHING), facts)
    budget, in_budget = read_budget(content.get("budget", NOTHING), facts, activities)
    programme = Programme(
        facts.number, facts.first_period, facts.last_period, passport, goal, activities, indicators, budget
    )
    return programme, [*in_passport, *in_goal, *in_activities, *in_indicators, *in_budget]


BY_THEMSELVES = {"passport": read_passport, "goal": read_goal}
"""Sections whose problems ask nothing of the call or the catalogue: how each is read."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one section says, as far as it can be read, and what is wrong in it."""

    problems: list[Problem]
    activities: tuple[Activity, ...] = ()
    indicators: tuple[PlannedIndicator, ...] = ()
    budget: Budget = EMPTY


def read_part(code: str, typed: Typed, facts: CallFacts, activities: Typed = NOTHING) -> Part:
    """One section as `read` reads it, without the work of all; a budget pays for `activities`."""
    match code:
        case "passport" | "goal":
            return Part(BY_THEMSELVES[code](typed)[1])
        case "activities":
            found, problems = read_activities(typed, facts)
            return Part(problems, activities=found)
        case "indicators":
            plan, problems = read_plan(typed, facts)
            return Part(problems, indicators=plan)
    found, _ = read_activities(activities, facts)
    budget, problems = read_budget(typed, facts, found)
    return Part(problems, activities=found, budget=budget)


__all__ = [
    "BY_THEMSELVES",
    "GROUPS", "SECTIONS", "SOURCES", "SOURCE_NAMES", "Activity", "Attachment", "Budget", "BudgetLine", "CallFacts",
    "Cost", "Figure", "Goal", "Group", "IndicatorFacts", "Part", "Passport", "PlannedIndicator", "Programme", "Section",
    "Table", "activity_fields", "canonical", "from_canonical", "kept", "missing_cofinancing", "promised", "read",
    "read_indicator", "read_part", "share_shown", "totals",
]  # fmt: skip
