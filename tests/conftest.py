"""What every test may ask for: a private PostgreSQL, a database of the worker's, a transaction rolled back."""

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

# Settings are read once, at the first import that asks for them.
os.environ.update(PORTAL_DEMO="1", PORTAL_BASE_URL="http://localhost", PORTAL_SECRET="for tests only, of no other use")

import hypothesis
import psutil
import pytest
from tortoise import connections
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.context import TortoiseContext
from tortoise.transactions import in_transaction

from portal import invariants
from portal.kit import db, postgres
from portal.settings import CHECKOUT, settings
from tests import told

hypothesis.settings.register_profile("portal", deadline=None)  # A busy machine is no fault.
hypothesis.settings.load_profile("portal")
VAR = CHECKOUT / "var" / "test"
LAST = pytest.StashKey[bool]()
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _models() -> list[str]:
    # Imported when a database is wanted: tests of rules need not know every room.
    from portal.app import MODELS

    return MODELS


@dataclass(frozen=True)
class Database:
    """A database with all tables and nothing in them, and its addresses for both roles."""

    server: postgres.Server
    name: str

    @property
    def app_url(self) -> str:
        """As the portal itself."""
        return self.server.url(postgres.APP, self.name)

    @property
    def owner_url(self) -> str:
        """As the one who migrates."""
        return self.server.url(postgres.OWNER, self.name)


class Run:
    """One run of the tests: its server and the migrated database that all others are copies of."""

    def __init__(self) -> None:
        self.server = postgres.start(VAR, durable=False, programs=settings().pg_bin)
        self.template = f"test_{os.getpid()}_template"
        for name in self.server.databases():  # Left by runs that were killed.
            if name.startswith("test_") and not psutil.pid_exists(int(name.split("_")[1])):
                self.server.drop_database(name)
        self.server.drop_database(self.template)
        self.server.create_database(self.template)
        # In a thread of its own, because this one may have a loop already.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _migrate(Database(self.server, self.template))).result()

    def close(self) -> None:
        """Its databases are gone, and the server too if no other run uses it."""
        for name in self.server.databases():
            if name.startswith(f"test_{os.getpid()}_"):
                self.server.drop_database(name)
        self.server.stop()


async def _migrate(database: Database) -> None:
    from portal.kit import schema

    await schema.bring_up_to_date(database.owner_url, database.app_url, _models(), lambda _line: None)


_runs: list[Run] = []


def _run() -> Run:
    """The run, begun when it is first needed: tests of rules need no database."""
    if not _runs:
        _runs.append(Run())
    return _runs[0]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With xdist: the controller migrates once and tells each worker what to copy."""
    node.workerinput["template"] = _run().template


def pytest_unconfigure(config: pytest.Config) -> None:
    """The run's databases are gone; the last line tells if no browser was there."""
    while _runs:
        _runs.pop().close()
    if not hasattr(config, "workerinput") and _browser() is None and not config.option.collectonly:
        print("journeys: NOT RUN")  # noqa: T201


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium; without one the test is skipped, or fails where everything must run."""
    found = _browser()
    if found is None and settings().strict:
        pytest.fail("No Chromium: journeys cannot run. Install it.")
    if found is None:
        pytest.skip("No Chromium on this machine.")
    return found


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The migrated, empty database that others are copies of. Nobody may be connected to it."""
    told = getattr(request.config, "workerinput", None)
    if told is None:
        yield Database(_run().server, _run().template)
        return
    server = postgres.start(VAR, durable=False, programs=settings().pg_bin)  # The controller's, joined.
    yield Database(server, told["template"])
    server.stop()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the portal keeps its files during the test."""
    from obstore.store import LocalStore

    from portal.kit import files

    folder = tmp_path / "files"
    kept = LocalStore(folder, mkdir=True)
    monkeypatch.setattr(files, "store", lambda: kept)
    return folder


_numbers = count(1)


def _copy(template: Database) -> Database:
    name = f"{template.name.removesuffix('_template')}_{os.getpid()}_{next(_numbers)}"
    template.server.create_database(name, template.name)
    return Database(template.server, name)


@pytest.fixture(scope="session")
def database(template: Database) -> Iterator[Database]:
    """This worker's database; what tests of `tx` do in it is rolled back."""
    made = _copy(template)
    yield made
    made.server.drop_database(made.name)


