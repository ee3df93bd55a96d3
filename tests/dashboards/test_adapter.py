"""The adapter: pages inside the shell, callbacks in two languages at once, and nothing else gets through."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboards.app import dashboards
from dashboards.server import CALLBACK, LARGEST_QUESTION
from tests.dashboards import rows
from tests.dashboards.conftest import draw, shell

UPDATE = "/ru/dashboards/_dash-update-component"


def asked(path: str, search: str = "", **changed: Any) -> dict[str, Any]:
    values = (("pathname", path), ("search", search))
    return {
        "output": CALLBACK,
        "outputs": {"id": "page", "property": "children"},
        "inputs": [{"id": "address", "property": name, "value": value} for name, value in values],
        "changedPropIds": ["address.pathname"],
        "parsedChangedPropsIds": ["address.pathname"],
        **changed,
    }


def test_page_can_be_read_before_any_script(client: TestClient) -> None:
    answer = client.get("/ru/dashboards/")
    assert answer.status_code == 200
    assert '<html lang="ru">' in answer.text
    assert "Новгородская область" in answer.text
    assert "30,2\u00a0%" in answer.text
    assert answer.headers["set-cookie"] == "form=kept"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "30,2\u00a0%" not in client.get("/ru/dashboards/?indicator=SC-04").text


def test_each_language_has_its_own_addresses(client: TestClient) -> None:
    for code, region in (("ru", "Камчатский край"), ("en", "Kamchatka Territory")):
        text = client.get(f"/{code}/dashboards/").text
        told = json.loads(text.split('id="_dash-config" type="application/json">')[1].split("</script>")[0])
        assert told["requests_pathname_prefix"] == f"/{code}/dashboards/"
        assert region in text
        assert f"/{code}/dashboards/regions/RU-KAM" in text


def test_page_tells_nothing_of_the_machine_and_opens_no_socket(client: TestClient) -> None:
    """The contract on Dash's private `_config`: pinned exactly, checked here."""
    text = client.get("/en/dashboards/").text
    told = json.loads(text.split('id="_dash-config" type="application/json">')[1].split("</script>")[0])
    assert not {"websocket", "python_version"} & told.keys()
    assert "plotly.min.js" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text.replace("https://dash-version.plotly.com:8080/current_version", "")


@pytest.mark.parametrize(
    "path",
    [
        "/ru/dashboards/docs",
        "/ru/dashboards/openapi.json",
        "/ru/dashboards/redoc",
        "/ru/dashboards/_reload-hash",
        "/ru/dashboards/_dash-ws-callback",
        "/ru/dashboards/regions/RU-XXX",
        "/ru/dashboards/regions/ru-ngr",
        "/ru/dashboards/numbers/RU-NGR/SS-01/2026Q9",
        "/ru/dashboards/numbers/RU-NGR/SC-04/2026Q1",
        "/ru/dashboards/nothing",
        "/ru/dashboards/?indicator=ZZ-99",
        "/ru/dashboards/?indicator=" + "A" * 500,
        "/dashboards/docs",
        "/dashboards/_dash-layout",
        "/dashboards/_dash-component-suites/dash/dash.py",
        "/dashboards/_dash-component-suites/dash/../../pyproject.toml",
        "/dashboards/_dash-component-suites/os/path.js",
        "/dashboards/assets/../app.py",
    ],
)
def test_s2_unknown_address_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_known_addresses_are_found(client: TestClient) -> None:
    for path in ("", "?indicator=SC-11", "regions/RU-NGR", "numbers/RU-NGR/SS-01/2027Q1", "_dash-layout"):
        assert client.get(f"/en/dashboards/{path}").status_code == 200


def test_region_without_a_programme_says_so(client: TestClient) -> None:
    page = client.get("/en/dashboards/regions/RU-MOW")
    assert page.status_code == 200
    assert "Moscow" in page.text
    assert "Release no. 3 has no programme of this region" in page.text


