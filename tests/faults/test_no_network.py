"""The machine has no network but its own loopback: the portal starts all the same, and its pages are whole."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.kit import sessions
from portal.kit.access import cookie
from portal.people.roles import Role
from portal.settings import CHECKOUT, settings
from tests import make
from tests.conftest import Database

# Whoever is root already stays it: the database's socket belongs to a user whom a new namespace would not know.
ALONE = ["unshare", "--net", *(["--map-root-user"] if os.geteuid() else [])]
# Run where there is no network: loopback is brought up, the portal serves, its pages are asked for and told as JSON.
IN_THE_DARK = """
import fcntl, json, socket, struct, sys
from pathlib import Path
import httpx2
from tests.faults import live
SIOCSIFFLAGS, UP = 0x8914, 0x41
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", UP))
try:
    socket.create_connection(("192.0.2.1", 80), 2)
    sys.exit("there is a network")
except OSError:
    pass
url, folder, asked = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
port, told = live.free_port(), []
with live.running(url, folder, port) as (portal,):
    for path, cookies in asked:
        answer = httpx2.get(f"http://localhost:{port}{path}", headers={"cookie": cookies})
        told.append([path, answer.status_code, answer.headers.get("content-security-policy", ""), answer.text])
    others = [one.raddr.ip for process in [portal.process, *portal.process.children(recursive=True)]
              for one in process.net_connections("inet") if one.raddr]
print(json.dumps({"told": told, "others": sorted(set(others) - {"127.0.0.1", "::1"})}))
"""
PUBLIC = ("/ru/", "/en/", "/ru/calls", "/ru/regions", "/ru/indicators", "/ru/sign-in", "/ru/dashboards/")
OWN = ("/ru/", "/ru/applications", "/ru/account")
FETCHED = re.compile(r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc="([^"]*)"|<link\b[^>]*?>""")


def fetched(page: str) -> list[str]:
    """The addresses of whatever a browser fetches by itself for this page."""
    found = []
    for match in FETCHED.finditer(page):
        tag = match[0]
        if tag.startswith("<link") and not re.search(r'rel="(?:alternate|canonical)', tag):
            found += re.findall(r'href="([^"]*)"', tag)
        elif match[1]:
            found.append(match[1])
    return found


@pytest.fixture(scope="module")
def alone() -> list[str]:
    """How a command is run without a network; where that cannot be, the test is skipped, or fails if all must run."""
    if not shutil.which(ALONE[0]) or subprocess.run([*ALONE, "true"], check=False, capture_output=True).returncode:
        (pytest.fail if settings().strict else pytest.skip)("The network cannot be taken away on this machine.")
    return ALONE


async def test_p5_portal_without_a_network_serves_whole_pages(
    alone: list[str], own_database: Database, tmp_path: Path
) -> None:
    await make.call()
    officer = await make.person(Role.OFFICER)
    signed_in = f"{cookie('session')}={await sessions.open_session(officer.id, 'tests')}"
    asked = [[path, ""] for path in PUBLIC] + [[path, signed_in] for path in OWN]
    command = [*alone, sys.executable, "-c", IN_THE_DARK, own_database.app_url, str(tmp_path), json.dumps(asked)]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answered = json.loads(done.stdout.strip().splitlines()[-1])
    assert answered["others"] == []
    for path, status, policy, text in answered["told"]:
        assert status == 200, (path, status)
        assert "http" not in policy.replace("'", ""), policy
        assert fetched(text)
        assert all(one.startswith("/") and not one.startswith("//") for one in fetched(text)), path


def test_p5_styles_fetch_from_here_only() -> None:
    styles = [*(CHECKOUT / "portal/static").rglob("*.css"), *(CHECKOUT / "dashboards").rglob("*.css")]
    assert styles
    for style in styles:
        for address in re.findall(r"(?:url\(|@import)\s*['\"]?([^'\")\s;]+)", style.read_text()):
            assert not re.match(r"(?!data:)[a-z]+:|//", address), (style, address)
