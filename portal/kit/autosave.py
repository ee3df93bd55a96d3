"""Saving while one types: what a page's script is told after each pause, in place of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from portal.kit.drafts import Draft, Stale
from portal.kit.errors import Problem, Refusal
from portal.kit.i18n import Text, clock_time, say


def is_asked(request: Request) -> bool:
    """Whether a script sent the form and reads the answer; a person who sent it gets a page."""
    return request.headers.get("accept") == "application/json"


def saved(
    draft: Draft,
    *,
    zone: str | None = None,
    problems: Iterable[Problem] = (),
    shown: Mapping[str, Any] | None = None,
    standings: Mapping[str, tuple[str, Any]] | None = None,
    note: Text | None = None,
) -> Response:
    """The version that stands now, with the words for it.

    `problems` are soft hints, `shown` the computed figures and `standings` the icons and words of rows, both by their
    names on the page; `note` is what else is to be known.
    """
    hints: dict[str, list[str]] = {}
    for problem in problems:
        hints.setdefault(problem.field, []).append(str(problem.reason))
    words = say("Saved at %(time)s", time=clock_time(draft.saved_at, zone))
    figures = {name: str(value) for name, value in (shown or {}).items()}
    return _told(
        {
            "version": draft.version,
            "words": str(words),
            "note": str(note or ""),
            "problems": hints,
            "shown": figures,
            "standings": {name: [icon, str(word)] for name, (icon, word) in (standings or {}).items()},
        }
    )


def stale(refusal: Stale) -> Response:
    """Somebody saved first: both texts, and nothing was changed."""
    theirs = refusal.theirs
    return _told(
        {
            "words": str(refusal.reason),
            "stale": {"version": theirs.version, "theirs": theirs.content.lists, "mine": refusal.mine.lists},
        },
        409,
    )


def refused(refusal: Refusal) -> Response:
    """Why the text was not taken; nothing was changed."""
    return stale(refusal) if isinstance(refusal, Stale) else _told({"words": str(refusal.reason)}, refusal.status)


def _told(content: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json", headers={"Cache-Control": "no-store"})