def test_scripts_named_in_the_page_are_served_compressed_and_kept(client: TestClient) -> None:
    text = client.get("/ru/dashboards/").text
    named = [part.split('"')[0] for part in text.split('<script src="')[1:]]
    ours = [address for address in named if address.startswith("/dashboards/")]
    assert len(ours) > 5
    for address in ours:
        answer = client.get(address, headers={"Accept-Encoding": "br"})
        assert answer.status_code == 200, address
    suite = next(address for address in ours if "dash_renderer" in address)
    answer = client.get(suite, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert client.get(suite, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"null", b"1", b'"text"', b"{", b"\xff\xfe", b"[" * 5000,
        json.dumps(asked("/ru/dashboards/", output="other.children")).encode(),
        json.dumps(asked("/ru/dashboards/", inputs=[])).encode(),
        json.dumps(asked("/ru/dashboards/", inputs=None)).encode(),
        json.dumps(asked("/ru/dashboards/", inputs={})).encode(),
        json.dumps(asked("/ru/dashboards/", inputs=[[], []])).encode(),
        json.dumps(asked("/ru/dashboards/", inputs=[{"id": "address", "property": "pathname"}])).encode(),
        json.dumps(asked("/ru/dashboards/", inputs=[{"id": "a", "property": "b", "value": 1}] * 2)).encode(),
        json.dumps(asked("/ru/dashboards/", state=[{"id": "x", "property": "y", "value": 1}])).encode(),
        json.dumps(asked("/en/dashboards/")).encode(),
        json.dumps(asked("/ru/dashboards/regions/RU-XXX")).encode(),
        json.dumps(asked("/ru/dashboards/", "?indicator=ZZ-99")).encode(),
        json.dumps(asked("")).encode(),
        json.dumps(asked("/ru/dashboards/_dash-layout")).encode(),
    ],
)  # fmt: skip
def test_s1_malformed_callback_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post(UPDATE, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.content == b""


@pytest.mark.parametrize("value", [["/ru/dashboards/"], {"a": 1}, 5, True])
def test_s1_list_for_a_scalar_is_refused(client: TestClient, value: Any) -> None:
    assert client.post(UPDATE, json=asked(value)).status_code == 422


def test_s1_callback_of_another_kind_or_size_is_refused(client: TestClient) -> None:
    right = json.dumps(asked("/ru/dashboards/")).encode()
    assert client.post(UPDATE, content=right, headers={"Content-Type": "text/plain"}).status_code == 422
    assert client.post(UPDATE, content=right).status_code == 422
    large = json.dumps(asked("/ru/dashboards/", more="x" * LARGEST_QUESTION)).encode()
    assert client.post(UPDATE, content=large, headers={"Content-Type": "application/json"}).status_code == 413
    assert client.get(UPDATE).status_code == 404
    assert client.put(UPDATE).status_code == 405
    assert client.post("/ru/dashboards/").status_code == 405


def test_s1_forged_parts_of_a_callback_never_reach_dash(client: TestClient) -> None:
    forged = asked("/ru/dashboards/", changedPropIds=["evil.prop", 5], outputs={"id": "body", "property": "style"})
    answer = client.post(UPDATE + "?cacheKey=1&job=2&cancelJob=3&endId=x", json=forged)
    assert answer.status_code == 200
    assert list(answer.json()["response"]) == ["page"]


async def test_s3_callbacks_interleaved_in_two_languages_do_not_mix(app: Starlette, window: rows.Window) -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://localhost") as browser:

        async def one(place: int) -> str:
            code = ("ru", "en")[place % 2]
            region = rows.REGIONS[place // 2 % 10][0]
            where = (f"/{code}/dashboards/", f"/{code}/dashboards/regions/{region}")[place // 2 % 2]
            answer = await browser.post(f"/{code}/dashboards/_dash-update-component", json=asked(where))
            assert answer.status_code == 200
            return json.dumps(answer.json())

        texts = await asyncio.gather(*(one(place) for place in range(100)))
    for place, text in enumerate(texts):
        mine, other = ("/ru/dashboards", "/en/dashboards")[:: 1 - place % 2 * 2]
        assert mine in text
        assert other not in text


def test_new_release_is_shown_at_once(client: TestClient, window: rows.Window) -> None:
    window.release = None
    assert "Новгородская" not in client.get("/ru/dashboards/").text
    assert "Выпусков пока нет" in client.get("/ru/dashboards/regions/RU-NGR").text
    window.release = rows.RELEASE
    assert "Новгородская" in client.get("/ru/dashboards/").text
    told = client.post(UPDATE, json=asked("/ru/dashboards/")).json()
    assert "Новгородская" in json.dumps(told, ensure_ascii=False)


def test_hidden_figures_are_in_no_payload(client: TestClient, window: rows.Window) -> None:
    """Komi's second and fifth quarters are hidden: neither the count, nor its parts, nor a bare None in their place."""
    for path in ("/ru/dashboards/?indicator=SS-01", "/ru/dashboards/regions/RU-KO"):
        page = client.get(path).text
        answer = client.post(UPDATE, json=asked(*path.partition("?")[::2])).text
        for text in (page, answer):
            for wrong in ("NaN", "undefined", ">None<", '"None"', "Decimal("):
                assert wrong not in text
    drawn = json.dumps(client.post(UPDATE, json=asked("/ru/dashboards/regions/RU-KO")).json())
    assert '"y": [13.0, null, 16.' in drawn


async def test_s1_socket_is_refused(app: Starlette) -> None:
    told: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/ru/dashboards/_dash-ws-callback", "headers": [], "query_string": b""}
    await app(scope, receive, send)
    assert [message["type"] for message in told] == ["websocket.close"]


def test_policy_allows_our_scripts_only(window: rows.Window) -> None:
    _, policy_of = dashboards(shell=shell, demo=False, scripts=[], draw=draw)
    policy = policy_of("/ru/dashboards/regions/RU-NGR")
    assert policy is not None
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts.startswith("script-src 'self' 'sha256-")
    assert "unsafe" not in scripts
    assert policy_of("/ru/calls") is None
