"""The pages of calls, for the public, a region and the officer, in both languages and without a script."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.call.forms import new_terms, read_terms, terms_of, without_gaps
from portal.applications.call.methods import DEFAULT
from portal.applications.call.models import Call, Criterion
from portal.applications.call.states import CallState
from portal.kit import clock
from portal.kit.drafts import Draft
from portal.kit.forms import Typed
from portal.kit.i18n import MOSCOW
from portal.people.roles import Role
from tests import make
from tests.visit import Visitor, visitor

LEVELS = "6 — всё названо\n1 — общие слова"
TYPED = {
    "number": "2099",
    "name_ru": "Конкурс <b>2099</b>",
    "about_ru": "О чём",
    "opens_at": "20.11.2090",
    "closes_at": "20.12.2090 18:30",
    "fund": "1 000 000",
    "places": "20",
    "grant_limit": "100000,50",
    "cofinancing_min": "20",
    "readers": "3",
    "first_period": "2027Q1",
    "last_period": "2027Q2",
    "required": "SC-04",
    "criteria-3-code": "K1",
    "criteria-3-name_ru": "Польза",
    "criteria-3-weight": "100",
    "criteria-3-levels_ru": LEVELS,
    "tie-0-rule": "criterion:K1",
}


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_everyone_reads_open_calls_and_nobody_a_draft(tx: TransactionalDBClient, language: str) -> None:
    call, draft = await make.call(tie_breaks=["criterion:K1", "vote"]), await make.call(state=CallState.DRAFT)
    kamchatka = await make.region(*make.KAMCHATKA)
    region, officer = await make.person(Role.EDITOR, region=kamchatka), await make.person(Role.OFFICER)
    for person in (None, region, officer):
        browser = await visitor(person)
        listed = await browser.get(f"/{language}/calls")
        shown = await browser.get(f"/{language}/calls/{call.number}")
        assert listed.status_code == shown.status_code == 200
        assert "Критерий K1" in shown.text
        assert ("Камчатский край" in shown.text or "Kamchatka" in shown.text) is (person is region)
        secret = await browser.get(f"/{language}/calls/{draft.number}")
        assert secret.status_code == (200 if person is officer else 404)
        assert (f"/calls/{draft.number}" in listed.text) is (person is officer)


async def test_an_officer_writes_opens_and_raises_a_call_without_a_script(tx: TransactionalDBClient) -> None:
    await make.indicator()
    browser = await visitor(await make.person(Role.OFFICER))
    empty = await browser.get("/ru/calls/new")
    assert empty.text.count('name="criteria-') >= 5 * 6
    wrong = await browser.send_form("/ru/calls/new", {**TYPED, "fund": "много", "closes_at": "20.11.2090"})
    assert wrong.status_code == 422
    assert "много" in wrong.text
    assert "Конкурс &lt;b&gt;2099" in wrong.text
    more = await browser.send_form("/ru/calls/new", {**TYPED, "more": "yes", "based_on": "1"})
    assert more.status_code == 200
    assert not await Call.filter(number="2099").exists()
    made = await browser.send_form("/ru/calls/new", {**TYPED, "state": "open", "id": "7", "based_on": "2"})
    assert (made.status_code, made.headers["location"]) == (303, "/ru/calls/2099")
    call = await Call.get(number="2099")
    assert call.state is CallState.DRAFT
    assert call.opens_at.astimezone(MOSCOW).strftime("%H:%M") == "10:00"
    edited = await browser.get("/ru/calls/2099/edit")
    assert "20.12.2090 18:30" in edited.text
    saved = await browser.send_form("/ru/calls/2099/edit", {**TYPED, "name_ru": "Новое имя"})
    assert saved.status_code == 303
    assert (await browser.send_form("/ru/calls/2099/open")).status_code == 303
    assert (await browser.send_form("/ru/calls/2099/close")).status_code == 409
    assert (await browser.get("/ru/calls/2099/edit")).status_code == 409
    fewer = await browser.send_form(
        "/ru/calls/2099/places", {"places": "1", "decided_on": "01.11.2020", "document": "7"}
    )
    assert fewer.status_code == 409
    blank = await browser.send_form("/ru/calls/2099/places", {"places": "", "decided_on": "", "document": ""})
    assert blank.status_code == 422
    raised = await browser.send_form(
        "/ru/calls/2099/places", {"places": "21", "decided_on": "01.11.2020", "document": "№ 7"}
    )
    assert raised.status_code == 303
    assert "№ 7" in (await browser.get("/en/calls/2099")).text


async def test_a_taken_number_is_said_beside_its_field(tx: TransactionalDBClient) -> None:
    await make.indicator()
    browser = await visitor(await make.person(Role.OFFICER))
    await browser.send_form("/ru/calls/new", TYPED)
    again = await browser.send_form("/ru/calls/new", {**TYPED, "based_on": "2"})
    assert again.status_code == 422
    assert 'href="#number"' in again.text


@pytest.mark.parametrize("role", [Role.EDITOR, Role.SIGNATORY, Role.REVIEWER, Role.COUNCIL, Role.BOARD, Role.AUDITOR])
async def test_only_officers_change_calls(tx: TransactionalDBClient, role: Role) -> None:
    call = await make.call(state=CallState.DRAFT)
    browser = await visitor(await make.person(role, region=await make.region(*make.NOVGOROD)))
    for deed in ("edit", "open", "close", "places"):
        assert (await browser.send_form(f"/ru/calls/{call.number}/{deed}")).status_code == 403
    assert (await browser.send_form("/ru/calls/new", TYPED)).status_code == 403


async def test_the_form_reads_back_what_it_shows(tx: TransactionalDBClient) -> None:
    indicators = [await make.indicator(), await make.indicator("SS-01", "share")]
    call = await make.call(about_ru="Для семей с детьми")
    criteria = await Criterion.filter(call_id=call.id).order_by("position")
    values, problems = read_terms(terms_of(call, criteria, ["SC-04"]), indicators, clock.today())
    assert problems == []
    assert values["criteria"][0]["levels"] == criteria[0].levels
    assert (values["fund"], values["tie_breaks"]) == (call.fund, call.tie_breaks)
    assert abs(values["closes_at"] - call.closes_at) < timedelta(minutes=1)


async def test_thresholds_of_its_own_are_typed_in_percent_and_shown_to_everybody(tx: TransactionalDBClient) -> None:
    await make.indicator()
    officer, anyone = await visitor(await make.person(Role.OFFICER)), await visitor()
    typed = {**new_terms(), **TYPED, "on_track": "60", "fewest_people": "30", "publishes_certainty": "yes"}
    assert (await officer.send_form("/ru/calls/new", typed | {"at_risk": "60"})).status_code == 422
    await officer.send_form("/ru/calls/new", typed | {"based_on": "1"})
    call = await Call.get(number="2099")
    assert call.judging == {"on_track": 0.6, "fewest_people": 30}
    assert call.thresholds == replace(DEFAULT, on_track=0.6, fewest_people=30)
    assert call.publishes_certainty
    await officer.send_form("/ru/calls/2099/open")
    page = (await anyone.get("/en/calls/2099")).text
    assert page.count("“On track”: chance of nearly reaching it") == 1
    assert "“Off track”" not in page
    assert "published with the results" in page


def test_levels_are_one_a_line_and_gaps_close() -> None:
    typed = Typed(
        [*new_terms().items(), ("criteria-0-code", " "), ("criteria-4-code", "K1"), ("criteria-4-levels_ru", "да")]
    )
    closed = without_gaps(typed)
    assert closed["criteria-0-code"] == "K1"
    fields = [problem.field for problem in read_terms(closed, [], clock.today())[1]]
    assert "criteria-0-levels_ru" in fields


async def test_two_officers_do_not_overwrite_each_others_call(tx: TransactionalDBClient) -> None:
    await make.indicator()
    one, two = [await visitor(await make.person(Role.OFFICER, name=name)) for name in ("Анна", "Борис")]
    await one.send_form("/ru/calls/new", TYPED)
    first = await one.send_form("/ru/calls/2099/edit", {**TYPED, "name_ru": "Имя Анны", "based_on": "0"})
    assert first.status_code == 303
    second = await two.send_form("/ru/calls/2099/edit", {**TYPED, "name_ru": "Имя <b>Бориса", "based_on": "0"})
    assert second.status_code == 409
    for words in ("Анна", "Имя Анны", "Имя &lt;b&gt;Бориса"):
        assert words in second.text
    again = {**TYPED, "name_ru": "Имя обоих", "based_on": "1"}
    assert (await two.send_form("/ru/calls/2099/edit", again)).status_code == 303
    told = (await two.get("/ru/calls/2099/versions")).text
    assert told.count("Версия ") >= 2
    assert "Имя Анны" in told


async def while_typing(browser: Visitor, path: str, typed: dict[str, str]) -> httpx2.Response:
    """The answer to the page's script."""
    own = {"form_token": browser.form_token, **typed}
    return await browser.post(path, data=own, headers={"accept": "application/json"})


