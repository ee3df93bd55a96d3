"""The diary of the demonstration: deeds with their instants, done one after another as time ran."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import ParamSpec

from portal.applications.application.models import Application
from portal.applications.call.models import Call
from portal.applications.review.models import Review
from portal.demo.days import CallDays
from portal.directory.region.models import Region
from portal.kit import clock
from portal.kit.errors import Invalid, Refusal
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.report.models import Report
from portal.people.person.models import Person

P = ParamSpec("P")
Deed = Callable[[], Awaitable[object]]


class Interrupted(RuntimeError):
    """A deed of the demonstration was refused: its content and the portal's rules disagree."""


@dataclass(slots=True)
class Diary:
    """Deeds in any order; `live` does them in the order of their instants."""

    entries: list[tuple[datetime, int, str, Deed]] = field(default_factory=list)

    def note(
        self, at: datetime, what: str, deed: Callable[P, Awaitable[object]], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """The deed will be done at `at` with these arguments, after those noted earlier for the same instant."""
        self.entries.append((at, len(self.entries), what, partial(deed, *args, **kwargs)))

    async def live(self, until: datetime) -> None:
        """Every deed is done, at its instant. Raises Interrupted at the first that is refused or lies after `until`."""
        for at, _, what, deed in sorted(self.entries, key=lambda entry: entry[:2]):
            if at > until:
                raise Interrupted(f"{what}: {at} has not come yet")
            with clock.frozen(at):
                try:
                    await deed()
                except Invalid as refusal:
                    problems = "; ".join(f"{one.field}: {one.reason}" for one in refusal.problems)
                    raise Interrupted(f"{what}: {problems}") from refusal
                except Refusal as refusal:
                    raise Interrupted(f"{what}: {refusal.reason}") from refusal


@dataclass(slots=True)
class World:
    """Who and what there is so far, found as each person would find it: by what she can see."""

    diary: Diary
    decided: CallDays
    running: CallDays
    reading: CallDays
    now: datetime
    people: dict[str, Person] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    applications: dict[tuple[str, str], int] = field(default_factory=dict)

    def days(self, call: str) -> CallDays:
        """The days of a call by its key."""
        return {"decided": self.decided, "open": self.running, "read": self.reading}[call]

    def person(self, key: str) -> Person:
        """A person by her key."""
        return self.people[key]

    def editor(self, region: str) -> Person:
        """Who writes for the region."""
        return self.people[f"editor.{self.slugs[region]}"]

    def signatory(self, region: str) -> Person:
        """Who signs for the region."""
        return self.people[f"signatory.{self.slugs[region]}"]

    async def call(self, key: str) -> Call:
        """The call as it stands."""
        return await Call.get(id=self.calls[key])

    async def application(self, region: str, by: Person, call: str = "decided") -> Application:
        """The region's application as it stands for this reader."""
        return await Application.visible_to(by).get(id=self.applications[call, region])

    async def review(self, region: str, reviewer: str, call: str = "decided") -> Review:
        """The reviewer's review of the region's application."""
        found = Review.visible_to(self.people[reviewer])
        return await found.get(application_id=self.applications[call, region])

    async def agreement(self, region: str, by: Person) -> Agreement:
        """The region's agreement as it stands for this reader."""
        return await Agreement.visible_to(by).get(application_id=self.applications["decided", region])

    async def report(self, region: str, quarter: int, by: Person) -> Report:
        """The newest revision of the region's report for the quarter, 0 for the programmes' first."""
        period = self.decided.period(quarter)
        found = await Report.visible_to(by).filter(
            agreement__application_id=self.applications["decided", region], period=period
        ).order_by("-revision").first()  # fmt: skip
        if found is None:
            raise Interrupted(f"{region} has no report for {period}")
        return found
