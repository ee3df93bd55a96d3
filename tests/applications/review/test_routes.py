"""Pages of reviews in both languages: who sees what, what stays when something is wrong, and what never shows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from portal.applications.application.models import Application
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.review import service
from portal.applications.review.models import Mark, Review
from portal.applications.review.routes import pages
from portal.applications.review.states import ReviewState
from portal.directory.region.models import Region
from portal.kit import clock, drafts
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.visit import Visitor, steady, visitor

FULL = {"mark.K1": "5", "comment.K1": "Ясно, но дорого.", "mark.K2": "na", "comment.K2": "Не про это."}
RETURN = {"reason": "Поясните оценку"}


@dataclass
class Scene:
    call: Call
    region: Region
    application: Application
    reader: Person
    other: Person
    officer: Person
    review: Review
    rival: Review

    @property
    def at(self) -> str:
        return f"/ru/reviews/{self.review.public_id}"


@pytest.fixture
async def scene(tx: object) -> AsyncIterator[Scene]:
    with clock.frozen(make.NOW):
        call = await make.call(state=CallState.CLOSED)
        region = await make.region(*make.KAMCHATKA)
        application = await make.eligible(region, of=call)
        reader, other = await make.person(Role.REVIEWER), await make.person(Role.REVIEWER)
        officer = await make.person(Role.OFFICER)
        reviews = [await service.assign(application, one, by=officer) for one in (reader, other)]
        yield Scene(call, region, application, reader, other, officer, *reviews)


async def finish(review: Review, reader: Person, **changed: str) -> None:
    await service.declare(review, conflict=False, by=reader)
    await service.save(review, {**FULL, **changed}, based_on=0, by=reader)
    await service.submit(review, by=reader)


async def test_the_text_opens_only_after_the_answer(scene: Scene) -> None:
    browser = await visitor(scene.reader)
    for language, question in (("ru", "конфликт интересов"), ("en", "conflict of interest")):
        page = await browser.get(f"/{language}/reviews/{scene.review.public_id}")
        assert page.status_code == 200
        assert question in page.text
        assert "Семья получает наставника" not in page.text
    wrong = await browser.send_form(f"{scene.at}/conflict", {"conflict": "yes", "note": ""})
    assert wrong.status_code == 422
    assert (await browser.send_form(f"{scene.at}/conflict", {})).status_code == 422
    assert (await browser.send_form(f"{scene.at}/marks", FULL)).status_code == 409
    answered = await browser.send_form(f"{scene.at}/conflict", {"conflict": "no"})
    assert (answered.status_code, answered.headers["location"]) == (303, scene.at)
    assert "Семья получает наставника" in (await browser.get(scene.at)).text


async def test_a_declared_conflict_closes_the_text_and_the_officer_sees_it(scene: Scene) -> None:
    browser = await visitor(scene.reader)
    await browser.send_form(f"{scene.at}/conflict", {"conflict": "yes", "note": "Готовил программу"})
    page = await browser.get(scene.at)
    assert page.status_code == 200
    assert "Семья получает наставника" not in page.text
    officer = await visitor(scene.officer)
    assert "Готовил программу" in (await officer.get(f"/ru/calls/{scene.call.number}/assignments")).text


async def test_marks_are_saved_checked_and_submitted(scene: Scene) -> None:
    browser = await visitor(scene.reader)
    await browser.send_form(f"{scene.at}/conflict", {"conflict": "no"})
    half = await browser.send_form(f"{scene.at}/marks", {"mark.K1": "5", "based_on": "0", "then": "check"})
    assert half.headers["location"].endswith("?check=yes")
    for language in ("ru", "en"):
        page = await browser.get(f"/{language}/reviews/{scene.review.public_id}?check=yes")
        assert 'href="#comment.K1"' in page.text
        assert f"reviews/{scene.review.public_id}/submit" not in page.text
    assert (await browser.send_form(f"{scene.at}/submit")).headers["location"].endswith("?check=yes")
    await browser.send_form(f"{scene.at}/marks", {**FULL, "based_on": "1", "then": "check"})
    page = await browser.get(f"{scene.at}?check=yes")
    assert f'action="{scene.at}/submit"' in page.text
    assert "5,0000" in page.text
    assert (await browser.send_form(f"{scene.at}/submit")).headers["location"] == scene.at
    for language in ("ru", "en"):
        page = await browser.get(f"/{language}/reviews/{scene.review.public_id}")
        assert "Ясно, но дорого." in page.text
        assert "<textarea" not in page.text


async def test_a_stale_save_shows_both_texts_and_the_choice_stands(scene: Scene) -> None:
    browser = await visitor(scene.reader)
    await browser.send_form(f"{scene.at}/conflict", {"conflict": "no"})
    await browser.send_form(f"{scene.at}/marks", {**FULL, "based_on": "0"})
    mine = {"mark.K1": "6", "comment.K1": "<i>Иначе", "mark.K2": "2", "comment.K2": FULL["comment.K2"]}
    both = await browser.send_form(f"{scene.at}/marks", {**mine, "based_on": "0"})
    assert both.status_code == 409
    for words in ("&lt;i&gt;Иначе", "Ясно, но дорого.", "Не применимо", "другом окне", 'name="based_on" value="1"'):
        assert words in both.text, words
    assert "choose.comment.K2" not in both.text
    picked = {"based_on": "1", "choose.mark.K1": "mine", "choose.comment.K1": "theirs", "choose.mark.K2": "theirs"}
    assert (await browser.send_form(f"{scene.at}/marks", {**mine, **picked})).status_code == 303
    newest = (await drafts.latest(scene.review))[service.SECTION]
    assert (newest.version, newest.typed) == (2, {**FULL, "mark.K1": "6"})


async def test_marks_that_came_too_late_are_shown_and_not_saved(scene: Scene) -> None:
    await finish(scene.review, scene.reader)
    browser = await visitor(scene.reader)
    late = await browser.send_form(f"{scene.at}/marks", {**FULL, "comment.K1": "Иначе.", "based_on": "1"})
    assert late.status_code == 409
    assert "Иначе.</textarea>" in late.text
    assert (await drafts.latest(scene.review))[service.SECTION].version == 1


async def test_marks_typed_before_a_conflict_do_not_open_the_text(scene: Scene) -> None:
    await service.declare(scene.review, conflict=True, note="Родня", by=scene.reader)
    late = await (await visitor(scene.reader)).send_form(f"{scene.at}/marks", {**FULL, "based_on": "0"})
    assert late.status_code == 409
    assert "<textarea" not in late.text


async def test_the_officer_sees_marks_only_after_submission_and_returns_them(scene: Scene) -> None:
    officer, browser = await visitor(scene.officer), await visitor(scene.reader)
    await browser.send_form(f"{scene.at}/conflict", {"conflict": "no"})
    await browser.send_form(f"{scene.at}/marks", {**FULL, "based_on": "0"})
    for role in (Role.OFFICER, Role.COUNCIL, Role.BOARD, Role.AUDITOR):
        page = await (await visitor(await make.person(role))).get(scene.at)
        assert page.status_code == 200
        assert "Ясно, но дорого." not in page.text
    await browser.send_form(f"{scene.at}/submit")
    assert "Ясно, но дорого." in (await officer.get(scene.at)).text
    empty = await officer.send_form(f"{scene.at}/return", {"reason": ""})
    assert empty.status_code == 409
    assert (await officer.send_form(f"{scene.at}/return", RETURN)).status_code == 303
    assert "Ясно, но дорого." not in (await officer.get(scene.at)).text
    page = await browser.get(scene.at)
    assert "Поясните оценку" in page.text
    assert "Ясно, но дорого." in page.text


async def test_a_review_is_nobody_elses(scene: Scene) -> None:
    people = [scene.other, await make.person(Role.EDITOR, region=scene.region), await make.person(Role.ADMINISTRATOR)]
    for person, status in zip(people, (404, 403, 403), strict=True):
        browser = await visitor(person)
        assert (await browser.get(scene.at)).status_code == status
        for deed, typed in (("conflict", {"conflict": "no"}), ("marks", FULL), ("submit", {})):
            assert (await browser.send_form(f"{scene.at}/{deed}", typed)).status_code == status
    for role in (Role.REVIEWER, Role.AUDITOR, Role.COUNCIL, Role.BOARD, Role.EDITOR):
        browser = await visitor(await make.person(role, region=scene.region))
        assert (await browser.send_form(f"{scene.at}/return", RETURN)).status_code == 403
        assert (await browser.send_form(f"/ru/calls/{scene.call.number}/assignments")).status_code == 403
    assert (await (await visitor()).get(scene.at)).headers["location"].startswith("/ru/sign-in")
    assert (await Review.get(id=scene.review.id)).state is ReviewState.ASSIGNED


async def test_who_also_works_for_the_foundation_sees_no_marks_as_a_reviewer(scene: Scene) -> None:
    await finish(scene.rival, scene.other)
    both = await make.person(Role.REVIEWER, Role.COUNCIL)
    browser = await visitor(both)
    assert (await browser.get(f"/ru/reviews/{scene.rival.public_id}")).status_code == 404
    assert (await browser.get(f"/ru/calls/{scene.call.number}/ranking")).status_code == 409


async def test_lists_in_both_languages(scene: Scene) -> None:
    await finish(scene.rival, scene.other)
    for person in (scene.reader, scene.officer, await make.person(Role.AUDITOR), await make.person(Role.REVIEWER)):
        browser = await visitor(person)
        for language in ("ru", "en"):
            page = await browser.get(f"/{language}/reviews")
            assert page.status_code == 200
            assert (scene.other.name_ru in page.text) == (Role.REVIEWER not in person.roles and language == "ru")


async def test_officer_arranges_on_one_page(scene: Scene) -> None:
    browser, third = await visitor(scene.officer), await make.person(Role.REVIEWER)
    where, number = f"/ru/calls/{scene.call.number}/assignments", scene.application.number
    for language in ("ru", "en"):
        assert (await browser.get(where.replace("/ru/", f"/{language}/"))).status_code == 200
    pick, was = f"{number}:{third.id}", [f"{number}:{scene.reader.id}", f"{number}:{scene.other.id}"]
    typed = {"pick": [pick, was[1]], "was": was, "due_on": "32.13.2026"}
    wrong = await browser.send_form(where, typed)
    assert wrong.status_code == 422
    assert "32.13.2026" in wrong.text
    assert (await browser.send_form(where, {**typed, "due_on": "10.12.2026"})).status_code == 303
    assert {review.reviewer_id for review in await Review.all()} == {third.id, scene.other.id}
    assert str((await Review.get(reviewer=third)).due_on) == "2026-12-10"
    auditor = await (await visitor(await make.person(Role.AUDITOR))).get(where)
    assert auditor.status_code == 200
    assert '<input type="checkbox"' not in auditor.text


async def pages_of(browser: Visitor, scene: Scene) -> list[tuple[int, str, str]]:
    paths = ["/reviews", f"/reviews/{scene.review.public_id}", f"/reviews/{scene.review.public_id}?check=yes"]
    paths += [f"/reviews/{scene.rival.public_id}", f"/calls/{scene.call.number}/ranking", "/"]
    paths += [
        f"/calls/{scene.call.number}",
        f"/calls/{scene.call.number}/results",
        f"/applications/{scene.application.number}",
    ]
    seen = [await browser.get(f"/{language}{path}") for language in ("ru", "en") for path in paths]
    seen.append(await browser.send_form(f"/ru/reviews/{scene.rival.public_id}/submit"))
    seen.append(await browser.send_form(f"/ru/reviews/{scene.rival.public_id}/return", RETURN))
    return [(page.status_code, steady(page.text), page.headers.get("location", "")) for page in seen]


async def test_z5_a_reviewers_pages_are_the_same_whether_or_not_another_has_marked(scene: Scene) -> None:
    await service.declare(scene.review, conflict=False, by=scene.reader)
    await service.save(scene.review, FULL, based_on=0, by=scene.reader)
    browser = await visitor(scene.reader)
    before = await pages_of(browser, scene)
    await finish(scene.rival, scene.other, **{"mark.K1": "1"})
    assert await Mark.exists()
    for mine, then in zip(before, await pages_of(browser, scene), strict=True):
        assert mine == then


async def test_z12_applicants_never_read_a_reviewers_name(scene: Scene) -> None:
    await finish(scene.rival, scene.other)
    browser = await visitor(await make.person(Role.SIGNATORY, region=scene.region))
    for path in ("/", "/applications", f"/applications/{scene.application.number}", f"/calls/{scene.call.number}"):
        page = await browser.get(f"/ru{path}")
        assert scene.other.name_ru not in page.text
        assert "Ясно, но дорого." not in page.text


async def test_readers_are_assigned_page_by_page_and_saving_may_go_on(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ROWS", 1)
    region = await make.region(*make.NOVGOROD)
    await make.eligible(region, of=scene.call)
    officer, where = await visitor(await make.person(Role.OFFICER)), f"/ru/calls/{scene.call.number}/assignments"
    shown = [(await officer.get(f"{where}?page={number}")).text for number in (1, 2)]
    assert [f'id="{scene.application.number}"' in page for page in shown] == [True, False]
    assert ['value="next"' in page for page in shown] == [True, False]
    assert (await officer.send_form(where, {"then": "next"})).headers["location"] == f"{where}?page=2"
    assert (await officer.send_form(where)).headers["location"] == where
