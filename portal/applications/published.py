"""What the public may read of the competition: calls that are open or were, and results that are announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from portal.applications.application.models import titles
from portal.applications.application.states import ApplicationState
from portal.applications.award.models import announced
from portal.applications.award.states import Outcome
from portal.applications.call import models
from portal.applications.call.states import CallState
from portal.kit.bilingual import Bilingual


@dataclass(frozen=True, slots=True)
class Call:
    """A call. Money in roubles, `cofinancing_min` in percent; periods are quarters like "2027Q1"."""

    number: str
    name: Bilingual
    about: Bilingual
    state: str
    opens_at: datetime
    closes_at: datetime
    fund: Decimal
    places: int
    grant_limit: Decimal
    cofinancing_min: Decimal
    first_period: str
    last_period: str
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A supported programme or one of the reserve; `outcome` is "winner" or "reserve", only a winner has an amount."""

    place: int
    application: str
    region_code: str
    region: Bilingual
    title: Bilingual
    score: Fraction
    outcome: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Results:
    """An announced decision: who gets what, how many were considered, who decided when."""

    call: str
    announced_at: datetime
    board_number: str
    board_date: date
    considered: int
    results: tuple[Result, ...]

    @property
    def total(self) -> Decimal:
        """All grants together, in roubles."""
        return sum((result.amount or Decimal(0) for result in self.results), Decimal(0))


async def calls() -> list[Call]:
    """All calls that were ever opened, the newest first."""
    return [_row(call) for call in await models.Call.exclude(state=CallState.DRAFT).order_by("-opens_at", "-id")]


async def call(number: str) -> Call | None:
    """The call, if it was ever opened."""
    found = await models.Call.exclude(state=CallState.DRAFT).get_or_none(number=number)
    return _row(found) if found else None


async def results(number: str) -> Results | None:
    """The results of the call, or None: before the announcement there are none, whatever has been decided."""
    protocol = await announced(number)
    if protocol is None or protocol.announced_at is None or protocol.board_date is None:
        return None
    awards = [award for award in protocol.awards if award.application.state is not ApplicationState.WITHDRAWN]
    shown = [award for award in awards if award.outcome is not Outcome.DECLINED]
    named = await titles(award.application_id for award in shown)
    return Results(
        call=number,
        announced_at=protocol.announced_at,
        board_number=protocol.board_number,
        board_date=protocol.board_date,
        considered=len(awards),
        results=tuple(
            Result(
                place=award.place,
                application=award.application.number,
                region_code=award.application.region.code,
                region=award.application.region.name,
                title=named[award.application_id],
                score=award.exact_score,
                outcome=award.outcome.value,
                amount=award.amount,
            )
            for award in shown
        ),
    )


def _row(call: models.Call) -> Call:
    return Call(
        number=call.number,
        name=call.name,
        about=call.about,
        state=call.state.value,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        fund=call.fund,
        places=call.places,
        grant_limit=call.grant_limit,
        cofinancing_min=call.cofinancing_min,
        first_period=call.first_period,
        last_period=call.last_period,
        is_demo=call.is_demo,
    )
