"""Versions of a long form: who changed what and when, an earlier text let stand again, two texts put together.

A room says in a `Writing` which text it is, where its form lives and what its fields are called; the pages are here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from tortoise.models import Model

from portal.kit import drafts
from portal.kit.drafts import Draft, Stale
from portal.kit.forms import Field, Kind, Typed, read_form
from portal.kit.i18n import Text, say
from portal.kit.pages import flash, page

BASE, CHOICE = "based_on", "choose."
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Named:
    """A field as people know it: what it is called, and in `words` what stands for the codes that its form sends."""

    name: str
    label: Any
    words: tuple[tuple[str, Any], ...] = ()

    def read(self, typed: Typed) -> str:
        """What was typed into it, in words; nothing if nothing was."""
        words = dict(self.words)
        return ", ".join(str(words.get(one, one)) for one in _filled(typed, self.name))


def named(field: Field, name: str = "", label: Any = None) -> Named:
    """The field of a form's specification, under the name and the label that it has in this form."""
    words = (("yes", say("yes")),) if field.kind is Kind.FLAG else field.choices
    return Named(name or field.name, label or field.label, words)


def among(fields: Iterable[Named]) -> Callable[[Collection[str]], list[Named]]:
    """Which of these fields have the names, in the order of these fields: for a form whose fields are known."""
    known = list(fields)
    return lambda names: [one for one in known if one.name in names]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A text that several people or windows write, as its own room knows it.

    Addresses: `form` has its fields, `save` takes them with BASE, `history` and `restore` are these pages; `trail` is
    the way back. `fields` puts names in the order of the form; those that no person sees are left out. `closed` says
    why this person lets no earlier text stand again, `who` names the writer of a version, `note` what is odd about it.
    """

    record: Model
    section: str
    over: Any
    trail: Sequence[tuple[str, Any]]
    form: str
    save: str
    history: str
    restore: str
    fields: Callable[[Collection[str]], Iterable[Named]]
    closed: Text | None
    zone: str | None = None
    who: Callable[[Draft], Any] = attrgetter("saved_by_name")
    note: Callable[[Draft], Text | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two texts part, with both, and whose is taken if nobody chooses."""

    name: str
    label: Any
    mine: str
    theirs: str
    suggested: str


@dataclass(frozen=True, slots=True)
class Past:
    """A version that stays, and what differs from the one kept before it."""

    draft: Draft
    changes: list[Difference]


def differences(
    fields: Callable[[Collection[str]], Iterable[Named]], *, base: Typed, theirs: Typed, mine: Typed
) -> list[Difference]:
    """Where the texts part. What only the other changed since `base` is suggested from there, else from mine."""
    apart = {name for name in {*mine.lists, *theirs.lists} if _filled(mine, name) != _filled(theirs, name)}
    return [
        Difference(
            one.name,
            one.label,
            one.read(mine),
            one.read(theirs),
            THEIRS if _filled(mine, one.name) == _filled(base, one.name) else MINE,
        )
        for one in fields(apart)
    ]


def _filled(typed: Typed, name: str) -> list[str]:
    return [value for value in typed.lists.get(name, ()) if value]


def chosen(theirs: Typed, sent: Typed) -> Typed:
    """My text with the fields that were chosen so taken from the other one, rows with their keys."""
    picked = [name.removeprefix(CHOICE) for name, value in sent.items() if name.startswith(CHOICE) and value == THEIRS]
    keys = {f"{name.rpartition('-')[0]}-key" for name in picked if "-" in name}
    taken = {*picked, *(key for key in keys if key in theirs and key not in sent)}
    pairs = [(name, value) for name, value in sent.pairs if name not in taken and not name.startswith(CHOICE)]
    return Typed([*pairs, *((name, value) for name, value in theirs.pairs if name in taken)])


async def settled(record: Model, section: str, sent: Typed) -> Typed:
    """What a form sent; from the page of two texts with what was chosen from the saved one."""
    if not any(name.startswith(CHOICE) for name in sent):
        return sent
    theirs = await drafts.newest(record, section)
    return chosen(theirs.content if theirs else Typed([]), sent)


async def both(request: Request, writing: Writing, stale: Stale, based_on: int) -> Response:
    """The page of two texts side by side, a choice for every field, with all of mine to be sent again."""
    base = await drafts.as_of(writing.record, writing.section, based_on)
    before = base.content if base else Typed([])
    return await page(
        request,
        "kit/both.html",
        status=409,
        writing=writing,
        theirs=stale.theirs,
        reason=stale.reason,
        is_hers=stale.theirs.saved_by_id == request.state.person.id,
        mine=stale.mine.pairs,
        differences=differences(writing.fields, base=before, theirs=stale.theirs.content, mine=stale.mine),
        base_name=BASE,
        choice=CHOICE,
    )


async def history(request: Request, writing: Writing) -> Response:
    """The page of versions, the newest first, each with what its writer changed."""
    kept = await drafts.history(writing.record, writing.section)
    texts = [draft.content for draft in kept] + [Typed([])]
    nothing = texts[-1]
    past = [
        Past(draft, differences(writing.fields, base=nothing, theirs=before, mine=mine))
        for draft, mine, before in zip(kept, texts, texts[1:], strict=False)
    ]
    return await page(request, "kit/versions.html", writing=writing, past=past, base_name=BASE)


async def restored(request: Request, writing: Writing, restore: Callable[..., Awaitable[Draft]]) -> Response:
    """Back to the form, where an earlier text stands again by the room's verb `restore`; both texts if it is late."""
    sent = await read_form(request)
    based_on = sent.number(BASE)
    try:
        await restore(writing.record, sent.number("version"), based_on=based_on, by=request.state.person)
    except Stale as stale:
        return await both(request, writing, stale, based_on)
    await flash(request, say("The earlier text is restored. The one it replaced is kept among the versions."))
    return RedirectResponse(writing.form, status_code=303)
