"""What the clock does for reviews: it reminds reviewers of the last day for what they have not submitted."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from portal.applications.application.states import ApplicationState
from portal.applications.review.models import Review
from portal.applications.review.states import ReviewState
from portal.kit import clock, jobs, mail, reminders
from portal.kit.i18n import MOSCOW, Written, day, say
from portal.kit.reminders import DAY
from portal.people.person.models import Person

STEPS = (3 * DAY, DAY)
OWED = (ReviewState.ASSIGNED, ReviewState.IN_PROGRESS, ReviewState.RETURNED)


@jobs.scheduled("remind_reviewers", "5,35 * * * *")
async def remind_reviewers() -> dict[str, object] | None:
    """Each reviewer who owes reviews has one letter about them three days and one day before their last day ends."""
    now, written = clock.now(), 0
    owed: dict[tuple[int, date], list[Review]] = defaultdict(list)
    soon = Review.filter(state__in=OWED, due_on__gte=clock.today(), due_on__lte=clock.today() + STEPS[0])
    for review in await soon.filter(application__state=ApplicationState.ELIGIBLE).select_related("application"):
        if review.due_on is not None:
            owed[review.reviewer_id, review.due_on].append(review)
    for (reviewer, due_on), reviews in owed.items():
        step = reminders.reached(now, end_of(due_on), STEPS)
        if step is None:
            continue
        body = [
            say("Reviews that are not submitted: of applications %(numbers)s.",
                numbers=", ".join(sorted(review.application.number for review in reviews))),
            say("The last day is %(day)s.", day=Written(day, due_on)),
            say("Your reviews: %(link)s", link=mail.link("reviews")),
        ]  # fmt: skip
        readers = await Person.filter(id=reviewer, is_active=True)
        subject = say("Your reviews are awaited by %(day)s", day=Written(day, due_on))
        once = reminders.key("reviews", end_of(due_on), step)
        written += await mail.write(readers, subject, body, once=once)
    return {"letters": written} if written else None


def end_of(due_on: date) -> datetime:
    """The first instant after the day in Moscow."""
    return datetime.combine(due_on + timedelta(days=1), time(), MOSCOW)