async def test_what_is_typed_of_a_new_call_is_kept_while_it_is_typed(tx: TransactionalDBClient) -> None:
    await make.indicator()
    officer, other = [await visitor(await make.person(Role.OFFICER, name=name)) for name in ("Анна", "Борис")]
    half = {"name_ru": "Половина", "fund": "сто рублей", "criteria-2-code": "K1", "based_on": "0", "state": "open"}
    told = await while_typing(officer, "/ru/calls/new", half)
    assert (told.status_code, told.json()["version"]) == (200, 1)
    page = (await officer.get("/ru/calls/new")).text
    assert 'value="Половина"' in page
    assert "сто рублей" in page
    assert "Половина" not in (await other.get("/ru/calls/new")).text
    stale = await while_typing(officer, "/ru/calls/new", {"name_ru": "Из другого окна", "based_on": "0"})
    assert stale.status_code == 409
    kept = await Draft.get(section="new_call")
    assert "state" not in kept.typed

    assert (await officer.send_form("/ru/calls/new", {**TYPED, "based_on": "1"})).status_code == 303
    assert await Call.exists(number="2099")
    assert 'value="20"' in (await officer.get("/ru/calls/new")).text, "the next one begins with the usual values"
    assert TYPED["about_ru"] not in (await officer.get("/ru/calls/new")).text


