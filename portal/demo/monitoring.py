"""What the winners did afterwards: agreements signed, six quarters reported, one plan amended, three releases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from portal.demo import content, marking, reporting
from portal.demo.competition import minutes
from portal.demo.diary import World
from portal.kit.drafts import latest
from portal.monitoring.agreement import service as agreements
from portal.monitoring.agreement.models import AgreedIndicator
from portal.monitoring.amendment import service as amendments
from portal.monitoring.amendment.models import Amendment
from portal.monitoring.release import service as releases
from portal.monitoring.report import service as reports
from portal.monitoring.report.models import Forecast
from portal.people.person.models import Person

WROTE, SENT_BACK, WROTE_AGAIN, ACCEPTED = "10:40", "12:30", "14:20", "16:10"
"""Hours of a report's deeds: should two fall on one Friday, they still follow one another."""


def plan_agreements(world: World) -> None:
    """The officer draws up an agreement with each winner; the signatory and a member of the Board sign it."""
    for place, region in enumerate(marking.winners()):
        later = minutes(7 * place)
        world.diary.note(world.decided["drafted"] + later, f"{region} agreement", _draft, world, region)
        world.diary.note(
            world.decided["signed"] + later, f"{region} signs", _sign, world, region, world.signatory(region)
        )
        at = world.decided["signed"] + minutes(150) + later
        world.diary.note(at, f"the Foundation signs with {region}", _sign, world, region, world.person("board"))


async def _draft(world: World, region: str) -> None:
    officer = world.person("officer")
    await agreements.draft(await world.application(region, officer), by=officer)


async def _sign(world: World, region: str, by: Person) -> None:
    await agreements.sign(await world.agreement(region, by), by=by)


def plan_reports(world: World) -> None:
    """Each report is written, submitted and accepted, some after a return; one accepted report is corrected."""
    for place, one in enumerate(reporting.reports()):
        region, quarter = one["region"], one["quarter"]
        later = minutes(7 * place % 50)

        def on(days: str, at: str, one: Mapping[str, Any] = one, later: timedelta = later) -> datetime:
            return world.decided.after_quarter(one["quarter"], one[days], at) + later

        _plan_submission(world, one, _first(one), on("submitted_days", WROTE))
        if "returned_days" in one:
            reason = one["return_reason"]
            world.diary.note(on("returned_days", SENT_BACK), "return", _send_back, world, region, quarter, reason)
        if "resubmitted_days" in one:
            _plan_submission(world, one, one["values"], on("resubmitted_days", WROTE_AGAIN))
        if not one.get("waits"):
            world.diary.note(on("accepted_days", ACCEPTED), f"{region} accept", _accept, world, region, quarter)
        if "corrected" in one:
            _plan_correction(world, one, one["corrected"])


