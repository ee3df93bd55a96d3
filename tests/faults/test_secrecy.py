"""What rivals, reviewers and readers must not learn: from pages, letters, errors, counts and dates."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application.models import Application
from portal.applications.award import service as award
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.review.models import Mark, Review
from portal.directory.region.models import Region
from portal.kit import clock
from portal.kit.mail import Letter
from portal.monitoring import published
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.faults.conftest import SignedIn, reached
from tests.visit import Visitor, steady, visitor

PLACES = (("RU-KAM", "Камчатский край", "Kamchatka Krai"), ("RU-NGR", "Новгородская область", "Novgorod Oblast"),
          ("RU-OMS", "Омская область", "Omsk Oblast"))  # fmt: skip


async def test_z12_region_learns_no_reviewer(people: SignedIn) -> None:
    """Neither her name nor her e-mail, her public id, her comments, before or after the decision."""
    reviewers = await Person.filter(memberships__role=Role.REVIEWER)
    secrets = {word for person in reviewers for word in (person.name_ru, person.name_en, person.email) if word}
    secrets |= {review.public_id for review in await Review.all()}
    secrets |= {mark.comment[:40] for mark in await Mark.all()}
    secrets |= {review.conflict_note[:30] for review in await Review.all() if review.conflict_note}
    assert len(secrets) > 100
    for who in ("editor.tyumen", "signatory.tyumen", "editor.kamchatka", "signatory.altai", ""):
        for address, text in (await reached(await people(who), each=4)).items():
            if not who and address in ("/ru/", "/en/"):  # The demonstration's own doors name whom one may be.
                continue
            named = [secret for secret in secrets if secret in text and (who or "@" not in secret)]
            assert not named, (who, address)
    regional = {person.email for person in await Person.filter(organisation__region_id__isnull=False)}
    letters = [letter for letter in await Letter.all() if letter.address in regional]
    assert len(letters) > 20
    for letter in letters:
        assert not [secret for secret in secrets if secret in letter.subject + letter.body], letter.id


@dataclass
class Contest:
    """Three regions before the announcement: one wins, one waits, one loses."""

    call: Call
    regions: list[Region]
    applications: list[Application]
    browsers: list[Visitor]


@pytest.fixture
async def contest(tx: TransactionalDBClient) -> AsyncIterator[Contest]:
    with clock.frozen(make.NOW):
        call = await make.call(state=CallState.CLOSED, readers=1, at=make.NOW - timedelta(days=5))
        regions = [await make.region(*place, "Europe/Moscow") for place in PLACES]
        reader = await make.person(Role.REVIEWER)
        applications, browsers = [], []
        for region, mark in zip(regions, (6, 5, 4), strict=True):
            application = await make.eligible(region, of=call)
            await make.review(application, reader, K1=mark, K2=mark)
            applications.append(application)
            editor = await make.person(Role.EDITOR, Role.SIGNATORY, region=region, name="Человек региона")
            browsers.append(await visitor(editor))
        yield Contest(call, regions, applications, browsers)


def _same(text: str, contest: Contest, place: int) -> str:
    """The page with everything that is the region's own taken out."""
    region, application = contest.regions[place], contest.applications[place]
    for word in (application.number, region.name_ru, region.short_ru, region.name_en, region.code, region.timezone):
        text = text.replace(word, "·")
    return re.sub(
        r"(Человек|Person) \d+|data-person=\"[^\"]*\"|\"end_id\":\"[^\"]*\"|[0-9a-f]{64}|[0-9a-f-]{36}",
        "·",
        steady(text),
    )


PATHS = (
    "/ru/", "/ru/applications", "/ru/applications/{}", "/ru/applications/{}/receipt", "/ru/releases", "/ru/calls",
    "/ru/applications/{}/versions/1", "/ru/applications/{}/check", "/ru/agreements", "/ru/reports", "/ru/calls/{call}",
    "/ru/calls/{call}/results", "/ru/calls/{call}/ranking", "/en/applications/{}", "/ru/dashboards/",
)  # fmt: skip


async def _seen(contest: Contest) -> list[list[tuple[int, str]]]:
    found = []
    for place, browser in enumerate(contest.browsers):
        mine = []
        for path in PATHS:
            answer = await browser.get(path.format(contest.applications[place].number, call=contest.call.number))
            mine.append((answer.status_code, _same(answer.text, contest, place)))
        found.append(mine)
    return found


