"""The command line: `portal demo`, `serve`, `worker`, `migrate`, `build` and what the rooms add."""

import asyncio
import os
import secrets
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    import socket

    from portal.kit.postgres import Server

from portal.settings import Unsafe, read_settings, settings

MADE = "Demonstration data: whole"
"""The comment on a database whose demonstration data were loaded to the end."""


class Commands(click.Group):
    """Commands whose known troubles end in one line that says what to do."""

    def invoke(self, ctx: click.Context) -> object:
        """The command has run, or its trouble is told and the process ends with 1, or 2 for wrong settings."""
        from portal.kit.assets import Unbuildable
        from portal.kit.cluster import Unavailable
        from portal.kit.schema import Unreachable
        from portal.kit.serving import PortTaken

        try:
            return super().invoke(ctx)
        except Unsafe as error:
            _end(str(error), 2)
        except (Unavailable, Unbuildable, Unreachable, PortTaken) as error:
            _end(str(error), 1)


def _end(line: str, code: int) -> NoReturn:
    click.echo(line, err=True)
    sys.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The portal of programmes for families: calls, applications, reports and public results."""


@main.command()
def build() -> None:
    """Build the messages and assets of the pages. What is up to date is left."""
    from portal.kit import assets, catalogues

    catalogues.build()
    assets.install()
    assets.build()


@main.command()
def migrate() -> None:
    """Bring the database up to date. Run it as its owner, at any time; several at once take turns."""
    with _database():
        asyncio.run(_migrate())
    click.echo("The database is up to date.")


@main.command("import-directory")
def import_directory() -> None:
    """Bring in regions, series and indicators. They are those of this version; tells what changed."""
    with _database():
        asyncio.run(_import_directory())


@main.command()
@click.argument("name")
def makemigration(name: str) -> None:
    """Write a migration for what models say. It is called NAME."""
    asyncio.run(_makemigration(name))


@main.command()
def serve() -> None:
    """Answer requests. The worker is a process of its own: `portal worker`."""
    from portal.kit import serving

    with serving.ending_cleanly():
        listening = serving.reserve(settings().listen, settings().port)
        with listening, _database():
            _serve(listening)


@main.command()
@click.option("--tied", is_flag=True, hidden=True, help="End when standard input closes.")
def worker(*, tied: bool) -> None:
    """Do what waits. Letters, reminders, whatever pages leave for later."""
    with _database():
        asyncio.run(_work(tied=tied))


@main.command()
def demo() -> None:
    """Run everything here, with fictional data. For one person to look at."""
    from portal.kit import serving

    os.environ["PORTAL_DEMO"] = "1"
    early = read_settings(os.environ)
    with serving.ending_cleanly(), serving.reserve(early.listen, early.port) as listening:
        _keep_secret(early.var)
        _step("Building what pages are made of")
        build.callback()  # type: ignore[misc]
        with _database() as server:
            _step("Bringing the database up to date")
            asyncio.run(_fill(server))
            with serving.beside(["worker"]):
                _welcome()
                _serve(listening)
    click.echo("\nEverything is stopped.")


def _step(text: str) -> None:
    click.echo(f"· {text} …")


def _serve(listening: "socket.socket") -> None:
    from portal.app import served
    from portal.kit import logs, serving

    logs.configure()
    url, _ = _addresses()
    serving.serve(served(url), listening, trusted_proxies=settings().trusted_proxies)


def _addresses() -> tuple[str, str]:
    """The database as the portal's role and as its owner."""
    chosen = settings()
    if chosen.database_url is None:
        raise Unsafe("Set PORTAL_DATABASE_URL to the PostgreSQL database of the portal.")
    return chosen.database_url, chosen.owner_database_url or chosen.database_url


@contextmanager
def _database() -> "Iterator[Server | None]":
    """The settings name a database during the block: the environment's, or that of a private server run for it."""
    if read_settings(os.environ).database_url:
        yield None
        return
    from portal.kit import postgres

    early = read_settings(os.environ)
    _step("Starting PostgreSQL")
    server = postgres.start(early.var, programs=early.pg_bin)
    try:
        os.environ["PORTAL_DATABASE_URL"] = server.app_url
        os.environ["PORTAL_OWNER_DATABASE_URL"] = server.owner_url
        settings.cache_clear()
        yield server
    finally:
        server.stop()


async def _migrate() -> None:
    from portal.app import MODELS
    from portal.kit import schema

    url, owner_url = _addresses()
    await schema.bring_up_to_date(owner_url, url, MODELS, _step)


async def _import_directory() -> None:
    from portal.app import MODELS
    from portal.directory.indicator import service as indicator
    from portal.directory.region import service as region
    from portal.kit import db, journal

    url, _ = _addresses()
    async with db.connected(url, MODELS):
        for name, room in (("Regions and series", region), ("Indicators and directions", indicator)):
            report = await room.import_all(by=journal.PORTAL)
            click.echo(f"{name}: {report.added} added, {report.changed} changed, {report.unchanged} as they were.")


async def _makemigration(name: str) -> None:
    from tortoise.context import TortoiseContext
    from tortoise.migrations.autodetector import MigrationAutodetector

    from portal.app import MODELS
    from portal.kit import db

    config = db.config("postgres://nobody@localhost/nothing", MODELS)
    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        assert context.apps is not None
        detector = MigrationAutodetector(context.apps, config["apps"])
        for writer in await detector.changes():
            writer.name = f"{writer.name[:4]}_{name}"
            click.echo(writer.write())


async def _work(*, tied: bool) -> None:
    from portal.app import MODELS
    from portal.kit import db, jobs, logs

    logs.configure()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if tied:

        def wait_for_the_other() -> None:
            os.read(0, 1)  # Not sys.stdin: its lock would outlive the interpreter.
            loop.call_soon_threadsafe(stop.set)

        threading.Thread(target=wait_for_the_other, daemon=True).start()
    url, _ = _addresses()
    async with db.connected(url, MODELS):
        await jobs.run(url, stop)


async def _fill(server: "Server | None") -> None:
    """The database is up to date and holds the demonstration data, made once and whole."""
    from portal.app import MODELS
    from portal.kit import db, schema

    url, owner_url = _addresses()
    whole = await schema.comment(owner_url) == MADE
    if not whole and await schema.has_tables(owner_url):
        if server is None:
            raise schema.Unreachable(
                "The database is not empty. Name an empty one in PORTAL_DATABASE_URL for the demo."
            )
        server.renew_database()  # An earlier loading was interrupted.
    await _migrate()
    if not whole:
        _step("Loading reference and demonstration data, once")
        from portal import demo as content

        async with db.connected(url, MODELS):
            await content.make(_step)
        await schema.write_comment(owner_url, MADE)


def _keep_secret(var: Path) -> None:
    """Sessions of the demo outlive its restart: its secret is made once."""
    file = var / "secret"
    try:
        var.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32))
    except OSError as error:
        _end(f"{var} cannot be written ({error.strerror}). Set PORTAL_VAR to a folder that you can write to.", 1)
    os.environ.setdefault("PORTAL_SECRET", file.read_text())


def _welcome() -> None:
    from portal.demo import SIGN_INS

    click.echo(f"\n  {settings().base_url}\n")
    for role, email, password in SIGN_INS:
        click.echo(f"  {role.msgid:<28} {email:<36} {password}")
    click.echo("\n  Everything shown is fictional but the regions, series and indicators. Ctrl-C stops it.\n")


if __name__ == "__main__":
    main(prog_name="portal")
