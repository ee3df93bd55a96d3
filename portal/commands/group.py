"""The command `portal` itself: what its commands share, and how their known troubles end."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from portal.settings import Unsafe, read_settings, settings

if TYPE_CHECKING:
    from portal.kit.postgres import Server

# Methods compute on one core: the others are for pages. The libraries below numpy read this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class Commands(click.Group):
    """Commands whose known troubles end in one line that says what to do."""

    def invoke(self, ctx: click.Context) -> object:
        """The command has run, or its trouble is told and the process ends with 1, or 2 for wrong settings."""
        from portal.kit import logs
        from portal.kit.assets import Unbuildable
        from portal.kit.cluster import Unavailable
        from portal.kit.schema import Unreachable
        from portal.kit.serving import PortTaken

        logs.configure()
        try:
            return super().invoke(ctx)
        except Unsafe as error:
            end(str(error), 2)
        except (Unavailable, Unbuildable, Unreachable, PortTaken) as error:
            end(str(error), 1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The portal of programmes for families: calls, applications, reports and public results."""


def end(line: str, code: int) -> NoReturn:
    """The process ends with `code`, and `line` says why."""
    click.echo(line, err=True)
    sys.exit(code)


def step(text: str) -> None:
    """The person at the terminal knows what goes on now."""
    click.echo(f"· {text} …")


def addresses() -> tuple[str, str]:
    """The database as the portal's role and as its owner."""
    chosen = settings()
    if chosen.database_url is None:
        raise Unsafe("Set PORTAL_DATABASE_URL to the PostgreSQL database of the portal.")
    return chosen.database_url, chosen.owner_database_url or chosen.database_url


@contextmanager
def database() -> "Iterator[Server | None]":
    """The settings name a database during the block: the environment's, or that of a private server run for it."""
    if read_settings(os.environ).database_url:
        yield None
        return
    from portal.kit import postgres

    early = read_settings(os.environ)
    step("Starting PostgreSQL")
    server = postgres.start(early.var, programs=early.pg_bin)
    try:
        os.environ["PORTAL_DATABASE_URL"] = server.app_url
        os.environ["PORTAL_OWNER_DATABASE_URL"] = server.owner_url
        settings.cache_clear()
        yield server
    finally:
        server.stop()
