"""`portal check`, what a balancer asks, and what a collector counts."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from portal import settings as read
from portal.kit import health
from tests.conftest import Database
from tests.visit import visitor

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
async def nothing_waits(demo_database: Database) -> None:
    """In tests no worker runs; what waits for one is older than it may be."""
    connection = await asyncpg.connect(demo_database.owner_url)
    await connection.execute("DELETE FROM pgqueuer")
    await connection.close()


def run(database: Database, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`portal check` against this database."""
    known = {
        "PORTAL_DATABASE_URL": database.app_url,
        "PORTAL_OWNER_DATABASE_URL": database.owner_url,
        "PORTAL_DEMO": "1",
        "PORTAL_VAR": str(folder),
    }
    command = [sys.executable, "-m", "portal", "check", *arguments]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return subprocess.run(
        command, cwd=ROOT, env={**inherited, **known, **environment}, capture_output=True, text=True, check=False
    )


def test_whole_portal_passes_and_says_what_was_looked_at(demo_database: Database, tmp_path: Path) -> None:
    told = run(demo_database, tmp_path, "--data")
    assert told.returncode == 0, told.stdout + told.stderr
    lines = told.stdout.splitlines()
    assert all(line.startswith("✓") for line in lines), told.stdout
    asked = {line.split()[1] for line in lines}
    assert asked >= {"settings", "database", "role", "migrations", "queue", "clock", "folder", "mail", "data"}


def test_one_role_for_all_and_no_mail_are_told(demo_database: Database, tmp_path: Path) -> None:
    safe = {
        "PORTAL_DEMO": "0",
        "PORTAL_SECRET": "0123456789abcdef" * 4,
        "PORTAL_BASE_URL": "https://portal.example",
        "PORTAL_DATABASE_URL": demo_database.owner_url,
    }
    told = run(demo_database, tmp_path, **safe)
    assert told.returncode == 1
    wrong = [line for line in told.stdout.splitlines() if line.startswith("✗")]
    assert [line.split()[1] for line in wrong] == ["role", "mail"], told.stdout
    dead = run(demo_database, tmp_path, PORTAL_SMTP_URL="smtp://127.0.0.1:1")
    assert "✗ mail" in dead.stdout


def test_unsafe_settings_end_before_anything_is_asked(demo_database: Database, tmp_path: Path) -> None:
    told = run(demo_database, tmp_path, PORTAL_DEMO="0", PORTAL_SECRET="short")
    assert told.returncode == 2
    assert "PORTAL_SECRET" in told.stderr
    assert not told.stdout


async def test_balancer_is_told_when_the_database_waits_for_a_migration(
    tx: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await visitor()
    assert (await browser.get("/readyz")).text == "ready\n"
    known = health.migrations()
    monkeypatch.setattr(health, "migrations", lambda: [*known, "9999_tomorrow"])
    answer = await browser.get("/readyz")
    assert (answer.status_code, "9999_tomorrow" in answer.text) == (503, True)
    assert (await browser.get("/healthz")).status_code == 200


async def test_metrics_are_for_who_knows_the_word_and_hold_no_addresses(
    tx: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await visitor()
    await browser.get("/ru/calls/secret-call")
    assert (await browser.get("/metrics")).status_code == 404
    told = replace(read.settings(), metrics_token="a word for collectors")
    monkeypatch.setattr(health, "settings", lambda: told)
    for wrong in ({}, {"authorization": "Bearer a word"}, {"authorization": "a word for collectors"}):
        assert (await browser.get("/metrics", headers=wrong)).status_code == 404
    answer = await browser.get("/metrics", headers={"authorization": "Bearer a word for collectors"})
    assert 'portal_requests_total{method="GET",page="call:page",status="404"}' in answer.text
    assert "portal_tasks_waiting 0.0" in answer.text
    assert "secret-call" not in answer.text
