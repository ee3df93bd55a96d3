"""What is done with applications: begun, saved, signed, submitted, withdrawn, admitted or refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from portal.applications.application import rules
from portal.applications.application.models import Application, ApplicationVersion, whole
from portal.applications.application.states import ADMIT, HAND_OVER, REJECT, SUBMIT, TAKE_BACK, WITHDRAW
from portal.applications.call.models import Call
from portal.applications.programme.models import facts_of
from portal.applications.programme.rules import SECTIONS, Attachment, Programme, canonical, kept, read
from portal.directory.region.models import Region
from portal.kit import clock, db, drafts, files, journal, mail
from portal.kit.drafts import Draft
from portal.kit.errors import Forbidden, NotFound, Problem, Refusal, refuse
from portal.kit.forms import Typed
from portal.kit.i18n import Text, Written, instant, say
from portal.kit.lifecycle import take
from portal.kit.uploads import Received
from portal.kit.verb import verb
from portal.people.person.models import Person
from portal.people.roles import Role

ATTACHMENTS = "attachments"

db.constraint("one_application_per_region", say("Your region has an application to this call already."))
db.constraint("application_number_key", say("Somebody began an application at the same moment. Try once more."))


@verb
async def start(call: Call, *, by: Person) -> Application:
    """The region has an application to the call, in draft, with the call's next number."""
    if by.region_id is None:
        raise Forbidden
    call = await Call.select_for_update().get(id=call.id)
    existing = await Application.get_or_none(call_id=call.id, region_id=by.region_id)
    refuse(rules.why_not_start(call, existing, clock.now()))
    place = await Application.filter(call_id=call.id).count() + 1
    application = await Application.create(
        number=f"{call.number}-{place:03d}",
        call=call,
        region_id=by.region_id,
        organisation_id=by.organisation_id,
        started_at=clock.now(),
    )
    await journal.write(application, by=by, call=call.number)
    return application


@verb
async def save(
    application: Application, section: str, typed: Mapping[str, str], *, based_on: int, by: journal.Actor
) -> Draft:
    """The section's text is kept as it was typed, right or wrong, as a new version above `based_on`.

    Names that the section does not have are left out. Raises Stale if somebody saved in between.
    """
    if section not in SECTIONS:
        raise NotFound
    application = await Application.select_for_update().get(id=application.id)
    refuse(rules.why_not_save(application))
    content = kept(SECTIONS[section], typed)
    _refuse_doubled(content)
    return await drafts.save(application, section, content, based_on=based_on, by=by)


@verb
async def restore(application: Application, version: int, *, section: str, based_on: int, by: journal.Actor) -> Draft:
    """An earlier text of the section stands again, as a new version above the newest; all others stay.

    Raises Stale if somebody saved after `based_on`, Refusal where the version is not kept.
    """
    again = partial(save, application, section, based_on=based_on, by=by)
    return await drafts.restore(application, section, version, by=by, save=again)


def _refuse_doubled(content: Typed) -> None:
    for name, values in content.lists.items():
        if name != "chosen" and len(values) > 1:
            raise Refusal(say("The field %(name)s was sent twice. Open the page again.", name=name), 422)


async def reading(application: Application, call: Call) -> tuple[Programme, list[Problem], dict[str, Draft]]:
    """The programme as far as it can be read now, every problem, and the saved sections."""
    saved = await drafts.latest(application)
    content = {section: draft.content for section, draft in saved.items()}
    programme, problems = read(content, await facts_of(call))
    return replace(programme, attachments=await attachments(application)), problems, saved


async def attachments(application: Application) -> tuple[Attachment, ...]:
    """The files that go with the application, as they will be submitted."""
    return tuple(Attachment(one.public_id, one.name, one.size, one.sha256) for one in await files.of(application))


@verb
async def attach(application: Application, received: Received, *, by: Person) -> files.StoredFile:
    """The file that was received goes with the application; raises Refusal where there is no room for it."""
    application = await Application.select_for_update().get(id=application.id)
    refuse(rules.why_not_save(application))
    return await files.keep(received, application, part=ATTACHMENTS, owner=by.organisation_id, by=by)


@verb
async def detach(application: Application, public_id: str, *, by: Person) -> None:
    """The file does not go with the application any more; raises NotFound where there is none of that id."""
    application = await Application.select_for_update().get(id=application.id)
    refuse(rules.why_not_save(application))
    await files.remove(application, await files.named(public_id, application), by=by)


