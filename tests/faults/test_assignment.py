"""Fields that no form has, sent along with every form there is: they change nothing."""

from __future__ import annotations

from typing import Any

import pytest
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.transactions import in_transaction

from portal.applications.application import service as applications
from portal.kit.drafts import Draft
from portal.people.roles import Role
from tests import make
from tests.faults.conftest import routes
from tests.faults.test_deeds_aside import DEEDS, FILES, NOTHING, OVER, SECRETS
from tests.faults.way import Way, columns, rows
from tests.visit import visitor


async def _walked(way: Way) -> dict[str, list[dict[str, Any]]]:
    around = in_transaction()
    connection = await around.__aenter__()
    try:
        await way.walk()
        return await rows()
    finally:
        await connection.rollback()
        await around.__aexit__(None, None, None)


async def test_z4_fields_that_no_form_has_change_nothing(tx: TransactionalDBClient) -> None:
    way = await Way().settle()
    plain = await _walked(way)
    way.extra = columns()
    assert {"state", "number", "region_id", "submitted_at", "score", "version", "sha256", "is_demo"} <= way.extra.keys()
    poisoned = await _walked(way)
    for table in plain:
        assert plain[table] == poisoned[table], table
    done = {name for name, route in routes("POST").items() if any(map(route.path_regex.match, way.paths))}
    assert len(done) >= 25
    assert routes("POST").keys() == done | DEEDS.keys() | FILES | SECRETS | OVER | NOTHING, "a deed that nobody tries"


async def test_z4_first_version_of_a_draft_is_the_first(tx: TransactionalDBClient) -> None:
    """A number of its own choice would let a form put a draft beyond all later ones."""
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await applications.start(await make.call(), by=editor)
    browser = await visitor(editor)
    path = f"/ru/applications/{application.number}/sections/goal"
    await browser.send_form(path, {"based_on": "99999999", "goal": "раз"})
    assert [draft.version for draft in await Draft.all()] in ([1], [])
    await browser.send_form(path, {"based_on": str(await Draft.all().count()), "goal": "два"})
    assert max(draft.version for draft in await Draft.all()) <= 2


@pytest.mark.parametrize("based_on", ["01", "+1", "1e0", "-1", "1.0", "", " 1", "0x1", "１", "²", "1" * 40, "true"])
async def test_n6_number_of_a_version_is_read_strictly(tx: TransactionalDBClient, based_on: str) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await applications.start(await make.call(), by=editor)
    await applications.save(application, "goal", {"goal": "раз"}, based_on=0, by=editor)
    path = f"/ru/applications/{application.number}/sections/goal"
    answer = await (await visitor(editor)).send_form(path, {"based_on": based_on, "goal": "два"})
    assert answer.status_code in (409, 422)
    assert await Draft.all().count() == 1


async def test_n6_field_sent_twice_is_not_guessed(tx: TransactionalDBClient) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await applications.start(await make.call(), by=editor)
    browser = await visitor(editor)
    path = f"/ru/applications/{application.number}/sections/goal"
    for typed in ({"goal": ["раз", "два"]}, {"groups-1-name": "раз", "groups-01-name": "два"}, {"goal[]": "раз"}):
        answer = await browser.send_form(path, {"based_on": "0", **typed})
        assert answer.status_code in (303, 409, 422)
        kept = [draft.typed for draft in await Draft.all()]
        assert all("два" not in one.values() or "раз" not in one.values() for one in kept)
        assert all("goal" not in one for one in kept)


async def test_n6_deciding_field_sent_twice_is_refused(tx: TransactionalDBClient) -> None:
    """First and last value differ: neither the one nor the other is what the person meant."""
    call = await make.call(number="2100")
    browser = await visitor(await make.person(Role.OFFICER))
    answer = await browser.send_form(
        f"/ru/calls/{call.number}/places",
        {"places": ["3", "30"], "decided_on": "01.11.2020", "document": "7"},
    )
    assert answer.status_code == 422
    await call.refresh_from_db()
    assert call.places == 2


ODD = ["01", "+1", "1e0", "1.0", "0x1", "１", "١", "1%20", "%201", "-0", "1,0", "true", "null", "None", "1;", "1'"]


async def test_n6_numbers_in_addresses_have_one_form(tx: TransactionalDBClient) -> None:
    region = await make.region(*make.KAMCHATKA)
    agreement = await make.agreement(region)
    application = await agreement.application
    browser = await visitor(await make.person(Role.OFFICER))
    good = [f"/ru/applications/{application.number}/versions/1", f"/ru/reports/{agreement.number}-2027Q1?revision=0"]
    for path in good:
        assert (await browser.get(path)).status_code == 200
        for odd in ODD:
            assert (await browser.get(path[:-1] + odd)).status_code == 404, odd
    number = application.number
    for other in (number.lower() + "%20", f"%20{number}", number.replace("-", "–"), f"{number}/", f"{number}.json",
                  number.replace("0", "０"), f"{application.id}", f"{number};x=1", f"{number}%0a"):  # fmt: skip
        answer = await browser.get(f"/ru/applications/{other}")
        assert answer.status_code in (404, 400, 308), other