async def test_a_call_is_not_opened_past_what_was_typed_last(tx: TransactionalDBClient) -> None:
    await make.indicator()
    officer = await visitor(await make.person(Role.OFFICER))
    await officer.send_form("/ru/calls/new", TYPED)
    await while_typing(officer, "/ru/calls/2099/edit", {**TYPED, "fund": "много", "based_on": "0"})
    assert "много" in (await officer.get("/ru/calls/2099/edit")).text
    assert (await Call.get(number="2099")).fund == 1_000_000
    assert (await officer.send_form("/ru/calls/2099/open")).status_code == 409
    assert "Введённое после сохранения" in (await officer.get("/ru/calls/2099")).text
    wrong = await officer.send_form("/ru/calls/2099/edit", {**TYPED, "fund": "много", "based_on": "1"})
    assert wrong.status_code == 422
    right = await officer.send_form("/ru/calls/2099/edit", {**TYPED, "fund": "2000000", "based_on": "1"})
    assert right.status_code == 303
    assert (await Call.get(number="2099")).fund == 2_000_000

    assert (await officer.send_form("/ru/calls/2099/restore", {"version": "1", "based_on": "2"})).status_code == 303
    assert (await officer.send_form("/ru/calls/2099/open")).status_code == 409, "what was restored is not read yet"
    await officer.send_form("/ru/calls/2099/edit", {**TYPED, "fund": "3000000", "based_on": "3"})
    assert (await officer.send_form("/ru/calls/2099/open")).status_code == 303
    assert (await Call.get(number="2099")).fund == 3_000_000
