"""Pages of agreements as each role sees them, in both languages."""

import pytest

from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.people.roles import Role
from tests import make
from tests.visit import visitor


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_agreement_is_drafted_signed_and_read(tx: object, language: str) -> None:
    region = await make.region(*make.KAMCHATKA)
    application = await make.winner(region)
    signatory, officer = await make.person(Role.SIGNATORY, region=region), await make.person(Role.OFFICER)
    readers = [signatory, officer, await make.person(Role.AUDITOR), await make.person(Role.BOARD)]
    browsers = {reader.id: await visitor(reader) for reader in readers}
    for reader in readers:
        offered = (await browsers[reader.id].get(f"/{language}/agreements")).text
        assert (f"/applications/{application.number}/agreement" in offered) is (reader is officer)
    answer = await browsers[officer.id].send_form(f"/{language}/applications/{application.number}/agreement")
    assert answer.status_code == 303
    here = answer.headers["location"]
    for reader in readers:
        page = await browsers[reader.id].get(here)
        assert page.status_code == 200, page.text
        assert (f"{here}/sign" in page.text) is (reader.id != readers[2].id)
        assert application.number in page.text
        assert '/agreement"' not in (await browsers[reader.id].get(f"/{language}/agreements")).text
    for signing in (signatory, officer):
        assert (await browsers[signing.id].send_form(f"{here}/sign")).status_code == 303
        assert (await browsers[signing.id].send_form(f"{here}/sign")).status_code == 409
        assert f"{here}/sign" not in (await browsers[signing.id].get(here)).text
    assert (await Agreement.get(application=application)).state is AgreementState.SIGNED
    assert (await browsers[signatory.id].get(f"/{language}/reports")).text.count("/reports/") == 2


async def test_cut_grant_is_explained_beside_the_promised_sums(tx: object) -> None:
    region = await make.region(*make.KAMCHATKA)
    application = await make.winner(region)
    browser = await visitor(await make.person(Role.OFFICER))
    answer = await browser.send_form(f"/en/applications/{application.number}/agreement")
    page = (await browser.get(answer.headers["location"])).text
    for sum_ in ("1,000,000.00", "900,000.00", "300,000.00", "1,200,000.00", "23.1%", "25.0%"):
        assert sum_ in page, sum_


async def test_foreign_agreement_does_not_exist(tx: object) -> None:
    agreement = await make.agreement(await make.region(*make.KAMCHATKA), signed=False)
    stranger = await visitor(await make.person(Role.SIGNATORY, region=await make.region(*make.NOVGOROD)))
    assert (await stranger.get(f"/ru/agreements/{agreement.number}")).status_code == 404
    assert (await stranger.send_form(f"/ru/agreements/{agreement.number}/sign")).status_code == 404
    assert agreement.number not in (await stranger.get("/ru/agreements")).text


async def test_doors(tx: object) -> None:
    region = await make.region(*make.KAMCHATKA)
    agreement, application = (
        await make.agreement(region, signed=False),
        await make.winner(await make.region(*make.NOVGOROD)),
    )
    sign, draft = f"/ru/agreements/{agreement.number}/sign", f"/ru/applications/{application.number}/agreement"
    shut = {Role.EDITOR: (sign, draft), Role.SIGNATORY: (draft,), Role.BOARD: (draft,), Role.COUNCIL: (sign, draft),
            Role.AUDITOR: (sign, draft), Role.REVIEWER: (sign, draft)}  # fmt: skip
    for role, paths in shut.items():
        browser = await visitor(await make.person(role, region=region))
        for path in paths:
            assert (await browser.send_form(path)).status_code == 403, (role, path)
    assert (await (await visitor()).get("/ru/agreements")).status_code == 303
