"""The outbox for those who look after letters, and the demo's mailbox for whoever looks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from portal.kit import clock, mail
from portal.kit.i18n import say
from portal.kit.mail import Letter, LetterState
from portal.people.roles import Role
from portal.settings import settings
from tests import make
from tests.visit import Visitor, visitor

SECRET = "https://evil.example <b>x</b>"


@dataclass
class Reader:
    """Somebody with an address."""

    email: str
    language: str = "ru"


async def write(*addresses: str, secret: bool = False, hold: timedelta = timedelta(0)) -> Letter:
    readers = [Reader(address) for address in addresses]
    body = [say("Reason: %(reason)s", reason=SECRET), say("%(link)s", link=mail.link("reports/7"))]
    await mail.write(readers, say("Results"), body, secret=secret, hold=hold)
    found = await Letter.all().order_by("-id").first()
    assert found is not None
    return found


async def staff(role: Role) -> Visitor:
    return await visitor(await make.person(role))


async def test_officer_sees_letters_and_stops_them_before_they_go(tx: object) -> None:
    letter = await write("one@example.org", "two@example.org", hold=mail.HOLD)
    officer = await staff(Role.OFFICER)
    assert letter.batch
    assert f"/ru/outbox/{letter.batch}" in (await officer.get("/ru/outbox")).text
    page = (await officer.get(f"/ru/outbox/{letter.batch}")).text
    assert "one@example.org" in page
    assert "<b>x</b>" not in page
    assert 'href="http://localhost/ru/reports/7"' in page
    assert 'href="https://evil' not in page
    path = f"/ru/outbox/{letter.batch}/stop"
    refused = await officer.send_form(path, {"reason": " "})
    assert (refused.status_code, await Letter.filter(state=LetterState.WAITING).count()) == (422, 2)
    assert (await officer.send_form(path, {"reason": "Ошибка"})).status_code == 303
    assert await Letter.filter(state=LetterState.STOPPED, note="Ошибка").count() == 2
    assert (await officer.send_form(path, {"reason": "Ошибка"})).status_code == 409
    assert letter.batch in (await officer.get("/ru/outbox?state=stopped")).text


async def test_a_secret_link_is_shown_to_nobody_but_its_reader(tx: object) -> None:
    letter = await write("one@example.org", secret=True)
    await mail.send({"letter": letter.id})
    path = f"/ru/outbox/{letter.batch}"
    assert (await (await staff(Role.OFFICER)).get(path)).status_code == 404
    assert letter.batch not in (await (await staff(Role.OFFICER)).get("/ru/outbox")).text
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        page = await (await staff(role)).get(path)
        assert page.status_code == 200
        assert "one@example.org" in page.text
        assert "reports/7" not in page.text


async def test_in_the_demo_everyone_reads_her_own_letters(tx: object) -> None:
    person, other = await make.person(Role.EDITOR), await make.person(Role.REVIEWER)
    for address in (person.email, other.email, person.email):
        await mail.send({"letter": (await write(address)).id})
    await mail.send({"letter": (await write("new@example.org", secret=True)).id})
    mine = (await (await visitor(person)).get("/ru/letters")).text
    assert mine.count("reports/7</a>") == 2
    assert other.email not in mine
    assert "new@example.org" not in mine
    anybodys = (await (await visitor()).get("/ru/letters")).text
    assert "new@example.org" in anybodys
    assert person.email not in anybodys
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert "new@example.org" not in (await (await visitor()).get("/ru/letters")).text


async def test_outside_the_demo_there_is_no_mailbox(tx: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "settings", lambda: replace(settings(), demo=False))
    assert (await (await visitor()).get("/ru/letters")).status_code == 404
    assert "/ru/letters" not in (await (await visitor()).get("/ru/calls")).text


async def test_many_batches_stand_on_pages(tx: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.people.letter import routes

    monkeypatch.setattr(routes, "PAGE", 2)
    batches = [(await write("one@example.org")).batch for _ in range(5)]
    officer = await staff(Role.OFFICER)
    pages = [(await officer.get(f"/ru/outbox?page={number}")).text for number in (1, 2, 3, 4)]
    assert [sum(batch in page for batch in batches) for page in pages] == [2, 2, 1, 1]  # Beyond the last is the last.
    assert "page=2" in pages[0]
    assert "page=3" in pages[1]
    for text in ("page=0", "page=x", "state=x", "page=%20"):
        assert (await officer.get(f"/ru/outbox?{text}")).status_code == 200