@pytest.fixture(scope="session")
async def connected(database: Database) -> AsyncIterator[None]:
    """Models speak to the worker's database as the portal's own role."""

    async with TortoiseContext() as context:
        await context.init(config=db.config(database.app_url, _models()))
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """The last test of a module is known, so that what its module left can be held against the rules of the data."""
    item.stash[LAST] = nextitem is None or nextitem.path != item.path


@pytest.fixture(scope="session", autouse=True)
def deeds_are_told() -> Iterator[None]:
    """A page that writes outside a verb fails, in whatever test it is."""
    with pytest.MonkeyPatch.context() as patch:
        told.watch(patch)
        yield


@pytest.fixture(scope="module", autouse=True)
def rules_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """What the module left in the database breaks no rule of the data, unless it says that it does so on purpose."""
    yield
    assert not _broken.pop(request.path, [])


_broken: dict[Path, list[str]] = {}


async def _hold_to_the_rules(request: pytest.FixtureRequest, connection: BaseDBAsyncClient) -> None:
    """After a module's last test, before it is undone: the rules that its data break are noted."""
    if request.node.stash.get(LAST, False) and not request.node.get_closest_marker("breaks_the_rules"):
        async with connection.acquire_connection() as raw:
            _broken[request.path] = [str(breach) for breach in await invariants.breaches(raw)]


@pytest.fixture
async def tx(connected: None, request: pytest.FixtureRequest) -> AsyncIterator[TransactionalDBClient]:
    """One transaction around the test, seen by all it calls (pages through ASGITransport too) and then rolled back.

    Transactions inside are savepoints. There is one connection: no `gather` of writes; for races take `own_database`.
    """
    context = in_transaction()
    connection = await context.__aenter__()
    try:
        yield connection
        await _hold_to_the_rules(request, connection)
    finally:
        await connection.rollback()
        await context.__aexit__(None, None, None)


@pytest.fixture
async def own_database(template: Database, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A fresh database with a pool of its own, for races, locks, the queue and kills; everything commits."""

    made = _copy(template)
    try:
        async with TortoiseContext() as context:
            await context.init(config=db.config(made.app_url, _models()))
            yield made
            await _hold_to_the_rules(request, connections.get("default"))
    finally:
        made.server.drop_database(made.name)


@pytest.fixture(scope="session")
def demonstration(template: Database) -> Database:
    """The whole demonstration, made once a run, for others to be copies of. Nobody may be connected to it."""
    source = Database(template.server, template.name.removesuffix("_template") + "_demo")
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if source.name not in template.server.databases():
            making = Database(template.server, f"{source.name}_making")
            template.server.drop_database(making.name)
            template.server.create_database(making.name, template.name)
            with ThreadPoolExecutor(1) as thread:  # In a thread of its own, because this one may have a loop already.
                thread.submit(asyncio.run, _demonstrate(making)).result()
            template.server.sql(f'ALTER DATABASE "{making.name}" RENAME TO "{source.name}"')
    return source


@pytest.fixture(scope="session")
def demo_database(demonstration: Database) -> Iterator[Database]:
    """This worker's database with the whole demonstration; what tests of `demonstrated` do in it is rolled back."""
    made = _copy(demonstration)
    yield made
    made.server.drop_database(made.name)


@pytest.fixture(scope="session")
def lived_database(demonstration: Database) -> Iterator[Database]:
    """Another one, in which a portal runs and people live: everything commits."""
    made = _copy(demonstration)
    yield made
    made.server.drop_database(made.name)


async def _demonstrate(database: Database) -> None:
    from portal import demo

    async with TortoiseContext() as context:
        await context.init(config=db.config(database.app_url, _models()))
        await demo.make(lambda _line: None)


@pytest.fixture
async def demonstrated(demo_database: Database, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """Models speak to the worker's demonstration; one transaction around the test, rolled back like that of `tx`."""
    async with TortoiseContext() as context:
        await context.init(config=db.config(demo_database.app_url, _models()))
        around = in_transaction()
        connection = await around.__aenter__()
        try:
            yield demo_database
            await _hold_to_the_rules(request, connection)
        finally:
            await connection.rollback()
            await around.__aexit__(None, None, None)
