"""Odd signs, endless numbers and broken addresses: kept and shown as they are, or refused at once."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from tortoise.backends.base.client import TransactionalDBClient

from portal.applications.application import service as applications
from portal.kit import clock
from portal.kit.drafts import Draft
from portal.kit.numbers import Unreadable, read_count, read_date, read_decimal, read_money
from portal.people.roles import Role
from tests import make
from tests.visit import visitor


async def draft_of(application_id: int) -> Draft:
    (newest,) = await Draft.filter(subject="Application", subject_id=application_id).order_by("-id").limit(1)
    return newest


SIGNS = {
    "zero width": "а\u200bб\u200dв\ufeff",
    "from right to left": "начало \u202eконец\u2066x",
    "flags": "🇷🇺👨‍👩‍👧‍👦",
    "marks": "z" + "\u0301" * 100,
    "a line end": "раз\r\nдва\nтри",
    "not a character": "\ufffe\uffff",
    "planes": "\U0010ffff\U000e0001",
    "separators": "раз\u2028два\u2029три\x85",
}


@pytest.mark.parametrize("kind", SIGNS)
async def test_n2_odd_signs_are_kept_and_shown(tx: TransactionalDBClient, kind: str) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await applications.start(await make.call(), by=editor)
    browser = await visitor(editor)
    path = f"/ru/applications/{application.number}/sections/passport"
    answer = await browser.send_form(path, {"title": SIGNS[kind], "based_on": "0"})
    assert answer.status_code == 303
    assert (await draft_of(application.id)).typed["title"] == SIGNS[kind].replace("\r\n", "\n")
    page = await browser.get(path)
    assert page.status_code == 200
    if "\n" not in SIGNS[kind]:
        assert SIGNS[kind] in page.text


@pytest.mark.parametrize("sign", ["%00", "%01", "%08", "%1B", "%7F", "%1F"])
async def test_n2_what_no_text_holds_is_refused_in_forms(tx: TransactionalDBClient, sign: str) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await applications.start(await make.call(), by=editor)
    browser = await visitor(editor)
    for body in (f"title=a{sign}b", f"ti{sign}tle=ab"):
        answer = await browser.post(
            f"/ru/applications/{application.number}/sections/passport",
            content=f"form_token={browser.form_token}&based_on=0&{body}",
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == 422, body
    assert await Draft.all().count() == 0


CHARSETS = ["utf-8", "utf-7", "utf-16", "undefined", "idna", "unicode_escape", "rot13", "hex", "punycode", "nothing",
            "raw_unicode_escape", "mbcs", "\x00", "utf-8-sig", "base64"]  # fmt: skip


@pytest.mark.parametrize("charset", CHARSETS)
async def test_n2_no_charset_of_a_form_is_a_fault(tx: TransactionalDBClient, charset: str) -> None:
    browser = await visitor()
    part = f'--b\r\nContent-Disposition: form-data; name="back"\r\n\r\n\\ud800\\x00{"xn--" * 20}é\r\n--b--\r\n'
    answer = await browser.post(
        "/ru/view",
        content=part.encode(),
        headers={"content-type": f"multipart/form-data; boundary=b; charset={charset}"},
    )
    assert 400 <= answer.status_code < 500


WHERE = ["/ru/journal?words=%00", "/ru/journal?subject=%00", "/ru/journal?deed=a%00b", "/ru/applications?call=%00",
         "/ru/reviews?call=%00", "/ru/reports?call=%00", "/ru/releases/new?call=%00&period=%00", "/ru/calls/%00",
         "/ru/sign-in?next=/ru/%00", "/ru/dashboards/?indicator=%00", "/ru/applications?call=%ED%A0%80",
         "/ru/applications?call=%F0%9F%98%80", "/ru/journal?words=%25_%5C", "/ru/journal?page=%D9%A3",
         "/ru/journal?page=99999999", "/ru/journal?page=-1", "/ru/journal?page=1e3", "/ru/applications?call=a&call=b",
         "/ru/applications/%F0%9F%98%80", "/ru/applications/" + "9" * 3000, "/ru/reports/%2D", "/ru/reports/-",
         "/ru/reports/x-2027Q1?revision=%00", "/ru/calls/%D9%A1", "/ru/regions/ru-kam",
         "/ru/releases/new?period=9999Q4",
         "/ru/releases/new?period=%D9%A20%D9%A27Q1", "/ru/journal?words=" + "%F0%9F%98%80" * 500, "/ru/?a[]=1&a[b]=2",
         "/ru/journal?words[]=x", "/ru/%", "/ru/calls/%GG"]  # fmt: skip


@pytest.mark.parametrize("who", ["auditor", "officer"])
async def test_n2_and_n6_no_address_is_a_fault(tx: TransactionalDBClient, who: str) -> None:
    await make.call()
    browser = await visitor(await make.person(Role(who)))
    faults = [(path, answer.status_code) for path in WHERE if (answer := await browser.get(path)).status_code >= 500]
    assert not faults


async def test_n5_signs_of_patterns_are_signs(tx: TransactionalDBClient) -> None:
    browser = await visitor(await make.person(Role.AUDITOR))
    with clock.frozen(clock.now() - timedelta(days=1)):
        await applications.start(
            await make.call(at=clock.now()),
            by=await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA), name="Сто процентов"),
        )
    for words, found in (("%", 0), ("_", 0), ("\\", 0), ("'", 0), ("' OR '1'='1", 0), ("сто", 1)):
        text = (await browser.get("/ru/journal", params={"words": words})).text
        assert text.count("Сто процентов") >= found, words
        assert found or "Сто процентов" not in text, words


LONG = ["1" + " " * 200_000 + "1", "1\u00a0" * 100_000, "9" * 200_000, "1." * 100_000, "1,000" * 40_000, "-" * 200_000,
        "1 " + "а" * 200_000, "1e" * 100_000, " " * 200_000 + "x", "₽" * 200_000, "1" + "\u202f" * 200_000 + "р",
        "1 янв" * 50_000]  # fmt: skip


@pytest.mark.parametrize("reader", [read_money, read_count, read_decimal, read_date])
def test_n7_long_numbers_are_refused_at_once(reader: Any) -> None:
    for text in LONG:
        begun = time.perf_counter()
        with pytest.raises(Unreadable):
            reader(text)
        assert time.perf_counter() - begun < 0.1, text[:8]


async def test_n7_page_of_a_long_budget_is_made_at_once(tx: TransactionalDBClient) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await applications.start(await make.call(), by=editor)
    browser = await visitor(editor)
    path = f"/ru/applications/{application.number}/sections/budget"
    typed = {f"lines-0-2027.{source}": "1" + " " * 150_000 + "1" for source in ("foundation", "regional", "extra")}
    begun = time.perf_counter()
    assert (await browser.send_form(path, {"based_on": "0", "lines-0-key": "b1", **typed})).status_code == 303
    assert (await browser.get(path)).status_code == 200
    assert (await browser.get(f"/ru/applications/{application.number}")).status_code == 200
    assert (await browser.get("/ru/")).status_code == 200
    assert time.perf_counter() - begun < 5


async def test_n2_million_marks_do_not_stop_the_portal(tx: TransactionalDBClient) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await applications.start(await make.call(), by=editor)
    browser = await visitor(editor)
    path = f"/ru/applications/{application.number}/sections/passport"
    for title in ("z" + "\u0301" * 1_000_000, "z" + "\u0301" * 150_000):
        begun = time.perf_counter()
        answer = await browser.send_form(path, {"title": title, "based_on": "0"})
        assert answer.status_code in (303, 413, 422)
        assert (await browser.get(path)).status_code == 200
        assert time.perf_counter() - begun < 3
