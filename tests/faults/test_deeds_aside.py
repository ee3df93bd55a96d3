"""Fields that no form has, sent with the deeds that are not on the way from a call to its release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.transactions import in_transaction

from portal.applications.application import service as applications
from portal.applications.award import service as awards
from portal.applications.call import service as calls
from portal.applications.call.states import CallState
from portal.applications.review import service as reviews
from portal.applications.review.models import Review
from portal.directory.region.models import Region
from portal.kit import clock, mail, sessions
from portal.kit.forms import Typed
from portal.kit.i18n import say
from portal.kit.mail import Letter, LetterState
from portal.monitoring.report import service as reports
from portal.monitoring.report.models import Report
from portal.people.invitation import service as invitations
from portal.people.invitation.models import Invitation
from portal.people.invitation.states import InvitationState
from portal.people.person.models import Organisation, Person
from portal.people.roles import Role
from tests import make
from tests.faults.way import columns, rows
from tests.people.invitation.test_service import REQUEST
from tests.visit import Visitor, visitor

pytestmark = pytest.mark.breaks_the_rules  # Its decided call has no protocol.
AT = make.NOW
FILES = frozenset(f"{room}:{deed}" for room in ("application", "report") for deed in ("attach", "remove_file"))
"""Multipart, of which only the file and the token are read: tests of files send them."""
SECRETS = frozenset({
    "account:sign_in_post", "account:code_post", "account:use_post", "account:change_password", "account:set_up",
    "account:renew_codes", "account:confirm_post", "invitation:join_post", "membership:remove_second_step",
    "account:remove",
})  # fmt: skip
"""They write what is drawn by lot or sealed and differs each time, or serve once: tests of entry hold their fields."""
OVER = frozenset({"closeout:close"})
"""It wants a programme of years that is over, and reads one field, by its name."""
NOTHING = frozenset({"account:view"})
"""They write no row."""
Rows = dict[str, list[dict[str, Any]]]
Deed = tuple[str, str, Mapping[str, Any]]


@dataclass
class Office:
    """Everybody, and what the deeds are done to."""

    people: dict[str, Person]
    names: dict[str, str]


DEEDS: dict[str, Deed] = {
    "account:choose_language": ("editor", "/account/language", {"language": "en"}),
    "account:ask_post": ("", "/password-reset", {"email": "{email}"}),
    "account:end_others": ("editor", "/account/sessions/end-others", {}),
    "account:sign_out": ("editor", "/sign-out", {}),
    "membership:correct": ("administrator", "/people/{person}/details", {
        "name_ru": "Новое имя", "name_en": "", "email": "{email}", "organisation": "{organisation}"}),
    "membership:change_roles": ("administrator", "/people/{person}/roles", {"roles": ["signatory"], "why": "Приказ"}),
    "membership:deactivate": ("administrator", "/people/{person}/deactivate", {"why": "Приказ"}),
    "membership:reactivate": ("administrator", "/people/{gone}/reactivate", {"why": "Приказ"}),
    "membership:sign_out": ("administrator", "/people/{person}/sign-out", {"why": "Приказ"}),
    "membership:organisation_create": ("administrator", "/organisations", {
        "name_ru": "Новая", "name_en": "", "region": ""}),
    "membership:organisation_save": ("administrator", "/organisations/{organisation}", {
        "name_ru": "Иная", "name_en": ""}),
    "letter:stop": ("administrator", "/outbox/{batch}/stop", {"reason": "Ошибка"}),
    "letter:try_again": ("administrator", "/outbox/{failed}/try-again", {}),
    "invitation:create": ("signatory", "/invitations", {"email": "new@region.ru", "name_ru": "Анна", "language": "ru"}),
    "invitation:send_again": ("administrator", "/invitations/{sent}/send-again", {}),
    "invitation:withdraw": ("administrator", "/invitations/{sent}/withdraw", {}),
    "invitation:approve": ("administrator", "/invitations/{asked}/approve", {
        "organisation": "{organisation}", "new_organisation": ""}),
    "invitation:decline": ("administrator", "/invitations/{asked}/decline", {"reason": "Нет такой службы"}),
    "invitation:ask_post": ("", "/registration", {**REQUEST, "email": "third@region.ru"}),
    "amendment:propose": ("officer", "/agreements/{agreement}/amendments/new", {
        "reason": "Меньше семей", "SC-04.2027Q2.n": "150"}),
    "application:save": ("editor", "/applications/{draft}/sections/goal", {"based_on": "0", "goal": "Текст"}),
    "application:restore": ("editor", "/applications/{draft}/sections/passport/restore", {
        "version": "1", "based_on": "2"}),
    "award:save": ("council", "/calls/{judged}/recommendation/text", {"based_on": "2", "reason.{rival}": "три"}),
    "award:restore": ("council", "/calls/{judged}/recommendation/restore", {"version": "1", "based_on": "2"}),
    "call:restore": ("officer", "/calls/2095/restore", {"version": "1", "based_on": "2"}),
    "review:restore": ("reviewer", "/reviews/{review}/restore", {"version": "1", "based_on": "2"}),
    "report:restore": ("editor", "/reports/{agreement}-2027Q1/restore", {"version": "1", "based_on": "2"}),
    "amendment:sign": ("neighbour", "/agreements/{amended}/amendments/1/sign", {}),
    "amendment:withdraw": ("officer", "/agreements/{amended}/amendments/1/withdraw", {}),
    "account:end_session": ("editor", "/account/sessions/end", {"session": "{elsewhere}"}),
    "closeout:terminate": ("officer", "/agreements/{agreement}/terminate", {
        "ended_on": "20.11.2026", "reason": "Регион отказался"}),
    "closeout:archive": ("officer", "/calls/{over}/archive", {}),
    "call:extend": ("officer", "/calls/{call}/more-time", {"closes_at": "30.12.2026 12:00", "reason": "Сбой"}),
}  # fmt: skip


async def office() -> Office:
    """People of every kind, an invitation sent and one asked for, letters that wait and that failed, an agreement."""
    region = await make.region(*make.KAMCHATKA)
    people = {role.value: await make.person(role, region=region) for role in (Role.EDITOR, Role.SIGNATORY)}
    people |= {role.value: await make.person(role) for role in (Role.ADMINISTRATOR, Role.OFFICER)}
    editor = people["editor"]
    gone = await make.person(Role.EDITOR, region=region)
    await Person.filter(id=gone.id).update(is_active=False)
    organisation = await Organisation.get(id=editor.organisation_id)
    sent = await invitations.invite(
        email="sent@region.ru", name_ru="Анна", organisation=organisation, roles={Role.EDITOR},
        by=people["administrator"],
    )  # fmt: skip
    await invitations.receive({**REQUEST, "email": "asked@region.ru"})
    waiting = await Letter.get(address="sent@region.ru")
    await mail.write([editor], say("Results"), [say("Results")])
    failed = await Letter.get(address=editor.email)
    await Letter.filter(id=failed.id).update(state=LetterState.FAILED)
    neighbours = await make.region(*make.NOVGOROD)
    people["neighbour"] = await make.person(Role.SIGNATORY, region=neighbours)
    agreement, amended = await make.agreement(region), await make.agreement(neighbours)
    await make.call(number="2098", state=CallState.DECIDED)
    other = await sessions.find(await sessions.open_session(editor.id, "elsewhere"))
    assert other is not None
    draft = await applications.start(await make.call(number="2099"), by=editor)
    for place, title in enumerate(("раз", "два")):
        await applications.save(draft, "passport", {"title": title}, based_on=place, by=editor)
    review, report = await _review(neighbours), await Report.get(agreement_id=agreement.id, period="2027Q1")
    people["reviewer"] = review.reviewer
    for place, number in enumerate(("4", "5")):
        await reviews.save(review, {"mark.K1": number}, based_on=place, by=review.reviewer)
        await reports.save(report, {"SC-04.n": number}, based_on=place, by=editor)
    judged = await make.call(number="2096", state=CallState.CLOSED)
    rival, people["council"] = await make.eligible(region, of=judged), await make.person(Role.COUNCIL)
    planned = await make.call(number="2095", state=CallState.DRAFT)
    for place, reason in enumerate(("раз", "два")):
        typed = Typed({f"reason.{rival.number}": reason}.items())
        await awards.write(judged, typed, based_on=place, by=await make.person(Role.COUNCIL))
        typed = Typed({"about_ru": reason}.items())
        await calls.write(planned, typed, based_on=place, by=await make.person(Role.OFFICER))
    asked = await Invitation.get(state=InvitationState.ASKED)
    made = Office(people, {
        "person": editor.public_id, "gone": gone.public_id, "email": editor.email,
        "organisation": organisation.public_id,
        "batch": str(waiting.batch), "failed": str(failed.batch), "sent": sent.public_id, "asked": asked.public_id,
        "agreement": agreement.number, "draft": draft.number, "call": "2099",
        "over": "2098", "elsewhere": other.mark, "judged": "2096", "rival": rival.number,
        "amended": amended.number, "review": review.public_id,
    })  # fmt: skip
    proposed = {"reason": "Меньше", "SC-04.2027Q2.n": "150"}
    answer = await (await visitor(people["officer"])).send_form(
        f"/ru/agreements/{amended.number}/amendments/new", proposed
    )
    assert answer.status_code == 303
    return made


async def _review(region: Region) -> Review:
    """A review that is being written."""
    reader = await make.person(Role.REVIEWER)
    application = await make.eligible(region, of=await make.call(number="2097"))
    review = await reviews.assign(application, reader, by=await make.person(Role.OFFICER))
    await reviews.declare(review, conflict=False, by=reader)
    return review


async def send(browser: Visitor, everybody: Office, deed: Deed, extra: Mapping[str, str]) -> None:
    """The deed's form is sent, with more fields than it has, and taken."""
    _, path, typed = deed
    names = everybody.names
    own = {
        name.format(**names): value.format(**names) if isinstance(value, str) else value
        for name, value in typed.items()
    }
    more = {name: value for name, value in extra.items() if name not in own}
    sent = {"form_token": browser.form_token, **own, **more}
    answer = await browser.post(f"/ru{path.format(**names)}", data=sent, params=more or None)
    assert answer.status_code == 303, (path, answer.status_code, answer.text[-2000:])
    assert "/sign-in?" not in answer.headers["location"]


async def _done(everybody: Office, deed: Deed, extra: Mapping[str, str]) -> tuple[Rows, Rows]:
    """All rows before and after the deed, which is then undone."""
    async with in_transaction() as connection:
        browser = await visitor(everybody.people.get(deed[0]))
        before = await rows()
        await send(browser, everybody, deed, extra)
        found = before, await rows()
        await connection.rollback()
    return found


async def test_z4_fields_that_no_form_has_change_nothing_aside_either(
    tx: TransactionalDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.frozen(AT):
        everybody, extra = await office(), columns()
        for name, deed in DEEDS.items():
            found = []
            for more in ({}, extra):
                drawn = iter(range(100))
                monkeypatch.setattr("secrets.token_urlsafe", lambda *_, drawn=drawn: f"{next(drawn):043}")
                found.append(await _done(everybody, deed, more))
            (before, plain), (_, poisoned) = found
            assert plain != before, f"{name} does nothing"
            for table in plain:
                assert plain[table] == poisoned[table], (name, table)
