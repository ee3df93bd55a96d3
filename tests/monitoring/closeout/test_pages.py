"""Pages of the end: the officer's two ways, the password before the second, and the call's way to the archive."""

import pytest

from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.kit.sessions import Session
from portal.monitoring.agreement.models import Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.people.roles import Role
from tests import make
from tests.visit import visitor


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_agreement_is_terminated_with_the_password_and_its_call_archived(tx: object, language: str) -> None:
    agreement = await make.agreement(await make.region(*make.KAMCHATKA))
    officer = await visitor(await make.person(Role.OFFICER))
    here = f"/{language}/agreements/{agreement.number}"
    assert f"{here}/end" in (await officer.get(here)).text
    page = await officer.get(f"{here}/end")
    assert f"{here}/terminate" in page.text
    assert f'action="{here}/close"' not in page.text, "its programme has not ended"
    wrong = await officer.send_form(f"{here}/terminate", {"ended_on": "вчера", "reason": "Регион отказался"})
    assert wrong.status_code == 422
    assert "Регион отказался" in wrong.text
    assert 'value="вчера"' in wrong.text
    call = await Call.get(applications__agreement__id=agreement.id)
    archive = f"/{language}/calls/{call.number}/archive"
    assert f'action="{archive}"' not in (await officer.get(archive)).text
    day = f"{make.NOW:%d.%m.%Y}"
    sent = await officer.send_form(f"{here}/terminate", {"ended_on": day, "reason": "Регион отказался"})
    assert sent.headers["location"] == here
    assert (await Agreement.get(id=agreement.id)).state is AgreementState.TERMINATED
    read = (await officer.get(here)).text
    assert "Регион отказался" in read
    assert f"{here}/end" not in read
    assert f'action="{archive}"' in (await officer.get(archive)).text
    assert (await officer.send_form(archive)).status_code == 303
    assert (await Call.get(id=call.id)).state is CallState.ARCHIVED
    assert (await officer.get(f"/{language}/calls/{call.number}/results")).status_code == 200


async def test_termination_asks_for_the_password_and_keeps_what_was_typed(tx: object) -> None:
    agreement = await make.agreement(await make.region(*make.KAMCHATKA))
    officer = await visitor(person := await make.person(Role.OFFICER))
    await Session.filter(person_id=person.id).update(confirmed_at=None)
    typed = {"ended_on": f"{make.NOW:%d.%m.%Y}", "reason": "Регион отказался"}
    asked = await officer.send_form(f"/ru/agreements/{agreement.number}/terminate", typed)
    assert 'name="confirm-password"' in asked.text
    assert "Регион отказался" in asked.text
    assert (await Agreement.get(id=agreement.id)).state is AgreementState.SIGNED