@verb
async def hand_over(application: Application, *, by: journal.Actor) -> Application:
    """The application waits for the signatory and its text does not change; she has a letter."""
    application = await _locked(application)
    _, problems, _ = await reading(application, application.call)
    refuse(rules.why_not_hand_over(application, application.call, problems, clock.now()))
    await take(HAND_OVER, application, by=by)
    subject = say("Application %(number)s waits for your signature", number=application.number)
    body = [
        say("The application %(number)s has no mistakes that the portal can see and waits for you to submit it.",
            number=application.number),
        say("Applications are taken until %(when)s.", when=Written(instant, application.call.closes_at)),
        _link(f"applications/{application.number}/check"),
    ]  # fmt: skip
    await _tell(application, subject, body, signatories_only=True)
    return application


@verb
async def take_back(application: Application, *, by: journal.Actor) -> Application:
    """The application is a draft again and can be corrected."""
    application = await _locked(application)
    refuse(rules.why_not_take_back(application))
    await take(TAKE_BACK, application, by=by)
    return application


@verb
async def submit(application: Application, *, by: Person, at: datetime) -> ApplicationVersion:
    """The text as saved is a version that never changes, with its hash; the region has a letter with the receipt.

    `at` is the instant at which the head of the request came: one at the closing instant is late. Of simultaneous
    submissions one succeeds.
    """
    application = await _locked(application)
    programme, problems, _ = await reading(application, application.call)
    refuse(rules.why_not_submit(application, application.call, problems, at))
    content = canonical(programme)
    version = await ApplicationVersion.create(
        application=application,
        number=1,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        grant=programme.budget.grant,
        total=programme.budget.total(),
        submitted_at=at,
        submitted_by=by,
    )
    await take(SUBMIT, application, by=by, version=version.number, sha256=version.sha256, received_at=at)
    await _tell(application, *_receipt(application, version, by))
    return version


def _receipt(application: Application, version: ApplicationVersion, by: Person) -> tuple[Text, list[Text]]:
    region: Region = application.region
    subject = say("Application %(number)s is submitted", number=application.number)
    return subject, [
        say("The Foundation has received the application %(number)s to the call “%(call)s”.",
            number=application.number, call=application.call.name),
        say("Received: %(moscow)s; %(region)s: %(local)s.", moscow=Written(instant, version.submitted_at),
            region=region.short, local=Written(instant, version.submitted_at, region.timezone)),
        say("Submitted by: %(name)s. Version: %(version)s.", name=by.name, version=version.number),
        say("SHA-256 of the text: %(hash)s", hash=version.sha256),
        _link(f"applications/{application.number}/receipt"),
    ]  # fmt: skip


@verb
async def withdraw(application: Application, *, reason: str, by: journal.Actor) -> Application:
    """The application has left the competition; its texts stay."""
    application = await _locked(application)
    refuse(rules.why_not_withdraw(application))
    await take(WITHDRAW, application, by=by, reason=reason)
    return application


@verb
async def admit(application: Application, *, by: journal.Actor) -> Application:
    """The application goes to reviewers, and the region knows."""
    application = await _locked(application)
    refuse(rules.why_not_check(application, application.call, clock.now()))
    await take(ADMIT, application, by=by)
    subject = say("Application %(number)s is admitted", number=application.number)
    body = [
        say(
            "The application %(number)s is admitted to the competition and goes to reviewers.",
            number=application.number,
        ),
        _link(f"applications/{application.number}"),
    ]
    await _tell(application, subject, body)
    return application


@verb
async def reject(application: Application, *, reason: str, by: journal.Actor) -> Application:
    """The application is not admitted, and the region knows why."""
    if not reason.strip():
        raise Refusal(say("Write why the application is not admitted: the region will read it."), 422)
    application = await _locked(application)
    refuse(rules.why_not_check(application, application.call, clock.now()))
    await Application.filter(id=application.id).update(ineligible_because=reason)
    application.ineligible_because = reason
    await take(REJECT, application, by=by, reason=reason)
    subject = say("Application %(number)s is not admitted", number=application.number)
    body = [
        say("The application %(number)s is not admitted to the competition.", number=application.number),
        say("Reason: %(reason)s", reason=reason),
        _link(f"applications/{application.number}"),
    ]
    await _tell(application, subject, body)
    return application


async def _locked(application: Application) -> Application:
    """The application as it stands now, held until the verb ends, with its call, region and organisation."""
    (locked,) = await whole("application.id = $1 FOR UPDATE OF application", application.id)
    return locked


def _link(path: str) -> Text:
    return say("On the portal: %(address)s", address=mail.link(path))


async def _tell(application: Application, subject: Text, body: list[Text], *, signatories_only: bool = False) -> None:
    people = await Person.speaking_for(application.region_id)
    readers = [one for one in people if not signatories_only or Role.SIGNATORY in one.roles]
    await mail.write(readers, subject, body)
