"""The pages of applications in both languages: for the region, another region and the Foundation; no script needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application import service
from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call
from portal.applications.programme.rules import SECTIONS
from portal.directory.region.models import Observation
from portal.kit import clock, drafts
from portal.kit.forms import Typed
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.visit import visitor

DEEDS = ("hand-over", "take-back", "submit", "withdraw", "admit", "reject")


class World:
    """An application of Kamchatka with the people around it."""

    application: Application
    call: Call
    editor: Person
    signatory: Person
    officer: Person
    stranger: Person

    def at(self, path: str = "", language: str = "ru") -> str:
        return f"/{language}/applications/{self.application.number}{path}"


@pytest.fixture
async def world(tx: TransactionalDBClient) -> World:
    made = World()
    kamchatka, novgorod = await make.region(*make.KAMCHATKA), await make.region(*make.NOVGOROD)
    made.call = await make.call()
    made.editor = await make.person(Role.EDITOR, region=kamchatka, name="Редактор <1>")
    made.signatory = await make.person(Role.SIGNATORY, region=kamchatka)
    made.officer = await make.person(Role.OFFICER)
    made.stranger = await make.person(Role.EDITOR, Role.SIGNATORY, region=novgorod)
    made.application = await service.start(made.call, by=made.editor)
    await Observation.create(series="population", region=kamchatka, year=2021, value=312000, unit="persons")
    return made


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("state", ["fresh", "whole", "wrong", "awaiting"])
async def test_a_region_reads_and_writes_its_draft(world: World, language: str, state: str) -> None:
    changed = {"budget": {"lines-0-key": "b1", "lines-0-title": "<script>", "lines-0-2027.foundation": "x"}}
    if state != "fresh":
        await make.written(world.application, world.editor, **(changed if state == "wrong" else {}))
    if state == "awaiting":
        await service.hand_over(world.application, by=world.editor)
    for person in (world.editor, world.signatory):
        browser = await visitor(person)
        for path in ("", "/check"):
            answer = await browser.get(world.at(path, language))
            assert answer.status_code == 200, path
            assert "<script>" not in answer.text
        assert (await browser.get(f"/{language}/applications")).status_code == 200
    browser = await visitor(world.editor)
    for section in SECTIONS:
        answer = await browser.get(world.at(f"/sections/{section}", language))
        assert answer.status_code == (303 if state == "awaiting" else 200), section
    if state in ("fresh", "whole"):
        assert "data-errors" not in (await browser.get(world.at("/sections/budget", language))).text
    passport = await browser.get(world.at("/sections/passport", language))
    if state != "awaiting":
        assert "2021" in passport.text
        assert ("Росстат" if language == "ru" else "Rosstat") in passport.text
    if state == "wrong":
        budget = (await browser.get(world.at("/sections/budget", language))).text
        assert 'href="#lines-0-2027.foundation"' in budget
        assert 'value="x"' in budget


async def test_a_draft_is_told_to_nobody_else(world: World) -> None:
    await make.written(world.application, world.editor)
    others = [world.stranger, world.officer, await make.person(Role.AUDITOR), await make.person(Role.COUNCIL)]
    for person in others:
        browser = await visitor(person)
        for path in ("", "/receipt", "/versions/1"):
            assert (await browser.get(world.at(path))).status_code == 404
        # That it was begun is told to officers and auditors, what it says to nobody.
        told = bool(person.roles & {Role.OFFICER, Role.AUDITOR})
        page = (await browser.get("/ru/applications")).text
        assert (world.application.number in page) is told
        assert world.at() not in page
    foreign = await visitor(world.stranger)
    assert (await foreign.get(world.at("/check"))).status_code == 404
    assert (await foreign.get(world.at("/sections/goal"))).status_code == 404
    assert (await foreign.send_form(world.at("/sections/goal"), {"goal": "x", "based_on": "0"})).status_code == 404
    for deed in ("hand-over", "take-back", "submit", "withdraw"):
        assert (await foreign.send_form(world.at(f"/{deed}"), {"reason": "x"})).status_code == 404
    reviewer = await visitor(await make.person(Role.REVIEWER))
    assert (await reviewer.get(world.at())).status_code == 403
    assert (await (await visitor()).get(world.at())).status_code == 303


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COUNCIL, Role.BOARD, Role.REVIEWER, Role.ADMINISTRATOR])
async def test_others_do_nothing(world: World, role: Role) -> None:
    browser = await visitor(await make.person(role))
    for deed in DEEDS:
        assert (await browser.send_form(world.at(f"/{deed}"), {"reason": "x"})).status_code == 403
    assert (await browser.send_form(f"/ru/calls/{world.call.number}/applications")).status_code == 403


async def test_the_first_press_begins_and_the_second_comes_to_the_same(world: World) -> None:
    browser = await visitor(world.stranger)
    listed = await browser.get("/ru/applications")
    assert f"/calls/{world.call.number}/applications" in listed.text
    addresses = {
        (await browser.send_form(f"/ru/calls/{world.call.number}/applications")).headers["location"] for _ in range(2)
    }
    assert addresses == {f"/ru/applications/{world.call.number}-002"}
    assert (await browser.send_form("/ru/calls/nowhere/applications")).status_code == 404


async def test_what_is_typed_is_kept_with_its_remarks(world: World) -> None:
    browser = await visitor(world.editor)
    typed = {"based_on": "0", "goal": "Цель", "families": "7", "state": "awarded", "groups-0-families": "много"}
    answer = await browser.send_form(world.at("/sections/goal"), typed)
    assert (answer.status_code, answer.headers["location"]) == (303, world.at("/sections/goal"))
    shown = await browser.get(world.at("/sections/goal"))
    assert "много" in shown.text
    assert 'href="#groups-0-families"' in shown.text
    draft = (await drafts.latest(world.application))["goal"]
    assert set(draft.typed) == {"goal", "groups-0-families"}
    assert (await Application.get(id=world.application.id)).state is ApplicationState.DRAFT
    leave = await browser.send_form(world.at("/sections/goal"), {**typed, "based_on": "1", "then": "leave"})
    assert leave.headers["location"] == world.at("/sections/goal") + "?check=yes"
    checked = (await browser.get(leave.headers["location"])).text
    assert ("<title>Ошибка" in checked, " autofocus " in checked) == (True, True)
    assert ("<title>Ошибка" in shown.text, " autofocus " in shown.text) == (False, False)
    good = {**make.texts(world.call)["goal"], "based_on": "1", "then": "leave"}
    assert (await browser.send_form(world.at("/sections/goal"), good)).headers["location"] == world.at()


@pytest.mark.parametrize("based_on", ["", "-1", "x", "1e3", "+1", "１", "999999999999"])
async def test_a_broken_form_overwrites_nothing(world: World, based_on: str) -> None:
    browser = await visitor(world.editor)
    await browser.send_form(world.at("/sections/goal"), {"goal": "Первая цель", "based_on": "0"})
    answer = await browser.send_form(world.at("/sections/goal"), {"goal": "Вторая цель", "based_on": based_on})
    assert answer.status_code == 409
    assert "Первая цель" in answer.text
    assert "Вторая цель" in answer.text
    assert (await drafts.latest(world.application))["goal"].version == 1


async def test_rows_are_added_and_removed_by_buttons(world: World) -> None:
    browser = await visitor(world.editor)
    address = world.at("/sections/budget")
    line = {"lines-0-key": "b1", "lines-0-title": "Первая", "based_on": "0", "add": "lines"}
    added = await browser.send_form(address, line)
    assert added.headers["location"] == f"{address}#lines-1-title"
    assert 'value="b2"' in (await browser.get(address)).text
    removed = {**line, "lines-1-key": "b2", "lines-1-title": "Вторая", "based_on": "1", "remove": "lines-0"}
    removed.pop("add")
    assert (await browser.send_form(address, removed)).status_code == 303
    assert set((await drafts.latest(world.application))["budget"].typed) == {"lines-1-key", "lines-1-title"}


async def test_further_indicators_get_their_cells(world: World) -> None:
    await make.indicator("ME-02", measured="as of date")
    browser = await visitor(world.editor)
    address = world.at("/sections/indicators")
    assert "ME-02.base.n" not in (await browser.get(address)).text
    await browser.send_form(address, {"based_on": "0", "chosen": "ME-02"})
    assert 'name="ME-02.base.n"' in (await browser.get(address)).text


async def test_a_stale_save_shows_both_texts_and_a_choice(world: World) -> None:
    address = world.at("/sections/goal")
    browser = await visitor(world.editor)
    await browser.send_form(address, {"based_on": "0", "goal": "Первая <b>", "problem": "Старое"})
    await browser.send_form(address, {"based_on": "1", "goal": "Вторая <i>", "problem": "Старое"})
    mine = {"based_on": "1", "goal": "Моя <script>alert(1)</script>", "problem": "Новое"}
    both = await browser.send_form(address, mine)
    assert both.status_code == 409
    assert "Моя &lt;script&gt;" in both.text
    assert "Вторая &lt;i&gt;" in both.text
    assert "Редактор &lt;1&gt;" in both.text
    assert 'name="based_on" value="2"' in both.text
    assert (await drafts.latest(world.application))["goal"].version == 2
    choice = {**mine, "based_on": "2", "choose.goal": "theirs", "choose.problem": "mine"}
    assert (await browser.send_form(address, choice)).status_code == 303
    kept = (await drafts.latest(world.application))["goal"].typed
    assert kept == {"goal": "Вторая <i>", "problem": "Новое"}


async def test_what_was_typed_too_late_for_editing_is_shown_back(world: World) -> None:
    await make.written(world.application, world.editor)
    await service.hand_over(world.application, by=world.editor)
    browser = await visitor(world.editor)
    answer = await browser.send_form(world.at("/sections/goal"), {"based_on": "1", "goal": "Не потеряйте"})
    assert answer.status_code == 409
    assert "Не потеряйте" in answer.text


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_from_the_signature_to_the_receipt(world: World, language: str) -> None:
    await make.written(world.application, world.editor)
    editor, signatory = await visitor(world.editor), await visitor(world.signatory)
    assert (await editor.send_form(world.at("/hand-over", language))).status_code == 303
    assert (await signatory.send_form(world.at("/take-back", language))).status_code == 303
    assert (await editor.send_form(world.at("/submit", language))).status_code == 403
    assert f'action="{world.at("/submit", language)}"' in (await signatory.get(world.at("/check", language))).text
    first = await signatory.send_form(world.at("/submit", language))
    second = await signatory.send_form(world.at("/submit", language))
    assert first.headers["location"] == second.headers["location"] == world.at("/receipt", language)
    version = await ApplicationVersion.get(application_id=world.application.id)
    for person in (world.editor, world.signatory, world.officer, await make.person(Role.AUDITOR)):
        browser = await visitor(person)
        for path in ("", "/receipt", "/versions/1"):
            assert (await browser.get(world.at(path, language))).status_code == 200, path
        assert version.sha256 in (await browser.get(world.at("/receipt", language))).text
        assert (await browser.get(world.at("/versions/01", language))).status_code == 404
        assert (await browser.get(world.at("/versions/99999999999999999999", language))).status_code == 404
        assert world.application.number in (await browser.get(f"/{language}/applications")).text
    assert (await editor.get(world.at("/check", language))).status_code == 303
    assert (await (await visitor(world.stranger)).get(world.at("/receipt", language))).status_code == 404


async def test_at_the_closing_instant_it_is_late(world: World) -> None:
    await make.written(world.application, world.editor)
    with clock.frozen(world.call.closes_at):
        browser = await visitor(world.signatory)
        shown = await browser.get(world.at())
        answer = await browser.send_form(world.at("/submit"))
        listed = await (await visitor(world.stranger)).get("/ru/applications")
    assert answer.status_code == 409
    assert shown.status_code == 200
    assert "/submit" not in shown.text
    assert f"/calls/{world.call.number}/applications" not in listed.text
    assert await ApplicationVersion.all().count() == 0


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_the_officer_admits_or_refuses_after_the_deadline(world: World, language: str) -> None:
    await make.written(world.application, world.editor)
    await service.submit(world.application, by=world.signatory, at=clock.now())
    officer = await visitor(world.officer)
    assert (await officer.send_form(world.at("/admit", language))).status_code == 409
    with clock.frozen(world.call.closes_at + timedelta(seconds=1)):
        officer = await visitor(world.officer)
        shown = await officer.get(world.at("", language))
        assert world.at("/admit", language) in shown.text
        blank = await officer.send_form(world.at("/reject", language), {"reason": " "})
        assert blank.status_code == 422
        refused = await officer.send_form(world.at("/reject", language), {"reason": "Нет <акта>"})
        assert refused.status_code == 303
        region = await visitor(world.editor)
        assert "Нет &lt;акта&gt;" in (await region.get(world.at("", language))).text
        assert (await officer.send_form(world.at("/admit", language))).status_code == 409


async def test_the_signatory_withdraws_with_a_reason(world: World) -> None:
    browser = await visitor(world.signatory)
    assert (await browser.send_form(world.at("/withdraw"), {"reason": ""})).status_code == 422
    assert (await browser.send_form(world.at("/withdraw"), {"reason": "Передумали"})).status_code == 303
    assert (await browser.get(world.at())).status_code == 200
    assert (await browser.send_form(world.at("/withdraw"), {"reason": "ещё"})).status_code == 409
    assert (await (await visitor(world.officer)).get(world.at())).status_code == 404


async def test_names_that_are_not_the_forms_own_change_nothing(world: World) -> None:
    row = (await Application.filter(id=world.application.id).values())[0]
    browser = await visitor(world.editor)
    extra = {"state": "awarded", "region_id": "1", "number": "1", "organisation_id": "1", "started_at": "2020-01-01"}
    sent = {**make.texts(world.call)["goal"], **extra, "based_on": "0", "version": "9", "saved_by_id": "1"}
    await browser.send_form(world.at("/sections/goal"), sent)
    assert (await Application.filter(id=world.application.id).values())[0] == row
    draft = (await drafts.latest(world.application))["goal"]
    assert (draft.version, draft.saved_by_id) == (1, world.editor.id)
    assert draft.content == Typed(make.texts(world.call)["goal"].items())
