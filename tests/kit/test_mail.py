"""Letters: each in its reader's language, sent once, with clean heads, and kept where there is no server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from tortoise import connections

from portal.kit import clock, mail, smtp
from portal.kit.errors import Refusal
from portal.kit.i18n import Text, say
from portal.kit.journal import PORTAL, JournalEntry
from portal.kit.mail import Letter, LetterState
from portal.people.letter import jobs as schedules
from portal.people.person.models import Person
from portal.people.roles import Role
from portal.settings import settings
from tests import make
from tests.kit.postbox import Postbox, postbox

NASTY = "Пётр\r\nBcc: everyone@evil.example\r\n\r\n<b>https://evil.example</b> www.evil.example mailto:a@b.example"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    """A mail server that is there, and named in the settings."""
    with postbox() as box:
        for module in (mail, smtp):
            monkeypatch.setattr(module, "settings", lambda: replace(settings(), smtp_url=box.url))
        yield box


@dataclass
class Someone:
    """A reader with any address."""

    email: str
    language: str = "ru"


async def reader(language: str) -> Person:
    person = await make.person(Role.OFFICER)
    await person.update_from_dict({"language": language}).save()
    return person


async def one(subject: Text | None = None, address: str = "one@example.org", **how: Any) -> Letter:
    await mail.write([Someone(address)], subject or say("Results"), [say("Results")], **how)
    letter = await Letter.all().order_by("-id").first()
    assert letter is not None
    return letter


async def sent(letter: Letter, *, after: timedelta = timedelta(0)) -> Letter:
    with clock.frozen(clock.now() + after):
        await mail.send({"letter": letter.id})
    return await Letter.get(id=letter.id)


async def test_each_reader_has_a_letter_in_her_language(tx: object) -> None:
    readers = [await reader("ru"), await reader("en")]
    link = say("The report: %(link)s", link=mail.link("reports/7"))
    await mail.write(readers, say("Applications for you to review"), [link])
    russian, english = await Letter.all().order_by("id")
    assert (russian.address, english.address) == (readers[0].email, readers[1].email)
    assert english.subject == "Applications for you to review" != russian.subject
    assert english.body == "The report: http://localhost/en/reports/7"
    assert russian.body.endswith("http://localhost/ru/reports/7")


async def test_a_letter_is_sent_once_however_often_it_is_its_turn(tx: object, server: Postbox) -> None:
    letter = await one()
    for _ in range(3):
        letter = await sent(letter)
    assert letter.state is LetterState.SENT
    assert letter.sent_at is not None
    assert server.ids == [letter.message_id]
    assert server.recipients == [[letter.address]]


async def test_o4_heads_are_clean_and_what_was_typed_is_no_link(tx: object, server: Postbox) -> None:
    await mail.write([Someone("one@example.org")], say("The report: %(link)s", link=NASTY),
                     [say("Reason: %(reason)s", reason=NASTY), say("%(link)s", link=mail.link("x"))])  # fmt: skip
    await sent(await Letter.get())
    (message,) = server.came
    assert server.recipients == [["one@example.org"]]
    assert message["Bcc"] is None
    assert message["To"] == "one@example.org"
    assert "Bcc: everyone@evil.example" in message["Subject"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    text = message.get_content()
    assert "http://localhost/ru/x" in text
    assert not [word for word in ("https://evil", "www.evil", "mailto:") if word in text]


@pytest.mark.parametrize("address", ["a@b.example, c@d.example", "a@b\r\nBcc: c@d", "никто", "почта@пример.рф", ""])
async def test_o4_an_address_that_is_not_one_mailbox_gets_nothing(tx: object, server: Postbox, address: str) -> None:
    letter = await sent(await one(address=address))
    assert letter.state is LetterState.FAILED
    assert server.came == []


async def test_o4_nobody_is_flooded(tx: object, server: Postbox) -> None:
    letters = [await one() for _ in range(mail.FOR_ONE + 1)]
    for letter in letters[:-1]:
        await sent(letter)
    held = await sent(letters[-1])
    assert (held.state, len(server.came), held.tries) == (LetterState.WAITING, mail.FOR_ONE, 0)
    assert (await sent(await one(address="other@example.org"))).state is LetterState.SENT
    assert (await sent(letters[-1], after=timedelta(hours=2))).state is LetterState.SENT
    for _ in range(mail.SECRETS_FOR_ONE + 3):
        await mail.write([Someone("three@example.org")], say("Results"), [], secret=True)
    assert await Letter.filter(address="three@example.org").count() == mail.SECRETS_FOR_ONE


async def test_without_a_server_letters_stay_in_the_outbox(tx: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "settings", lambda: replace(settings(), demo=False))
    letter = await sent(await one())
    assert (letter.state, letter.sent_at) == (LetterState.WAITING, None)


async def test_in_the_demo_letters_are_read_on_the_spot(tx: object) -> None:
    letter = await sent(await one())
    assert letter.state is LetterState.SENT


async def test_what_is_written_once_is_written_once(tx: object) -> None:
    for _ in range(3):
        await mail.write([Someone("one@example.org"), Someone("two@example.org")], say("Results"), [], once="x")
    await mail.write([Someone("one@example.org")], say("Results"), [], once="y")
    assert await Letter.all().count() == 3


async def test_held_letters_wait_and_can_be_stopped(tx: object, server: Postbox) -> None:
    letter = await sent(await one(hold=mail.HOLD))
    assert (letter.state, server.came) == (LetterState.WAITING, [])
    assert await mail.stop(letter.batch, reason="Ошибка в списке.", by=PORTAL) == 1
    letter = await sent(letter, after=mail.HOLD)
    assert (letter.state, letter.note, server.came) == (LetterState.STOPPED, "Ошибка в списке.", [])
    assert (await JournalEntry.get(deed="mail.stop")).detail["why"] == "Ошибка в списке."
    with pytest.raises(Refusal):
        await mail.stop(letter.batch, reason="Ещё раз.", by=PORTAL)


async def test_r8_refusals_for_ever_and_for_now(tx: object, server: Postbox) -> None:
    server.answers = ["rcpt 550 no such mailbox"]
    letter = await sent(await one())
    assert (letter.state, letter.note) == (LetterState.FAILED, "550 no such mailbox")
    assert (await JournalEntry.get(deed="mail.fail")).subject_id == letter.id
    server.answers = ["rcpt 451 later", "452 full"]
    later = await one()
    for tries in (1, 2):
        later = await sent(later, after=timedelta(hours=tries))
        assert (later.state, later.tries) == (LetterState.WAITING, tries)
    later = await sent(later, after=timedelta(hours=3))
    assert (later.state, later.tries, later.note) == (LetterState.SENT, 3, "")
    assert await mail.try_again(letter.batch, by=PORTAL) == 1
    assert (await sent(letter)).state is LetterState.SENT
    assert len(set(server.ids)) == len(server.ids) == 2


async def test_r8_a_day_without_a_server_loses_nothing_and_three_are_the_end(
    tx: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postbox() as box:
        for module in (mail, smtp):
            monkeypatch.setattr(module, "settings", lambda: replace(settings(), smtp_url="smtp://127.0.0.1:9"))
        letter, lost = await one(), await one()
        begun = clock.now()
        for each, until in ((letter, timedelta(days=1)), (lost, timedelta(days=9))):
            now = begun
            while now - begun < until and (await Letter.get(id=each.id)).state is LetterState.WAITING:
                with clock.frozen(now):
                    await mail.send({"letter": each.id})
                now = max((await Letter.get(id=each.id)).due_at or now, now + timedelta(seconds=1))
        lost = await Letter.get(id=lost.id)
        assert (lost.state, lost.tries) == (LetterState.FAILED, mail.TRIES)
        assert timedelta(days=3) < now - begun < timedelta(days=4)
        for module in (mail, smtp):
            monkeypatch.setattr(module, "settings", lambda: replace(settings(), smtp_url=box.url))
        assert (await sent(letter, after=timedelta(days=1, hours=1))).state is LetterState.SENT
        assert box.ids == [letter.message_id]


async def test_r8_taken_and_broken_off_comes_twice_under_one_name(tx: object, server: Postbox) -> None:
    """Exactly once is impossible over SMTP: as many copies too many as connections broken after the letter."""
    server.answers = ["drop", "drop"]
    letter = await one()
    for hours in range(3):
        letter = await sent(letter, after=timedelta(hours=hours))
    assert letter.state is LetterState.SENT
    assert server.ids == [letter.message_id] * 3


async def test_r8_two_workers_send_a_letter_once(own_database: object, server: Postbox) -> None:
    letters = [await one(address=f"{number}@example.org") for number in range(6)]
    await asyncio.gather(*(mail.send({"letter": letter.id}) for letter in letters * 4))
    assert sorted(server.ids) == sorted(letter.message_id for letter in letters)


async def test_forgotten_letters_wait_for_the_worker_again_and_only_these(own_database: object) -> None:
    async def waiting() -> int:
        _, rows = await connections.get("default").execute_query("SELECT 1 FROM pgqueuer")
        return len(rows)

    await one()
    await one(hold=mail.HOLD)
    await connections.get("default").execute_query("DELETE FROM pgqueuer")
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await schedules.send_forgotten()
        assert await waiting() == 1
        await schedules.send_forgotten()
        assert await waiting() == 1


async def test_texts_are_removed_in_time_and_what_waits_keeps_its_own(tx: object) -> None:
    secret, plain, waits = await one(secret=True), await one(), await one()
    await Letter.all().update(body="x")
    await sent(secret)
    await sent(plain)
    for days, kept in ((1, "xxx"), (4, "-xx"), (91, "--x")):
        with clock.frozen(clock.now() + timedelta(days=days)):
            await schedules.clean_letters()
        bodies = [(await Letter.get(id=letter.id)).body or "-" for letter in (secret, plain, waits)]
        assert "".join(bodies) == kept


def test_a_server_is_named_with_its_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    async def send(_message: bytes, **how: Any) -> None:
        asked.append((how["hostname"], how["port"], how["use_tls"], how["start_tls"], how["username"]))

    monkeypatch.setattr(smtp.aiosmtplib, "send", send)
    urls = ("smtps://u%40x:p@m.example", "smtp://m.example?starttls", "smtp://m.example:2525")
    for url in urls:
        monkeypatch.setattr(smtp, "settings", lambda url=url: replace(settings(), smtp_url=url))
        message = smtp.message_of(
            message_id="<1@x>", address="a@b.example", subject="", body="", written_at=clock.now()
        )
        asyncio.run(smtp.deliver(message, "a@b.example"))
    assert asked == [
        ("m.example", 465, True, False, "u@x"),
        ("m.example", 587, False, True, None),
        ("m.example", 2525, False, False, None),
    ]
