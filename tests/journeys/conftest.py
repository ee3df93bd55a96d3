"""A whole portal on a port of its own, with the demonstration's data, and a real browser in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Page, async_playwright
from tests.conftest import Database

from portal.settings import CHECKOUT

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=1) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


@pytest.fixture(scope="session")
def address(demo_database: Database) -> Iterator[str]:
    """Where the portal answers, as `portal serve` runs it."""
    port = _free_port()
    environment = os.environ | {
        "PORTAL_DATABASE_URL": demo_database.app_url,
        "PORTAL_DEMO": "1",
        "PORTAL_BASE_URL": f"http://localhost:{port}",
        "PORTAL_PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "-m", "portal", "serve"], cwd=CHECKOUT, env=environment)
    try:
        until = time.monotonic() + 30
        while not _answers(f"http://localhost:{port}"):
            assert process.poll() is None, "the portal did not start"
            assert time.monotonic() < until, "the portal does not answer"
            time.sleep(0.1)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """The system's Chromium, without a window."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        await started.close()


@pytest.fixture
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    """A fresh page of a person who has never been here; errors of scripts and of the content policy fail the test."""
    context = await browser.new_context(base_url=address, locale="ru-RU", viewport={"width": 1366, "height": 900})
    fresh = await context.new_page()
    faults: list[str] = []
    fresh.on("pageerror", lambda error: faults.append(str(error)))
    fresh.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield fresh
    await context.close()
    assert not faults
