"""Two stories in a real browser, each from its own beginning and each in both languages.

In the one a call ends in an award; in the other an award becomes a number that everyone traces to its promise.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.conftest import Database
from tests.journeys import application, decision, given, number
from tests.journeys.conftest import SignedIn
from tests.journeys.steps import Way, short_programme


@pytest.mark.journey
async def test_a_call_ends_in_an_award(people: SignedIn, page: Page, lived_database: Database) -> None:
    way = Way(people, page, lived_database, call="Конкурс «Путь к гранту»", mark="G")
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


@pytest.mark.journey
async def test_an_award_becomes_a_number_that_is_traced(people: SignedIn, page: Page, lived_database: Database) -> None:
    way = Way(people, page, lived_database, call="Конкурс «Путь числа»", mark="N")
    programme = short_programme(way)
    programme["budget"] |= {
        "lines-0-title": "Плёнка", f"lines-0-{way.year}.foundation": "1500000",
        "lines-1-key": "b2", "lines-1-title": "Насосы", "lines-1-activity": "a1",
        f"lines-1-{way.year}.foundation": "500000,50",
    }  # fmt: skip
    async with given.behind_the_pages(way):
        await given.an_announced_award(way, programme, region="tula", amount="1800000.00")
    await number.the_agreement_is_signed(way)
    await number.the_region_reports(way)
    await number.the_report_is_accepted(way)
    await number.everyone_sees_the_number(way)
    await number.the_number_leads_back_to_its_promise(way)
