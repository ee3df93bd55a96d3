"""A whole portal on a port of its own, with the demonstration's data, and a real browser in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from portal.demo import PASSWORD
from portal.settings import CHECKOUT
from tests.conftest import Database
from tests.house.world import client as client
from tests.house.world import world as world

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
PATIENCE = 30_000  # Milliseconds: what is asked is what comes, not how soon on a busy machine.

expect.set_options(timeout=PATIENCE)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=10) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


@pytest.fixture(scope="session")
def address(lived_database: Database) -> Iterator[str]:
    """Where the portal answers, as `portal serve` runs it."""
    port = _free_port()
    environment = os.environ | {
        "PORTAL_DATABASE_URL": lived_database.app_url,
        "PORTAL_DEMO": "1",
        "PORTAL_BASE_URL": f"http://localhost:{port}",
        "PORTAL_PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "-m", "portal", "serve"], cwd=CHECKOUT, env=environment)
    try:
        until = time.monotonic() + 120
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
    context = await _somebody(browser, address)
    faults: list[str] = []
    yield watched(await context.new_page(), faults)
    await context.close()
    assert not faults


SignedIn = Callable[[str], Awaitable[Page]]


@pytest.fixture
async def people(browser: Browser, address: str) -> AsyncIterator[SignedIn]:
    """Answers with the page of a person of the demonstration, each in a browser of her own, signed in once."""
    met: dict[str, Page] = {}
    faults: list[str] = []

    async def signed_in(who: str) -> Page:
        if who not in met:
            context = await _somebody(browser, address)
            met[who] = watched(await context.new_page(), faults)
            await met[who].goto("/ru/sign-in")
            await met[who].get_by_label("Электронная почта").fill(f"{who}@demo.example")
            await met[who].get_by_label("Пароль").fill(PASSWORD)
            async with met[who].expect_navigation():
                await met[who].get_by_role("button", name="Войти", exact=True).click()
        return met[who]

    yield signed_in
    for one in met.values():
        await one.context.close()
    assert not faults


async def _somebody(browser: Browser, address: str) -> BrowserContext:
    context = await browser.new_context(base_url=address, locale="ru-RU", viewport={"width": 1366, "height": 900})
    context.set_default_timeout(PATIENCE)
    return context


def watched(page: Page, faults: list[str]) -> Page:
    """The same page; what its scripts and the content policy complain of is added to `faults`."""
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", lambda line: faults.append(f"{page.url}: {line.text}") if line.type == "error" else None)
    return page
