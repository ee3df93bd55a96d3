"""`portal check`: whether everything that the portal stands on is as it must be, line by line."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import asyncpg
import click

from portal.commands.group import addresses, database, main
from portal.settings import read_settings, settings

OLDEST_POSTGRES = 180_000
SKEW_SECONDS = 2.0
WRITABLE = ("UPDATE", "DELETE", "TRUNCATE")
Check = Callable[[asyncpg.Connection], Awaitable[str]]


class Wrong(Exception):
    """Something is not as it must be; the text says what, and what to do."""


@main.command()
@click.option("--data", is_flag=True, help="Ask the rules of the data too.")
def check(*, data: bool) -> None:
    """Look whether settings, database, queue, mail and clock are as they must be. Ends with 1 if anything is not."""
    read_settings(os.environ)  # Ends here, with its own words, where a setting is unsafe.
    with database():
        wrong = asyncio.run(_look(data=data))
    if wrong:
        sys.exit(1)


async def _look(*, data: bool) -> int:
    """Each check's line is told; answers with how many were wrong."""
    from portal.kit import schema

    url, _ = addresses()
    connection, wrong = await schema.connect(url), 0
    checks: dict[str, Check] = {
        "settings": _settings, "database": _database, "role": _role, "migrations": _migrations, "queue": _queue,
        "clock": _clock, "folder": _folder, "files": _files, "mail": _mail,
    }  # fmt: skip
    if data:
        checks["data"] = _data
    try:
        for name, ask in checks.items():
            try:
                told, mark = await ask(connection), "✓"
            except Wrong as error:
                told, mark, wrong = str(error), "✗", wrong + 1
            click.echo(f"{mark} {name:<11} {told}")
    finally:
        await connection.close()
    return wrong


async def _settings(_: asyncpg.Connection) -> str:
    chosen = settings()
    if chosen.demo:
        return f"the demonstration, at {chosen.base_url}"
    return f"{chosen.base_url}, worker {chosen.worker}"


async def _database(connection: asyncpg.Connection) -> str:
    version = await connection.fetchval("SELECT current_setting('server_version_num')::int")
    if version < OLDEST_POSTGRES:
        raise Wrong(f"PostgreSQL {version // 10_000} is too old: the portal needs 18.")
    if await connection.fetchval("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool"):
        raise Wrong("The database only reads. Name the one that writes.")
    encoding = await connection.fetchval("SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        raise Wrong(f"The database writes {encoding}: make it with UTF8.")
    return str(await connection.fetchval("SELECT 'PostgreSQL ' || current_setting('server_version')"))


async def _role(connection: asyncpg.Connection) -> str:
    """The role of the server may not change what is only ever added to, nor make tables."""
    from portal.app import MODELS
    from portal.kit import db

    assert MODELS  # They say which tables are only ever added to.
    url, owner_url = addresses()
    role = unquote(urlsplit(url).username or "")
    if url == owner_url:
        raise Wrong("One role both migrates and serves. Give the server its own: set PORTAL_OWNER_DATABASE_URL.")
    if await connection.fetchval("SELECT usesuper FROM pg_user WHERE usename = current_user"):
        raise Wrong(f"{role} is a superuser. Give the server a role that may only read and write rows.")
    for table in sorted(db.INSERT_ONLY):
        for right in WRITABLE:
            if await connection.fetchval("SELECT has_table_privilege($1, $2)", table, right):
                raise Wrong(f"{role} may {right} {table}. Run `portal migrate` as the owner.")
        if not await connection.fetchval(
            "SELECT count(*) = 2 FROM pg_trigger WHERE tgrelid = $1::regclass AND tgenabled <> 'D' "
            "AND tgname IN ('only_added', 'never_emptied')", table,
        ):  # fmt: skip
            raise Wrong(f"{table} has lost the triggers that keep it. Restore the database or its schema.")
    return f"{role} adds to the {len(db.INSERT_ONLY)} tables that keep, and changes none of them"


async def _migrations(connection: asyncpg.Connection) -> str:
    from portal.kit.health import migrations

    had = {row["name"] for row in await connection.fetch("SELECT name FROM tortoise_migrations")}
    if missing := [name for name in migrations() if name not in had]:
        raise Wrong(f"{missing[0]} has not been applied. Run `portal migrate`.")
    return f"all {len(migrations())} are applied"


async def _queue(connection: asyncpg.Connection) -> str:
    from portal.kit.jobs import STATE

    row = await connection.fetchrow(STATE)
    if row["failed"]:
        raise Wrong(f"{row['failed']} tasks failed and are held. Look into the log of the worker.")
    if row["oldest"].total_seconds() > 300:
        raise Wrong(f"A task has waited for {row['oldest']}: is a worker running?")
    return f"{row['waiting']} tasks wait"


async def _clock(connection: asyncpg.Connection) -> str:
    begun = time.monotonic()
    theirs = await connection.fetchval("SELECT clock_timestamp()")
    apart = abs((datetime.now(UTC) - theirs).total_seconds()) - (time.monotonic() - begun)
    if apart > SKEW_SECONDS:
        raise Wrong(f"The clocks of this machine and of the database are {apart:.0f} s apart. Set both by NTP.")
    return "this machine and the database agree"


async def _folder(_: asyncpg.Connection) -> str:
    folder = settings().var
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise Wrong(f"{folder} cannot be written.")
    left = os.statvfs(folder)
    share = left.f_bavail / left.f_blocks
    if share < 0.1:
        raise Wrong(f"Only {share:.0%} of the disk of {folder} is free.")
    return f"{folder} can be written, {share:.0%} of its disk is free"


async def _files(_: asyncpg.Connection) -> str:
    from portal.kit import files

    if trouble := await files.trouble():
        raise Wrong(trouble)
    return "the store of files can be written"


async def _mail(_: asyncpg.Connection) -> str:
    from portal.kit import smtp

    if not settings().smtp_url:
        if settings().demo:
            return "letters stay in the mailbox of the demonstration"
        raise Wrong("Letters go nowhere. Set PORTAL_SMTP_URL.")
    try:
        await smtp.greet()
    except smtp.NotTaken as error:
        raise Wrong(f"The mail server does not answer as it must ({error}). Check PORTAL_SMTP_URL.") from None
    return "the mail server answers"


async def _data(connection: asyncpg.Connection) -> str:
    from portal.invariants import RULES, breaches

    if found := await breaches(connection):
        raise Wrong("\n              ".join(map(str, found)))
    return f"all {len(RULES)} rules hold"
