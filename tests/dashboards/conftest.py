"""The dashboards alone: a bare application around them, invented rows behind their window."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.testclient import TestClient

from dashboards import pictures
from dashboards.app import dashboards
from portal.kit.i18n import language
from tests.dashboards import rows


async def shell(request: Request, title: str) -> Response:
    """As bare as a shell can be: its language, its title and the two marks."""
    head = f"<title>{title}</title><!--dashboards:head-->"
    page = f'<!doctype html><html lang="{language.get()}"><head>{head}</head><body><!--dashboards:page--></body></html>'
    return HTMLResponse(page, headers={"Set-Cookie": "form=kept"})


async def draw(content: pictures.Content) -> bytes:
    """What is drawn, to be read by a test."""
    return json.dumps(content, ensure_ascii=False).encode()


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> rows.Window:
    """The window over the invented rows; a test may change them."""
    opened = rows.Window()
    opened.open(monkeypatch)
    return opened


@pytest.fixture
def app(window: rows.Window) -> Starlette:
    """A bare application with nothing but the dashboards."""
    mounts, _ = dashboards(shell=shell, demo=True, scripts=["/static/plotly.js", "/static/ru.js"], draw=draw)
    return Starlette(routes=mounts)


@pytest.fixture
def client(app: Starlette) -> Iterator[TestClient]:
    """A browser without scripts."""
    with TestClient(app, raise_server_exceptions=True) as opened:
        yield opened
