"""Two servers on one database behind a proxy: what one of them was told, the other knows at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from urllib.parse import urlencode

import httpx2
import pytest
from tortoise.context import TortoiseContext

from portal.app import MODELS
from portal.applications.application import service as applications
from portal.applications.application.models import Application, ApplicationVersion
from portal.kit import clock, db, sessions
from portal.kit.access import cookie
from portal.kit.drafts import Draft
from portal.kit.files import StoredFile
from portal.kit.sessions import Session
from portal.people.account import rules, service
from portal.people.account.models import RefusedSignIn
from portal.people.person.models import Membership, Person
from portal.people.roles import Role
from portal.settings import settings
from tests import make
from tests.conftest import Database
from tests.faults import live
from tests.faults.live import Portal, Proxy, Town
from tests.kit import papers

LISTED, STRANGER = "127.0.0.2", "127.0.0.3"
"""Loopback has many addresses: only the first is listed."""


DRAIN_SECONDS = 30
PACE_SECONDS = 0.1
WRITTEN = ("subject", "subject_id", "section", "version", "typed", "saved_by_id", "saved_by_name", "saved_at")


@pytest.fixture(scope="module")
async def town(template: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    listed = {"PORTAL_TRUSTED_PROXIES": LISTED, "PORTAL_WORKER": "apart"}
    with live.copied(template, "town") as database:
        async with TortoiseContext() as context, Proxy(live.free_port(), live.free_port()) as proxy:
            await context.init(config=db.config(database.app_url, MODELS))
            made = Town(database, tmp_path_factory.mktemp("town"), proxy, listed)
            try:
                made.portals += [made.start(port) for port in proxy.servers]
                for portal in made.portals:
                    await asyncio.to_thread(portal.wait_ready)
                yield made
            finally:
                for portal in made.portals:
                    await asyncio.to_thread(live.stop, portal)


def _posted(portal: Portal, path: str, typed: dict[str, str], *, source: str, **headers: str) -> int:
    """The status of a form sent from this address of loopback."""
    body = urlencode({"form_token": sessions.signature(settings().secret, "browser"), **typed}).encode()
    form = {"content_type": "application/x-www-form-urlencoded", "content_length": str(len(body))}
    head = portal.head(path=path, cookie=f"{cookie('form')}=browser", **form, **headers)
    return portal.status(head, body, source=source)


async def _letters(town: Town, *, source: str, network: str, forwarded: str) -> list[int]:
    """The statuses of the last two letters that the network may ask for, and of one more, at the servers by turns."""
    for place in range(rules.LETTERS.of_network - 2):
        kept = sessions.fingerprint(f"{rules.LETTERS.kind}:network:{network}")
        await RefusedSignIn.create(account=f"{network} {place}", network=kept, at=clock.now())
    statuses = []
    for place in range(3):
        sent = {
            "x_forwarded_for": forwarded % place,
            "x_real_ip": f"10.9.9.{place}",
            "forwarded": f"for=10.8.8.{place}",
        }
        typed = {"email": f"nobody{place}@{network}.example.org"}
        asking = asyncio.to_thread(_posted, town.portals[place % 2], "/ru/password-reset", typed, source=source, **sent)
        statuses.append(await asking)
    return statuses


async def test_a1_forged_addresses_count_for_nothing_unless_the_proxy_is_listed(town: Town) -> None:
    counted = await _letters(town, source=STRANGER, network=STRANGER, forwarded="10.0.0.%d")
    assert counted == [303, 303, 429]


async def test_a1_listed_proxy_is_believed_for_the_address_that_it_saw(town: Town) -> None:
    """What stands before it in the header was written by the client, who may write anything."""
    counted = await _letters(town, source=LISTED, network="10.7.7.7", forwarded="10.0.0.%d, 10.7.7.7")
    assert counted == [303, 303, 429]
    other = await asyncio.to_thread(
        _posted, town.portals[0], "/ru/password-reset", {"email": "x@other.example.org"}, source=LISTED,
        x_forwarded_for="10.7.7.7, 10.7.7.8",
    )  # fmt: skip
    assert other == 303


async def _leave(person: Person, session: Session) -> None:
    await service.end_session(person, session.mark)


async def _change_password(person: Person, _: Session) -> None:
    await service.set_password(person, "совсем другие четыре слова", by=person)


async def _disable(person: Person, _: Session) -> None:
    await Person.filter(id=person.id).update(is_active=False)


async def _take_role(person: Person, _: Session) -> None:
    await Membership.filter(person_id=person.id).delete()


@pytest.mark.parametrize("end", [_leave, _change_password, _disable, _take_role])
async def test_a4_right_that_ended_is_refused_by_every_server_at_the_next_request(
    town: Town, end: Callable[[Person, Session], Awaitable[None]]
) -> None:
    person = await make.person(Role.OFFICER)
    token = await sessions.open_session(person.id, "tests")
    found = await sessions.find(token)
    assert found is not None

    def both() -> list[int]:
        heads = [one.head("GET", "/ru/applications", cookie=f"{cookie('session')}={token}") for one in town.portals]
        return [one.status(head) for one, head in zip(town.portals, heads, strict=True)]

    assert await asyncio.to_thread(both) == [200, 200]
    await end(person, found)
    assert not {200} & set(await asyncio.to_thread(both))


async def test_a4_signing_out_at_one_server_is_known_to_the_other(town: Town) -> None:
    person = await make.person(Role.OFFICER)
    token = await sessions.open_session(person.id, "tests")
    carried = {"cookie": f"{cookie('session')}={token}"}
    body = urlencode({"form_token": sessions.signature(settings().secret, token)}).encode()
    form = {"content_type": "application/x-www-form-urlencoded", "content_length": str(len(body))}
    here, there = town.portals
    assert await asyncio.to_thread(there.status, there.head("GET", "/ru/", **carried)) == 200
    assert await asyncio.to_thread(here.status, here.head(path="/ru/sign-out", **form, **carried), body) == 303
    heard = await asyncio.to_thread(there.say, there.head("GET", "/ru/applications", **carried))
    assert b"/ru/sign-in?next=" in heard


@dataclass(frozen=True)
class Ready:
    """An application that waits for somebody's word, and the token of her session."""

    application: Application
    token: str


