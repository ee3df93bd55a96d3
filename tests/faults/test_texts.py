"""Texts that want to be more than texts: markup, templates, formats, patterns, signs that no file can hold."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import asyncpg
import pytest
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.context import TortoiseContext

from portal.app import MODELS
from portal.applications.application import service as applications
from portal.kit import db, mail, smtp
from portal.kit.i18n import say
from portal.kit.mail import Letter
from portal.monitoring import published
from portal.monitoring.published import reading
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.faults.conftest import reached
from tests.visit import Visitor, visitor

CANARY = "\"'><svg onload=c>{{7*7}}%(x)s%s"
CYRILLIC = re.compile("[А-Яа-яЁё]")
TEXTS = """
SELECT c.table_name, c.column_name, c.data_type, coalesce(c.character_maximum_length, 100000) AS most
  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
   AND c.data_type IN ('character varying', 'text', 'jsonb')
   AND c.table_name NOT LIKE 'pgqueuer%' AND c.table_name NOT LIKE 'tortoise%' AND c.column_name NOT LIKE '%hash%'
"""


def _poisoned(value: Any) -> Any:
    match value:
        case dict():
            return {key: _poisoned(one) for key, one in value.items()}
        case list():
            return [_poisoned(one) for one in value]
        case str() if CYRILLIC.search(value):
            return CANARY + value
    return value


async def _poison(database: Database) -> int:
    """Every text of the demonstration that a person wrote begins with the canary."""
    connection = await asyncpg.connect(database.owner_url)
    told = 0
    try:
        for table, column, kind, most in await connection.fetch(TEXTS):
            await connection.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            if kind == "jsonb" or (table, column) == ("application_version", "content"):
                for key, text in await connection.fetch(f'SELECT id, "{column}"::text FROM "{table}"'):
                    if CYRILLIC.search(text):
                        poisoned = json.dumps(_poisoned(json.loads(text)), ensure_ascii=False)
                        await connection.execute(f'UPDATE "{table}" SET "{column}" = $1 WHERE id = $2', poisoned, key)
                        told += 1
                continue
            written = f"\"{column}\" ~ '[А-Яа-яЁё]'" + (f" OR \"{column}\" <> ''" if column.endswith("_en") else "")
            done = await connection.execute(
                f'UPDATE "{table}" SET "{column}" = left($1 || "{column}", {most}) WHERE {written}', CANARY
            )
            told += int(done.split()[-1])
    finally:
        await connection.close()
    return told


@pytest.fixture(scope="module")
async def poisoned(demonstration: Database) -> AsyncIterator[Database]:
    made = Database(demonstration.server, f"{demonstration.name}_{os.getpid()}_poisoned")
    made.server.drop_database(made.name)
    made.server.create_database(made.name, demonstration.name)
    try:
        assert await _poison(made) > 2000
        yield made
    finally:
        made.server.drop_database(made.name)


WHO = ("", "editor.kamchatka", "signatory.tyumen", "reviewer.1", "officer", "council", "board", "auditor",
       "administrator")  # fmt: skip


@pytest.fixture
async def portal(poisoned: Database) -> AsyncIterator[Database]:
    async with TortoiseContext() as context:
        await context.init(config=db.config(poisoned.app_url, MODELS))
        reading._kept.clear()  # The same release has stood in another database of this run.
        yield poisoned
        reading._kept.clear()


async def _browser(who: str) -> Visitor:
    if not who:
        return await visitor()
    role, _, region = who.partition(".")
    found = Person.filter(email__startswith=f"{role}.{region}") if region else Person.filter(email__startswith=role)
    person = await found.first()
    assert person is not None, who
    return await visitor(person)


@pytest.mark.parametrize("who", WHO)
async def test_o3_nothing_that_was_typed_is_markup(portal: Database, who: str) -> None:
    texts = await reached(await _browser(who))
    seen = 0
    for address, text in texts.items():
        if text.startswith("%PDF-"):  # Nothing in it is markup; what it says is tried beside its room.
            continue
        assert "<svg onload" not in text, address
        assert CANARY not in text, address
        written = re.sub(r'"data:[^"]*"', '""', text.replace("&#39;", ""))  # A picture is full of numbers.
        assert not re.search(r"(^|[^&\w#])49%", written), address
        seen += text.count("&lt;svg onload=c&gt;{{7*7}}%(x)s%s")
    assert seen > 10
    assert len(texts) > (3 if not who else 6)


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_o3_public_catalogues_and_dashboards_show_texts_only(portal: Database, language: str) -> None:
    browser = await _browser("")
    release = await published.latest()
    assert release is not None
    series = (await published.series(release.number))[0]
    paths = ["regions", "regions/RU-KAM", "indicators", "indicators/SS-01", "dashboards/",
             f"dashboards/regions/{series.region_code}",
             f"dashboards/numbers/{series.region_code}/{series.indicator_code}/{series.points[0].period}"]  # fmt: skip
    for path in paths:
        answer = await browser.get(f"/{language}/{path}")
        assert answer.status_code == 200, path
        assert "<svg onload" not in answer.text, path
        assert "&lt;svg onload=c&gt;{{7*7}}%(x)s" in answer.text, path


async def test_s4_charts_hold_names_as_texts_only(portal: Database) -> None:
    """What Plotly would read as markup (hover, axis, legend, annotation) is escaped in the figure itself."""
    browser = await _browser("")
    release = await published.latest()
    assert release is not None
    codes = {one.region_code for one in await published.programmes(release.number)}
    for path in ("/ru/dashboards/", *(f"/ru/dashboards/regions/{code}" for code in sorted(codes))):
        asked = {
            "output": "page.children",
            "outputs": {"id": "page", "property": "children"},
            "inputs": [{"id": "address", "property": name, "value": value}
                       for name, value in (("pathname", path), ("search", ""))],
            "changedPropIds": ["address.pathname"],
        }  # fmt: skip
        answer = await browser.post("/ru/dashboards/_dash-update-component", json=asked)
        assert answer.status_code == 200
        raw: list[str] = []
        _figures(answer.json(), raw)
        assert not raw, path


def _figures(node: Any, raw: list[str], *, inside: bool = False) -> None:
    match node:
        case dict():
            for key, value in node.items():
                _figures(value, raw, inside=inside or key == "figure")
        case list():
            for value in node:
                _figures(value, raw, inside=inside)
        case str() if inside and "<svg" in node:
            raw.append(node)


async def test_o3_merge_screen_shows_both_texts_as_texts(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    call = await make.call()
    first, second = [await make.person(Role.EDITOR, region=region, name=CANARY) for _ in range(2)]
    application = await applications.start(call, by=first)
    await applications.save(application, "passport", {"title": CANARY, "summary": "а"}, based_on=0, by=first)
    browser = await visitor(second)
    answer = await browser.send_form(
        f"/ru/applications/{application.number}/sections/passport",
        {"title": CANARY + "2", "summary": CANARY, "based_on": "0", "choose.<svg onload=c>": "mine"},
    )
    assert answer.status_code == 409
    assert "<svg onload" not in answer.text
    assert answer.text.count("&lt;svg onload=c&gt;{{7*7}}%(x)s") >= 3


async def test_n8_and_o4_letters_hold_texts_and_no_second_head(tx: TransactionalDBClient) -> None:
    evil = "Конкурс\r\nBcc: evil@example.org\r\n\r\n%(number)s {{7*7}} %s\x1b[31m\u2028X: y"
    reader = await make.person(Role.OFFICER)
    subject = say("Results of the competition: %(call)s", call=evil)
    await mail.write([reader], subject, [say("%(x)s", x=evil)])
    letter = await Letter.all().order_by("-id").first()
    assert letter is not None
    assert not re.search(r"[\r\n\x00-\x1f\x7f\u2028]", letter.subject)
    assert "{{7*7}} %s" in letter.subject
    message = smtp.message_of(
        message_id=letter.message_id, address=letter.address, subject=letter.subject, body=letter.body,
        written_at=letter.written_at,
    )  # fmt: skip
    read = message_from_bytes(message.as_bytes(policy=SMTP), policy=SMTP)
    assert read["Bcc"] is None
    assert sorted(set(read.keys())) == sorted(
        [
            "Message-ID",
            "Date",
            "From",
            "To",
            "Subject",
            "Content-Type",
            "Content-Transfer-Encoding",
            "MIME-Version",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
            "List-Id",
        ]
    )
    assert read.get_content_type() == "text/plain"
    assert "%(number)s {{7*7}} %s" in read.get_content()


NAMES = ["%s", "%(name)s", "{0}", "{{7*7}}", "${7*7}", "%d%%", "{event.__init__.__code__}", "100 %"]


@pytest.mark.parametrize("name", NAMES)
async def test_n8_names_are_shown_as_they_are(tx: TransactionalDBClient, name: str) -> None:
    call = await make.call(name_ru=f"Имя {name}", about_ru=f"О чём {name}")
    officer = await visitor(await make.person(Role.OFFICER, name=f"Кто {name}"))
    for browser in (officer, await visitor()):
        for path in ("/ru/calls", f"/ru/calls/{call.number}"):
            answer = await browser.get(path)
            assert answer.status_code == 200
            assert f"Имя {name}".replace("&", "&amp;") in answer.text
