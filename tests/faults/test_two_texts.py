"""Versions of reviews and reports: who may read them, what they show of hostile texts, and that nothing is lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.review import service as reviews
from portal.applications.review.models import Review
from portal.kit import clock, drafts
from portal.kit.drafts import Draft
from portal.kit.journal import JournalEntry
from portal.monitoring.report import service as reports
from portal.monitoring.report.models import Report
from portal.people.person.models import Person
from portal.people.roles import REGIONAL, Role
from tests import make
from tests.conftest import Database
from tests.faults.way import AFTER
from tests.visit import Visitor, visitor

SECRET, ATTACK = "Тайное слово", "<script>alert(1)</script>"
MARKS = {"mark.K1": "5", "comment.K1": SECRET + ATTACK, "mark.K2": "na", "comment.K2": "Не про это."}
FIGURES = {"SC-04.n": "4321", "SC-04.why": SECRET + ATTACK, "SS-01.missing": "not_reported"}


@dataclass
class Text:
    """A long form with one saved text: where it is, whose, and who else may read it."""

    record: Review | Report
    at: str
    save: str
    writer: Person
    typed: dict[str, str]

    @property
    def section(self) -> str:
        return reviews.SECTION if isinstance(self.record, Review) else reports.SECTION

    async def newest(self) -> Draft:
        found = await drafts.newest(self.record, self.section)
        assert found is not None
        return found


async def a_review() -> Text:
    reader = await make.person(Role.REVIEWER, name="Эксперт")
    application = await make.eligible(await make.region(*make.KAMCHATKA), of=await make.call())
    review = await reviews.assign(application, reader, by=await make.person(Role.OFFICER))
    await reviews.declare(review, conflict=False, by=reader)
    await reviews.save(review, MARKS, based_on=0, by=reader)
    at = f"/ru/reviews/{review.public_id}"
    return Text(await Review.get(id=review.id), at, f"{at}/marks", reader, MARKS)


async def a_report() -> Text:
    region = await make.region(*make.KAMCHATKA)
    agreement, editor = await make.agreement(region), await make.person(Role.EDITOR, region=region, name="Редактор")
    report = await Report.get(agreement_id=agreement.id, period="2027Q1")
    await reports.save(report, FIGURES, based_on=0, by=editor)
    at = f"/ru/reports/{agreement.number}-2027Q1"
    return Text(report, at, f"{at}/values", editor, FIGURES)


MAKERS = {"review": a_review, "report": a_report}


@pytest.fixture(params=MAKERS)
async def text(request: pytest.FixtureRequest, tx: TransactionalDBClient) -> AsyncIterator[Text]:
    with clock.frozen(AFTER):
        yield await MAKERS[request.param]()


async def told(browser: Visitor, text: Text) -> tuple[int, str]:
    answer = await browser.get(f"{text.at}/versions")
    return answer.status_code, answer.text


async def test_z1_versions_of_a_review_are_her_reviewers_alone(tx: TransactionalDBClient) -> None:
    with clock.frozen(AFTER):
        text = await a_review()
        kamchatka, application = await make.region(*make.KAMCHATKA), (await Review.get()).application_id
        rival, colleague = await make.person(Role.REVIEWER), await make.person(Role.REVIEWER, Role.COUNCIL)
        await Review.create(public_id="rival", application_id=application, reviewer=rival, assigned_at=clock.now())
        others = {rival: 404, colleague: 404}
        others |= {await make.person(role): 403 for role in Role if role not in (Role.REVIEWER, *REGIONAL)}
        others |= {await make.person(role, region=kamchatka): 403 for role in REGIONAL}
        for submitted in (False, True):
            for person, status in others.items():
                browser = await visitor(person)
                answer = await told(browser, text)
                assert (answer[0], SECRET in answer[1]) == (status, False)
                sent = {"version": "1", "based_on": "1"}
                assert (await browser.send_form(f"{text.at}/restore", sent)).status_code == status
            assert (await (await visitor()).get(f"{text.at}/versions")).headers["location"].startswith("/ru/sign-in")
            status, shown = await told(await visitor(text.writer), text)
            assert (status, SECRET in shown) == (200, True)
            if not submitted:
                await reviews.submit(text.record, by=text.writer)  # type: ignore[arg-type]
        assert f"{text.at}/restore" not in shown
        assert (await told(await visitor(rival), Text(text.record, "/ru/reviews/rival", "", rival, {})))[0] == 404


async def test_z1_versions_of_declined_review_are_closed_with_its_text(tx: TransactionalDBClient) -> None:
    text = await a_review()
    await reviews.declare(text.record, conflict=True, note="Родня", by=text.writer)  # type: ignore[arg-type]
    browser = await visitor(text.writer)
    assert (await told(browser, text))[0] == 404
    assert (await browser.send_form(f"{text.at}/restore", {"version": "1", "based_on": "1"})).status_code == 404


async def test_z1_versions_of_a_report_are_its_regions_alone(tx: TransactionalDBClient) -> None:
    with clock.frozen(AFTER):
        text, kamchatka = await a_report(), await make.region(*make.KAMCHATKA)
        novgorod = await make.region(*make.NOVGOROD)
        others = {await make.person(role, region=novgorod): 404 for role in REGIONAL}
        others |= {await make.person(role): 403 for role in Role if role not in REGIONAL}
        for person, status in others.items():
            browser = await visitor(person)
            answer = await told(browser, text)
            assert (answer[0], SECRET in answer[1]) == (status, False)
            expected = 403 if Role.EDITOR not in person.roles else status
            sent = {"version": "1", "based_on": "1"}
            assert (await browser.send_form(f"{text.at}/restore", sent)).status_code == expected
        signatory = await visitor(await make.person(Role.SIGNATORY, region=kamchatka))
        status, shown = await told(signatory, text)
        assert (status, SECRET in shown, f"{text.at}/restore" in shown) == (200, True, False)
        assert (await signatory.send_form(f"{text.at}/restore", {"version": "1"})).status_code == 403


async def test_i1_versions_and_both_texts_are_escaped_and_in_words(text: Text) -> None:
    browser = await visitor(text.writer)
    first, *_ = text.typed
    stale = {**text.typed, first: "6", "based_on": "0"}
    comment = next(name for name in text.typed if SECRET in text.typed[name])
    both = await browser.send_form(text.save, {**stale, comment: "Другое " + ATTACK})
    assert (both.status_code, "&lt;script&gt;" in both.text) == (409, True)
    for page in (both.text, (await told(browser, text))[1]):
        assert SECRET in page
        assert ATTACK not in page
        assert ">na<" not in page
        assert "not_reported" not in page.partition('class="both"')[2]
    line = await JournalEntry.filter(subject=type(text.record).__name__).order_by("-id").first()
    assert line is not None
    assert SECRET not in str(line.detail)


async def test_i1_windows_that_save_and_choose_in_any_order_overwrite_nothing(text: Text) -> None:
    """Whoever has not seen the newest text is shown it; from there each field is hers or the other's as she chose."""
    lots, browser = random.Random(2027), await visitor(text.writer)
    seen, names, version, stands, conflicts = [1, 1], list(text.typed), 1, dict(text.typed), 0
    for step in range(24):
        window = lots.randrange(2)
        mine = {**text.typed, lots.choice(names): f"{step}"}
        answer = await browser.send_form(text.save, {**mine, "based_on": str(seen[window])})
        if answer.status_code == 409:
            conflicts += 1
            assert (await text.newest()).typed == stands
            picks = {f"choose.{name}": lots.choice(("mine", "theirs")) for name in names}
            sent = {**mine, **picks, "based_on": str(version)}
            assert (await browser.send_form(text.save, sent)).status_code == 303
            mine = {name: stands[name] if picks[f"choose.{name}"] == "theirs" else mine[name] for name in names}
        version += mine != stands
        seen[window], stands = version, mine
        newest = await text.newest()
        assert (newest.version, newest.typed) == (version, stands)
    assert conflicts > 5


