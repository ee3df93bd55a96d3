"""Sessions: ended by leaving them alone, and by their age however much they are used."""

from datetime import timedelta

import pytest

from portal.kit import clock, sessions
from portal.people.roles import Role
from tests import make


@pytest.mark.parametrize(
    ("later", "alive"), [(timedelta(hours=11, minutes=59), True), (timedelta(hours=12, minutes=1), False)]
)
async def test_a_session_in_use_lives_for_twelve_hours(tx: object, later: timedelta, alive: bool) -> None:
    with clock.frozen(make.NOW):
        token = await sessions.open_session((await make.person(Role.OFFICER)).id, "")
    used = timedelta()
    while used + timedelta(minutes=50) < later:
        used += timedelta(minutes=50)
        with clock.frozen(make.NOW + used):
            assert await sessions.find(token) is not None
    with clock.frozen(make.NOW + later):
        assert (await sessions.find(token) is not None) is alive
