"""A report is asked for a week and a day before it is due, and once when it is late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.kit import clock
from portal.kit.mail import Letter
from portal.monitoring.report import jobs
from portal.monitoring.report.models import Report
from portal.monitoring.report.states import ReportState
from portal.people.roles import Role
from tests import make

pytestmark = pytest.mark.breaks_the_rules  # Reports and applications are moved without their verbs.


async def test_regions_are_reminded_and_officers_told_when_it_is_late(tx: object) -> None:
    agreement = await make.agreement(await make.region(*make.KAMCHATKA))
    officer = await make.person(Role.OFFICER)
    report = await Report.filter(agreement=agreement).order_by("period").first()
    assert report is not None
    counts = []
    for hours in (200, 160, 100, 20, 1, -1, -25, -30, -24 * 30):
        with clock.frozen(report.due_at - timedelta(hours=hours)):
            await jobs.remind_of_reports()
            await jobs.remind_of_reports()
        counts.append(await Letter.all().count())
    assert counts == [0, 1, 1, 2, 2, 2, 4, 4, 4]
    last = await Letter.all().order_by("-id").first()
    assert last is not None
    assert last.address == officer.email
    assert "просрочен" in last.subject


async def test_a_submitted_report_is_asked_for_no_more(tx: object) -> None:
    await make.agreement(await make.region(*make.KAMCHATKA))
    await Report.all().update(state=ReportState.SUBMITTED)
    report = await Report.all().first()
    assert report is not None
    with clock.frozen(report.due_at - timedelta(hours=20)):
        assert await jobs.remind_of_reports() is None