async def test_z13_winners_and_losers_look_the_same_until_the_announcement(contest: Contest) -> None:
    """Byte by byte, and the council's and the Board's decisions change nothing that a region or anyone can see."""
    council, board, officer = [await make.person(role) for role in (Role.COUNCIL, Role.BOARD, Role.OFFICER)]
    stages = [await _seen(contest)]
    letters = await Letter.all().count()
    numbers = [application.number for application in contest.applications]
    outcomes = zip(numbers, ("winner", "reserve", "declined"), strict=True)
    choices = [{"application": n, "outcome": o, "amount": Decimal(900000) if o == "winner" else None, "reason": ""}
               for n, o in outcomes]  # fmt: skip
    await award.recommend(contest.call, choices=choices, by=council)
    stages.append(await _seen(contest))
    await award.approve(contest.call, board_number="7", board_date=make.NOW.date(), by=board)
    stages.append(await _seen(contest))
    for stage in stages:
        for path, *pages in zip(PATHS, *stage, strict=True):
            assert pages[0] == pages[1] == pages[2], path
    for before, after in zip(stages[0], stages[2], strict=True):
        for path, one, other in zip(PATHS, before, after, strict=True):
            assert one == other, path
    assert await Letter.all().count() == letters
    assert await published.latest() is None
    await award.announce(contest.call, by=officer)
    told = await _seen(contest)
    assert told[0] != told[2]
    assert {len(letter.body.splitlines()) for letter in await Letter.all().order_by("-id").limit(3)} == {7}


async def test_z13_withdrawing_tells_nothing_of_the_decision(contest: Contest) -> None:
    """Before the announcement whoever withdraws is let go alike, whether she has won or lost."""
    council, board = await make.person(Role.COUNCIL), await make.person(Role.BOARD)
    numbers = [application.number for application in contest.applications]
    choices = [{"application": n, "outcome": o, "amount": Decimal(900000) if o == "winner" else None, "reason": ""}
               for n, o in zip(numbers, ("winner", "declined", "declined"), strict=True)]  # fmt: skip
    await award.recommend(contest.call, choices=choices, by=council)
    await award.approve(contest.call, board_number="7", board_date=make.NOW.date(), by=board)
    answers = []
    for place in (0, 2):
        number = numbers[place]
        answer = await contest.browsers[place].send_form(f"/ru/applications/{number}/withdraw", {"reason": "Так надо"})
        answers.append((answer.status_code, answer.headers["location"].replace(number, "·")))
    assert answers[0] == answers[1]


async def test_z7_foreign_and_missing_records_look_the_same(contest: Contest) -> None:
    """Another's application, agreement or report is told exactly as one that was never there."""
    agreement = await make.agreement(contest.regions[1], of=await make.call(state=CallState.DECIDED))
    mine, rival = contest.browsers[0], contest.applications[1].number
    pairs = [
        (f"/ru/applications/{rival}", f"/ru/applications/{rival[:-3]}888"),
        (f"/ru/applications/{rival}/receipt", f"/ru/applications/{rival[:-3]}888/receipt"),
        (f"/ru/applications/{rival}/versions/1", f"/ru/applications/{rival[:-3]}888/versions/1"),
        (f"/ru/applications/{rival}/sections/goal", f"/ru/applications/{rival[:-3]}888/sections/goal"),
        (f"/ru/agreements/{agreement.number}", f"/ru/agreements/{agreement.number[:-2]}77"),
        (f"/ru/reports/{agreement.number}-2027Q1", f"/ru/reports/{agreement.number[:-2]}77-2027Q1"),
    ]
    for there, nowhere in pairs:
        one, other = await mine.get(there), await mine.get(nowhere)
        assert one.status_code == other.status_code == 404
        texts = [steady(a.text.replace(p, "·").replace(p[3:], "·"))
                 for a, p in ((one, there), (other, nowhere))]  # fmt: skip
        assert texts[0] == texts[1], there
        for deed in ("", "/submit", "/withdraw", "/sign", "/values"):
            one, other = await mine.send_form(there + deed), await mine.send_form(nowhere + deed)
            assert one.status_code == other.status_code, there + deed


