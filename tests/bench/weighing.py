"""What travels to a visitor, and what the running portal weighs."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urljoin

import brotli
import psutil

from portal.settings import CHECKOUT
from tests.bench.asking import Question
from tests.bench.serving import Answer, Browser, Served, serving
from tests.bench.world import NOBODY, drawing

HEAD = ("what is fetched and held", "", "aim")
LINKS = {
    "text/html": re.compile(r"""<(?:link rel="(?:icon|stylesheet)"|script)[^>]*? (?:href|src)="([^"]+)\""""),
    "text/css": re.compile(r"""url\("?([^")]+\.woff2)"?\)"""),
    "text/javascript": re.compile(r"""(?:from|import)\s*"([./][^"]+)\""""),
}
NOT_READ = ("latin-ext",)
"""Fonts whose letters no page of ours has."""


def _text(answer: Answer) -> str:
    opened = {"br": brotli.decompress, "gzip": gzip.decompress}.get(answer.headers.get("content-encoding", ""), bytes)
    return opened(answer.body).decode()


def visited(browser: Browser, path: str, kept: set[str]) -> int:
    """Bytes over the wire for a page and all that it links to and that is not kept from before; `kept` grows."""
    waiting, total = [path], 0
    while waiting:
        address = waiting.pop()
        if address in kept:
            continue
        kept.add(address)
        answer = browser.ask(Question(address, NOBODY))
        assert answer.status == 200, address
        total += answer.size
        links = LINKS.get(answer.headers.get("content-type", "").partition(";")[0])
        if links:
            found = (urljoin(address, link) for link in links.findall(_text(answer)))
            waiting += [link for link in found if not any(word in link for word in NOT_READ)]
    return total


def _resident(portal: Served, urls: Mapping[str, str]) -> int:
    """Bytes resident of the server that has answered all, and of a worker, whoever has started it."""
    if portal.process.children():
        return portal.memory()
    worker = subprocess.Popen([sys.executable, "-m", "portal", "worker"], cwd=CHECKOUT, env={**os.environ, **urls})
    with suppress(psutil.TimeoutExpired):
        psutil.Process(worker.pid).wait(8)
    try:
        return portal.memory() + int(psutil.Process(worker.pid).memory_info().rss)
    finally:
        worker.terminate()
        worker.wait(20)


def weights(portal: Served, urls: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Lines of a table: bytes of visits, memory, start."""
    with Browser(portal.port) as browser:
        kept: set[str] = set()
        first = visited(browser, "/ru/", kept)
        later = visited(browser, "/ru/calls", kept)
        panel = visited(browser, "/ru/dashboards/", kept)
        panel += sum(browser.ask(question).size for question in drawing())
    with serving("portal", ["serve"], **urls) as again:
        start = again.cold_start
    return [
        HEAD,
        ("first visit, home", f"{first / 1024:.0f} KB", "150 KB"),
        ("a later page", f"{later / 1024:.0f} KB", "30 KB"),
        ("the dashboards after it", f"{panel / 1024:.0f} KB", "800 KB"),
        ("server and worker, resident", f"{_resident(portal, urls) / 2**20:.0f} MB", "250 MB"),
        ("cold start, to the first answer", f"{start:.2f} s", "3 s"),
    ]
