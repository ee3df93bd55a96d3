"""The portal as `portal serve` runs it, over real sockets, on a database of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from portal.settings import CHECKOUT
from tests.conftest import Database

START_SECONDS = 60


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
        portal.process.wait(40)
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
