"""What everyone is told when the portal itself fails, what the log keeps of it, and the headers of every answer."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.exceptions import IntegrityError

from portal.applications.application import service as applications
from portal.applications.call.models import Call, PlacesDecision
from portal.kit import drafts, journal, logs, sessions
from portal.kit.drafts import Draft
from portal.kit.journal import JournalEntry
from portal.people.roles import Role
from tests import make
from tests.conftest import Database
from tests.faults.conftest import SignedIn, routes
from tests.visit import visitor

SECRET = "тайна-canary-2027"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that a process of the portal writes to its log."""
    lines = io.StringIO()
    before = structlog.get_config()
    root = logging.getLogger()
    handlers = root.handlers[:]
    monkeypatch.setattr("sys.stderr", lines)
    logs.configure()
    structlog.configure(cache_logger_on_first_use=False)
    yield lines
    structlog.configure(**before)
    root.handlers[:] = handlers


async def test_o6_fault_in_a_verb_changes_nothing_and_tells_nothing(
    tx: TransactionalDBClient, monkeypatch: pytest.MonkeyPatch, told: io.StringIO
) -> None:
    call = await make.call()
    browser = await visitor(await make.person(Role.OFFICER))

    async def broken(*_: object, **__: object) -> None:
        local = SECRET
        raise RuntimeError(f"{local} at 10.0.0.1")

    monkeypatch.setattr(journal, "write", broken)
    typed = {"places": "9", "decided_on": "01.11.2020", "document": SECRET}
    answer = await browser.send_form(f"/ru/calls/{call.number}/places", typed)
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert SECRET not in answer.text
    assert not re.search(r"Traceback|RuntimeError|\.py|10\.0\.0\.1", answer.text)
    assert await PlacesDecision.all().count() == 0
    assert (await Call.get(id=call.id)).places == 2
    assert await JournalEntry.all().count() == 0
    line = json.loads(told.getvalue().splitlines()[-1])
    assert line["request_id"] == answer.headers["x-request-id"]
    assert "test_failures.py" in line["exception"]
    assert SECRET not in told.getvalue()


async def test_o6_fault_of_the_page_of_faults_is_still_an_answer(
    tx: TransactionalDBClient, monkeypatch: pytest.MonkeyPatch, told: io.StringIO
) -> None:
    """The database is away: not even the page that says so can be made."""
    browser = await visitor(await make.person(Role.OFFICER))

    async def away(_: object) -> None:
        raise ConnectionRefusedError(SECRET)

    monkeypatch.setattr(sessions, "find", away)
    for path in ("/ru/", "/en/calls", "/ru/nothing", "/ru/dashboards/"):
        answer = await browser.get(path)
        assert answer.status_code in (500, 503), path
        assert answer.headers["x-request-id"] in answer.text
        assert answer.headers["content-security-policy"]
        assert SECRET not in answer.text
    assert (await (await visitor()).get("/healthz")).status_code == 200
    assert SECRET not in told.getvalue()


