"""The six doors of the demonstration: in whose eyes to look, what is going on there, and where one comes in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from portal.desk.models import Stories
from portal.kit.i18n import Text, Written, number, say, say_many

HOUR = 60
SignIn = tuple[Text, str, str]
Params = dict[str, str]


@dataclass(frozen=True, slots=True)
class Door:
    """Who stands behind it, the story in a figure and a sentence, and the page that it opens; no e-mail: no sign-in."""

    who: Text
    figure: Text
    story: Text
    action: Text
    page: str
    params: Params = field(default_factory=dict)
    query: Params = field(default_factory=dict)
    anchor: str = ""
    email: str = ""
    password: str = ""


def doors(stories: Stories, sign_ins: Sequence[SignIn], now: datetime) -> list[Door]:
    """The six in their order; none where nobody may be whom one likes."""
    known = {email.partition("@")[0].partition(".")[0]: (email, password) for _, email, password in sign_ins}
    return [*_behind(stories, known, now)] if known else []


def _behind(stories: Stories, known: dict[str, tuple[str, str]], now: datetime) -> Iterator[Door]:
    budget = {"number": stories.application or "", "section": "budget"}
    email, password = known["editor"]
    yield Door(
        say("Editor, Kamchatka Krai"), _time_left(stories.closes_at, now),
        say("The application is all but ready: the budget lacks a little co-financing. Be in time."),
        say("Sign in as the editor"), "application:section" if stories.application else "application:list",
        budget if stories.application else {}, email=email, password=password,
    )  # fmt: skip
    email, password = known["reviewer"]
    yield Door(
        say("Reviewer 1"), _written(stories),
        say("The text is half read, the marks are kept, nobody else's are seen. Go on where the writing stopped."),
        say("Sign in as the reviewer"), "review:page" if stories.review else "review:list",
        {"public_id": stories.review} if stories.review else {}, email=email, password=password,
    )  # fmt: skip
    email, password = known["council"]
    yield Door(
        say("Expert council"), _gap(stories.gap),
        say("Places %(last)s and %(next)s change if a severe reviewer is allowed for. See how sure the order is.",
            last=stories.places, next=stories.places + 1),
        say("Sign in as a council member"), "award:ranking" if stories.decided else "call:list",
        {"number": stories.decided} if stories.decided else {}, anchor="line" if stories.decided else "", email=email,
        password=password,
    )  # fmt: skip
    yield from _afterwards(stories, known)


def _afterwards(stories: Stories, known: dict[str, tuple[str, str]]) -> Iterator[Door]:
    email, password = known["officer"]
    yield Door(
        say("Programme officer"), say("Three reports with a question"),
        say("One is late, one was returned, in one a number has fallen. Accept, return or ask."),
        say("Sign in as the officer"), "report:list", email=email, password=password,
    )  # fmt: skip
    yield Door(
        say("Journalist"), say("Four steps"),
        say("From a public number to the report, the agreement, the score and the promise where it began. No sign-in."),
        say("Open the numbers"), "dashboards",
    )  # fmt: skip
    email, password = known["auditor"]
    yield Door(
        say("Auditor"), say("Who, what and when"),
        say("One accepted number was corrected after it was published. Each step has a name, an hour and a reason."),
        say("Sign in as the auditor"), "desk:journal",
        query={"subject": "Report", "words": stories.corrected} if stories.corrected else {},
        email=email, password=password,
    )  # fmt: skip


def _time_left(closes_at: datetime | None, now: datetime) -> Text:
    left = int((closes_at - now).total_seconds() // 60) if closes_at else -1
    if left < 0:
        return say("The hour has passed")
    if left < 2 * HOUR:
        return say_many("%(num)s minute before closing", "%(num)s minutes before closing", left)
    return say("A call about to close")


def _written(stories: Stories) -> Text:
    if not stories.review:
        return say("Texts to read")
    return say("Criterion %(next)s of %(all)s", next=stories.written + 1, all=stories.criteria)


def _gap(gap: Fraction | None) -> Text:
    if gap is None:
        return say("The line of places")
    return say("%(gap)s of a mark at the line", gap=Written(number, gap, 1))
