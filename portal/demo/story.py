"""The demonstration's story from the first day to now, and the check that it came out as it was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tortoise.queryset import QuerySet

from portal.applications.application.models import Application
from portal.applications.award.models import Award
from portal.applications.call.models import Call
from portal.applications.review.models import Review
from portal.demo import competition, content, days, marking, monitoring, people, reading, reporting
from portal.demo.diary import Diary, Interrupted, World
from portal.kit import clock
from portal.kit.i18n import MOSCOW
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.amendment.models import Amendment
from portal.monitoring.release.models import Release
from portal.monitoring.report.models import Report


async def tell(show: Callable[[str], object]) -> None:
    """The story is in the database, or was there before. Raises Interrupted where a rule of the portal refuses it."""
    if await Call.exists():
        show("There is a call already: nothing was added")
        return
    now = clock.now().astimezone(MOSCOW).replace(second=0, microsecond=0)
    told = content.read("call")
    decided = days.decided(told, now.date())
    world = World(Diary(), decided, days.running(told, now), days.running(told, now, "read"), now)
    show("Regions, indicators and people")
    await people.settle(world)
    show("Three calls, applications, reviews, agreements, reports and releases")
    for plan in (
        competition.plan_calls,
        competition.plan_applications,
        competition.plan_eligibility,
        reading.plan_reviews,
        reading.plan_reading,
        competition.plan_decision,
        monitoring.plan_agreements,
        monitoring.plan_reports,
        monitoring.plan_amendments,
        monitoring.plan_statuses,
        monitoring.plan_releases,
    ):
        plan(world)
    await world.diary.live(until=now + timedelta(minutes=1))
    await check()


async def check() -> None:
    """Nothing, if the database holds what the content describes; otherwise Interrupted with what differs."""
    found = {
        "calls": await _count(Call.all(), "state"),
        "applications": await _count(Application.all(), "state"),
        "reviews": await _count(Review.all(), "state"),
        "awards": await _count(Award.all(), "outcome"),
        "agreements": await _count(Agreement.all(), "state"),
        "amendments": await _count(Amendment.all(), "state"),
        "accepted reports": await _count(Report.filter(state__in=["accepted", "corrected"]), "state"),
        "releases": await _count(Release.all(), "number"),
    }
    differing = [f"{what}: {found[what]} instead of {it}" for what, it in _expected().items() if it != found[what]]
    if differing:
        raise Interrupted("; ".join(differing))


def _expected() -> dict[str, dict[str, int]]:
    """How many of what the content describes, by state."""
    told, reported = content.read("reviews"), reporting.reports()
    winners, reserve = len(marking.winners()), len(told["reserve"])
    decided = {"reserve": reserve, "declined": len(content.programmes("decided")) - winners - reserve}
    small = content.read("reading")
    submitted = sum(bool(one.get("submitted")) for one in small["reviews"])
    return {
        "calls": {"decided": 1, "closed": 1, "open": 1},
        "applications": {"awarded": winners, **decided, **_running(small)},
        "reviews": {
            "submitted": len(marking.reviews()) + submitted,
            "declined": len(told["conflicts"]) + len(small["conflicts"]),
            "in_progress": len(small["reviews"]) - submitted,
            "assigned": sum(len(one["readers"]) for one in small["applications"]) - len(small["reviews"]),
        },
        "awards": {"winner": winners, **decided},
        "agreements": {"signed": winners},
        "amendments": {"signed": sum("amendment" in reporting.story(region) for region in marking.winners())},
        "accepted reports": {
            "accepted": sum(not one.get("waits") for one in reported),
            "corrected": sum("corrected" in one for one in reported),
        },
        "releases": {str(number): 1 for number, _ in enumerate(content.read("reports")["releases"], 1)},
    }


def _running(small: dict[str, Any]) -> dict[str, int]:
    """Applications of the calls that are read and open, by state."""
    awaited, running = len(small["applications"]), content.programmes("open").values()
    return {
        "eligible": awaited,
        "ineligible": len(content.programmes("read")) - awaited,
        **Counter(
            one.get("ends") or ("awaiting_signature" if one.get("handed_over") else "draft") for one in running
        ),
    }  # fmt: skip


async def _count(records: QuerySet[Any], column: str) -> dict[str, int]:
    """How many records there are of each value of the column."""
    return dict(Counter(str(value) for value in await records.values_list(column, flat=True)))
