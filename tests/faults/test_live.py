"""Requests that no browser makes, over a real socket: huge, broken, contradictory, slow."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.conftest import Database
from tests.faults import live
from tests.faults.live import Portal


@pytest.fixture(scope="module")
def portal(template: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with (
        live.copied(template, "live") as database,
        live.running(database.app_url, tmp_path_factory.mktemp("live"), live.free_port()) as portals,
    ):
        yield portals[0]


FORM = "application/x-www-form-urlencoded"


def test_n3_body_that_is_too_long_is_refused_before_it_is_read(portal: Portal) -> None:
    before = portal.process.memory_info().rss
    head = portal.head(content_type=FORM, content_length="100000000")
    assert portal.status(head) == 413
    assert portal.status(portal.head(content_type=FORM, content_length="9" * 30), b"x") in (400, 413)
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    assert portal.status(portal.head(content_type=FORM, transfer_encoding="chunked"), *[chunk] * 40) in (413, 0)
    assert portal.process.memory_info().rss - before < 40_000_000
    assert portal.is_well()


@pytest.mark.parametrize("kind", ["urlencoded", "multipart", "heads of parts", "one head"])
def test_n3_million_fields_cost_nothing(portal: Portal, kind: str) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    bodies = {
        "urlencoded": b"a&" * 999_000,
        "multipart": part * (1_900_000 // len(part)) + b"--b--\r\n",
        "heads of parts": b"--b\r\n" + b"X: y\r\n" * 300_000 + b"\r\nx\r\n--b--\r\n",
        "one head": b"--b\r\nX: " + b"y" * 1_900_000 + b"\r\n\r\nx\r\n--b--\r\n",
    }
    body = bodies[kind]
    spent, before = portal.process.cpu_times().user, portal.process.memory_info().rss
    content = FORM if kind == "urlencoded" else "multipart/form-data; boundary=b"
    status = portal.status(portal.head(content_type=content, content_length=str(len(body))), body, wait=20)
    assert status in (400, 413, 422), status
    assert portal.process.cpu_times().user - spent < 2
    assert portal.process.memory_info().rss - before < 60_000_000
    assert portal.is_well()


def test_n3_deep_and_long_questions_to_the_dashboards_are_refused(portal: Portal) -> None:
    path = "/ru/dashboards/_dash-update-component"
    for body in (b"[" * 16_000, b'{"a":' * 3_000, b"9" * 16_000, b'{"output":1e999999}', b'"\\ud800"'):
        head = portal.head(path=path, content_type="application/json", content_length=str(len(body)))
        assert portal.status(head, body) == 422, body[:8]
    assert (
        portal.status(portal.head(path=path, content_type="application/json", content_length="20000"), b"1" * 20000)
        == 413
    )


CONTRADICTIONS = [
    "Content-Length: -1", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5, 6", "Content-Length: +5",
    "Content-Length: 0x5", "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: nothing", "Content-Length: ٥", "Content-Length: 5 5", "Transfer-Encoding : chunked",
]  # fmt: skip


@pytest.mark.parametrize("lines", CONTRADICTIONS)
def test_n3_contradictory_lengths_never_hide_a_second_request(portal: Portal, lines: str) -> None:
    hidden = f"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost:{portal.port}\r\n\r\n"
    head = f"POST /ru/view HTTP/1.1\r\nHost: localhost:{portal.port}\r\nConnection: close\r\nContent-Type: {FORM}\r\n"
    heard = portal.say(f"{head}{lines}\r\n\r\n{hidden}".encode(), wait=1.5)
    assert b"ok\n" not in heard
    assert not heard or heard.split()[1] in (b"400", b"403", b"413", b"411", b"501")
    assert portal.is_well()


def test_n3_broken_heads_are_refused(portal: Portal) -> None:
    host = f"Host: localhost:{portal.port}".encode()
    for head in (
        b"GET /ru/ HTTP/1.1\r\n\r\n", b"GET /ru/ HTTP/1.1\r\nHost: evil\r\n\r\n", b"\x00\x01\x02\r\n\r\n",
        b"GET /ru/ HTTP/1.1\r\nHost: evil\r\n" + host + b"\r\n\r\n", b"GET /ru/ HTTP/9.9\r\n" + host + b"\r\n\r\n",
        b"GET /ru/\x00 HTTP/1.1\r\n" + host + b"\r\n\r\n", b"GET http://evil/ru/ HTTP/1.1\r\nHost: evil\r\n\r\n",
        b"GET /ru/ HTTP/1.1\r\n" + host + b"\r\nX: a\x00b\r\n\r\n",
        b"CONNECT evil:443 HTTP/1.1\r\n" + host + b"\r\n\r\n",
        b"GET /ru/%00 HTTP/1.1\r\n" + host + b"\r\n\r\n", b"get /ru/ HTTP/1.1\r\n" + host + b"\r\n\r\n",
    ):  # fmt: skip
        assert portal.status(head, wait=2) in (0, 400, 404, 405, 505), head[:40]
    assert portal.is_well()


def test_n3_sockets_are_not_opened(portal: Portal) -> None:
    head = portal.head("GET", "/ru/dashboards/_dash-ws-callback", connection="Upgrade", upgrade="websocket",
                       sec_websocket_version="13", sec_websocket_key="AAAAAAAAAAAAAAAAAAAAAA==")  # fmt: skip
    assert portal.status(head) in (400, 404, 426)


def test_n3_slow_and_vanishing_clients_stop_nobody(portal: Portal) -> None:
    lines = []
    try:
        for place in range(60):
            line = socket.create_connection(("127.0.0.1", portal.port), 5)
            line.sendall(portal.head(content_type=FORM, content_length="1000")[: None if place % 2 else 60] + b"a=")
            lines.append(line)
        assert portal.is_well()
    finally:
        for line in lines:
            line.close()
    assert portal.is_well()


def test_n4_many_ranges_cost_nothing(portal: Portal) -> None:
    spent = portal.process.cpu_times().user
    for ranges in (
        "0-0," * 2_000 + "1-1",
        "0-," * 5_000 + "0-",
        "-1",
        "5-1",
        "a-b",
        "0-0,1-1",
        "9999999999-",
        "0-" + "9" * 400,
    ):
        heard = portal.say(portal.head("GET", "/static/css/portal.css", range=f"bytes={ranges}"), wait=5)
        assert heard == b"" or heard.split()[1] in (b"200", b"206", b"400", b"416", b"431"), ranges[:20]
    assert portal.process.cpu_times().user - spent < 1
    assert portal.is_well()


def test_o5_log_of_all_this_holds_no_fault_and_no_text(portal: Portal) -> None:
    text = portal.log.read_text()
    assert '"fault"' not in text
    assert "Traceback" not in text
    assert "aaaaaaaa" not in text
