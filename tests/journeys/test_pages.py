"""Every page that somebody can reach from her own start: it is there, in her language, on a phone, for everybody."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, ViewportSize

from portal.kit.assets import MODULES
from tests.journeys.conftest import SignedIn
from tests.journeys.steps import drawn

PEOPLE = ("", "editor.kamchatka", "reviewer.1", "officer", "administrator")
"""Between them they follow most of the links; the others follow theirs in the soak."""
OTHERS = ("signatory.tyumen", "council", "board", "auditor")
ENGLISH = ("", "editor.tyumen", "officer")
MOST = 40
EVERYONES = re.compile("/../(dashboards/|regions|indicators|releases$)")
DESKTOP, PHONE = ViewportSize(width=1366, height=900), ViewportSize(width=360, height=740)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"], "resultTypes": ["violations"]}

LINKS = """[...document.querySelectorAll('a[href]')].map(
  a => a.origin === location.origin && !a.closest('[data-letter]') ? a.pathname + a.search : '')"""
"""A letter in the outbox leads where its reader may go, not whoever looks after letters."""
SAVED = re.compile(r"(/pdf|\.csv|\.xlsx|\.png|/files/[^/]+)(\?|$)")
"""What is saved and not shown."""
# What stands on a Russian page in Latin letters though nobody said that it is English: four words in a row.
FOREIGN = r"""() => {
  const words = /(?:[A-Za-z]{2,}[\s,;:—–-]+){3,}[A-Za-z]{2,}/;
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    if (around.closest("script, style, code, textarea, [lang=en]") || !around.checkVisibility()) continue;
    const told = texts.currentNode.data.replace(/\S+@\S+|https?:\S+/g, "").match(words);
    if (told) found.push(told[0]);
  }
  return found;
}"""
HEADINGS = "[...document.querySelectorAll('h1')].filter(one => one.checkVisibility()).length"
AXE = (MODULES / "axe-core" / "axe.min.js").read_text()
VIOLATIONS = """rules => axe.run(document, rules).then(found => found.violations.map(
  one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))"""


def kind(address: str) -> str:
    """The address without what names a single thing: pages of one kind look alike."""
    parts = urlsplit(address)
    names = parts.path.split("/")
    shape = ["*" if before == "reviews" or not re.fullmatch("[a-z-]*", one) else one
             for before, one in zip(["", *names], names, strict=False)]  # fmt: skip
    return "/".join(shape) + ("?" + re.sub("=[^&]*", "", parts.query) if parts.query else "")


async def tour(page: Page, language: str, alike: int, *, is_signed_in: bool) -> list[str]:
    """What is wrong with the pages that can be reached from the start page, a few of each kind.

    What everyone may read is the same for one who is signed in, so she does not go there again. Axe tries the first of
    each kind of the dashboards; the portal's own pages have a test for each template.
    """
    queue, wrong = [f"/{language}/"], list[str]()
    met: Counter[str] = Counter()
    await page.set_viewport_size(PHONE)
    visited: set[str] = set()
    while queue and len(visited) < MOST:
        address = queue.pop(0)
        if address in visited or met[kind(address)] >= alike:
            continue
        visited.add(address)
        met[kind(address)] += 1
        wrong += [f"{address}: {fault}" for fault in await faults(page, address, language)]
        if language == "ru" and met[kind(address)] == 1 and "/dashboards/" in address:
            wrong += [f"{address}: {fault}" for fault in await barriers(page)]
        links = [
            link for link in await page.evaluate(LINKS) if link.startswith(f"/{language}/") and not SAVED.search(link)
        ]
        queue += [link for link in links if not (is_signed_in and EVERYONES.match(link))]
    assert len(visited) > 5
    return wrong


async def faults(page: Page, address: str, language: str) -> list[str]:
    """What is wrong with one page as it stands on a phone."""
    answer = await page.goto(address)
    if answer is None or answer.status != 200:
        return [f"answers {answer.status if answer else 'nothing'}"]
    await drawn(page)
    return await defects(page, language)


async def defects(page: Page, language: str) -> list[str]:
    """What nobody should find on a page: a foreign language, no heading or two, text beside the screen."""
    found = [f"in English: {text}" for text in await page.evaluate(FOREIGN)] if language == "ru" else []
    if (headings := await page.evaluate(HEADINGS)) != 1:
        found.append(f"{headings} headings of the first level")
    if (over := await page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        found.append(f"goes {over} pixels sideways")
    return found


async def barriers(page: Page) -> list[str]:
    """What keeps people with disabilities out, on a phone and on a desk, as far as a machine can see it."""
    await page.evaluate(AXE)
    found = await page.evaluate(VIOLATIONS, RULES)
    await page.set_viewport_size(DESKTOP)
    found += [f"on a desk, {one}" for one in await page.evaluate(VIOLATIONS, RULES)]
    await page.set_viewport_size(PHONE)
    return list(found)


@pytest.mark.journey
@pytest.mark.parametrize(
    ("who", "alike"),
    [
        *((who, 1) for who in PEOPLE),
        *(pytest.param(who, 2, marks=pytest.mark.soak) for who in (*PEOPLE, *OTHERS)),
    ],
)
async def test_every_page_stands_on_a_phone_in_russian(who: str, alike: int, people: SignedIn, page: Page) -> None:
    assert await tour(await people(who) if who else page, "ru", alike, is_signed_in=bool(who)) == []


@pytest.mark.journey
@pytest.mark.parametrize("who", ENGLISH)
async def test_every_page_stands_on_a_phone_in_english(who: str, people: SignedIn, page: Page) -> None:
    assert await tour(await people(who) if who else page, "en", 1, is_signed_in=bool(who)) == []
