"""The sections of an application as data: which fields, which rows, what is asked and in what words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.applications.programme.rules.content import SOURCES
from portal.kit.forms import ROW, Field, Kind, Typed, rows
from portal.kit.i18n import Text, say

ROWS = 100


@dataclass(frozen=True, slots=True)
class Table:
    """A repeated group of fields, sent as `name-0-column`; rows with a `mark` carry a key such as "a1"."""

    name: str
    row: Text
    fields: tuple[Field, ...]
    mark: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its name, what it is for, its fields, its rows, and further names that it takes (a pattern)."""

    code: str
    title: Text
    about: Text
    fields: tuple[Field, ...] = ()
    table: Table | None = None
    others: str = ""

    @property
    def names(self) -> re.Pattern[str]:
        """Names that a form of this section may send, in full; any other is left out of what is kept."""
        names = [re.escape(field.name) for field in self.fields] + [self.others] * bool(self.others)
        if self.table:
            columns = [re.escape(field.name) for field in self.table.fields] + ["key"] * bool(self.table.mark)
            columns += [self.table.more] * bool(self.table.more)
            names.append(rf"{self.table.name}-{ROW}-(?:{'|'.join(columns)})")
        return re.compile("|".join(names), re.ASCII)


SECTIONS: dict[str, Section] = {
    section.code: section
    for section in (
        Section(
            "passport",
            say("Passport"),
            say("Name, who does it, the act that approved it"),
            (
                Field("title", say("Name of the programme"), limit=200),
                Field("summary", say("What the programme does, in a few sentences"), Kind.LONG, limit=1500,
                      hint=say("It is printed on the public page of the programme.")),
                Field("executor", say("Lead implementing body")),
                Field("coexecutors", say("Co-implementing bodies"), Kind.LONG, required=False, limit=1000),
                Field("act_kind", say("Kind of the legal act that approves the programme"),
                      hint=say("For example, an order of the regional government.")),
                Field("act_number", say("Number of the act"), limit=60),
                Field("act_date", say("Date of the act"), Kind.DATE, hint=say("For example, 20.11.2026.")),
                Field("contact", say("Whom to ask about the programme"),
                      hint=say("Position, work telephone and work e-mail. No names of families or children.")),
                Field("title_en", say("Name in English"), required=False, limit=200),
                Field("summary_en", say("What the programme does, in English"), Kind.LONG, required=False, limit=1500),
            ),
        ),
        Section(
            "goal",
            say("Goal and target groups"),
            say("Whom the programme helps, and in what"),
            (
                Field("problem", say("What is wrong now"), Kind.LONG, limit=5000,
                      hint=say("Which families are poor in the region and why. Use figures with their source.")),
                Field("goal", say("What will change"), Kind.LONG, limit=1500),
            ),
            Table("groups", say("Target group"), (
                Field("name", say("Who they are"), limit=200),
                Field("families", say("Families"), Kind.COUNT, required=False),
                Field("children", say("Children in them"), Kind.COUNT, required=False),
            )),
        ),
        Section(
            "activities",
            say("Activities by direction"),
            say("What will be done, when and with what result"),
            (),
            Table("activities", say("Activity"), (
                Field("direction", say("Direction"), Kind.CHOICE),
                Field("title", say("Name of the activity"), limit=200),
                Field("first", say("First quarter"), Kind.CHOICE),
                Field("last", say("Last quarter"), Kind.CHOICE),
                Field("description", say("What will be done"), Kind.LONG, limit=3000),
                Field("result", say("Result that can be checked"), Kind.LONG, limit=1000),
            ), mark="a"),
        ),
        Section(
            "indicators",
            say("Plan of indicators"),
            say("Baseline and what will be reached by the end of each quarter"),
            (Field("chosen", say("Further indicators"), Kind.CHOICES, required=False),),
            others=r"[A-Z][A-Z0-9-]{1,7}\.(?:base|[0-9]{4}Q[1-4])\.[nd]",
        ),
        Section(
            "budget",
            say("Budget"),
            say("Lines by year and source, the co-financing share"),
            (
                Field("justification", say("How the sums were reckoned"), Kind.LONG, limit=4000,
                      hint=say("Rates, prices, quantities. Reviewers read this text together with the table.")),
            ),
            Table("lines", say("Budget line"), (
                Field("title", say("What the money is for"), limit=200),
                Field("activity", say("Activity"), Kind.CHOICE),
            ), mark="b", more=rf"[0-9]{{4}}\.(?:{'|'.join(SOURCES)})"),
        ),
    )
}  # fmt: skip

GROUPS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (say("About the programme"), ("passport", "goal", "activities")),
    (say("Indicators and money"), ("indicators", "budget")),
)

SOURCE_NAMES: Mapping[str, Text] = {
    "foundation": say("Foundation"),
    "regional": say("Region"),
    "municipal": say("Municipalities"),
    "extra": say("Extra-budgetary"),
}


def is_blank(row: Mapping[str, str]) -> bool:
    """Whether nothing was typed in the row: its key is the portal's own."""
    return not any(value.strip() for name, value in row.items() if name != "key")


def with_row(typed: Typed, table: Table) -> Typed:
    """The same texts and one more empty row at the end; unchanged where there are a hundred already."""
    taken = dict(rows(typed, table.name))
    number = max(taken, default=-1) + 1
    if number >= ROWS:
        return typed
    pairs = [(f"{table.name}-{number}-{table.fields[0].name}", "")]
    if table.mark:
        keys = {row.get("key") for row in taken.values()}
        free = next(key for n in range(1, ROWS + 2) if (key := f"{table.mark}{n}") not in keys)
        pairs.append((f"{table.name}-{number}-key", free))
    return Typed([*typed.pairs, *pairs])


def without_row(typed: Typed, table: Table, number: int) -> Typed:
    """The same texts without the row."""
    return Typed([(name, value) for name, value in typed.pairs if not name.startswith(f"{table.name}-{number}-")])


def kept(section: Section, typed: Mapping[str, str]) -> Typed:
    """What a section keeps of a form: its own names only."""
    pairs = typed.pairs if isinstance(typed, Typed) else list(typed.items())
    names = section.names
    return Typed([(name, value) for name, value in pairs if names.fullmatch(name)])