async def test_o6_every_page_survives_a_fault_in_it(people: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.kit import pages

    browser = await people("auditor")
    real = pages.environment

    class Broken:
        def get_template(self, name: str) -> Any:
            if name == "kit/error.html":
                return real().get_template(name)
            raise LookupError(SECRET)

    monkeypatch.setattr(pages, "environment", Broken)
    for name in ("desk:home", "call:list", "review:list", "report:list", "agreement:list", "release:list"):
        answer = await browser.get("/ru" + str(routes("GET")[name].url_path_for(name)))
        assert answer.status_code == 500, name
        assert SECRET not in answer.text


async def test_o5_log_keeps_no_text_that_somebody_typed(tx: TransactionalDBClient, told: io.StringIO) -> None:
    """The database tells the whole row that it refuses: the log must not."""
    person = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await applications.start(await make.call(), by=person)
    browser = await visitor(person)
    for broken in (IntegrityError(f"DETAIL: Failing row contains ({SECRET})"), ValueError(SECRET), KeyError(SECRET)):

        async def refuse(*_: object, broken: Exception = broken, **__: object) -> None:
            typed = {"password": SECRET}
            raise broken from LookupError(str(typed))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(drafts, "save", refuse)
            answer = await browser.send_form(
                f"/ru/applications/{application.number}/sections/goal?x={SECRET}", {"based_on": "0", "goal": SECRET}
            )
        assert answer.status_code == 500
    text = told.getvalue()
    assert text.count('"fault"') == 3
    assert "canary" not in text
    for secret in (browser.cookies["session"], browser.form_token, person.email):
        assert secret not in text
    assert {"IntegrityError", "ValueError", "KeyError"} <= set(re.findall(r"[A-Z]\w+Error", text))


async def test_o5_sign_in_leaves_no_password_in_the_log(tx: TransactionalDBClient, told: io.StringIO) -> None:
    browser = await visitor()
    await browser.send_form("/ru/sign-in", {"email": "nobody@region.ru", "password": SECRET})
    await browser.send_form("/ru/sign-in", {"email": SECRET, "password": "x" * 20000})
    assert told.getvalue() == ""
    assert SECRET not in str([vars(one) for one in await JournalEntry.all()])
    assert await Draft.all().count() == 0


async def test_o5_lines_of_the_log_cannot_be_forged(tx: TransactionalDBClient, told: io.StringIO) -> None:
    structlog.get_logger().warning("tried", path='/ru/\n{"event": "forged"}\x1b[31m\r')
    lines = told.getvalue().splitlines()
    assert len(lines) == 1
    assert "\x1b" not in lines[0]
    assert json.loads(lines[0])["event"] == "tried"


PUBLIC = ["/", "/ru", "/ru/", "/ru/calls/", "/ru/nothing", "/healthz", "/readyz", "/static/css/portal.css", "/static/x",
          "/ru/dashboards/", "/ru/dashboards/_dash-layout", "/ru/dashboards/x", "/ru/journal", "/en/sign-in",
          "/dashboards/assets/x", "/ru/calls/%00", "/ru/regions", "/ru/releases"]  # fmt: skip


def _wrong(answer: Any, *, private: bool) -> list[str]:
    head = answer.headers
    policy = head.get("content-security-policy", "")
    dashboard = re.match(r"/(ru|en)/dashboards/", answer.request.url.path)
    found = [name for name in ("x-request-id", "referrer-policy", "permissions-policy", "cache-control")
             if not head.get(name)]  # fmt: skip
    found += ["nosniff"] if head.get("x-content-type-options") != "nosniff" else []
    found += ["frame"] if "frame-ancestors 'none'" not in policy or head.get("x-frame-options") != "DENY" else []
    found += ["script"] if re.search(r"script-src[^;]*(unsafe|\*|http|data:)", policy) else []
    found += ["inline"] if "unsafe-inline" in policy and not dashboard else []
    found += ["source"] if "default-src 'self'" not in policy or "object-src 'none'" not in policy else []
    found += ["base"] if "base-uri 'none'" not in policy or "form-action 'self'" not in policy else []
    found += ["kept"] if private and head.get("cache-control") != "no-store" else []
    found += ["public"] if "set-cookie" in head and "public" in head.get("cache-control", "") else []
    return found


async def test_o8_every_answer_has_its_headers(people: SignedIn) -> None:
    browser = await people()
    faults = {}
    for method in ("GET", "HEAD", "POST", "OPTIONS", "PUT", "TRACE"):
        for path in PUBLIC:
            for host in ("localhost", "evil"):
                answer = await browser.request(method, path, headers={"host": host})
                if wrong := _wrong(answer, private=answer.status_code == 303):
                    faults[method, path, host] = wrong
    assert not faults


async def test_o8_private_pages_are_kept_by_nobody(people: SignedIn) -> None:
    faults = {}
    for who in ("officer", "editor.kamchatka"):
        browser = await people(who)
        for name, route in routes("GET").items():
            if route.param_convertors:
                continue
            answer = await browser.get("/ru" + str(route.url_path_for(name)))
            if wrong := _wrong(answer, private=True):
                faults[who, name] = wrong
        answer = await browser.get("/ru/dashboards/")
        assert not _wrong(answer, private=True)
    assert not faults


async def test_o8_pages_have_no_inline_script_or_style(people: SignedIn) -> None:
    for who in ("", "officer", "editor.kamchatka", "reviewer.1"):
        browser = await people(who)
        for path in ("/ru/", "/ru/calls", "/ru/sign-in", "/ru/applications", "/ru/reports", "/ru/nothing"):
            text = (await browser.get(path)).text
            assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=|javascript:", text), (
                who,
                path,
            )
            assert not re.findall(r'(?:src|href)="(?:https?:)?//', text), (who, path)


async def test_o8_encrypted_portal_says_so(tx: TransactionalDBClient, database: Database) -> None:
    from portal.kit.guards import Guards

    messages: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        messages.append(message)

    guards = Guards(app, hosts=frozenset({"p.example"}), secure=True, policy_of=lambda _: None)
    scope = {"type": "http", "method": "GET", "path": "/ru/", "query_string": b"", "headers": [(b"host", b"p.example")]}
    await guards(scope, None, send)  # type: ignore[arg-type]
    assert dict(messages[0]["headers"])[b"strict-transport-security"].startswith(b"max-age=31536000")
    plain = {**scope, "method": "POST", "headers": [(b"host", b"p.example"), (b"origin", b"http://p.example")]}
    await guards(plain, None, send)  # type: ignore[arg-type]
    assert messages[1]["status"] == 403
