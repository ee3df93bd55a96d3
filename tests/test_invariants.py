"""The rules of the data: they hold in a world that was lived, and each kind of damage is named by its rule."""

import asyncpg
import pytest

from portal.invariants import RULES, breaches
from tests.conftest import Database

DAMAGE = {
    "UPDATE award SET amount = amount + 0.01 WHERE id = (SELECT min(id) FROM award WHERE outcome = 'winner')":
        "An agreement is with an announced winner, over the sum awarded",
    "UPDATE application_version SET content = content || ' ' WHERE id = (SELECT min(id) FROM application_version)":
        "A version's text has the hash on its receipt",
    "UPDATE release_figure SET numerator = numerator + 1 WHERE id = "
    "(SELECT min(id) FROM release_figure WHERE state = 'value')":
        "A public number is the accepted one, as it stood when it was released",
    "UPDATE criterion SET weight = weight + 1 WHERE id = (SELECT min(id) FROM criterion)":
        "The weights of an opened call's criteria add up to 100",
    "DELETE FROM journal WHERE deed = 'application.submit'": "Every submitted version has its line in the journal",
    "UPDATE application SET state = 'reserve' WHERE id = (SELECT min(id) FROM application WHERE state = 'awarded')":
        "The outcome of an application is that of its announced award",
    "DELETE FROM mark WHERE id = (SELECT min(id) FROM mark)": "A submitted review marks every criterion of its call",
    "UPDATE agreed_cost SET amount = amount - 0.01 WHERE id = "
    "(SELECT min(id) FROM agreed_cost WHERE source = 'foundation' AND amount > 1)":
        "The Foundation's sums of an agreed budget add up to the grant",
    "INSERT INTO membership (person_id, role) SELECT person_id, 'reviewer' FROM membership WHERE role = 'editor'":
        "Nobody both speaks for a region and judges or decides",
}  # fmt: skip


def test_there_are_many_rules_and_each_is_a_sentence() -> None:
    assert len(RULES) >= 60
    assert all(sentence[0].isupper() and not sentence.endswith(".") for sentence in RULES)


@pytest.mark.parametrize("deed", DAMAGE, ids=DAMAGE.values())
async def test_r12_damage_is_named_by_its_rule(demo_database: Database, deed: str) -> None:
    connection = await asyncpg.connect(demo_database.owner_url)
    try:
        around = connection.transaction()
        await around.start()
        assert not await breaches(connection)
        # Only the owner can do this; the triggers keep everybody else from it.
        for table in ("award", "application_version", "release_figure", "journal", "mark", "agreed_cost"):
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        await connection.execute(deed)
        assert DAMAGE[deed] in {breach.rule for breach in await breaches(connection)}
    finally:
        await around.rollback()
        await connection.close()


async def test_breach_names_a_few_and_counts_the_rest(demo_database: Database) -> None:
    connection = await asyncpg.connect(demo_database.owner_url)
    try:
        around = connection.transaction()
        await around.start()
        await connection.execute("UPDATE call SET closes_at = opens_at + interval '1 second'")
        (breach,) = [one for one in await breaches(connection) if one.rule.startswith("Every version came")]
        assert breach.number > len(breach.examples) == 5
        assert f"and {breach.number - 5} more" in str(breach)
    finally:
        await around.rollback()
        await connection.close()
