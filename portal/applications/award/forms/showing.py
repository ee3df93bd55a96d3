"""The rows of a ranking as its page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from portal.applications.award import rules
from portal.applications.award.models import Contest
from portal.applications.award.rules import Advice, Row
from portal.applications.call.models import Call
from portal.kit.bilingual import Bilingual
from portal.kit.i18n import Text, amount, say
from portal.kit.i18n import number as written


class Line(NamedTuple):
    """A row of the ranking as the page shows it; `notes` beneath it are (kind, title, text)."""

    place: int | None
    number: str
    region: Bilingual
    title: Bilingual | str
    score: str
    exactly: str
    known: rules.Known | None
    crosses: bool
    asked: str
    running: str
    notes: Sequence[tuple[str, Text | str, Text]]
    is_last_place: bool


def lines(
    rows: Iterable[Row], contest: Contest, call: Call, advice: Advice | None, titles: Mapping[int, Bilingual]
) -> list[Line]:
    """The rows in words and digits; `crosses` where the adjusted score would carry it over the line."""
    shown = []
    for row in rows:
        one, known = row.contestant, advice.known.get(row.contestant.number) if advice else None
        official, adjusted = row.place or 0, known.adjusted_place if known else row.place or 0
        crosses = (adjusted <= call.places) != (official <= call.places)
        score, exactly = ("", "") if row.score is None else (written(row.score, 4), str(row.score))
        asked, running = amount(one.requested), amount(row.running)
        notes = [*_notes(row, contest, call)]
        shown.append(
            Line(row.place, one.number, one.region, titles.get(one.id, ""), score, exactly, known, crosses, asked,
                 running, notes, row.is_last_place)
        )  # fmt: skip
    return shown


def _notes(row: Row, contest: Contest, call: Call) -> Iterator[tuple[str, Text | str, Text]]:
    one, done = row.contestant, len(row.contestant.marks)
    if why := rules.explanation(row, contest):
        yield "info", "", why
    if one.unfinished or not done or done < call.readers:
        told = {"done": done, "open": one.unfinished, "all": call.readers}
        text = say("Reviews submitted: %(done)s, still being read: %(open)s, needed: %(all)s.", **told)
        yield "warn", say("Not read in full."), text
    if row.running - one.requested <= call.fund < row.running:
        yield "info", "", say("From here on the sums asked for are more than the fund.")
