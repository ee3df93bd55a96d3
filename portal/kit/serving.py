"""A process that serves: its port taken before anything else starts, its companions ended before it is."""

import asyncio
import ctypes
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

import structlog
import uvicorn
from starlette.types import ASGIApp

from portal.settings import CHECKOUT

GRACE_SECONDS = 5
DRAIN_SECONDS = 20
TURN_SECONDS, LAST_WORD_SECONDS = 0.05, 0.5
"""Until those who were let in last are counted; and what a request's head may take from the opening of its line."""
M_MMAP_THRESHOLD, LARGE_BYTES = -3, 1 << 20
"""The number of the setting in glibc's malloc.h, and its value."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 60.0

log = structlog.get_logger()


class PortTaken(Exception):
    """Another program listens there; the text is one line that says what to do."""


def reserve(host: str, port: int) -> socket.socket:
    """A socket that listens there, and nobody else's; raises `PortTaken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # Bound is not yet refused to another; only a port that is listened at is.
        listening.listen(2048)
    except OSError as error:
        listening.close()
        words = f"Port {port} of {host} cannot be used ({error.strerror}). Choose another: PORT={port + 1} make demo"
        raise PortTaken(words) from None
    return listening


def _give_back() -> None:
    """Large pieces of memory go back to the machine when they are not used any more.

    Hashing a password takes 19 MB, which glibc would keep for the next one, in every thread that has ever done it.
    """
    with suppress(AttributeError):  # Another libc: it has other ways.
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def serve(app: ASGIApp, listening: socket.socket, *, trusted_proxies: str = "") -> None:
    """Requests are answered until the process is told to end; those under way get twenty seconds."""
    _give_back()
    gc.collect()
    gc.freeze()  # What stands since the start stays: looking through it again and again would slow every answer.
    config = uvicorn.Config(
        app,
        log_level="warning",
        log_config=None,  # Its own would tell faults with their messages.
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies or None,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        ws="none",
    )
    Server(config).run(sockets=[listening])


class Server(uvicorn.Server):
    """uvicorn's, which by itself cuts the line of whoever it let in and whose request is still on its way."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Nobody new is let in; who came in time is heard and answered."""
        await asyncio.sleep(0)  # The loop lets in whoever waits at the door.
        for server in self.servers:
            server.close()
        await asyncio.sleep(TURN_SECONDS)
        if self.server_state.connections:
            await asyncio.sleep(LAST_WORD_SECONDS)
        await super().shutdown(sockets)


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """SIGTERM and a closed terminal end the block as Ctrl-C does: everything it opened is closed.

    While it closes, further signals are ignored: a second Ctrl-C must not leave a server behind.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    with suppress(KeyboardInterrupt):
        yield


@contextmanager
def beside(arguments: Sequence[str]) -> Iterator[None]:
    """Another process of the portal runs during the block, and ends with this one even if this one is killed.

    If it dies before, it is started anew, sooner or later as it lived long or not.
    """
    companion = Companion([sys.executable, "-m", "portal", *arguments, "--tied"])
    try:
        yield
    finally:
        companion.end()


class Companion:
    """A process that is kept alive until it is ended."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command, self.ending, self.lock = command, threading.Event(), threading.Lock()
        self.process = self._started()
        threading.Thread(target=self._keep, daemon=True).start()

    def end(self) -> None:
        """It is gone, after five seconds at most, and stays so."""
        with self.lock:
            self.ending.set()
            self.process.terminate()
        try:
            self.process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def _started(self) -> "subprocess.Popen[bytes]":
        # The pipe is the tie: it closes when this process is gone, however it went.
        return subprocess.Popen(
            self.command, cwd=CHECKOUT, env=dict(os.environ), stdin=subprocess.PIPE, start_new_session=True
        )

    def _keep(self) -> None:
        pause, begun = FIRST_PAUSE_SECONDS, time.monotonic()
        while True:
            code = self.process.wait()
            pause = FIRST_PAUSE_SECONDS if time.monotonic() - begun > LONGEST_PAUSE_SECONDS else pause * 2
            if self.ending.wait(min(pause, LONGEST_PAUSE_SECONDS)):
                return
            log.error("a companion ended and is started anew", code=code)
            with self.lock:
                if self.ending.is_set():
                    return
                begun, self.process = time.monotonic(), self._started()
