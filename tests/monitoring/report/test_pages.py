"""Pages of reports as each role sees them, in both languages, without JavaScript."""

from collections.abc import Iterator

import pytest

from portal.kit import clock, drafts
from portal.monitoring.report import rules, service
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.monitoring.report.test_service import AFTER, FIRST, SECOND, accepted, cast, state, submitted
from tests.visit import visitor

LANGUAGES = ("ru", "en")


@pytest.fixture(autouse=True)
def _after_both_quarters() -> Iterator[None]:
    with clock.frozen(AFTER):
        yield


def path(report: Report, deed: str = "", language: str = "ru") -> str:
    return f"/{language}/reports/{rules.number_of(report)}{deed}"


async def text(person: Person, address: str, status: int = 200) -> str:
    answer = await (await visitor(person)).get(address)
    assert answer.status_code == status, answer.text
    return str(answer.text)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_page_shows_its_every_state_to_everyone(tx: object, language: str) -> None:
    who = await cast()
    people = [who.editor, who.signatory, who.officer, await make.person(Role.AUDITOR), await make.person(Role.COUNCIL)]

    async def look() -> None:
        for person in people:
            await text(person, path(who.first, language=language))
            await text(person, f"/{language}/reports")

    await look()
    await service.save(who.first, {**FIRST, "SC-04.n": "7", "SS-01.d": "1"}, based_on=0, by=who.editor)
    await look()
    await service.save(who.first, FIRST, based_on=1, by=who.editor)
    await service.hand_over(who.first, by=who.editor)
    await look()
    await service.submit(who.first, by=who.signatory)
    await look()
    await service.send_back(who.first, reason="Проверьте.", by=who.officer)
    await look()
    await submitted(who.first, FIRST, who, based_on=2)
    await service.accept(who.first, by=who.officer)
    await look()
    correction = await service.correct(who.first, reason="Ошибка", by=who.editor)
    await look()
    await text(who.officer, path(who.first, language=language) + "?revision=0")
    await submitted(correction, {**FIRST, "SC-04.n": "99"}, who, based_on=1)
    await service.accept(correction, by=who.officer)
    await look()


async def test_foreign_report_does_not_exist(tx: object) -> None:
    who = await cast()
    stranger = await make.person(Role.EDITOR, Role.SIGNATORY, region=await make.region(*make.NOVGOROD))
    browser = await visitor(stranger)
    assert (await browser.get(path(who.first))).status_code == 404
    for deed in ("/values", "/hand-over", "/take-back", "/submit", "/correct"):
        assert (await browser.send_form(path(who.first, deed), {"reason": "а"})).status_code == 404
    assert rules.number_of(who.first) not in (await browser.get("/ru/reports")).text
    assert (await browser.get("/ru/reports/2027-01")).status_code == 404
    assert (await browser.get(path(who.first) + "?revision=7")).status_code == 404


async def test_staff_see_nothing_before_it_is_submitted(tx: object) -> None:
    who = await cast()
    await service.save(who.first, {"SC-04.n": "4321"}, based_on=0, by=who.editor)
    assert "4321" in await text(who.editor, path(who.first))
    for role in (Role.OFFICER, Role.AUDITOR, Role.BOARD):
        assert "4321" not in await text(await make.person(role), path(who.first))


async def test_editor_saves_checks_and_hands_over(tx: object) -> None:
    who = await cast()
    browser = await visitor(who.editor)
    page = await browser.get(path(who.first))
    assert 'name="SS-01.d"' in page.text
    wrong = {"based_on": "0", "SC-04.n": "сто", "SS-01.n": "130", "SS-01.d": "120", "then": "check"}
    answer = await browser.send_form(path(who.first, "/values"), wrong)
    assert (answer.status_code, answer.headers["location"]) == (303, path(who.first) + "?check=yes")
    page = await browser.get(answer.headers["location"])
    assert 'href="#SC-04.n"' in page.text
    assert 'value="сто"' in page.text
    assert 'href="#SS-01.n"' in page.text
    right = {**FIRST, "based_on": "1"}
    answer = await browser.send_form(path(who.first, "/hand-over"), right)
    assert answer.headers["location"] == path(who.first)
    assert await state(who.first) is ReportState.AWAITING
    page = await browser.get(path(who.first))
    assert 'name="SC-04.n"' not in page.text


async def test_hand_over_of_unfinished_figures_saves_them_and_shows_what_is_left(tx: object) -> None:
    who = await cast()
    answer = await (await visitor(who.editor)).send_form(
        path(who.first, "/hand-over"), {"based_on": "0", "SC-04.n": "5"}
    )
    assert answer.headers["location"] == path(who.first) + "?check=yes"
    assert (await drafts.latest(who.first))[service.SECTION].content == {"SC-04.n": "5"}
    assert await state(who.first) is ReportState.DRAFT


