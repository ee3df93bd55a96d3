"""The one database: how Tortoise is told of it, what may only be inserted, and what its constraints say to a person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg
from tortoise import Model, Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import TransactionContextPooled
from tortoise.exceptions import DBConnectionError, IntegrityError
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from portal.kit.errors import NotFound
from portal.kit.i18n import Text

M = TypeVar("M", bound=type[Model])
R = TypeVar("R", bound=Model)

POOL = 8
PATIENCE = 0.9
"""Seconds that a page waits for the database to take a line or to answer a question: it is told within two that it does
not. A crowd is told eight at a time."""
QUEUE_SECONDS = 10.0
"""How long one waits for a line that others use: a crowd at a database that is well is no reason to refuse anybody."""
AWAY = (
    OSError, TimeoutError, DBConnectionError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError, asyncpg.AdminShutdownError,
)  # fmt: skip
INSERT_ONLY: set[str] = set()
_constraints: dict[str, Text] = {}


class Pool(asyncpg.Pool):  # type: ignore[misc]
    """Connections in whose queue nobody stands for ever."""

    def acquire(self, *, timeout: float | None = QUEUE_SECONDS) -> Any:
        """A connection within `timeout` seconds; raises TimeoutError."""
        return super().acquire(timeout=timeout)


class Client(AsyncpgDBClient):
    """PostgreSQL as Tortoise speaks to it, by way of such a pool where there is a limit to the waiting."""

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        """A pool that is filled as it is used, so that it can be made while the database is away."""
        lifetime = {"max_queries": 50_000, "max_inactive_connection_lifetime": 300.0}
        pool = asyncpg.Pool if kwargs["command_timeout"] is None else Pool
        return await pool(**lifetime, **{"loop": None, "record_class": asyncpg.Record, **kwargs})


client_class = Client
"""Where Tortoise looks for it in an engine's module."""


def insert_only(table: str) -> Callable[[M], M]:
    """Marks a model whose rows are never changed or removed: no right to do so is granted, and a trigger refuses it."""

    def mark(model: M) -> M:
        INSERT_ONLY.add(table)
        return model

    return mark


def constraint(name: str, reason: Text) -> None:
    """From now on a breach of the database constraint `name` is told to the person as `reason`."""
    _constraints[name] = reason


def reason_of(error: IntegrityError) -> Text | None:
    """What the broken constraint says to a person, or None where it has no words and is a fault of ours."""
    name = getattr(error.args[0], "constraint_name", None) if error.args else None
    return _constraints.get(name or "")


def config(url: str, models: Sequence[str], *, patience: float | None = None) -> dict[str, Any]:
    """Tortoise's configuration: one database, one app named portal, time in UTC.

    Nothing that is asked of the database is waited for longer than `patience` seconds, if there is such a limit.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    credentials: dict[str, Any] = {
        "host": query.get("host") or parts.hostname,
        "port": int(query.get("port") or parts.port or 5432),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": parts.path.lstrip("/"),
        "minsize": 0,
        "maxsize": POOL,
        "reset": _as_it_is,
        "command_timeout": patience,
        **({"timeout": patience} if patience else {}),
    }
    if query.get("pgbouncer"):
        credentials["statement_cache_size"] = 0
    return {
        "connections": {"default": {"engine": "portal.kit.db", "credentials": credentials}},
        "apps": {
            "portal": {
                "models": list(models),
                "default_connection": "default",
                "migrations": "portal.migrations",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def _as_it_is(_: object) -> None:
    """A connection comes back into the pool without being asked to forget: nothing of ours sets, locks or listens.

    Whatever transaction it still has is rolled back before; asyncpg's own `RESET ALL` would be one more way to the
    database and back for every query.
    """


def is_away(error: BaseException | None) -> bool:
    """Whether the fault is that the database does not answer, rather than what it was asked."""
    while error is not None:
        if isinstance(error, AWAY):
            return True
        error = error.__cause__ or error.__context__
    return False


async def found(query: QuerySet[R]) -> R:
    """The record that the query finds; raises NotFound where there is none, or none for this reader."""
    record = await query.first()
    if record is None:
        raise NotFound
    return record


async def rows(sql: str, *values: Any) -> Sequence[Mapping[str, Any]]:
    """What one hand-written query finds, by column: for pages that read, where building models would cost the most."""
    _, found = await Tortoise.get_connection("default").execute_query(sql, list(values))
    return found


@cache
def columns(model: type[Model], alias: str) -> str:
    """The columns of a model for the SELECT of such a query, where its table is called `alias`."""
    return ", ".join(f'{alias}."{column}" AS "{alias}.{column}"' for column in sorted(model._meta.db_fields))


def record(model: type[R], row: Mapping[str, Any], alias: str, **loaded: Model | None) -> R:
    """The record that such a query has found in its `columns(model, alias)`, with the other records that it names."""
    found = model._init_from_db(**{column: row[f"{alias}.{column}"] for column in model._meta.db_fields})
    found.__dict__.update({f"_{name}": other for name, other in loaded.items()})  # Set by name they would be examined.
    return found


async def records(model: type[R], condition: str, *values: Any) -> list[R]:
    """The records of which a hand-written SQL condition, which may end in an ORDER BY, is true."""
    table = model._meta.db_table
    found = await rows(f'SELECT {columns(model, table)} FROM "{table}" WHERE {condition}', *values)
    return [record(model, row, table) for row in found]


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """One transaction, or a savepoint of the one there is, even for a task that is cancelled while it begins.

    Tortoise leaves such a one open, and its connection never comes back into the pool.
    """
    around = in_transaction()
    try:
        await around.__aenter__()
    except BaseException:
        if isinstance(around, TransactionContextPooled) and hasattr(around, "token"):  # It holds a connection.
            around.client._finalized = True
            await around.__aexit__(None, None, None)
        raise
    try:
        yield
    except BaseException as error:
        await around.__aexit__(type(error), error, error.__traceback__)
        raise
    await around.__aexit__(None, None, None)


@asynccontextmanager
async def connected(url: str, models: Sequence[str], *, patience: float | None = None) -> AsyncIterator[None]:
    """Inside the block models speak to the database at `url`, from every task of the process, with such `patience`."""
    await Tortoise.init(config=config(url, models, patience=patience), _enable_global_fallback=True)
    try:
        yield
    finally:
        await Tortoise.close_connections()