def _first(one: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they were first submitted: with what was counted too much."""
    values = dict(one["values"])
    for code, added in one.get("first_adds", {}).items():
        value = values[code]
        values[code] = [min(value[1], value[0] + added), value[1]] if isinstance(value, list) else value + added
    return values


def _plan_submission(world: World, one: Mapping[str, Any], values: Mapping[str, Any], at: datetime) -> None:
    """The editor types the values and hands them over, and a little later the signatory submits them."""
    region, quarter = one["region"], one["quarter"]
    typed = content.values(values, one.get("explanations", {}))
    world.diary.note(at, f"{region} report {quarter}", _write, world, region, quarter, typed)
    world.diary.note(at + minutes(35), f"{region} submit report {quarter}", _submit, world, region, quarter)


async def _write(world: World, region: str, quarter: int, typed: Mapping[str, str]) -> None:
    by = world.editor(region)
    report = await world.report(region, quarter, by)
    saved = list((await latest(report)).values())
    await reports.save(report, typed, based_on=saved[0].version if saved else 0, by=by)
    await reports.hand_over(await world.report(region, quarter, by), by=by)


async def _submit(world: World, region: str, quarter: int) -> None:
    by = world.signatory(region)
    await reports.submit(await world.report(region, quarter, by), by=by)


async def _send_back(world: World, region: str, quarter: int, reason: str) -> None:
    by = world.person("officer")
    await reports.send_back(await world.report(region, quarter, by), reason=reason, by=by)


async def _accept(world: World, region: str, quarter: int) -> None:
    by = world.person("officer")
    await reports.accept(await world.report(region, quarter, by), by=by)


def _plan_correction(world: World, one: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """The region opens a new revision, types what was wrong anew, submits; the officer accepts it."""
    region, quarter = one["region"], one["quarter"]
    at = world.decided.after_quarter(quarter, told["days_after_quarter"], WROTE)
    world.diary.note(at, f"{region} correct", _correct, world, region, quarter, told["reason"])
    _plan_submission(world, one, one["values"], at + minutes(10))
    at = world.decided.after_quarter(quarter, told["accepted_days_after_quarter"], ACCEPTED)
    world.diary.note(at, f"{region} accept correction", _accept, world, region, quarter)


async def _correct(world: World, region: str, quarter: int, reason: str) -> None:
    by = world.signatory(region)
    await reports.correct(await world.report(region, quarter, by), reason=reason, by=by)


def plan_amendments(world: World) -> None:
    """Where a target had to be lowered, the officer proposes it with a reason and the region signs."""
    for region in marking.winners():
        told = reporting.story(region).get("amendment")
        if told:
            quarter = told["after_quarter"]
            at = world.decided.after_quarter(quarter, told["proposed_days"], WROTE)
            world.diary.note(at, f"{region} amendment", _propose, world, region, told["reason"])
            at = world.decided.after_quarter(quarter, told["signed_days"], WROTE)
            world.diary.note(at, f"{region} signs the amendment", _sign_amendment, world, region)


async def _propose(world: World, region: str, reason: str) -> None:
    officer = world.person("officer")
    typed = {
        f"{code}.{world.decided.period(quarter)}.n": str(value)
        for code, values in reporting.amended(region).items()
        for quarter, value in values.items()
    }
    await amendments.propose(await world.agreement(region, officer), reason=reason, typed=typed, by=officer)


async def _sign_amendment(world: World, region: str) -> None:
    by = world.signatory(region)
    agreement = await world.agreement(region, by)
    await amendments.sign(await Amendment.visible_to(by).get(agreement_id=agreement.id), by=by)


def plan_statuses(world: World) -> None:
    """Where she knows more than the reports say, the officer writes it beside the computed status."""
    for region in marking.winners():
        told = reporting.story(region).get("stated")
        if told:
            at = world.decided.after_quarter(told["after_quarter"], told["days"], ACCEPTED)
            world.diary.note(at, f"{region} judged", _state, world, region, told)


async def _state(world: World, region: str, told: Mapping[str, Any]) -> None:
    officer = world.person("officer")
    agreement = await world.agreement(region, officer)
    agreed = await AgreedIndicator.get(agreement_id=agreement.id, indicator__code=told["code"]).select_related(
        "indicator"
    )
    last = await Forecast.filter(agreed_id=agreed.id).order_by("-id").first()
    if last and last.status == told["computed"]:  # It depends a little on the season in which the demo is made.
        await reports.state(agreed, status=told["status"], reason=told["reason"], by=officer)


def plan_releases(world: World) -> None:
    """After every second quarter the officer publishes what has been accepted, when the last reports were due."""
    told = content.read("reports")
    for one in told["releases"]:
        at = world.decided.after_quarter(one["quarter"], told["release"]["days_after_quarter"], told["release"]["time"])
        world.diary.note(at, "publish", _publish, world, world.decided.period(one["quarter"]))


async def _publish(world: World, period: str) -> None:
    await releases.publish(await world.call("decided"), period=period, by=world.person("officer"))