@pytest.mark.parametrize("deed", ["/values", "/hand-over"])
async def test_stale_save_shows_both_texts_and_the_choice_stands(tx: object, deed: str) -> None:
    who = await cast()
    await service.save(who.first, {**FIRST, "SS-01.missing": "not_reported"}, based_on=0, by=who.editor)
    browser = await visitor(await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA)))
    sent = {"based_on": "0", "SC-04.n": "777", "SC-04.why": "Новые <b>договоры"}
    both = await browser.send_form(path(who.first, deed), sent)
    assert both.status_code == 409
    assert ('name="choose.SC-04.n"' in both.text, 'name="based_on" value="1"' in both.text) == (True, True)
    assert ("777" in both.text, ">100<" in both.text) == (True, True)
    assert ("не сообщено" in both.text, "not_reported" in both.text) == (True, False)
    assert "Новые &lt;b&gt;договоры" in both.text
    picked = {"based_on": "1", "choose.SC-04.n": "theirs", "choose.SC-04.why": "mine", "choose.SS-01.n": "theirs"}
    assert (await browser.send_form(path(who.first, "/values"), {**sent, **picked})).status_code == 303
    newest = await drafts.newest(who.first, service.SECTION)
    assert newest is not None
    assert newest.typed == {"SC-04.n": "100", "SC-04.why": "Новые <b>договоры", "SS-01.n": FIRST["SS-01.n"]}


@pytest.mark.parametrize("deed", ["/values", "/hand-over"])
async def test_numbers_typed_into_a_report_that_has_left_are_shown_and_not_saved(tx: object, deed: str) -> None:
    who = await cast()
    await submitted(who.first, FIRST, who)
    late = {"based_on": "1", "SC-04.n": "777", "SC-04.why": "Новые договоры"}
    answer = await (await visitor(who.editor)).send_form(path(who.first, deed), late)
    assert answer.status_code == 409
    assert ">777<" in answer.text
    assert "Новые договоры" in answer.text
    assert 'class="notice bad" role="alert"' in answer.text
    assert (await drafts.latest(who.first))[service.SECTION].version == 1


async def test_reason_for_numbers_that_were_sent_anew_is_kept(tx: object) -> None:
    who = await cast()
    await submitted(who.first, FIRST, who)
    officer = await visitor(who.officer)
    answer = await officer.send_form(path(who.first, "/return"), {"seen": "7", "reason": "Проверьте знаменатель"})
    assert (answer.status_code, await state(who.first)) == (409, ReportState.SUBMITTED)
    assert "Проверьте знаменатель</textarea>" in answer.text
    assert 'name="seen" value="1"' in answer.text


async def test_signatory_submits_officer_returns_and_accepts(tx: object) -> None:
    who = await cast()
    await service.save(who.first, FIRST, based_on=0, by=who.editor)
    answer = await (await visitor(who.signatory)).send_form(path(who.first, "/submit"), {"seen": "1"})
    assert answer.status_code == 303
    officer = await visitor(who.officer)
    empty = await officer.send_form(path(who.first, "/return"), {"seen": "1", "reason": " "})
    assert (empty.status_code, await state(who.first)) == (422, ReportState.SUBMITTED)
    await officer.send_form(path(who.first, "/return"), {"seen": "1", "reason": "Проверьте знаменатель"})
    assert "Проверьте знаменатель" in await text(who.editor, path(who.first))
    await submitted(who.first, {**FIRST, "SS-01.d": "118"}, who, based_on=1)
    stale = await officer.send_form(path(who.first, "/accept"), {"seen": "1"})
    assert (stale.status_code, await state(who.first)) == (409, ReportState.SUBMITTED)
    assert (await officer.send_form(path(who.first, "/accept"), {"seen": "2"})).status_code == 303
    assert await state(who.first) is ReportState.ACCEPTED
    assert (await officer.send_form(path(who.first, "/accept"), {"seen": "2"})).status_code == 409


async def test_deeds_are_behind_their_doors(tx: object) -> None:
    who = await cast()
    region, staff = ("/values", "/hand-over", "/take-back", "/submit", "/correct"), ("/accept", "/return")
    shut: dict[Person, tuple[str, ...]] = {
        who.editor: ("/submit", "/accept", "/return"),
        who.signatory: ("/values", "/hand-over", "/accept", "/return"),
        who.officer: region,
        await make.person(Role.AUDITOR): region + staff,
    }
    for person, deeds in shut.items():
        browser = await visitor(person)
        for deed in deeds:
            assert (await browser.send_form(path(who.first, deed), {"reason": "а"})).status_code == 403, deed
    assert (await (await visitor()).get(path(who.first))).status_code == 303
    assert (await (await visitor(await make.person(Role.REVIEWER))).get(path(who.first))).status_code == 403


async def test_region_starts_a_correction(tx: object) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    browser = await visitor(who.editor)
    assert (await browser.send_form(path(who.first, "/correct"), {"reason": ""})).status_code == 422
    assert (await browser.send_form(path(who.first, "/correct"), {"reason": "Двойной счёт"})).status_code == 303
    page = await browser.get(path(who.first))
    assert "Двойной счёт" in page.text
    assert 'name="SC-04.n"' in page.text
    assert 'value="100"' in page.text


async def test_page_names_the_earlier_report_in_which_the_value_was_higher(tx: object) -> None:
    who = await cast()
    await accepted(who.first, FIRST, who)
    await service.save(who.second, {**SECOND, "SC-04.n": "95"}, based_on=0, by=who.editor)
    page = await text(who.editor, path(who.second))
    assert f'href="{path(who.first)}"' in page
