"""What tests need to stand on: the smallest true call, people and region, made in the test's transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any

from portal.applications.application import service as applications
from portal.applications.application.models import Application, ApplicationVersion
from portal.applications.application.states import ApplicationState
from portal.applications.award.models import Award, Protocol
from portal.applications.award.states import Outcome, ProtocolState
from portal.applications.call.models import Call, Criterion, RequiredIndicator
from portal.applications.call.states import CallState
from portal.applications.programme.models import facts_of
from portal.applications.programme.rules import canonical, read
from portal.applications.review.models import Mark, Review
from portal.applications.review.states import Conflict, ReviewState
from portal.directory.indicator.models import Direction, Indicator
from portal.directory.region.models import Region
from portal.kit import clock
from portal.kit.forms import Typed
from portal.kit.journal import PORTAL, JournalEntry
from portal.kit.periods import quarters
from portal.monitoring.agreement.models import AgreedCost, AgreedIndicator, AgreedValue, Agreement
from portal.monitoring.agreement.states import AgreementState
from portal.monitoring.report.models import Report
from portal.monitoring.report.rules import due_at
from portal.people.person.models import Membership, Organisation, Person
from portal.people.roles import REGIONAL, Role

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_numbers = count(1)

KAMCHATKA = ("RU-KAM", "Камчатский край", "Kamchatka Krai", "Asia/Kamchatka")
NOVGOROD = ("RU-NGR", "Новгородская область", "Novgorod Oblast", "Europe/Moscow")


async def region(code: str, name_ru: str, name_en: str, timezone: str) -> Region:
    """The region, made once."""
    found, _ = await Region.get_or_create(
        code=code,
        defaults={
            "name_ru": name_ru,
            "short_ru": name_ru,
            "name_en": name_en,
            "kind": "krai",
            "district_code": "FEFD",
            "district_ru": "Дальневосточный",
            "district_en": "Far Eastern",
            "oktmo": "30000000",
            "timezone": timezone,
        },
    )
    return found


async def person(*roles: Role, region: Region | None = None, name: str = "") -> Person:
    """A person with these roles; regional ones speak for `region`."""
    number = next(_numbers)
    label = name or f"Человек {number}"
    if region is not None and frozenset(roles) & REGIONAL:
        organisation, _ = await Organisation.get_or_create(
            region=region, defaults={"name_ru": f"Министерство: {region.name_ru}"}
        )
    else:
        organisation, _ = await Organisation.get_or_create(name_ru="Фонд", region=None)
    made = await Person.create(
        email=f"person{number}@example.org", name_ru=label, name_en=f"Person {number}", organisation=organisation
    )
    for role in roles:
        await Membership.create(person=made, role=role)
    return await Person.get(id=made.id).prefetch_related("memberships", "organisation__region")


async def indicator(code: str = "SC-04", kind: str = "count", **values: Any) -> Indicator:
    """An indicator of the catalogue, made once."""
    found, _ = await Indicator.get_or_create(
        code=code,
        defaults={
            "position": next(_numbers),
            "group_ru": "Социальный контракт",
            "name_ru": f"Показатель {code}",
            "name_en": f"Indicator {code}",
            "kind": kind,
            "unit": "contracts" if kind == "count" else "percent",
            "okei": "642" if kind == "count" else "744",
            "desired": "up",
            "level": "output",
            "numerator_ru": "Числитель",
            "denominator_ru": "" if kind == "count" else "Знаменатель",
            "measured": "over the period",
            "frequency": "Q",
            "small_numbers": "protect",
            "status": "computed",
            "basis": "adapted",
            **values,
        },
    )
    return found


async def direction(code: str = "contract") -> Direction:
    """A direction of programmes, made once."""
    found, _ = await Direction.get_or_create(
        code=code, defaults={"name_ru": "Социальный контракт", "name_en": "Social contract", "position": 1}
    )
    return found


async def call(*, state: CallState = CallState.OPEN, at: datetime | None = None, **values: Any) -> Call:
    """A call of two criteria, two quarters and two required indicators, open from yesterday to tomorrow."""
    now = at or clock.now()
    fields: dict[str, Any] = {
        "number": f"20{27 + next(_numbers)}",
        "name_ru": "Учебный конкурс",
        "name_en": "Training competition",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=1),
        "fund": Decimal("20000000.00"),
        "places": 2,
        "grant_limit": Decimal("10000000.00"),
        "cofinancing_min": Decimal("20.00"),
        "readers": 2,
        "first_period": "2027Q1",
        "last_period": "2027Q2",
        "tie_breaks": ["criterion:K1", "cofinancing", "submitted"],
        "is_demo": True,
    }
    made = await Call.create(state=state, **{**fields, **values})
    levels = [{"mark": mark, "ru": f"Уровень {mark}", "en": f"Level {mark}"} for mark in (6, 3, 1)]
    for position, (code, weight) in enumerate((("K1", 60), ("K2", 40))):
        await Criterion.create(
            call=made, code=code, position=position, name_ru=f"Критерий {code}", weight=weight, levels=levels
        )
    for needed in (await indicator(), await indicator("SS-01", "share")):
        await RequiredIndicator.create(call=made, indicator=needed)
    await direction()
    return made


def texts(call: Call, **changed: dict[str, str]) -> dict[str, dict[str, str]]:
    """What a region types, without a mistake, for a call like the one above; a section can be given anew."""
    budget = {"justification": "Ставки по тарифам области.", "lines-0-key": "b1", "lines-0-title": "Сопровождение"}
    sums = {"lines-0-2027.foundation": "1 000 000,00", "lines-0-2027.regional": "300000"}
    plan = {f"SC-04.{period}.n": str(10 * place) for place, period in enumerate(("base", "2027Q1", "2027Q2"))}
    for place, period in enumerate(("base", "2027Q1", "2027Q2"), 1):
        plan |= {f"SS-01.{period}.n": str(4 * place), f"SS-01.{period}.d": str(10 * place)}
    activity = {"key": "a1", "direction": "contract", "title": "Контракт с семьёй", "first": "2027Q1"}
    activity |= {"last": "2027Q2", "description": "Специалист ведёт семью.", "result": "20 контрактов."}
    sections = {
        "passport": {
            "title": "Шаг вперёд",
            "summary": "Семья получает наставника.",
            "executor": "Министерство социального развития",
            "act_kind": "Распоряжение",
            "act_number": "1-р",
            "act_date": "01.11.2026",
            "contact": "Отдел семьи, +7 000 000-00-00",
        },
        "goal": {
            "problem": "Доходы семей ниже прожиточного минимума.",
            "goal": "Семьи живут на свой доход.",
            "groups-0-name": "Семьи с детьми",
            "groups-0-families": "20",
            "groups-0-children": "35",
        },
        "activities": {f"activities-0-{name}": value for name, value in activity.items()},
        "indicators": plan,
        "budget": {**budget, **sums, "lines-0-activity": "a1"},
    }
    return {**sections, **changed}


async def told(deed: str, record: Any, by: Any) -> None:
    """The journal has the line that the verb would have written."""
    await JournalEntry.create(
        at=clock.now(), deed=deed, actor_id=by.id, actor_name=by.name_in_journal, subject=type(record).__name__,
        subject_id=record.id, subject_name=str(record),
    )  # fmt: skip


async def eligible(
    region: Region, *, of: Call, grant: str = "1000000.00", own: str = "300000.00", at: datetime | None = None
) -> Application:
    """An admitted application that asks for `grant` and brings in `own`, submitted at `at`; its region has people."""
    at = at or (of.closes_at - timedelta(hours=1)).replace(microsecond=0)
    signatory = await person(Role.SIGNATORY, region=region)
    made = await Application.create(
        number=f"{of.number}-{next(_numbers):03d}", call=of, region=region, organisation=signatory.organisation,
        state=ApplicationState.ELIGIBLE, started_at=at,
    )  # fmt: skip
    typed = texts(of)
    typed["budget"] |= {"lines-0-2027.foundation": grant, "lines-0-2027.regional": own}
    programme, _ = read({section: Typed(fields.items()) for section, fields in typed.items()}, await facts_of(of))
    content, budget = canonical(programme), programme.budget
    await ApplicationVersion.create(
        application=made, number=1, content=content, sha256=sha256(content.encode()).hexdigest(), grant=budget.grant,
        total=budget.total(), submitted_at=at, submitted_by=signatory,
    )  # fmt: skip
    await told("application.submit", made, signatory)
    return made


async def review(application: Application, reviewer: Person, **marks: int | None) -> Review:
    """A submitted review with these marks by criterion."""
    made = await Review.create(
        public_id=f"review{next(_numbers):08d}",
        application=application,
        reviewer=reviewer,
        state=ReviewState.SUBMITTED,
        conflict=Conflict.NONE,
        assigned_at=NOW,
        due_on=NOW.date(),
        submitted_at=NOW,
    )
    for criterion in await Criterion.filter(call_id=application.call_id):
        await Mark.create(review=made, criterion=criterion, value=marks[criterion.code], comment="Почему так.")
    return made


async def winner(region: Region, *, of: Call | None = None, amount: Decimal = Decimal("900000.00")) -> Application:
    """An awarded application with its submitted version: 1 000 000 asked of the Foundation, `amount` given."""
    one = of or await call(state=CallState.DECIDED)
    made = await eligible(region, of=one)
    made.state = ApplicationState.AWARDED
    await made.save(update_fields=["state"])
    protocol, _ = await Protocol.get_or_create(
        call=one,
        defaults={
            "state": ProtocolState.ANNOUNCED,
            "method": "weighted-mean/1",
            "ranking": [],
            "ranking_sha256": "0" * 64,
            "recommended_at": NOW,
            "recommended_by_name": "Совет",
            "board_number": "4",
            "board_date": NOW.date(),
            "approved_at": NOW,
            "announced_at": NOW,
        },
    )
    await told("award.announce", protocol, PORTAL)
    place = await Award.filter(protocol=protocol).count() + 1
    await Award.create(
        protocol=protocol, application=made, place=place, score="5", outcome=Outcome.WINNER, amount=amount
    )
    return made


async def agreement(region: Region, *, of: Call | None = None, signed: bool = True) -> Agreement:
    """An agreement on a count and a share, planned 100 and 100 of 200 a quarter; its reports open if signed."""
    application = await winner(region, of=of)
    one = await Call.get(id=application.call_id)
    made = await Agreement.create(
        number=application.number[:-3] + application.number[-2:],
        application=application,
        version=await ApplicationVersion.get(application=application),
        region=region,
        state=AgreementState.SIGNED if signed else AgreementState.DRAFTED,
        title_ru="Шаг вперёд",
        grant=Decimal("900000.00"),
        first_period=one.first_period,
        last_period=one.last_period,
        drafted_at=NOW,
        region_signed_at=NOW if signed else None,
        foundation_signed_at=NOW if signed else None,
    )
    for _ in range(2 if signed else 0):
        await told("agreement.sign", made, PORTAL)
    line = {"position": 1, "title": "Сопровождение", "activity": "Контракт с семьёй", "year": 2027}
    for source, amount in (("foundation", "900000.00"), ("regional", "300000.00")):
        await AgreedCost.create(agreement=made, source=source, amount=Decimal(amount), **line)
    periods = quarters(one.first_period, one.last_period)
    for position, promised in enumerate((await indicator(), await indicator("SS-01", "share"))):
        below = 1 if promised.is_quotient else None
        agreed = await AgreedIndicator.create(
            agreement=made,
            indicator=promised,
            position=position,
            baseline_numerator=10,
            baseline_denominator=below and 100,
        )
        await AgreedValue.bulk_create(
            AgreedValue(agreed=agreed, period=period, numerator=100 * place, denominator=below and 200 * place)
            for place, period in enumerate(periods, 1)
        )
    if signed:
        await Report.bulk_create(Report(agreement=made, period=period, due_at=due_at(period)) for period in periods)
    return made


async def written(application: Application, by: Person, **changed: dict[str, str]) -> Application:
    """The application with all its sections saved without a mistake, or as `changed` says."""
    for section, typed in texts(await Call.get(id=application.call_id), **changed).items():
        await applications.save(application, section, typed, based_on=0, by=by)
    return application
