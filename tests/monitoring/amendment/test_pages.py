"""Pages of amendments: from the officer's cells to the region's signature, in both languages."""

import pytest

from portal.monitoring.amendment.models import Amendment
from portal.monitoring.amendment.states import AmendmentState
from portal.people.roles import Role
from tests import make
from tests.visit import visitor


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_amendment_is_proposed_signed_and_read(tx: object, language: str) -> None:
    region = await make.region(*make.KAMCHATKA)
    agreement = await make.agreement(region)
    officer, signatory = await visitor(await make.person(Role.OFFICER)), await visitor(
        await make.person(Role.SIGNATORY, region=region)
    )  # fmt: skip
    here = f"/{language}/agreements/{agreement.number}"
    assert f"{here}/amendments/new" in (await officer.get(f"{here}/amendments")).text
    assert f"{here}/amendments/new" not in (await signatory.get(f"{here}/amendments")).text
    assert 'value="200"' in (await officer.get(f"{here}/amendments/new")).text
    wrong = await officer.send_form(f"{here}/amendments/new", {"reason": "Меньше", "SC-04.2027Q2.n": "сто"})
    assert wrong.status_code == 422
    assert 'value="сто"' in wrong.text
    assert ">\nМеньше</textarea>" in wrong.text
    sent = await officer.send_form(f"{here}/amendments/new", {"reason": "Меньше семей", "SC-04.2027Q2.n": "150"})
    assert sent.headers["location"] == f"{here}/amendments/1"
    assert "Меньше семей" in (await signatory.get(f"/{language}/")).text
    page = (await signatory.get(f"{here}/amendments/1")).text
    assert f"{here}/amendments/1/sign" in page
    assert ">150<" in page
    assert (await signatory.send_form(f"{here}/amendments/1/sign")).status_code == 303
    assert (await signatory.send_form(f"{here}/amendments/1/sign")).status_code == 409
    assert f"{here}/amendments/1" in (await signatory.get(here)).text
    assert (await Amendment.get()).state is AmendmentState.SIGNED


async def test_another_regions_amendment_does_not_exist(tx: object) -> None:
    agreement = await make.agreement(await make.region(*make.NOVGOROD))
    stranger = await visitor(await make.person(Role.SIGNATORY, region=await make.region(*make.KAMCHATKA)))
    assert (await stranger.get(f"/ru/agreements/{agreement.number}/amendments")).status_code == 404
    assert (await stranger.get(f"/ru/agreements/{agreement.number}/amendments/1")).status_code == 404
