"""The whole way from a call to a release, sent form by form as browsers send it; and all rows that stand afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise import Tortoise

from portal.applications.application.models import Application
from portal.applications.programme.rules import SECTIONS
from portal.applications.review.models import Review
from portal.directory.region.models import Region
from portal.kit import clock
from portal.monitoring.report.rules import due_at
from portal.people.person.models import Person
from portal.people.roles import Role
from tests import make
from tests.visit import Visitor, visitor

OPENS = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CLOSED = OPENS + timedelta(days=2)
AFTER = due_at("2027Q1") - timedelta(days=1)
FOREIGN = ("RU-NGR", "RU-OMS")
CALL = {
    "number": "2099", "name_ru": "Конкурс", "name_en": "", "about_ru": "О чём", "about_en": "",
    "opens_at": "19.11.2026", "closes_at": "21.11.2026 12:00", "fund": "20000000", "places": "1",
    "grant_limit": "10000000", "cofinancing_min": "20", "readers": "1", "first_period": "2027Q1",
    "last_period": "2027Q2", "resets_in_january": "", "required": ["SC-04", "SS-01"], "criteria-0-code": "K1",
    "criteria-0-name_ru": "Польза", "criteria-0-weight": "100", "criteria-0-levels_ru": "6 — всё\n1 — ничего",
    "tie-0-rule": "submitted", "publishes_certainty": "",
}  # fmt: skip
REPORT = {"SC-04.n": "10", "SS-01.n": "8", "SS-01.d": "20"}


@dataclass
class Way:
    """Everyone's browser; `extra` goes along with every form and into every address."""

    extra: Mapping[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    browsers: dict[str, Visitor] = field(default_factory=dict)
    regions: list[Region] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    async def settle(self) -> Way:
        """The people are there, and what they promise is in the catalogue."""
        await make.indicator()
        await make.indicator("SS-01", "share")
        await make.direction()
        places = (make.KAMCHATKA, make.NOVGOROD, ("RU-OMS", "Омская область", "Omsk Oblast", "Asia/Omsk"))
        self.regions = [await make.region(*place) for place in places]
        for region in self.regions:
            for role in (Role.EDITOR, Role.SIGNATORY):
                self.people[f"{role} {region.code}"] = await make.person(role, region=region)
        for role in (Role.OFFICER, Role.COUNCIL, Role.BOARD, Role.REVIEWER):
            self.people[role.value] = await make.person(role)
        return self

    async def sign_in(self) -> None:
        """Everyone begins a new day."""
        self.browsers = {who: await visitor(person) for who, person in self.people.items()}

    async def send(self, who: str, path: str, typed: Mapping[str, Any] | None = None) -> None:
        """A form is sent and taken, as every one of the way is."""
        own = typed or {}
        extra = {name: value for name, value in self.extra.items() if name not in own}
        browser = self.browsers[who]
        sent = {"form_token": browser.form_token, **own, **extra}
        answer = await browser.post(f"/ru{path}", data=sent, params=extra or None)
        self.paths.append(path)
        assert answer.status_code == 303, (who, path, answer.status_code, answer.text[-3000:])
        assert "/sign-in" not in answer.headers["location"]

    async def walk(self) -> None:
        """From the call to the release."""
        with clock.frozen(OPENS):
            await self.sign_in()
            await self.send("officer", "/calls/new", CALL)
            await self.send("officer", "/calls/2099/edit", CALL)
            await self.send("officer", "/calls/2099/open")
            for region in self.regions:
                await self.apply(region.code)
        with clock.frozen(CLOSED):
            await self.sign_in()
            await self.decide()
        with clock.frozen(AFTER):
            await self.sign_in()
            await self.report()

    async def apply(self, code: str) -> None:
        """The region's programme is submitted; one of them is withdrawn."""
        editor, signatory = f"editor {code}", f"signatory {code}"
        await self.send(editor, "/calls/2099/applications")
        application = await Application.get(region__code=code).select_related("call")
        at = f"/applications/{application.number}"
        for section, typed in make.texts(application.call).items():
            await self.send(editor, f"{at}/sections/{section}", {"based_on": "0", **typed})
        await self.send(editor, f"{at}/hand-over")
        await self.send(signatory, f"{at}/take-back")
        await self.send(editor, f"{at}/hand-over")
        await self.send(signatory, f"{at}/submit")
        if code == FOREIGN[0]:
            await self.send(signatory, f"{at}/withdraw", {"reason": "Передумали"})

    async def decide(self) -> None:
        """The call is closed, read, marked and decided; an agreement is signed."""
        await self.send("officer", "/calls/2099/places",
                        {"places": "2", "decided_on": "21.11.2026", "document": "№ 1"})  # fmt: skip
        await self.send("officer", "/calls/2099/close")
        await self.send("officer", "/applications/2099-003/reject", {"reason": "Нет акта"})
        await self.send("officer", "/applications/2099-001/admit")
        pair = f"2099-001:{self.people['reviewer'].id}"
        await self.send("officer", "/calls/2099/assignments", {"pick": [pair], "was": "", "due_on": "30.11.2026"})
        at = f"/reviews/{(await Review.get()).public_id}"
        marks = {"mark.K1": "5", "comment.K1": "Ясно"}
        await self.send("reviewer", f"{at}/conflict", {"conflict": "no", "note": ""})
        await self.send("reviewer", f"{at}/marks", {"based_on": "0", **marks})
        await self.send("reviewer", f"{at}/submit")
        await self.send("officer", f"{at}/return", {"reason": "Поясните"})
        await self.send("reviewer", f"{at}/marks", {"based_on": "1", **marks, "comment.K1": "Яснее"})
        await self.send("reviewer", f"{at}/submit")
        choice = {"outcome.2099-001": "winner", "amount.2099-001": "900000", "reason.2099-001": "", "edition": ""}
        await self.send("council", "/calls/2099/recommendation", choice)
        await self.send("board", "/calls/2099/approval", {"board_number": "4", "board_date": "22.11.2026"})
        await self.send("officer", "/calls/2099/announcement")
        await self.send("officer", "/applications/2099-001/agreement")
        await self.send("signatory RU-KAM", "/agreements/2099-01/sign")
        await self.send("board", "/agreements/2099-01/sign")

    async def report(self) -> None:
        """The first quarter is reported, returned, accepted, corrected and published."""
        at, editor, signatory = "/reports/2099-01-2027Q1", "editor RU-KAM", "signatory RU-KAM"
        await self.send(editor, f"{at}/values", {"based_on": "0", **REPORT})
        await self.send(editor, f"{at}/hand-over", {"based_on": "1", **REPORT})
        await self.send(signatory, f"{at}/take-back")
        await self.send(editor, f"{at}/hand-over", {"based_on": "1", **REPORT})
        await self.send(signatory, f"{at}/submit", {"seen": "1"})
        await self.send("officer", f"{at}/return", {"reason": "Проверьте", "seen": "1"})
        await self.send(editor, f"{at}/values", {"based_on": "1", **REPORT, "SC-04.n": "11"})
        await self.send(editor, f"{at}/hand-over", {"based_on": "2", **REPORT, "SC-04.n": "11"})
        await self.send(signatory, f"{at}/submit", {"seen": "2"})
        await self.send("officer", f"{at}/accept", {"seen": "2"})
        stated = {"status": "at_risk", "reason": "Набор семей остановлен"}
        await self.send("officer", "/agreements/2099-01/indicators/SC-04/status", stated)
        await self.send("officer", "/releases", {"call": "2099", "period": "2027Q1", "number": "1"})
        await self.send(editor, f"{at}/correct", {"reason": "Опечатка"})


RANDOM = frozenset({"id", "public_id", "token_hash", "message_id", "request_id", "seen_at", "subject_id",
                    "subject_name"})  # fmt: skip
TABLES = """
SELECT c.table_name FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.column_name = 'id'
   AND c.table_name NOT LIKE 'pgqueuer%' AND c.table_name NOT LIKE 'tortoise%' ORDER BY 1
"""


def _plain(table: str, value: Any) -> Any:
    """The value; the names of reviews, which are drawn by lot, and what is reckoned from them, as a mark."""
    named = table in ("journal", "letter", "protocol") and isinstance(value, str)
    return re.sub(r'\b([0-9a-f]{64}|[0-9a-f]{16})\b|(?<="application": )[0-9]+', "#", value) if named else value


async def rows() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables; keys, which are never used twice, as their order of first use."""
    connection = Tortoise.get_connection("default")
    found: dict[str, list[dict[str, Any]]] = {}
    for one in await connection.execute_query_dict(TABLES):
        table = one["table_name"]
        ranks: dict[tuple[str, Any], int] = {}
        found[table] = [
            {
                name: ranks.setdefault((name, value), len(ranks)) if name.endswith("_id") else _plain(table, value)
                for name, value in dict(row).items()
                if name not in RANDOM
            }
            for row in await connection.execute_query_dict(f'SELECT * FROM "{table}" ORDER BY id')
        ]
    return found


MORE = {"roles": "administrator", "is_staff": "1", "by": "1", "owner_id": "1", "status": "accepted", "role": "officer",
        "submitted_by": "1", "reviewer": "1",
        "accepted_by": "1", "__class__": "x", "state__in": "x", "pk": "1"}  # fmt: skip
FORMS = {"page", "then", "more", "add", "remove", "choose", "view", "back", "next", "check", "revision", "section"}
FORMS |= {field.name for section in SECTIONS.values() for field in section.fields}
"""What some page reads of its address or form on purpose."""


def columns() -> dict[str, str]:
    """A value for every column of every table, and for names that people try, but for what forms really have."""
    assert Tortoise.apps is not None
    names: dict[str, str] = {}
    for model in Tortoise.apps["portal"].values():
        for name, column in model._meta.fields_map.items():
            kind = type(column).__name__
            names[name] = "999" if "Int" in kind or "Decimal" in kind else "winner" if "Enum" in kind else "2001-01-01"
    return {name: value for name, value in {**names, **MORE}.items() if name not in FORMS}
