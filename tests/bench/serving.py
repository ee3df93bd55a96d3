"""Servers as processes of their own, what they cost read from outside, and a browser that keeps its connection."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from portal.settings import CHECKOUT
from tests.bench.asking import Question

SECONDS_TO_START = 60
ENCODINGS = "gzip, deflate, br, zstd"
COMPILED = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(CHECKOUT / "var" / "bytecode")}
"""Libraries are read as pip leaves them where it installs: compiled, from the second start on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the head in lower case, the body as it travelled."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int
    """Bytes over the wire, head and body."""


class Browser:
    """One kept connection to a port of this machine."""

    def __init__(self, port: int) -> None:
        self.port, self.socket = port, socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, question: Question) -> Answer:
        """The answer to a question; raises ConnectionError if the server closes."""
        self.socket.sendall(self._written(question))
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        lines = data[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        whole = end + 4 + int(headers.get("content-length", 0))
        while len(data) < whole:
            data += self._more()
        return Answer(int(lines[0].split()[1]), headers, data[end + 4 :], len(data))

    def _more(self) -> bytes:
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part

    def _written(self, question: Question) -> bytes:
        host = f"localhost:{self.port}"
        cookies = "; ".join(f"{name}={value}" for name, value in question.cookies.items())
        head = [f"{'GET' if question.body is None else 'POST'} {question.path} HTTP/1.1", f"host: {host}"]
        head += [f"origin: http://{host}", f"accept-encoding: {ENCODINGS}", f"cookie: {cookies}"]
        head.append(f"accept: {question.accept}")
        if question.body is not None:
            head += [f"content-type: {question.kind}", f"content-length: {len(question.body)}"]
        return "\r\n".join([*head, "", ""]).encode() + (question.body or b"")


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers."""

    port: int
    process: psutil.Process
    cold_start: float
    """Seconds from the command to the first answer."""

    def processor(self) -> float:
        """Seconds of processor time that it has used, all its threads."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Bytes resident, its companions' too."""
        return sum(int(one.memory_info().rss) for one in (self.process, *self.process.children(recursive=True)))


@contextmanager
def serving(module: str, arguments: Sequence[str], **environment: str) -> Iterator[Served]:
    """`python -m module arguments` answers at a free port, told as PORT, during the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    told = {**os.environ, **COMPILED, **environment, "PORT": str(port)}
    command = [sys.executable, "-m", module, *arguments]
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=CHECKOUT, env=told, stdout=subprocess.DEVNULL)
    try:
        _answers(port, process, begun + SECONDS_TO_START)
        yield Served(port, psutil.Process(process.pid), time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int, process: subprocess.Popen[bytes], until: float) -> None:
    while True:
        try:
            with Browser(port) as browser:
                browser.ask(Question("/healthz", {}))
                return
        except OSError:
            if process.poll() is not None or time.perf_counter() > until:
                raise RuntimeError(f"{process.args!r} does not answer") from None
            time.sleep(0.02)
