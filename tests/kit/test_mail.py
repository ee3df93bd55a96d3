"""Letters: each in its reader's language, sent once, and kept where there is no server."""

from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest

from portal.kit import mail
from portal.kit.i18n import say
from portal.kit.mail import Letter
from portal.people.person.models import Person
from portal.people.roles import Role
from portal.settings import settings
from tests import make


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """What a mail server has taken: there is one, and it takes everything."""
    letters: list[EmailMessage] = []

    async def send(message: EmailMessage, **_server: Any) -> None:
        letters.append(message)

    monkeypatch.setattr(mail.aiosmtplib, "send", send)
    monkeypatch.setattr(mail, "settings", lambda: replace(settings(), smtp_url="smtp://mail.example:25"))
    return letters


async def reader(language: str) -> Person:
    person = await make.person(Role.OFFICER)
    await person.update_from_dict({"language": language}).save()
    return person


async def test_each_reader_has_a_letter_in_her_language(tx: object) -> None:
    readers = [await reader("ru"), await reader("en")]
    link = say("The report: %(link)s", link=mail.link("reports/7"))
    await mail.write(readers, say("Applications for you to review"), [link])
    russian, english = await Letter.all().order_by("id")
    assert (russian.address, english.address) == (readers[0].email, readers[1].email)
    assert english.subject == "Applications for you to review" != russian.subject
    assert english.body == "The report: http://localhost/en/reports/7"
    assert russian.body.endswith("http://localhost/ru/reports/7")


async def test_a_letter_is_sent_once_however_often_it_is_its_turn(tx: object, taken: list[EmailMessage]) -> None:
    await mail.write([await reader("ru")], say("Results"), [])
    letter = await Letter.get()
    await mail.send({"letter": letter.id})
    await mail.send({"letter": letter.id})
    assert [message["To"] for message in taken] == [letter.address]
    assert (await Letter.get()).sent_at is not None


async def test_without_a_server_letters_stay_in_the_outbox(tx: object) -> None:
    await mail.write([await reader("ru")], say("Results"), [])
    letter = await Letter.get()
    await mail.send({"letter": letter.id})
    assert (await Letter.get()).sent_at is None
