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
from portal.demo import competition, content, days, monitoring, people
from portal.demo.diary import Diary, Interrupted, World
from portal.kit import clock
from portal.kit.i18n import MOSCOW
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.release.models import Release
from portal.monitoring.report.models import Report


async def tell(show: Callable[[str], object]) -> None:
    """The story is in the database, or was there before. Raises Interrupted where a rule of the portal refuses it."""
    if await Call.exists():
        show("There is a call already: nothing was added")
        return
    now = clock.now().astimezone(MOSCOW).replace(second=0, microsecond=0)
    told = content.read("call")
    world = World(Diary(), days.decided(told, now.date()), days.running(told, now.date()), now)
    show("Regions, indicators and people")
    await people.settle(world)
    show("Two calls, applications, reviews, agreements, reports and a release")
    for plan in (
        competition.plan_calls,
        competition.plan_applications,
        competition.plan_eligibility,
        competition.plan_reviews,
        competition.plan_decision,
        monitoring.plan_agreements,
        monitoring.plan_reports,
        monitoring.plan_release,
    ):
        plan(world)
    await world.diary.live(until=now + timedelta(minutes=1))
    await check()


async def check() -> None:
    """Nothing, if the database holds what the content describes; otherwise Interrupted with what differs."""
    reviewed, reported = content.read("reviews"), content.read("reports")
    refused = sum(not one["admitted"] for one in reviewed["eligibility"])
    applied = len(content.programmes("decided"))
    winners, reserve = len(reviewed["awards"]), len(reviewed["reserve"])
    expected = {
        "calls": {"decided": 1, "open": 1},
        "applications": {
            "awarded": winners,
            "reserve": reserve,
            "declined": applied - refused - winners - reserve,
            "ineligible": refused,
            "draft": sum(not one.get("handed_over") for one in content.programmes("open").values()),
            "awaiting_signature": sum(bool(one.get("handed_over")) for one in content.programmes("open").values()),
        },
        "reviews": {"submitted": len(reviewed["reviews"]), "declined": len(reviewed["conflicts"])},
        "awards": {"winner": winners, "reserve": reserve, "declined": applied - refused - winners - reserve},
        "agreements": {"signed": winners},
        "accepted reports": {"accepted": len(reported["reports"]), "corrected": len(reported["corrections"])},
        "releases": {"1": 1},
    }
    found = {
        "calls": await _count(Call.all(), "state"),
        "applications": await _count(Application.all(), "state"),
        "reviews": await _count(Review.all(), "state"),
        "awards": await _count(Award.all(), "outcome"),
        "agreements": await _count(Agreement.all(), "state"),
        "accepted reports": await _count(Report.filter(state__in=["accepted", "corrected"]), "state"),
        "releases": await _count(Release.all(), "number"),
    }
    differing = [f"{what}: {found[what]} instead of {it}" for what, it in expected.items() if it != found[what]]
    if differing:
        raise Interrupted("; ".join(differing))


async def _count(records: QuerySet[Any], column: str) -> dict[str, int]:
    """How many records there are of each value of the column."""
    return dict(Counter(str(value) for value in await records.values_list(column, flat=True)))
