"""The whole way once, in a real browser: from a call to a number that everyone can read and trace to its promise."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.conftest import Database
from tests.journeys import application, decision, number
from tests.journeys.conftest import SignedIn
from tests.journeys.steps import Way


@pytest.mark.journey
async def test_from_a_call_to_a_public_number(people: SignedIn, page: Page, lived_database: Database) -> None:
    way = Way(people, page, lived_database)
    await application.an_officer_opens_a_call(way)
    await application.everyone_reads_it(way)
    await application.an_editor_writes_a_programme(way)
    await application.she_corrects_it_and_hands_it_over(way)
    await application.a_signatory_submits_it(way, "kamchatka", "001")
    await application.another_region_takes_part(way)
    await decision.the_hour_comes(way)
    await decision.applications_are_admitted_and_given_readers(way)
    await decision.reviewers_mark_them(way)
    await decision.the_foundation_decides(way)
    await number.the_agreement_is_signed(way)
    await number.the_region_reports(way)
    await number.the_report_is_accepted(way)
    await number.everyone_sees_the_number(way)
    await number.the_number_leads_back_to_its_promise(way)
