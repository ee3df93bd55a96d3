"""The tables, brought up to date by the database's owner, and what the portal's own role may do with them."""

from collections.abc import Callable, Collection, Sequence
from urllib.parse import unquote, urlsplit

import asyncpg
from tortoise.context import TortoiseContext
from tortoise.migrations.api import migrate

from portal.kit import db

# Any number will do, if it is always the same: two who migrate at once take turns.
LOCK = 2027_0001
CONNECT_SECONDS = 5.0


class Unreachable(Exception):
    """The database does not answer; the text is one line without its password."""


async def connect(url: str) -> asyncpg.Connection:
    """A connection to the database; raises `Unreachable` after five seconds at most."""
    try:
        return await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, ValueError) as error:
        parts = urlsplit(url)
        words = str(error).strip().splitlines() or ["no answer in five seconds"]
        line = f"The database at {parts.hostname or 'a socket'}{parts.path} cannot be used ({words[0].rstrip('.')})."
        raise Unreachable(f"{line} Check PORTAL_DATABASE_URL, and that PostgreSQL runs there.") from None


async def bring_up_to_date(owner_url: str, app_url: str, models: Sequence[str], say: Callable[[str], object]) -> None:
    """Every migration is applied and the role of `app_url` may do what the portal does and no more.

    Two who call this at once take turns; the second finds nothing to do. Raises `Unreachable`.
    """
    connection = await connect(owner_url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        async with TortoiseContext():
            await migrate(config=db.config(owner_url, models), progress=_told(say))
        role = unquote(urlsplit(app_url).username or "")
        if role and role != await connection.fetchval("SELECT current_user"):
            async with connection.transaction():
                await _grant(connection, role, db.INSERT_ONLY)
    finally:
        await connection.close()


async def comment(owner_url: str) -> str | None:
    """What is written on the database itself. Raises `Unreachable`."""
    connection = await connect(owner_url)
    try:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        told: str | None = await connection.fetchval(query)
        return told
    finally:
        await connection.close()


async def write_comment(owner_url: str, text: str) -> None:
    """`text` is written on the database itself; it has room for letters, digits and `:` only."""
    connection = await connect(owner_url)
    try:
        name = await connection.fetchval("SELECT quote_ident(current_database())")
        await connection.execute(f"COMMENT ON DATABASE {name} IS '{text}'")
    finally:
        await connection.close()


async def has_tables(owner_url: str) -> bool:
    """Whether anything was ever made in the database."""
    connection = await connect(owner_url)
    try:
        return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')"))
    finally:
        await connection.close()


def _told(say: Callable[[str], object]) -> Callable[[str, str, str], object]:
    def progress(event: str, _app: str, name: str) -> None:
        if event.endswith("_start"):
            say(f"migration {name}")

    return progress


async def _grant(connection: asyncpg.Connection, role: str, insert_only: Collection[str]) -> None:
    """The role reads and writes rows of all tables, but of the insert-only ones it changes and removes none."""
    name = '"' + role.replace('"', '""') + '"'
    await connection.execute(
        f"GRANT USAGE ON SCHEMA public TO {name};"
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};"
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name};"
        f"REVOKE INSERT, UPDATE, DELETE ON TABLE tortoise_migrations FROM {name};"
    )
    for table in sorted(insert_only):
        await connection.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON TABLE "{table}" FROM {name}')