async def test_z7_filter_is_no_oracle_for_rivals(contest: Contest) -> None:
    """What a filter finds among others' records does not show in what is shown."""
    mine = contest.browsers[0]
    other = (await make.call(state=CallState.CLOSED, at=make.NOW - timedelta(days=9))).number
    for path in ("applications", "reports", "agreements"):
        texts = {
            (
                await mine.get(
                    f"/ru/{path}", params={"call": call, "region": "RU-NGR", "state": "awarded", "sort": "score"}
                )
            ).text.replace(call, "·")
            for call in (other, "3999")
        }
        assert len({re.sub(r"\?call=·[^\"]*|href=\"[^\"]*\"", "", steady(text)) for text in texts}) == 1, path


async def test_z5_reviewer_reaches_nothing_of_the_others(contest: Contest) -> None:
    """Neither by address nor by her list, her desk, the call, the ranking or the journal."""
    call = contest.call
    rival = await Review.filter(application_id=contest.applications[0].id).first()
    assert rival is not None
    await Mark.filter(review_id=rival.id).update(comment="тайное замечание")
    other = await make.person(Role.REVIEWER)
    browser = await visitor(other)
    own = await Review.create(
        public_id="own0000000000000", application=contest.applications[0], reviewer=other, assigned_at=make.NOW
    )
    for path, status in (
        (f"reviews/{rival.public_id}", 404), (f"calls/{call.number}/ranking", 403), ("journal", 403),
        (f"calls/{call.number}/assignments", 403), (f"applications/{contest.applications[0].number}", 403),
        (f"calls/{call.number}/results", 404), ("applications", 403), ("reports", 403), ("agreements", 403),
    ):  # fmt: skip
        assert (await browser.get(f"/ru/{path}")).status_code == status, path
    for address, text in (await reached(browser)).items():
        assert "тайное замечание" not in text, address
        assert rival.public_id not in text, address
        assert str((await rival.reviewer).name) not in text.replace(str(other.name), ""), address
    question = (await browser.get(f"/ru/reviews/{own.public_id}")).text
    assert "Семья получает наставника" not in question, "the text opens after the question"
    for deed in ("marks", "submit"):
        answer = await browser.send_form(f"/ru/reviews/{own.public_id}/{deed}", {"mark.K1": "6", "comment.K1": "x"})
        assert answer.status_code in (409, 422)
    both = await visitor(await make.person(Role.REVIEWER, Role.COUNCIL))
    assert (await both.get(f"/ru/calls/{call.number}/ranking")).status_code in (403, 409)
    assert (await both.get(f"/ru/reviews/{rival.public_id}")).status_code == 404


async def test_z9_conflict_closes_the_text_for_good(contest: Contest) -> None:
    reviewer = await make.person(Role.REVIEWER)
    browser = await visitor(reviewer)
    review = await Review.create(
        public_id="con0000000000000", application=contest.applications[0], reviewer=reviewer, assigned_at=make.NOW
    )
    at = f"/ru/reviews/{review.public_id}"
    assert (await browser.send_form(f"{at}/conflict", {"conflict": "no"})).status_code == 303
    assert "Семья получает наставника" in (await browser.get(at)).text
    answer = await browser.send_form(f"{at}/conflict", {"conflict": "yes", "note": "Работала там"})
    assert answer.status_code == 303
    assert "Семья получает наставника" not in (await browser.get(at)).text
    for deed, typed in (("conflict", {"conflict": "no"}), ("marks", {"mark.K1": "6"}), ("submit", {})):
        assert (await browser.send_form(f"{at}/{deed}", typed)).status_code == 409, deed


async def test_z14_nobody_can_act_as_another(people: SignedIn) -> None:
    browser = await people("administrator")
    for asked in ("?as=officer", "?view_as=1", "?person=1&user_id=1&impersonate=1"):
        with clock.frozen(clock.now()):
            mine = await browser.get("/ru/")
            answer = await browser.get(f"/ru/{asked}", headers={"x-remote-user": "officer", "x-user-id": "1"})
        assert re.sub(r"\?[^\"]*", "", steady(answer.text)) == re.sub(r"\?[^\"]*", "", steady(mine.text))
    for path in ("applications", "reviews", "reports", "calls/new", "agreements"):
        assert (await browser.get(f"/ru/{path}?as=officer")).status_code == 403, path
