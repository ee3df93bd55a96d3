"""Saving while one types: in two windows, twice, late, without a session, too much; nothing is lost or overwritten."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import timedelta

import httpx2
import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application import service as applications
from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.review.models import Review
from portal.applications.review.states import ReviewState
from portal.kit import clock, drafts
from portal.kit.drafts import Draft
from portal.kit.i18n import MOSCOW
from portal.monitoring.report import service as reports
from portal.monitoring.report.models import Report
from portal.people.person.models import Membership, Person
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.faults.way import AFTER
from tests.visit import Visitor, visitor

JSON = {"accept": "application/json"}
FIELDS = ("problem", "goal", "groups-0-name", "groups-0-families")


async def autosave(browser: Visitor, path: str, typed: dict[str, str]) -> httpx2.Response:
    """The answer to the page's script."""
    return await browser.post(path, data={"form_token": browser.form_token, **typed}, headers=JSON)


async def writing(*roles: Role) -> tuple[Application, Person]:
    """A draft of an open call and one who writes it."""
    person = await make.person(*(roles or (Role.EDITOR,)), region=await make.region(*make.KAMCHATKA))
    return await applications.start(await make.call(), by=person), person


def goal(application: Application) -> str:
    return f"/ru/applications/{application.number}/sections/goal"


@dataclass
class Window:
    """What one window holds: the version that it stands on, its text, and a request whose answer never came."""

    browser: Visitor
    path: str
    base: int = 0
    text: dict[str, str] = field(default_factory=dict)

    async def save(self) -> httpx2.Response:
        return await autosave(self.browser, self.path, {"based_on": str(self.base), **self.text})


async def walk(seed: int, steps: int) -> None:
    """Windows and colleagues save in any order, answers are lost: a stale save hears both texts and changes nothing."""
    application, one = await writing()
    two = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    browsers = [await visitor(one), await visitor(one), await visitor(two)]
    windows = [Window(browser, goal(application)) for browser in browsers]
    lots, stands, version, acknowledged, conflicts = random.Random(seed), dict[str, str](), 0, list[dict[str, str]](), 0
    for step in range(steps):
        window = lots.choice(windows)
        if lots.random() < 0.2:  # The page is opened anew.
            window.base, window.text = version, dict(stands)
        window.text |= {lots.choice(FIELDS): f"{lots.choice(('<b>', 'да', '12', ''))}{step}"}
        answer = await window.save()
        if answer.status_code == 200:
            assert window.base == version, "only who has seen the newest text goes on from it"
            stands, version = dict(window.text), answer.json()["version"]
            acknowledged.append(stands)
            if lots.random() < 0.8:  # Else the answer is lost, and the very same text is sent again.
                window.base = version
            else:
                assert (await window.save()).json()["version"] == version
                window.base = version
        else:
            conflicts += 1
            told = answer.json()["stale"]
            assert (answer.status_code, told["version"]) == (409, version)
            assert window.base != version
            assert told["theirs"] == {name: [text] for name, text in stands.items()}
            assert told["mine"] == {name: [text] for name, text in window.text.items()}
        newest = await drafts.newest(application, "goal")
        assert newest is None or (newest.version, newest.typed) == (version, stands)
    assert conflicts > steps / 10
    kept = {row.version: row.typed for row in await Draft.filter(subject_id=application.id, section="goal")}
    assert kept[max(kept)] == acknowledged[-1]
    for browser in browsers:
        await browser.aclose()


async def test_i1_windows_that_save_in_any_order_overwrite_nothing(tx: TransactionalDBClient) -> None:
    await walk(seed=2027, steps=60)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
async def test_i1_thousand_saves_of_three_windows_overwrite_nothing(tx: TransactionalDBClient, seed: int) -> None:
    await walk(seed, steps=1000)


