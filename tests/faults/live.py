"""The portal as `portal serve` runs it, over real sockets, on a database of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psutil

from portal.kit.access import cookie
from portal.settings import CHECKOUT
from tests.conftest import Database

START_SECONDS = 120
LONGEST_SECONDS = 40


@dataclass(frozen=True)
class Portal:
    """One process that serves, and its log."""

    port: int
    process: psutil.Process
    log: Path

    def say(self, *pieces: bytes, wait: float = 5, pause: float = 0, source: str = "127.0.0.1") -> bytes:
        """What comes back for the bytes, until it closes or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), wait, (source, 0)) as line:
            heard = b""
            try:
                for piece in pieces:
                    line.sendall(piece)
                    time.sleep(pause)
                line.settimeout(wait)
                while b"\r\n\r\n" not in heard and (part := line.recv(65536)):
                    heard += part
            except (TimeoutError, ConnectionError):
                pass
            return heard

    def status(self, *pieces: bytes, wait: float = 5, source: str = "127.0.0.1") -> int:
        """The status of the answer, 0 where the line was just cut."""
        heard = self.say(*pieces, wait=wait, source=source)
        return int(heard.split()[1]) if heard.startswith(b"HTTP/") else 0

    def head(self, method: str = "POST", path: str = "/ru/view", **more: str) -> bytes:
        """The head of a request."""
        headers = {"host": f"localhost:{self.port}", "connection": "close", **more}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")

    def is_well(self) -> bool:
        """It still answers others at once."""
        begun = time.perf_counter()
        return self.status(self.head("GET", "/readyz")) == 200 and time.perf_counter() - begun < 2

    def wait_ready(self) -> None:
        """It answers, or the test fails with its log."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                if self.status(self.head("GET", "/readyz"), wait=2) == 200:
                    return
            except OSError:
                pass
            assert self.process.is_running(), self.log.read_text()
            assert self.process.status() != psutil.STATUS_ZOMBIE, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def start(url: str, folder: Path, port: int, **environment: str) -> Portal:
    """A portal on the database that begins to serve; `wait_ready` waits for it."""
    log = folder / f"log-{port}"
    known = {
        "PORTAL_DATABASE_URL": url, "PORTAL_DEMO": "1", "PORTAL_BASE_URL": f"http://localhost:{port}",
        "PORTAL_PORT": str(port), "PORTAL_VAR": str(folder / "var"),
    }  # fmt: skip
    with log.open("ab") as written:
        command = [sys.executable, "-m", "portal", "serve"]
        process = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | known | environment, stderr=written)
    return Portal(port, psutil.Process(process.pid), log)


@contextmanager
def running(url: str, folder: Path, *ports: int, **environment: str) -> Iterator[list[Portal]]:
    """Portals on the database, one at each port, that have begun to answer; they end with the block."""
    with ExitStack() as ending:
        found = []
        for port in ports:
            found.append(one := start(url, folder, port, **environment))
            ending.callback(stop, one)
        for one in found:
            one.wait_ready()
        yield found


def stop(portal: Portal) -> float:
    """The process is told to end and has; answers with the seconds that it took."""
    begun = time.monotonic()
    try:
        portal.process.terminate()
        portal.process.wait(LONGEST_SECONDS)
    except psutil.NoSuchProcess:
        pass
    return time.monotonic() - begun


@contextmanager
def copied(template: Database, name: str) -> Iterator[Database]:
    """A copy of the empty database, for processes of a module."""
    made = Database(template.server, f"{template.name.removesuffix('_template')}_{os.getpid()}_{name}")
    template.server.drop_database(made.name)
    template.server.create_database(made.name, template.name)
    try:
        yield made
    finally:
        template.server.drop_database(made.name)


class Proxy:
    """It hands each line to a server that takes it, and whatever that server says, back. It never asks twice."""

    def __init__(self, *servers: int) -> None:
        self.servers, self.port, self.turn = servers, free_port(), 0

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.turn += 1
        for place in range(len(self.servers)):
            with suppress(OSError):
                server = self.servers[(self.turn + place) % len(self.servers)]
                back, forth = await asyncio.open_connection("127.0.0.1", server)
                break
        else:
            writer.close()
            return

        async def pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                while data := await source.read(65536):
                    into.write(data)
                    await into.drain()
            into.close()

        await asyncio.gather(pour(reader, forth), pour(back, writer))

    async def __aenter__(self) -> Proxy:
        self.server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()


@dataclass
class Town:
    """Two servers and the proxy before them."""

    database: Database
    folder: Path
    proxy: Proxy
    environment: dict[str, str]
    portals: list[Portal] = field(default_factory=list)

    def start(self, port: int) -> Portal:
        origin = f"http://localhost:{self.proxy.port}"
        return start(self.database.app_url, self.folder, port, PORTAL_BASE_URL=origin, **self.environment)

    async def restart(self, place: int) -> float:
        """One of the servers is another process; answers with the seconds that the old one took to end."""
        old = self.portals[place]
        taken = await asyncio.to_thread(stop, old)
        self.portals[place] = self.start(old.port)
        await asyncio.to_thread(self.portals[place].wait_ready)
        return taken

    def client(self, token: str) -> httpx2.AsyncClient:
        """A browser in which somebody is signed in; it says so if the answer does not come."""
        origin = f"http://localhost:{self.proxy.port}"
        headers = {"origin": origin, "cookie": f"{cookie('session')}={token}", "connection": "close"}
        return httpx2.AsyncClient(base_url=origin, headers=headers, timeout=LONGEST_SECONDS)