async def test_earlier_text_stands_again_and_the_journal_says_so(text: Text) -> None:
    browser = await visitor(text.writer)
    first, *_ = text.typed
    with clock.frozen(AFTER + timedelta(hours=1)):
        await browser.send_form(text.save, {**text.typed, first: "3", "based_on": "1"})
        shown = (await told(browser, text))[1]
        assert f'action="{text.at}/restore"' in shown
        late = await browser.send_form(f"{text.at}/restore", {"version": "1", "based_on": "1"})
        assert (late.status_code, (await text.newest()).version) == (409, 2)
        answer = await browser.send_form(f"{text.at}/restore", {"version": "1", "based_on": "2"})
        assert (answer.status_code, answer.headers["location"].partition("#")[0]) == (303, text.at)
    newest = await text.newest()
    assert (newest.version, newest.typed) == (3, text.typed)
    missing = await browser.send_form(f"{text.at}/restore", {"version": "9", "based_on": "3"})
    assert (missing.status_code, (await text.newest()).version) == (409, 3)
    lines = await JournalEntry.filter(deed__endswith=".restore")
    assert [line.detail for line in lines] == [{"section": text.section, "version": 3, "restored": 1}]


@pytest.mark.parametrize("kind", MAKERS)
async def test_i2_button_pressed_many_times_restores_once(own_database: Database, kind: str) -> None:
    with clock.frozen(AFTER):
        text = await MAKERS[kind]()
        browser, (first, *_) = await visitor(text.writer), text.typed
        await browser.send_form(text.save, {**text.typed, first: "3", "based_on": "1"})
        sent = {"version": "1", "based_on": "2"}
        answers = await asyncio.gather(*(browser.send_form(f"{text.at}/restore", sent) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {303}
    newest = await text.newest()
    assert (newest.version, newest.typed) == (3, text.typed)
