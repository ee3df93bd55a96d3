"""What the clock and the queue do for applications: regions are told of a call that closes, or closes later."""

from __future__ import annotations

from datetime import datetime

from portal.applications.application.models import Application
from portal.applications.application.rules import STATUS
from portal.applications.application.states import ApplicationState
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.directory.region.models import Region
from portal.kit import clock, jobs, mail, reminders
from portal.kit.i18n import Text, Written, instant, say
from portal.kit.reminders import DAY, HOUR, LEFT, WEEK
from portal.people.person.models import Person

STEPS = (WEEK, DAY, HOUR)
BEGUN = (ApplicationState.DRAFT, ApplicationState.AWAITING)


@jobs.scheduled("remind_applicants", "*/10 * * * *")
async def remind_applicants() -> dict[str, object] | None:
    """Who has begun and not submitted has a letter a week, a day and an hour before the end; who has not begun, one."""
    now, written = clock.now(), 0
    for call in await Call.filter(state=CallState.OPEN, opens_at__lte=now, closes_at__gt=now):
        step = reminders.reached(now, call.closes_at, STEPS)
        if step is None:
            continue
        once = reminders.key(f"call {call.number}", call.closes_at, step)
        for application in await Application.filter(call_id=call.id, state__in=BEGUN).select_related("region"):
            body = [
                say("Application %(number)s has not been submitted. Its status: %(status)s.",
                    number=application.number, status=STATUS[application.state][1]),
                *_deadline(call, application.region),
                say("On the portal: %(address)s", address=mail.link(f"applications/{application.number}")),
            ]  # fmt: skip
            subject = say("The application is not submitted: %(left)s", left=LEFT[step])
            written += await mail.write(await Person.speaking_for(application.region_id), subject, body, once=once)
        if step == WEEK:
            written += await _invite(call, once)
    return {"letters": written} if written else None


@jobs.handler("tell_of_more_time")
async def tell_of_more_time(task: dict[str, str | int]) -> None:
    """Each region that writes or has submitted has one letter: until when applications are taken now, and why."""
    call = await Call.get(id=task["call"])
    before, now = (datetime.fromisoformat(str(task[name])) for name in ("before", "now"))
    once = f"call {call.number} is extended to {now.isoformat()}"
    holders = Application.filter(call_id=call.id, state__in=(*BEGUN, ApplicationState.SUBMITTED))
    for application in await holders.order_by("number").select_related("region"):
        body = [
            say("The competition “%(call)s” was to close on %(when)s.", call=call.name, when=Written(instant, before)),
            *_until(now, application.region),
            say("Reason: %(reason)s", reason=task["reason"]),
            say("Your application %(number)s: %(status)s.", number=application.number,
                status=STATUS[application.state][1]),
            say("On the portal: %(address)s", address=mail.link(f"applications/{application.number}")),
        ]  # fmt: skip
        readers = await Person.speaking_for(application.region_id)
        await mail.write(readers, say("The call is given more time"), body, once=once)


async def _invite(call: Call, once: str) -> int:
    written = 0
    begun = Application.filter(call_id=call.id).values_list("region_id", flat=True)
    for region in await Region.filter(is_hidden=False).exclude(id__in=await begun):
        if not (people := await Person.speaking_for(region.id)):
            continue
        body = [
            say("Your region has not begun an application for the competition “%(call)s”.", call=call.name),
            *_deadline(call, region),
            say("The call: %(link)s", link=mail.link(f"calls/{call.number}")),
        ]
        written += await mail.write(people, say("The call closes: %(left)s", left=LEFT[WEEK]), body, once=once)
    return written


def _deadline(call: Call, region: Region) -> list[Text]:
    return [
        *_until(call.closes_at, region),
        say("Later applications are not taken. A draft that is not submitted is not considered."),
    ]


def _until(instant_: datetime, region: Region) -> list[Text]:
    there = Written(instant, instant_, region.timezone)
    return [
        say("Applications are taken until %(when)s.", when=Written(instant, instant_)),
        *([say("In your region it will be %(when)s.", when=there)] if region.timezone != "Europe/Moscow" else []),
    ]