async def test_i1_two_texts_are_shown_escaped_and_the_choice_stands(tx: TransactionalDBClient) -> None:
    application, person = await writing()
    browser, attack = await visitor(person), "<script>alert(1)</script>"
    await autosave(browser, goal(application), {"based_on": "0", "problem": "Её слова " + attack})
    mine = {"based_on": "0", "problem": "Мои слова " + attack}
    assert (await autosave(browser, goal(application), mine)).status_code == 409
    both = await browser.send_form(goal(application), mine)
    assert both.status_code == 409
    assert attack not in both.text
    assert "Её слова" in both.text
    assert "Мои слова" in both.text
    chosen = {**mine, "based_on": "1", "choose.problem": "mine"}
    assert (await browser.send_form(goal(application), chosen)).status_code == 303
    newest = await drafts.newest(application, "goal")
    assert newest is not None
    assert newest.typed["problem"] == mine["problem"]
    assert await Draft.filter(subject_id=application.id, section="goal").count() == 2


async def test_i2_twenty_equal_saves_at_once_are_one_version(own_database: Database) -> None:
    application, person = await writing()
    browser = await visitor(person)
    sent = {"based_on": "0", "goal": "Семьи живут на свой доход."}
    answers = await asyncio.gather(*(autosave(browser, goal(application), sent) for _ in range(20)))
    assert {(answer.status_code, answer.json()["version"]) for answer in answers} == {(200, 1)}
    assert await Draft.filter(subject_id=application.id).count() == 1


async def test_autosave_tells_time_figures_and_hints_and_never_refuses_what_is_wrong(tx: TransactionalDBClient) -> None:
    application, person = await writing()
    browser, at = await visitor(person), f"/ru/applications/{application.number}/sections/budget"
    sent = {
        "based_on": "0",
        "lines-0-2027.foundation": "1000000",
        "lines-0-2027.regional": "триста",
    }
    answer = await autosave(browser, at, sent)
    told = answer.json()
    assert (answer.status_code, told["version"], told["note"]) == (200, 1, "")
    assert told["words"].startswith("Сохранено в ")
    assert told["shown"]["all-foundation"] == told["shown"]["lines-0-2027"] == "1\xa0000\xa0000,00"
    assert "lines-0-2027.regional" in told["problems"]
    assert (await drafts.latest(application))["budget"].typed["lines-0-2027.regional"] == "триста"
    plan = {"based_on": "0", "SS-01.base.n": "1", "SS-01.base.d": "4"}
    told = (await autosave(browser, f"/ru/applications/{application.number}/sections/indicators", plan)).json()
    assert told["shown"]["SS-01.base.n/d"] == "25,0\xa0%"


async def test_d7_autosave_after_the_closing_instant_is_a_late_draft_and_says_so(tx: TransactionalDBClient) -> None:
    application, person = await writing(Role.EDITOR, Role.SIGNATORY)
    closes = application.call.closes_at
    with clock.frozen(closes - timedelta(microseconds=1)):
        browser = await visitor(person)
        assert (await autosave(browser, goal(application), {"based_on": "0", "goal": "1"})).json()["note"] == ""
    with clock.frozen(closes):
        answer = await autosave(browser, goal(application), {"based_on": "1", "goal": "2"})
        assert answer.status_code == 200
        assert f"{closes.astimezone(MOSCOW):%H:%M:%S}" in answer.json()["note"]
        assert "поздний черновик" in answer.json()["note"]
        assert "поздний черновик" in (await browser.get(f"{goal(application)}/versions")).text
        submitted = await browser.send_form(f"/ru/applications/{application.number}/submit")
    assert submitted.status_code == 409
    assert not await ApplicationVersion.all().exists()


async def test_i8_late_autosave_changes_nothing_submitted(tx: TransactionalDBClient) -> None:
    application, person = await writing(Role.EDITOR, Role.SIGNATORY)
    await make.written(application, person)
    version = await applications.submit(application, by=person, at=clock.now())
    before = await Draft.all().count()
    answer = await autosave(await visitor(person), goal(application), {"based_on": "1", "goal": "Поздно"})
    assert (answer.status_code, "stale" in answer.json()) == (409, False)
    assert "подана" in answer.json()["words"]
    assert (await Draft.all().count(), (await ApplicationVersion.get()).content) == (before, version.content)


