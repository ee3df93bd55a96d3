"""Pages of the decision in both languages: by role, with everything typed kept, and silent before the announcement."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest

from portal.applications.application.models import Application
from portal.applications.award import forms
from portal.applications.award.models import Award, Protocol
from portal.applications.award.states import Outcome, ProtocolState
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.review.models import Mark
from portal.directory.region.models import Region
from portal.kit import clock
from portal.kit.drafts import Draft
from portal.people.roles import Role
from tests import make
from tests.visit import Visitor, steady, visitor

OMSK = ("RU-OMS", "Омская область", "Omsk Oblast", "Asia/Omsk")
APPROVAL = {"board_number": "7-у", "board_date": "20.11.2026"}


@dataclass
class Scene:
    call: Call
    regions: list[Region]
    applications: list[Application]

    @property
    def at(self) -> str:
        return f"/ru/calls/{self.call.number}"

    def typed(self, *outcomes: str, amount: str = "1 000 000,00", **more: str) -> dict[str, str]:
        form = {"edition": "", **more}
        for application, outcome in zip(self.applications, outcomes, strict=True):
            form[f"outcome.{application.number}"] = outcome
            form[f"amount.{application.number}"] = amount
            form.setdefault(f"reason.{application.number}", "")
        return form


@pytest.fixture
async def scene(tx: object) -> AsyncIterator[Scene]:
    with clock.frozen(make.NOW):
        call = await make.call(state=CallState.CLOSED, readers=1)
        regions = [await make.region(*place) for place in (make.KAMCHATKA, make.NOVGOROD, OMSK)]
        applications, reader = [], await make.person(Role.REVIEWER)
        for region, mark in zip(regions, (6, 5, 4), strict=True):
            application = await make.eligible(region, of=call)
            await make.review(application, reader, K1=mark, K2=mark)
            applications.append(application)
        yield Scene(call, regions, applications)


async def browser_of(*roles: Role, region: Region | None = None) -> Visitor:
    return await visitor(await make.person(*roles, region=region))


async def approve(scene: Scene, *outcomes: str) -> None:
    await (await browser_of(Role.COUNCIL)).send_form(f"{scene.at}/recommendation", scene.typed(*outcomes))
    assert (await (await browser_of(Role.BOARD)).send_form(f"{scene.at}/approval", APPROVAL)).status_code == 303


async def test_ranking_in_both_languages_for_those_who_decide(scene: Scene) -> None:
    for role in (Role.OFFICER, Role.COUNCIL, Role.BOARD, Role.AUDITOR):
        browser = await browser_of(role)
        for language, title, score in (
            ("ru", "Места 2 и 3 разделяет 1,0 балла", "5,0000"),
            ("en", "1.0 apart", "5.0000"),
        ):
            page = await browser.get(f"/{language}/calls/{scene.call.number}/ranking")
            assert page.status_code == 200
            assert title in page.text
            assert score in page.text
            assert ('name="outcome.' in page.text) == (role is Role.COUNCIL)
    for roles in ((Role.EDITOR,), (Role.SIGNATORY,), (Role.REVIEWER,), (Role.ADMINISTRATOR,)):
        page = await (await browser_of(*roles, region=scene.regions[0])).get(f"{scene.at}/ranking")
        assert page.status_code == 403
    assert (await (await browser_of(Role.COUNCIL)).get("/ru/calls/none/ranking")).status_code == 404


async def test_incomplete_reviews_are_warned_of(scene: Scene) -> None:
    await Call.filter(id=scene.call.id).update(readers=2)
    page = await (await browser_of(Role.COUNCIL)).get(f"{scene.at}/ranking")
    assert page.text.count("Экспертных оценок не хватает.") == 3


async def test_wrong_recommendation_keeps_everything_that_was_typed(scene: Scene) -> None:
    browser, number = await browser_of(Role.COUNCIL), scene.applications[2].number
    wrong = scene.typed("winner", "winner", "winner", amount="9 000 000,50", **{f"reason.{number}": "Наша причина"})
    page = await browser.send_form(f"{scene.at}/recommendation", wrong)
    assert page.status_code == 422
    assert "Наша причина" in page.text
    assert page.text.count('value="9 000 000,50"') == 3
    assert "больше запрошенной (1\u00a0000\u00a0000\u00a0₽)" in page.text
    assert "Уменьшите её\u00a0на\u00a08\u00a0000\u00a0000,50\u00a0₽" in page.text
    assert "27\u00a0000\u00a0001,50" in page.text
    assert "7\u00a0000\u00a0001,50" in page.text
    assert 'href="#fund"' in page.text
    assert 'href="#places"' in page.text
    assert re.findall('data-shown="(?:places|grants|fund)">([^<]+)', page.text) == [
        "3 из 2", "27\u00a0000\u00a0001,50\u00a0₽", "-7\u00a0000\u00a0001,50\u00a0₽",
    ]  # fmt: skip
    unread = await browser.send_form(f"{scene.at}/recommendation", {**wrong, f"amount.{number}": "много"})
    assert unread.status_code == 422
    assert 'value="много"' in unread.text
    assert not await Protocol.exists()


async def test_the_later_of_two_recommendations_sees_the_earlier(scene: Scene) -> None:
    first, second = await browser_of(Role.COUNCIL), await browser_of(Role.COUNCIL)
    done = await first.send_form(f"{scene.at}/recommendation", scene.typed("winner", "winner", "declined"))
    assert done.headers["location"] == f"{scene.at}/ranking#recommendation"
    mine = scene.typed("winner", "reserve", "declined", **{f"reason.{scene.applications[1].number}": "Моя причина"})
    late = await second.send_form(f"{scene.at}/recommendation", mine)
    assert late.status_code == 409
    assert "Моя причина" in late.text
    assert "Сравните её\u00a0со\u00a0своей" in late.text
    edition = re.search(r'name="edition" value="([^"]+)"', late.text)
    assert edition
    again = await second.send_form(f"{scene.at}/recommendation", {**mine, "edition": edition[1].replace("&#43;", "+")})
    assert again.status_code == 303
    assert await Award.filter(amount__not_isnull=True).count() == 1


async def test_each_deed_belongs_to_one_role(scene: Scene) -> None:
    council = scene.typed("winner", "winner", "declined")
    deeds = {
        "recommendation": (Role.COUNCIL, council),
        "approval": (Role.BOARD, APPROVAL),
        "announcement": (Role.OFFICER, {}),
    }
    for deed, (role, typed) in deeds.items():
        for other in set(Role) - {role}:
            answer = await (await browser_of(other, region=scene.regions[0])).send_form(f"{scene.at}/{deed}", typed)
            assert answer.status_code == 403
        answer = await (await visitor()).send_form(f"{scene.at}/{deed}", typed)
        assert "/sign-in" in answer.headers["location"]
    assert not await Protocol.exists()


async def test_approval_keeps_what_was_typed_and_stops_at_a_changed_ranking(scene: Scene) -> None:
    board = await browser_of(Role.BOARD)
    council = await browser_of(Role.COUNCIL)
    await council.send_form(f"{scene.at}/recommendation", scene.typed("winner", "winner", "declined"))
    page = await board.send_form(f"{scene.at}/approval", {"board_number": "7-у", "board_date": "завтра"})
    assert page.status_code == 422
    assert 'value="7-у"' in page.text
    assert 'value="завтра"' in page.text
    await Mark.filter(review__application=scene.applications[2]).update(value=3)
    page = await board.get(f"{scene.at}/ranking")
    assert "рейтинг изменился" in page.text
    assert 'name="board_number"' not in page.text
    assert (await board.send_form(f"{scene.at}/approval", APPROVAL)).status_code == 409
    assert (await Protocol.get()).state is ProtocolState.RECOMMENDED


async def test_results_are_open_to_everybody_once_announced(scene: Scene) -> None:
    await approve(scene, "winner", "reserve", "declined")
    anyone, officer = await visitor(), await browser_of(Role.OFFICER)
    assert (await anyone.get(f"{scene.at}/results")).status_code == 404
    assert (await officer.send_form(f"{scene.at}/announcement")).status_code == 303
    for language, winner in (("ru", "Камчатский край"), ("en", "Kamchatka Krai")):
        page = await anyone.get(f"/{language}/calls/{scene.call.number}/results")
        assert page.status_code == 200
        assert winner in page.text
        assert "Омская область" not in page.text
        assert "Omsk" not in page.text
        assert (await officer.get(f"/{language}/calls/{scene.call.number}/ranking")).status_code == 200
    assert (await officer.send_form(f"{scene.at}/announcement")).status_code == 409


async def test_z13_until_the_announcement_winners_and_losers_read_the_same(scene: Scene) -> None:
    people = [await browser_of(Role.EDITOR, region=region) for region in scene.regions]
    people.append(await visitor())
    paths = [f"{scene.at}", f"{scene.at}/results", "/ru/", "/ru/applications", "/ru/calls", "/en/"]
    paths += [f"/ru/applications/{application.number}" for application in scene.applications]

    async def seen() -> list[tuple[int, str]]:
        pages = [await browser.get(path) for browser in people for path in paths]
        return [(p.status_code, steady(p.text)) for p in pages]

    before = await seen()
    await approve(scene, "winner", "reserve", "declined")
    for mine, then in zip(before, await seen(), strict=True):
        assert mine == then


async def keep(browser: Visitor, scene: Scene, typed: dict[str, str], *, by_script: bool = False) -> httpx2.Response:
    """What the council has typed is kept, above the newest version that there is."""
    newest = await Draft.filter(section="recommendation").order_by("-version").first()
    own = {"form_token": browser.form_token, "based_on": str(newest.version if newest else 0), **typed}
    headers = {"accept": "application/json"} if by_script else {}
    return await browser.post(f"{scene.at}/recommendation/text", data=own, headers=headers)


async def test_what_the_council_types_is_kept_and_weighed_against_the_fund(scene: Scene) -> None:
    browser, colleague = await browser_of(Role.COUNCIL), await browser_of(Role.COUNCIL)
    first = scene.applications[0].number
    typed = scene.typed("winner", "winner", "declined", **{f"reason.{first}": "Держит край"})
    told = await keep(browser, scene, typed, by_script=True)
    assert told.status_code == 200
    left = f"{scene.call.fund / 1_000_000 - 2:.0f}\u00a0000\u00a0000\u00a0₽"
    assert told.json()["shown"] == {"places": "2 из 2", "grants": "2\u00a0000\u00a0000\u00a0₽", "fund": left}
    much = await keep(browser, scene, {**typed, f"amount.{first}": "999 000 000"}, by_script=True)
    assert list(much.json()["problems"]) == ["fund"]
    half = await keep(browser, scene, {**typed, f"amount.{first}": "999 00"}, by_script=True)
    assert half.status_code == 200, "what cannot be read yet is kept too"
    page = (await colleague.get(f"{scene.at}/ranking")).text
    assert "Держит край" in page
    assert 'value="999 00"' in page

    both = await colleague.send_form(f"{scene.at}/recommendation/text", {**typed, "based_on": "1"})
    assert both.status_code == 409
    assert "999 00" in both.text
    past = (await colleague.get(f"{scene.at}/recommendation/versions")).text
    assert "Держит край" in past
    back = {"version": "1", "based_on": "3"}
    assert (await colleague.send_form(f"{scene.at}/recommendation/restore", back)).status_code == 303

    assert (await browser.send_form(f"{scene.at}/recommendation", typed)).status_code == 303
    page = (await browser.get(f"{scene.at}/ranking")).text
    assert 'value="999 00"' not in page, "the recommendation stands, not an older text"
    assert not (await Draft.filter(section="recommendation", typed__contains={"edition": ""}))


async def test_nobody_types_into_what_the_board_has_approved(scene: Scene) -> None:
    await approve(scene, "winner", "winner", "declined")
    browser = await browser_of(Role.COUNCIL)
    late = await keep(browser, scene, scene.typed("winner", "declined", "declined"), by_script=True)
    assert late.status_code == 409
    assert not await Draft.filter(section="recommendation")


async def test_a_long_form_leaves_out_the_rest_as_not_supported(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.applications.award.forms.council.AT_ONCE", 1)
    await Call.filter(id=scene.call.id).update(places=1)
    browser, (first, second, third) = await browser_of(Role.COUNCIL), [one.number for one in scene.applications]
    page = (await browser.get(f"{scene.at}/ranking")).text
    assert f'name="outcome.{second}"' in page
    assert f'name="outcome.{third}"' not in page
    left = re.search(r'name="rest" value="([0-9a-f]{64})"', page)
    assert left
    typed = {
        "edition": "",
        "rest": left[1],
        "add": "",
        f"outcome.{first}": "declined",
        f"reason.{first}": "Моя причина",
    }
    typed |= {f"outcome.{second}": "declined", f"amount.{second}": "", f"reason.{second}": ""}
    for name in ("", "2027-999"):
        asked = await keep(browser, scene, {**typed, "then": "add", "add": name})
        assert asked.status_code == 422
        assert "Моя причина" in asked.text
    added = await keep(browser, scene, {**typed, "then": "add", "add": f" {third} "})
    assert added.status_code == 200
    assert f'name="outcome.{third}"' in added.text
    assert "Моя причина" in added.text
    assert 'name="rest" value=""' in added.text
    passed = {**typed, "rest": "", f"outcome.{third}": "winner", f"amount.{third}": "1 000 000", f"reason.{third}": ""}
    refused = await browser.send_form(f"{scene.at}/recommendation", passed)
    assert refused.status_code == 422
    assert f'href="#reason.{second}"' in refused.text
    assert (await browser.send_form(f"{scene.at}/recommendation", typed)).status_code == 303
    assert {one.outcome for one in await Award.all()} == {Outcome.DECLINED}
    page = (await browser.get(f"/en/calls/{scene.call.number}/ranking")).text
    assert "1 further application is not supported" in page


async def test_what_the_page_had_not_left_out_is_never_declined_unseen(scene: Scene) -> None:
    browser, typed = await browser_of(Role.COUNCIL), scene.typed("winner", "winner", "declined")
    missing = typed.pop(f"outcome.{scene.applications[1].number}")
    assert missing
    refused = await browser.send_form(f"{scene.at}/recommendation", {**typed, "rest": forms.rest(["2027-777"])})
    assert refused.status_code == 422
    assert f'href="#outcome.{scene.applications[1].number}"' in refused.text
    assert not await Protocol.exists()
