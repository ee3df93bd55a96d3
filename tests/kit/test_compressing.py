"""Answers travel small, and their length tells nobody what they hold (BREACH)."""

from __future__ import annotations

import gzip
import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tortoise.backends.base.client import TransactionalDBClient

from portal.kit import sessions
from portal.kit.compressing import squeezed
from tests.visit import visitor

TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@given(some.binary(max_size=5000))
def test_squeezed_body_is_the_body(body: bytes) -> None:
    assert gzip.decompress(squeezed(body)) == body


def test_length_of_one_text_is_different_each_time() -> None:
    assert len({len(squeezed(b"the same text " * 100)) for _ in range(50)}) > 10


@given(some.text())
def test_masked_signature_comes_back_and_anything_else_stays(text: str) -> None:
    signature = sha256(text.encode()).hexdigest()
    assert sessions.unmasked(sessions.masked(signature)) == signature
    assert sessions.masked(signature) != sessions.masked(signature)
    assert sessions.unmasked(signature) == signature
    assert sessions.unmasked(text) == text


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "gzip"), ("identity", None)])
async def test_page_is_compressed_for_those_who_read_it(
    tx: TransactionalDBClient, accepted: str, encoding: str | None
) -> None:
    browser = await visitor()
    page = await browser.get("/en/sign-in", headers={"accept-encoding": accepted})
    assert page.headers.get("content-encoding") == encoding
    assert "accept-encoding" in page.headers.get("vary", "").lower()
    assert "Sign in" in page.text


async def test_form_token_is_written_anew_on_each_page_and_holds(tx: TransactionalDBClient) -> None:
    browser = await visitor()
    first, second = [TOKEN.findall((await browser.get("/en/sign-in")).text) for _ in range(2)]
    assert not set(first) & set(second)
    for token in (first[0], second[-1]):
        answer = await browser.post("/en/view", data={"form_token": token, "view": "clear", "back": "/en/"})
        assert answer.status_code == 303
    wrong = first[0][:-1] + ("0" if first[0][-1] != "0" else "1")
    answer = await browser.post("/en/view", data={"form_token": wrong, "view": "clear", "back": "/en/"})
    assert answer.status_code == 403
