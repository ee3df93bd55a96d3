"""A programme as canonical JSON and back: one text for one meaning, so that its hash proves it."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.applications.programme.rules.content import (
    Activity,
    Attachment,
    Budget,
    BudgetLine,
    Cost,
    Figure,
    Goal,
    Group,
    Passport,
    PlannedIndicator,
    Programme,
)
from portal.kit.bilingual import Bilingual

FORMAT = "programme/1"


def canonical(programme: Programme) -> str:
    """Keys sorted, no spaces, UTF-8 as it is, decimals and days as strings; the same programme gives the same text.

    Files stand in it with their hashes, so that its own hash proves them too.
    """
    content = {"format": FORMAT, **_plain(programme)}
    if not programme.attachments:
        del content["attachments"]
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def from_canonical(text: str) -> Programme:
    """The programme that the text was made of; raises ValueError for a text of another format."""
    found = json.loads(text)
    if found.get("format") != FORMAT:
        raise ValueError("not a programme")
    return Programme(
        call=found["call"],
        first_period=found["first_period"],
        last_period=found["last_period"],
        passport=_passport(found["passport"]),
        goal=Goal(
            found["goal"]["problem"], found["goal"]["goal"], tuple(Group(**one) for one in found["goal"]["groups"])
        ),
        activities=tuple(
            Activity(**{**one, "direction_name": Bilingual(**one["direction_name"])}) for one in found["activities"]
        ),
        indicators=tuple(_indicator(one) for one in found["indicators"]),
        budget=Budget(
            tuple(_line(one) for one in found["budget"]["lines"]),
            found["budget"]["justification"],
        ),
        attachments=tuple(Attachment(**one) for one in found.get("attachments", ())),
    )


def _passport(found: dict[str, Any]) -> Passport:
    day = found["act_date"]
    return Passport(
        **{
            **found,
            "title": Bilingual(**found["title"]),
            "summary": Bilingual(**found["summary"]),
            "act_date": date.fromisoformat(day) if day else None,
        }
    )


def _figure(found: dict[str, str | None]) -> Figure:
    below = found["denominator"]
    return Figure(Decimal(str(found["numerator"])), None if below is None else Decimal(below))


def _indicator(found: dict[str, Any]) -> PlannedIndicator:
    return PlannedIndicator(
        code=found["code"],
        name=Bilingual(**found["name"]),
        kind=found["kind"],
        unit=found["unit"],
        baseline=_figure(found["baseline"]) if found["baseline"] else None,
        plan=tuple((period, _figure(figure)) for period, figure in found["plan"]),
    )


def _line(found: dict[str, Any]) -> BudgetLine:
    costs = tuple(Cost(one["year"], one["source"], Decimal(one["amount"])) for one in found["costs"])
    return BudgetLine(found["key"], found["title"], found["activity"], costs)