async def ready() -> AsyncIterator[Ready]:
    """Region after region has one: the first is written in full, the others are its copies."""
    call, first = await make.call(), await make.region(*make.KAMCHATKA)
    editor = await make.person(Role.EDITOR, region=first)
    pattern = await make.written(await applications.start(call, by=editor), editor)
    await applications.hand_over(pattern, by=editor)
    texts = await Draft.filter(subject_id=pattern.id)
    for place in count(2):
        region = await make.region(f"R{place}", f"Регион {place}", f"Region {place}", "Europe/Moscow")
        signatory = await make.person(Role.SIGNATORY, region=region)
        one = await Application.create(
            number=f"{call.number}-{place:03d}", call=call, region=region, organisation=signatory.organisation,
            state=pattern.state, started_at=pattern.started_at,
        )  # fmt: skip
        await Draft.bulk_create(
            Draft(**{name: one.id if name == "subject_id" else getattr(text, name) for name in WRITTEN})
            for text in texts
        )
        yield Ready(one, await sessions.open_session(signatory.id, "tests"))


async def _submit(town: Town, one: Ready) -> str:
    """What came of it: "303", another status, or the name of the fault of the line."""
    sent = {"form_token": sessions.signature(settings().secret, one.token)}
    async with town.client(one.token) as client:
        try:
            answer = await client.post(f"/ru/applications/{one.application.number}/submit", data=sent)
        except httpx2.HTTPError as fault:
            return type(fault).__name__
        return str(answer.status_code)


async def _rolling(town: Town, restarts: int) -> None:
    """Submissions go on, a few at a time, until so many restarts are over; all are taken, each once."""

    async def renew() -> list[float]:
        return [await town.restart(place % len(town.portals)) for place in range(restarts)]

    renewing, submitting = asyncio.create_task(renew()), []
    async for one in ready():
        submitting.append(asyncio.create_task(_submit(town, one)))
        await asyncio.sleep(PACE_SECONDS)
        if renewing.done():
            break
    answers = await asyncio.gather(*submitting)
    assert max(await renewing) < DRAIN_SECONDS
    assert Counter(answers) == {"303": len(answers)}
    assert await ApplicationVersion.filter(application__call_id=one.application.call_id).count() == len(answers)


async def test_p3_a_server_that_is_renewed_refuses_no_submission(town: Town) -> None:
    await _rolling(town, 1)


@pytest.mark.soak
async def test_p3_twenty_renewals_refuse_no_submission(town: Town) -> None:
    await _rolling(town, 20)


async def _uploaded(town: Town, one: Ready, content: bytes, pieces: int, pause: float) -> str:
    """What comes of a file that takes its time."""
    boundary, name = "b", f"/ru/applications/{one.application.number}/files"
    fields = f'--{boundary}\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n'
    fields += sessions.signature(settings().secret, one.token)
    fields += f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x.docx"\r\n\r\n'
    body = fields.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    size = -(-len(body) // pieces)

    async def slowly() -> AsyncIterator[bytes]:
        for place in range(pieces):
            yield body[place * size : (place + 1) * size]
            await asyncio.sleep(pause)

    headers = {"content-type": f"multipart/form-data; boundary={boundary}", "content-length": str(len(body))}
    async with town.client(one.token) as client:
        try:
            return str((await client.post(name, content=slowly(), headers=headers)).status_code)
        except httpx2.HTTPError as fault:
            return type(fault).__name__


@pytest.mark.soak
@pytest.mark.parametrize("seconds", [2, 12])
async def test_p3_file_that_is_on_its_way_when_the_server_is_told_to_end_comes_in(town: Town, seconds: int) -> None:
    editor = await make.person(Role.EDITOR, region=await make.region(*make.KAMCHATKA))
    application = await applications.start(await make.call(), by=editor)
    one = Ready(application, await sessions.open_session(editor.id, "tests"))
    content = papers.docx("Министерство поддерживает программу.")
    uploading = asyncio.create_task(_uploaded(town, one, content, 10, seconds / 10))
    await asyncio.sleep(seconds / 3)
    ends = await asyncio.gather(*(town.restart(place) for place in range(len(town.portals))))
    assert max(ends) < DRAIN_SECONDS
    assert await uploading == "303"
    assert (await StoredFile.get(subject_id=application.id)).sha256 == sha256(content).hexdigest()
