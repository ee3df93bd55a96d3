"""S-5: two worlds that differ only in hidden figures look the same, byte for byte, in everything that is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import httpx2
import pytest
from tortoise.context import TortoiseContext

from portal.app import MODELS, create_app
from portal.directory.indicator.models import Indicator
from portal.kit import clock, db
from portal.monitoring import published
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.published import CellState, reading
from portal.monitoring.release import service
from portal.monitoring.release.methods import Protection, Showing, suppress
from portal.monitoring.release.models import Release
from portal.monitoring.report.models import ReportValue
from portal.people.person.models import Person
from tests.conftest import Database, _copy
from tests.dashboards.test_adapter import asked
from tests.visit import steady

NOW = datetime(2040, 1, 15, 9, tzinfo=UTC)
MOST = 3


@dataclass
class World:
    """What everyone can read of a database after one more release, and how many cells that release hides."""

    payloads: dict[str, bytes]
    hidden: int
    changed: int


def another(indicator: Indicator, numerator: Decimal, denominator: Decimal | None) -> Decimal | None:
    """A different numerator that is hidden too; None where there is none."""
    whole = denominator if denominator is not None else Decimal(10)
    protection = Protection(protect=indicator.is_protected)
    for other in [Decimal(size) for size in (1, 2, 3, 4)] + [whole - size for size in (1, 2, 3, 4)]:
        if other == numerator or not 0 <= other <= whole:
            continue
        if suppress(indicator.kind, other, denominator, protection=protection).showing is Showing.HIDDEN:
            return other
    return None


async def small_values() -> list[tuple[str, int, Decimal]]:
    """Table, key and another numerator of every figure that a release would hide."""
    found = []
    for table, rows in (("report_value", await ReportValue.all().prefetch_related("agreed__indicator")),
                        ("agreed_indicator", await AgreedIndicator.all().prefetch_related("indicator"))):  # fmt: skip
        for row in rows:
            indicator = row.agreed.indicator if isinstance(row, ReportValue) else row.indicator
            parts = (
                (row.numerator, row.denominator)
                if isinstance(row, ReportValue)
                else (row.baseline_numerator, row.baseline_denominator)
            )
            if parts[0] is None:
                continue
            shown = suppress(indicator.kind, *parts, protection=Protection(protect=indicator.is_protected))
            other = another(indicator, *parts) if shown.showing is Showing.HIDDEN else None
            if other is not None:
                found.append((table, row.id, other))
    return found


async def change(database: Database, values: list[tuple[str, int, Decimal]]) -> None:
    """Every one of these figures is the other one, as nobody but the owner of the database could do."""
    owner = await asyncpg.connect(database.owner_url)
    for table, column in (("report_value", "numerator"), ("agreed_indicator", "baseline_numerator")):
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        rows = [(other, key) for name, key, other in values if name == table]
        await owner.executemany(f"UPDATE {table} SET {column} = $1 WHERE id = $2", rows)
    await owner.close()


async def look(database: Database, *, other: bool) -> World:
    """The world of this database, its hidden figures changed or not."""
    async with TortoiseContext() as context:
        await context.init(config=db.config(database.app_url, MODELS))
        values = await small_values()
        if other:
            await change(database, values)
        reading._kept.clear()
        before = await Release.all().order_by("-number").select_related("call").first()
        assert before is not None
        officer = await Person.get(email="officer@demo.example")
        with clock.frozen(NOW):
            await service.publish(before.call, period=before.period, by=officer)
            world = World(await payloads(), 0, len(values))
        release = await published.latest()
        assert release is not None
        rows = await published.series(release.number)
        world.hidden = sum(point.actual.state is CellState.HIDDEN for one in rows for point in one.points)
        return world


async def payloads() -> dict[str, bytes]:
    """Every kind of answer about the regions and indicators that have something to hide, in both languages."""
    release = await published.latest()
    assert release is not None
    rows = await published.series(release.number)
    shy = [(one, point.period) for one in rows for point in one.points if point.actual.state is CellState.HIDDEN]
    indicators = sorted({one.indicator_code for one, _period in shy})[:MOST]
    regions = sorted({one.region_code for one, _period in shy})[:MOST]
    pages = ["", "map", "method"]
    pages += [f"{name}?indicator={code}" for code in indicators for name in ("", "map")]
    pages += [f"indicators/{code}" for code in indicators] + [f"regions/{code}" for code in regions]
    pages += [f"numbers/{one.region_code}/{one.indicator_code}/{period}" for one, period in shy[:MOST]]
    files = [f"{name}.{kind}" for name in pages if name.startswith(("ind", "reg")) for kind in ("csv", "xlsx")]
    found = {}
    transport = httpx2.ASGITransport(app=create_app())
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        browser.cookies.set("form", "a browser of the tests")
        for code in ("ru", "en"):
            for name in ["_dash-layout", "_dash-dependencies", *pages, *files]:
                answer = await browser.get(f"/{code}/dashboards/{name}")
                assert answer.status_code == 200, name
                body = answer.content
                found[f"{code} {name}"] = body if name in files else steady(body.decode()).encode()
            for name in pages:
                path, _sign, query = f"/{code}/dashboards/{name}".partition("?")
                answer = await browser.post(
                    f"/{code}/dashboards/_dash-update-component", json=asked(path, f"?{query}" if query else "")
                )
                assert answer.status_code == 200, name
                found[f"{code} callback {name}"] = answer.content
    return found


@pytest.fixture(scope="module")
def worlds(demonstration: Database) -> Iterator[tuple[World, World]]:
    """The same demonstration twice, its hidden figures different, each with one more release."""
    copies = [_copy(demonstration), _copy(demonstration)]
    with ThreadPoolExecutor(1) as thread:  # In a thread of its own, because this one may have a loop already.
        seen = [
            thread.submit(asyncio.run, look(database, other=bool(place))).result()
            for place, database in enumerate(copies)
        ]
    yield seen[0], seen[1]
    for database in copies:
        database.server.drop_database(database.name)


def test_s5_hidden_figures_leave_no_trace_in_any_payload(worlds: tuple[World, World]) -> None:
    """Value, share, mean, rank, colour, hover, `customdata`, range of an axis, CSV, XLSX: nothing differs."""
    one, other = worlds
    assert one.changed > 10
    assert one.hidden == other.hidden > 5
    assert one.payloads.keys() == other.payloads.keys()
    assert len(one.payloads) > 60
    assert [name for name, sent in one.payloads.items() if sent != other.payloads[name]] == []


def test_s5_payloads_are_whole(worlds: tuple[World, World]) -> None:
    """The comparison is of pages that say figures, and say that some are hidden."""
    told = {name: sent for name, sent in worlds[0].payloads.items() if "callback" in name or name.endswith(".csv")}
    assert all(b"NaN" not in sent and b"undefined" not in sent for sent in told.values())
    assert any("скрыто: малое число" in sent.decode() for name, sent in told.items() if name.endswith(".csv"))
    for name, sent in told.items():
        if "callback" in name:
            assert len(json.loads(sent)["response"]["page"]["children"]) >= 2