async def test_i8_late_autosave_changes_no_accepted_report_and_no_submitted_review(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    agreement = await make.agreement(region)
    both = await make.person(Role.EDITOR, Role.SIGNATORY, region=region)
    with clock.frozen(AFTER):
        report = await Report.get(agreement_id=agreement.id, period="2027Q1")
        await reports.save(report, {"SC-04.n": "100", "SS-01.n": "100", "SS-01.d": "200"}, based_on=0, by=both)
        await reports.submit(report, by=both)
        answer = await autosave(await visitor(both), f"/ru/reports/{report}/values", {"based_on": "1", "SC-04.n": "7"})
        assert (answer.status_code, "stale" in answer.json()) == (409, False)
        await reports.accept(report, by=await make.person(Role.OFFICER))
        answer = await autosave(await visitor(both), f"/ru/reports/{report}/values", {"based_on": "1", "SC-04.n": "7"})
        assert answer.status_code == 409
    reader = await make.person(Role.REVIEWER)
    review = await make.review(await make.eligible(region, of=await make.call()), reader, K1=6, K2=5)
    sent = {"based_on": "0", "mark.K1": "1", "comment.K1": "Поздно"}
    assert (await autosave(await visitor(reader), f"/ru/reviews/{review.public_id}/marks", sent)).status_code == 409
    assert not await Draft.filter(subject="Review").exists()
    assert await Draft.filter(subject="Report").count() == 1


async def test_marks_and_figures_are_saved_by_the_page_with_their_totals(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    agreement, editor = await make.agreement(region), await make.person(Role.EDITOR, region=region)
    with clock.frozen(AFTER):
        sent = {"based_on": "0", "SC-04.n": "100", "SS-01.n": "300", "SS-01.d": "200"}
        told = (await autosave(await visitor(editor), f"/ru/reports/{agreement.number}-2027Q1/values", sent)).json()
    assert (told["version"], told["shown"]["SC-04-done"], told["standings"]["SS-01"][0]) == (1, "100", "error")
    assert "SS-01.n" in told["problems"]
    reader = await make.person(Role.REVIEWER)
    review = await make.review(await make.eligible(region, of=await make.call()), reader, K1=6, K2=5)
    await review.marks.all().delete()
    await Review.filter(id=review.id).update(state=ReviewState.IN_PROGRESS, submitted_at=None)
    sent = {"based_on": "0", "mark.K1": "6", "mark.K2": "9", "comment.K1": "Почему так"}
    told = (await autosave(await visitor(reader), f"/ru/reviews/{review.public_id}/marks", sent)).json()
    assert (told["version"], told["shown"]) == (1, {"marked": "1 из 2", "mean": "6,0000"})
    assert {"mark.K2", "comment.K2"} == told["problems"].keys()


async def test_script_of_one_who_may_not_is_told_so_in_words(tx: TransactionalDBClient) -> None:
    application, person = await writing()
    sent = {"based_on": "0", "goal": "x"}
    browser = await visitor(person)
    forged = await browser.post(goal(application), data={"form_token": "x", **sent}, headers=JSON)
    stranger = await visitor(await make.person(Role.EDITOR, region=await make.region(*make.NOVGOROD)))
    nobody, auditor = await visitor(), await visitor(await make.person(Role.AUDITOR))
    answers = {401: await autosave(nobody, goal(application), sent), 403: forged,
               404: await autosave(stranger, goal(application), sent)}  # fmt: skip
    await Membership.filter(person_id=person.id).update(role=Role.SIGNATORY)
    answers |= {-403: await autosave(browser, goal(application), sent)}
    answers |= {-404: await autosave(auditor, goal(application), sent)}
    assert [answer.status_code for answer in answers.values()] == [401, 403, 404, 403, 403]
    assert all(answer.json()["words"] for answer in answers.values())
    assert not await Draft.all().exists()
