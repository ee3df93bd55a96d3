"""Reviewers are reminded of what they owe, in one letter, before their last day ends in Moscow."""

from __future__ import annotations

from datetime import timedelta

from portal.applications.review import jobs
from portal.applications.review.models import Review
from portal.applications.review.states import ReviewState
from portal.kit import clock
from portal.kit.mail import Letter
from portal.people.roles import Role
from tests import make


async def test_a_reviewer_is_reminded_twice_in_one_letter_each(tx: object) -> None:
    call = await make.call()
    reviewer, done = await make.person(Role.REVIEWER), await make.person(Role.REVIEWER)
    for place in (make.KAMCHATKA, make.NOVGOROD):
        application = await make.eligible(await make.region(*place), of=call)
        for who, state in ((reviewer, ReviewState.IN_PROGRESS), (done, ReviewState.SUBMITTED)):
            review = await make.review(application, who, K1=5, K2=4)
            if state is not ReviewState.SUBMITTED:
                await Review.filter(id=review.id).update(state=state, submitted_at=None)
    (due_on,) = set(await Review.all().values_list("due_on", flat=True))
    written = []
    for hours in (80, 60, 50, 20, 10, -1):
        with clock.frozen(jobs.end_of(due_on) - timedelta(hours=hours)):
            await jobs.remind_reviewers()
            await jobs.remind_reviewers()
        written.append(await Letter.all().count())
    assert written == [0, 1, 1, 2, 2, 2]
    letter = await Letter.all().first()
    assert letter is not None
    assert letter.address == reviewer.email
    assert all(number in letter.body for number in await Review.all().values_list("application__number", flat=True))
