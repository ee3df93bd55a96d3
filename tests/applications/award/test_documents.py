"""The protocol of the decision as PDF: what its page shows, and never who wrote a review."""

from pathlib import Path

import pytest

from portal.applications.application.models import Application
from portal.applications.award.models import Protocol
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.applications.review.models import Review
from portal.kit import clock, documents
from portal.people.roles import Role
from tests import make
from tests.pdf import squeezed, text_of
from tests.visit import visitor

REASON = "Смета завышена; #eval(1)"


@pytest.fixture
async def call(tx: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """A call of two applications, the first passed over by the council and the Board's decision recorded."""
    monkeypatch.setattr(documents, "_folder", lambda: tmp_path)
    with clock.frozen(make.NOW):
        call = await make.call(state=CallState.CLOSED, readers=1)
        reader = await make.person(Role.REVIEWER, name="Тайный Рецензент")
        form = {"edition": ""}
        for place, outcome, mark in ((make.KAMCHATKA, "reserve", 6), (make.NOVGOROD, "winner", 5)):
            application = await make.eligible(await make.region(*place), of=call)
            await make.review(application, reader, K1=mark, K2=mark - 1)
            form[f"outcome.{application.number}"] = outcome
            form[f"amount.{application.number}"] = "950 000,50"
            form[f"reason.{application.number}"] = REASON if outcome == "reserve" else ""
        council, here = await visitor(await make.person(Role.COUNCIL)), f"/ru/calls/{call.number}"
        assert (await council.get(f"{here}/protocol/pdf")).status_code == 404
        assert (await council.send_form(f"{here}/recommendation", form)).status_code == 303
        return call


async def test_protocol_says_what_was_ranked_recommended_and_approved(call: Call) -> None:
    here = f"/ru/calls/{call.number}"
    board = await visitor(await make.person(Role.BOARD))
    told = text_of((await board.get(f"{here}/protocol/pdf")).content)
    assert squeezed("Правление ещё не приняло решение") in told
    with clock.frozen(make.NOW):
        typed = {"board_number": "7-у", "board_date": make.NOW.strftime("%d.%m.%Y")}
        assert (await board.send_form(f"{here}/approval", typed)).status_code == 303
    page = await board.get(f"{here}/ranking")
    assert f'href="{here}/protocol/pdf"' in page.text
    told = text_of((await board.get(f"{here}/protocol/pdf")).content)
    protocol = await Protocol.get()
    expected = [
        "Протокол № 7-у", REASON, "950 000,50", "1 000 000,00", "в резерве", "победитель", "без гранта",
        protocol.ranking_sha256, protocol.approved_by_name, protocol.recommended_by_name, protocol.method,
    ]  # fmt: skip
    async for application in Application.all().select_related("region"):
        expected += [application.number, application.region.name_ru]
    for award in await protocol.awards.all():
        expected.append(award.score)
    assert [text for text in expected if squeezed(text) not in told] == []


async def test_z12_protocol_does_not_tell_who_wrote_a_review(call: Call) -> None:
    for language in ("ru", "en"):
        auditor = await visitor(await make.person(Role.AUDITOR))
        told = text_of((await auditor.get(f"/{language}/calls/{call.number}/protocol/pdf")).content)
        assert "Рецензент" not in told
        assert [review.public_id for review in await Review.all() if review.public_id in told] == []


async def test_protocol_is_for_those_who_decide(call: Call) -> None:
    here = f"/ru/calls/{call.number}/protocol/pdf"
    for role in (Role.REVIEWER, Role.ADMINISTRATOR):
        assert (await (await visitor(await make.person(role))).get(here)).status_code == 403
