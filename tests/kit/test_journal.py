"""What is only ever added to: the portal's role has no right to change it, and the owner meets a trigger."""

import asyncpg
import pytest

from portal.kit.db import INSERT_ONLY
from tests.conftest import Database

CHANGES = ("UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE")


@pytest.mark.parametrize("change", CHANGES)
async def test_portal_role_may_not_change(template: Database, change: str) -> None:
    connection = await asyncpg.connect(template.app_url)
    try:
        for table in sorted(INSERT_ONLY):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(change.format(f'"{table}"'))
    finally:
        await connection.close()


async def test_owner_meets_a_trigger(own_database: Database) -> None:
    connection = await asyncpg.connect(own_database.owner_url)
    try:
        await connection.execute(
            "INSERT INTO journal (at, deed, actor_name, subject, subject_id, subject_name, detail, request_id)"
            " VALUES (now(), 'x.y', 'n', 'S', 1, 's', '{}', '')"
        )
        for change in CHANGES:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only ever added"):
                await connection.execute(change.format("journal"))
    finally:
        await connection.close()


async def test_each_has_both_triggers(template: Database) -> None:
    connection = await asyncpg.connect(template.app_url)
    try:
        rows = await connection.fetch(
            "SELECT tgrelid::regclass::text AS name, count(*) AS n FROM pg_trigger"
            " WHERE tgname IN ('only_added', 'never_emptied') GROUP BY 1"
        )
    finally:
        await connection.close()
    assert {row["name"].strip('"') for row in rows if row["n"] == 2} == INSERT_ONLY
