"""A process that serves: the port is taken first, and companions end with it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from portal.kit import serving
from portal.settings import CHECKOUT

HOLDER = """
import os, sys, time
from portal.kit import serving
serving.sys.executable = sys.argv[1]
with serving.ending_cleanly():
    with serving.beside(["worker"]):
        print("ready", flush=True)
        time.sleep(60)
    print("not reached")
print("closed", flush=True)
"""
# Stands for `python -m portal worker --tied`: says its number and waits for standard input to close.
COMPANION = """#!/bin/sh
echo $$ >"$PORTAL_TEST_NOTE"
exec cat >/dev/null
"""
# Answers everybody, and says its port.
SERVER = """
from portal.kit import serving

async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

listening = serving.reserve("127.0.0.1", 0)
print(listening.getsockname()[1], flush=True)
serving.serve(app, listening)
"""


def test_p3_request_that_is_on_its_way_when_the_server_is_told_to_end_is_answered() -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], cwd=CHECKOUT, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        there = ("127.0.0.1", int(server.stdout.readline()))
        with socket.create_connection(there, 10) as before:
            before.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert before.recv(100).startswith(b"HTTP/1.1 200")
            with socket.create_connection(there, 10) as line:
                server.terminate()
                time.sleep(0.25)
                line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                assert line.recv(100).startswith(b"HTTP/1.1 200")
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(there, 10)


def test_taken_port_is_told_with_the_next_one() -> None:
    with serving.reserve("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(serving.PortTaken, match=f"Port {port} .*PORT={port + 1} make demo"):
            serving.reserve("127.0.0.1", port)


def test_reserved_port_is_listened_at() -> None:
    with serving.reserve("127.0.0.1", 0) as first, socket.create_connection(first.getsockname(), 1):
        pass


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_companion_ends_however_its_holder_went(
    tmp_path_factory: pytest.TempPathFactory, ending: signal.Signals
) -> None:
    folder = tmp_path_factory.mktemp("beside")
    program, note = folder / "python", folder / "note"
    program.write_text(COMPANION)
    program.chmod(0o755)
    environment = os.environ | {"PORTAL_TEST_NOTE": str(note)}
    command = [sys.executable, "-c", HOLDER, str(program)]
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        while not note.exists() or not note.read_text():
            pass
        companion = psutil.Process(int(note.read_text()))
        holder.send_signal(ending)
        said = holder.communicate(timeout=10)[0]
    companion.wait(5)
    assert said == ("" if ending is signal.SIGKILL else "closed\n")


def test_companion_that_dies_is_started_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, note = tmp_path / "python", tmp_path / "note"
    program.write_text(COMPANION)
    program.chmod(0o755)
    monkeypatch.setenv("PORTAL_TEST_NOTE", str(note))
    monkeypatch.setattr(serving.sys, "executable", str(program))
    monkeypatch.setattr(serving, "FIRST_PAUSE_SECONDS", 0.01)

    def companion(other_than: int = 0) -> psutil.Process:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            number = int(note.read_text() or 0) if note.exists() else 0
            if number not in (0, other_than):
                return psutil.Process(number)
        raise TimeoutError

    with serving.beside(["worker"]):
        first = companion()
        first.kill()
        second = companion(other_than=first.pid)
        assert second.is_running()
    second.wait(5)
    assert not psutil.pid_exists(second.pid)
