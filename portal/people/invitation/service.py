"""Verbs of invitations: to invite, to ask for registration, to decide about it, to accept by a letter's link."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.directory.region.models import Region
from portal.kit import clock, jobs, journal, mail, sessions
from portal.kit.db import constraint
from portal.kit.errors import Invalid, Problem, Refusal, refuse
from portal.kit.i18n import Text, say
from portal.kit.lifecycle import take
from portal.kit.verb import verb
from portal.people.account import service as accounts
from portal.people.account.rules import REQUESTS, network_of, read_person
from portal.people.account.service import Browser, tries
from portal.people.invitation import rules
from portal.people.invitation.models import Invitation, drawn_token
from portal.people.invitation.states import ACCEPT, APPROVE, DECLINE, WITHDRAW, InvitationState
from portal.people.person.models import Organisation, Person
from portal.people.person.service import found_organisation, load
from portal.people.roles import Role, in_words

constraint(
    "invitation_waits_once",
    say("You have invited this address already. Withdraw that invitation first, or send it again."),
)
IDLE = say("If you do not know what this is about, do nothing: without you nothing happens.")


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """One that stands as soon as somebody is invited to it; with a region it speaks for it."""

    name_ru: str
    region: Region | None


async def _standing(organisation: Organisation | NewOrganisation, by: Person) -> Organisation:
    if isinstance(organisation, Organisation):
        return organisation
    return await found_organisation(name_ru=organisation.name_ru, region=organisation.region, by=by)


@verb
async def invite(
    *, email: str, name_ru: str, language: str = "ru", organisation: Organisation | NewOrganisation,
    roles: Collection[Role], by: Person,
) -> Invitation:  # fmt: skip
    """A letter with a link goes to the address; who accepts it has these roles in the organisation.

    Whether the address has an account is told to an administrator only (Invalid); for others all looks the same, and
    the letter says it to the address itself. Raises Refusal for roles that are not the inviter's to give.
    """
    address, problems = read_person(email, name_ru, language)
    is_known = not problems and await Person.exists(email=address)
    if is_known and Role.ADMINISTRATOR in by.roles:
        problems.append(Problem("email", say("This person has an account. Change the roles on the person's page.")))
    if problems:
        raise Invalid(problems)
    organisation = await _standing(organisation, by)
    refuse(rules.why_not_invite(by, roles, region_id=organisation.region_id))
    invitation = await Invitation.create(
        email=address, name_ru=name_ru.strip(), language=language, roles=sorted(set(roles)), organisation=organisation,
        invited_by=by, state=InvitationState.SENT, sent_at=clock.now(),
    )  # fmt: skip
    await _send(invitation, by, is_known=is_known)
    await journal.write(invitation, by=by, roles=invitation.roles, organisation=str(organisation))
    return invitation


async def _send(invitation: Invitation, by: Person, *, is_known: bool = False) -> None:
    """The letter with a new link is in the outbox; links of letters before it are dead. Raises Refusal for too many."""
    token, organisation = drawn_token(), invitation.organisation
    assert organisation is not None
    invitation.token_hash, invitation.sent_at = sessions.fingerprint(token), clock.now()
    await invitation.save(update_fields=["token_hash", "sent_at"])
    asked_in = say(
        "%(name)s (%(from)s) invites you to the portal “Programmes for families”. Your organisation: %(organisation)s. "
        "Your roles: %(roles)s.",
        **{"name": by.name, "from": by.organisation.name, "organisation": organisation.name,
           "roles": in_words(invitation.given)},
    )  # fmt: skip
    way = say(
        "Open this page within seven days and choose a password; the link works once: %(address)s",
        address=mail.link(f"join/{token}"),
    )
    if is_known:
        way = say("You have an account already. Write to the Foundation if you need this role as well.")
    subject = say("You are invited to the portal “Programmes for families”")
    if not await mail.write([invitation], subject, [asked_in, way, IDLE], secret=True):
        raise Refusal(say("Five letters went to this address within an hour. Send the next one later."), 429)


@verb
async def send_again(invitation: Invitation, *, by: Person) -> None:
    """Another letter goes with a new link, good for seven days; the old link is dead."""
    await _lock(invitation)
    refuse(rules.why_not_send_again(invitation))
    assert invitation.organisation is not None
    region_id, asked = invitation.organisation.region_id, invitation.asked_at is not None
    refuse(rules.why_not_invite(by, invitation.given, region_id=region_id, was_asked=asked))
    invitation.invited_by = by
    await invitation.save(update_fields=["invited_by_id"])
    await _send(invitation, by, is_known=await Person.exists(email=invitation.email))
    await journal.write(invitation, by=by)


@verb
async def withdraw(invitation: Invitation, *, by: Person) -> None:
    """The link opens nothing any more, for ever."""
    await _lock(invitation)
    refuse(rules.why_not_send_again(invitation))
    await take(WITHDRAW, invitation, by=by)


async def _lock(invitation: Invitation) -> None:
    """The invitation is as it stands now, and nobody moves it until the transaction ends."""
    await Invitation.filter(id=invitation.id).select_for_update().first()
    await invitation.refresh_from_db()
    await invitation.fetch_related("organisation", "region")


async def ask(values: Mapping[str, str], browser: Browser) -> None:
    """The worker is told of the request: the same, and in the same time, whoever has the address.

    Raises Invalid for what cannot be a name or an address, Refusal where too many requests came.
    """
    address, problems = read_person(values["email"], values["name_ru"], values["language"])
    if problems:
        raise Invalid(problems)
    await tries.begin(REQUESTS, account=address, network=network_of(browser.network))
    await jobs.enqueue("registration_request", {**values, "email": address})


@verb
async def receive(values: Mapping[str, str]) -> None:
    """The request waits for the Foundation. Where the address has an account, it gets a letter that says so instead.

    A second request for an address that has one waiting changes nothing.
    """
    person = await Person.get_or_none(email=values["email"])
    if person is not None:
        told = say("Somebody asked for registration with your e-mail. You have an account: sign in, or ask for a new "
                   "password at %(address)s", address=mail.link("password-reset"))  # fmt: skip
        await mail.write([person], say("You are registered already"), [told, IDLE])
        await journal.write(person, by=journal.PORTAL)
        return
    waiting = await Invitation.filter(email=values["email"], state=InvitationState.ASKED).first()
    invitation = waiting or await Invitation.create(
        state=InvitationState.ASKED, email=values["email"], name_ru=values["name_ru"].strip(),
        language=values["language"], roles=[Role(values["role"])], position=values["position"],
        typed_organisation=values["organisation"], region=await Region.get(code=values["region"]),
        asked_at=clock.now(),
    )  # fmt: skip
    await journal.write(invitation, by=journal.PORTAL, was_waiting=waiting is not None)


@verb
async def approve(invitation: Invitation, organisation: Organisation | NewOrganisation, *, by: Person) -> None:
    """The request has become an invitation to this organisation, and its letter is on the way."""
    await _lock(invitation)
    refuse(rules.why_not_decide(invitation, by.roles))
    organisation = await _standing(organisation, by)
    refuse(_why_not_there(invitation, organisation))
    refuse(rules.why_not_invite(by, invitation.given, region_id=organisation.region_id, was_asked=True))
    invitation.organisation, invitation.invited_by, invitation.sent_at = organisation, by, clock.now()
    await invitation.save(update_fields=["organisation_id", "invited_by_id", "sent_at"])
    await take(APPROVE, invitation, by=by, roles=invitation.roles, organisation=str(organisation))
    await _send(invitation, by, is_known=await Person.exists(email=invitation.email))


def _why_not_there(invitation: Invitation, organisation: Organisation) -> Text | None:
    if organisation.region_id == invitation.region_id:
        return None
    return say("The organisation is of another region than the request.")


@verb
async def decline(invitation: Invitation, *, reason: str, by: Person) -> None:
    """The request is declined; a letter and the journal say why."""
    await _lock(invitation)
    refuse(rules.why_not_decide(invitation, by.roles))
    invitation.declined_because = reason.strip()
    await invitation.save(update_fields=["declined_because"])
    await take(DECLINE, invitation, by=by, why=invitation.declined_because)
    told = say("You asked for registration on the portal “Programmes for families”. It was declined: %(reason)s",
               reason=invitation.declined_because)  # fmt: skip
    await mail.write([invitation], say("Your request for registration"), [told])


async def open_by(token: str, *, lock: bool = False) -> Invitation:
    """The invitation of this link. Raises Refusal (410) where the link opens nothing, with why.

    Reading changes nothing: mail scanners open links too. It is dead as soon as whoever invited has no right to.
    """
    found = Invitation.filter(token_hash=sessions.fingerprint(token))
    invitation = await (found.select_for_update() if lock else found).first()
    if invitation is None:
        raise Refusal(rules.UNKNOWN, 410)
    await invitation.fetch_related("organisation__region")
    inviter = await load(invitation.invited_by_id) if invitation.invited_by_id else None
    if reason := rules.why_not_accept(invitation, inviter, clock.now()):
        raise Refusal(reason, 410)
    assert inviter is not None
    invitation.invited_by = inviter
    return invitation


@verb
async def accept(token: str, password: str, browser: Browser) -> tuple[Person, str]:
    """The person stands, with the roles and the address of the invitation, and is signed in; the link is used up.

    Of two at once one succeeds. Raises Refusal (410) for a link that opens nothing, Invalid for a password that would
    not do: then the link stays good.
    """
    invitation = await open_by(token, lock=True)
    organisation, inviter = invitation.organisation, invitation.invited_by
    assert organisation is not None
    assert inviter is not None
    person = await accounts.register(
        email=invitation.email, name_ru=invitation.name_ru, organisation=organisation, roles=invitation.given,
        password=password, by=inviter, language=invitation.language,
    )  # fmt: skip
    invitation.person = person
    await invitation.save(update_fields=["person_id"])
    await take(ACCEPT, invitation, by=person, roles=invitation.roles)
    return person, await accounts.enter(person, browser)
