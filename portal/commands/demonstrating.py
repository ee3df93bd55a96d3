"""The demonstration: everything here, with fictional data."""

import asyncio
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.commands.group import addresses, database, end, main, step
from portal.commands.preparing import bring_up_to_date, build
from portal.commands.running import answer
from portal.settings import read_settings, settings

if TYPE_CHECKING:
    from portal.kit.postgres import Server

PORTAL = Path(__file__).parents[1]


def made() -> str:
    """The comment on a database whose demonstration data, those of this version, were loaded to the end."""
    content = sha256()
    for folder in ("demo", "migrations"):
        for file in sorted((PORTAL / folder).rglob("*")):
            if file.suffix in (".py", ".toml"):
                content.update(file.read_bytes())
    return f"Demonstration data: whole {content.hexdigest()[:12]}"


@main.command()
def demo() -> None:
    """Run everything here, with fictional data. For one person to look at."""
    from portal.kit import serving

    os.environ["PORTAL_DEMO"] = "1"
    early = read_settings(os.environ)
    with serving.ending_cleanly(), serving.reserve(early.listen, early.port) as listening:
        _keep_secret(early.var)
        step("Building what pages are made of")
        build.callback()  # type: ignore[misc]
        with database() as server:
            step("Bringing the database up to date")
            asyncio.run(_fill(server))
            _welcome()
            answer(listening)
    click.echo("\nEverything is stopped.")


async def _fill(server: "Server | None") -> None:
    """The database is up to date and holds the demonstration data, made once and whole."""
    from portal.app import MODELS
    from portal.kit import db, schema

    url, owner_url = addresses()
    whole = await schema.comment(owner_url) == made()
    if not whole and await schema.has_tables(owner_url):
        if server is None:
            raise schema.Unreachable(
                "The database is not empty. Name an empty one in PORTAL_DATABASE_URL for the demo."
            )
        server.renew_database()  # An earlier loading was interrupted, or was another version's.
    await bring_up_to_date()
    from portal import demo as content

    async with db.connected(url, MODELS):
        if not whole:
            step("Loading reference and demonstration data, once")
            await content.make(step)
            await schema.write_comment(owner_url, made())
        await content.begin_again()


def _keep_secret(var: Path) -> None:
    """Sessions of the demo outlive its restart: its secret is made once."""
    file = var / "secret"
    try:
        var.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32))
    except OSError as error:
        end(f"{var} cannot be written ({error.strerror}). Set PORTAL_VAR to a folder that you can write to.", 1)
    os.environ.setdefault("PORTAL_SECRET", file.read_text())


def _welcome() -> None:
    from portal.demo import SIGN_INS

    click.echo(f"\n  {settings().base_url}\n")
    for role, email, password in SIGN_INS:
        click.echo(f"  {role.msgid:<28} {email:<36} {password}")
    click.echo("\n  Everything shown is fictional but the regions, series and indicators. Ctrl-C stops it.\n")
