"""Pages of releases: the public list, and the officer's preview that shows what is hidden."""

from collections.abc import Iterator

import pytest

from portal.applications.call.models import Call
from portal.kit import clock
from portal.monitoring.release.models import Release, ReleaseFigure
from portal.people.roles import Role
from tests import make
from tests.monitoring.report.test_service import AFTER, FIRST, Cast, accepted, cast
from tests.visit import visitor


@pytest.fixture(autouse=True)
def _after_both_quarters() -> Iterator[None]:
    with clock.frozen(AFTER):
        yield


async def call_of(who: Cast) -> Call:
    await who.first.fetch_related("agreement__application__call")
    return who.first.agreement.application.call


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_preview_hides_small_numbers_and_publishes(tx: object, language: str) -> None:
    who = await cast()
    officer = await visitor(who.officer)
    assert (await officer.get(f"/{language}/releases/new")).status_code == 200
    small = {**FIRST, "SC-04.n": "3", "SC-04.why": "Набор начался в марте."}
    await accepted(who.first, small, who)
    call = await call_of(who)
    page = await officer.get(f"/{language}/releases/new?call={call.number}&period=2027Q1")
    assert page.status_code == 200
    assert ("скрыто: малое число" if language == "ru" else "hidden: small number") in page.text
    for reader in (await visitor(), await visitor(await make.person(Role.AUDITOR)), officer):
        assert (await reader.get(f"/{language}/releases")).status_code == 200
    asked = {"call": call.number, "period": "2027Q1", "number": "1"}
    answer = await officer.send_form(f"/{language}/releases", asked)
    assert (await officer.send_form(f"/{language}/releases", asked)).status_code == 409, "the same form once more"
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{language}/dashboards/")
    release = await Release.get(call=call)
    states = await ReleaseFigure.filter(release=release).order_by("id").values_list("state", "numerator")
    assert states[0] == ("hidden", None)
    assert str(release.number) in (await (await visitor()).get(f"/{language}/releases")).text


async def test_nothing_accepted_means_nothing_to_publish(tx: object) -> None:
    who = await cast()
    call, officer = await call_of(who), await visitor(who.officer)
    page = await officer.get(f"/ru/releases/new?call={call.number}&period=2027Q2")
    assert 'name="period" value="2027Q2"' not in page.text
    answer = await officer.send_form("/ru/releases", {"call": call.number, "period": "2027Q2"})
    assert answer.status_code == 409
    assert (await officer.send_form("/ru/releases", {"call": "нет", "period": "2027Q2"})).status_code == 404


async def test_doors(tx: object) -> None:
    who = await cast()
    call = await call_of(who)
    auditor = await visitor(await make.person(Role.AUDITOR))
    assert (await auditor.get("/ru/releases/new")).status_code == 200
    for person in (who.editor, who.signatory, await make.person(Role.AUDITOR), await make.person(Role.BOARD)):
        answer = await (await visitor(person)).send_form("/ru/releases", {"call": call.number, "period": "2027Q1"})
        assert answer.status_code == 403
    assert (await (await visitor(who.editor)).get("/ru/releases/new")).status_code == 403
    assert (await (await visitor()).get("/ru/releases/new")).status_code == 303
