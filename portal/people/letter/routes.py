"""Pages of letters: the outbox, where they can be seen and stopped before they go, and the demo's mailbox."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.kit import clock, mail, paging
from portal.kit.access import door, public
from portal.kit.errors import Invalid, NotFound
from portal.kit.forms import cleaned, read_form
from portal.kit.i18n import say_many
from portal.kit.mail import Letter, LetterState
from portal.kit.pages import flash, page, see_other
from portal.people.letter.forms import REASON, STANDINGS
from portal.people.letter.models import batches, mailbox_of, number_of_batches, visible_to
from portal.people.roles import Role
from portal.settings import settings

PAGE, IN_MAILBOX, IN_BATCH = 50, 50, 300
FRESH = timedelta(hours=1)


@door(Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)
async def outbox(request: Request) -> Response:
    """What waits, what went and what could not go: the letters of each deed in one line."""
    asked = request.query_params.get("state", "")
    chosen = asked if asked in set(LetterState) else ""
    reader = request.state.person
    part = paging.part(request, await number_of_batches(reader, chosen), size=PAGE)
    return await page(
        request,
        "letter/outbox.html",
        batches=await batches(reader, chosen, offset=part.offset, size=part.size),
        part=part,
        standings=STANDINGS,
        tabs=[(f"?state={state}", STANDINGS[state][1], state == chosen) for state in LetterState],
        chosen=chosen,
        is_going=mail.is_going(),
    )


async def _letters(request: Request) -> list[Letter]:
    seen = visible_to(request.state.person).filter(batch=request.path_params["batch"])
    letters = await seen.order_by("id").limit(IN_BATCH)
    if not letters:
        raise NotFound
    return letters


async def _batch(request: Request, letters: list[Letter], **more: Any) -> Response:
    return await page(
        request,
        "letter/batch.html",
        letters=letters,
        batch=letters[0].batch,
        standings=STANDINGS,
        text_of=text_of,
        changes=bool(request.state.person.roles & {Role.OFFICER, Role.ADMINISTRATOR}),
        why_not_stop=mail.why_not_stop(letters),
        why_not_try_again=mail.why_not_try_again(letters),
        waiting=[letter for letter in letters if letter.state is LetterState.WAITING],
        reason=REASON,
        **{"problems": [], "typed": {}, **more},
    )


@door(Role.OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)
async def batch(request: Request) -> Response:
    """The letters of one deed: to whom, where each stands, and its text."""
    return await _batch(request, await _letters(request))


@door(Role.OFFICER, Role.ADMINISTRATOR)
async def stop(request: Request) -> Response:
    """Letters that wait will not go."""
    letters, typed = await _letters(request), await read_form(request)
    try:
        reason = cleaned([REASON], typed)["reason"]
    except Invalid as invalid:
        return await _batch(request, letters, status=invalid.status, problems=invalid.problems, typed=typed)
    stopped = await mail.stop(letters[0].batch, reason=reason, by=request.state.person)
    await flash(request, say_many("%(num)s letter is stopped.", "%(num)s letters are stopped.", stopped))
    return see_other("letter:batch", batch=letters[0].batch)


@door(Role.OFFICER, Role.ADMINISTRATOR)
async def try_again(request: Request) -> Response:
    """Letters that could not be sent are tried anew."""
    letters = await _letters(request)
    tried = await mail.try_again(letters[0].batch, by=request.state.person)
    await flash(request, say_many("%(num)s letter is tried again.", "%(num)s letters are tried again.", tried))
    return see_other("letter:batch", batch=letters[0].batch)


@public
async def mailbox(request: Request) -> Response:
    """In the demo, where no letter leaves the machine: the letters of whoever looks. Elsewhere there is none."""
    if not mail.is_local():
        raise NotFound
    letters = mailbox_of(request.state.person, clock.now() - FRESH)
    return await page(request, "letter/mailbox.html", letters=await letters.limit(IN_MAILBOX), text_of=text_of)


def text_of(letter: Letter) -> Markup:
    """The letter's text for a page; addresses of this portal, and no others, are links."""
    ours = re.compile(rf"({re.escape(settings().base_url)}(?:/[\w/.?=&%~-]*)?)")
    parts = ours.split(letter.body)
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(part) if place % 2 else Markup("{}").format(part)
        for place, part in enumerate(parts)
    )


routes = [
    Route("/letters", mailbox, methods=["GET"], name="letter:mailbox"),
    Route("/outbox", outbox, methods=["GET"], name="letter:outbox"),
    Route("/outbox/{batch}", batch, methods=["GET"], name="letter:batch"),
    Route("/outbox/{batch}/stop", stop, methods=["POST"], name="letter:stop"),
    Route("/outbox/{batch}/try-again", try_again, methods=["POST"], name="letter:try_again"),
]
