"""Whether a proposal may stand: places, the fund, the sums, and reasons for whoever is passed over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.applications.award.methods import official
from portal.applications.award.models import Contestant
from portal.applications.award.rules.ranking import Row
from portal.applications.award.states import Outcome
from portal.applications.call.models import Call
from portal.kit.errors import Problem
from portal.kit.i18n import Text, Written, money, say, say_many

REASON_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """What is proposed for one application, by number."""

    application: str
    outcome: Outcome
    amount: Decimal | None = None
    reason: str = ""


def needing_a_reason(rows: Sequence[Row], choices: Iterable[Choice]) -> list[str]:
    """Applications passed over: a later or an equal place is preferred to theirs, so a reason must be written."""
    chosen = {choice.application: choice.outcome for choice in choices}
    rank = {Outcome.WINNER: 0, Outcome.RESERVE: 1, Outcome.DECLINED: 2}
    found, best_after = [], 2
    tied: dict[int | None, int] = {}
    for row in rows:
        own = rank[chosen[row.contestant.number]]
        tied[row.place] = min(own, tied.get(row.place, own))
    for row in reversed(rows):
        best_after = min(best_after, tied[row.place])
        if rank[chosen[row.contestant.number]] > best_after:
            found.append(row.contestant.number)
    return found[::-1]


def problems_with(choices: Sequence[Choice], rows: Sequence[Row], call: Call) -> list[Problem]:
    """What keeps the choices from being recommended, to the kopeck; fields are "amount.NUMBER" and the like."""
    contestants = {row.contestant.number: row.contestant for row in rows}
    chosen = {choice.application: choice for choice in choices}
    if len(chosen) != len(choices) or chosen.keys() != contestants.keys():
        return [Problem("", say("The applications have changed since this page was opened. Open it again."))]
    problems = []
    for row in rows:
        choice = chosen[row.contestant.number]
        if choice.outcome is Outcome.WINNER and (wrong := _wrong_amount(choice, row.contestant, call)):
            problems.append(Problem(f"amount.{choice.application}", wrong))
        if len(choice.reason) > REASON_LIMIT:
            wrong = say("Write it shorter: no more than %(limit)s characters.", limit=REASON_LIMIT)
            problems.append(Problem(f"reason.{choice.application}", wrong))
    for application in needing_a_reason(rows, choices):
        if not chosen[application].reason.strip():
            wrong = say("%(region)s is passed over. Write why.", region=contestants[application].region)
            problems.append(Problem(f"reason.{application}", wrong))
    return [*beyond(choices, call), *problems]


def _wrong_amount(choice: Choice, contestant: Contestant, call: Call) -> Text | None:
    region, amount = contestant.region, choice.amount
    if amount is None or amount <= 0:
        return say("%(region)s: write the amount of the grant.", region=region)
    if amount > contestant.requested:
        return say(
            "%(region)s: %(amount)s is more than the %(asked)s asked for, by %(over)s.",
            region=region, amount=Written(money, amount), asked=Written(money, contestant.requested),
            over=Written(money, amount - contestant.requested),
        )  # fmt: skip
    if amount > call.grant_limit:
        return say(
            "%(region)s: %(amount)s is more than the limit of one grant, %(limit)s, by %(over)s.",
            region=region, amount=Written(money, amount), limit=Written(money, call.grant_limit),
            over=Written(money, amount - call.grant_limit),
        )  # fmt: skip
    return None


def beyond(choices: Sequence[Choice], call: Call) -> list[Problem]:
    """How far the winners go beyond the places and the fund; fields are "places" and "fund"."""
    awards = {c.application: c.amount or Decimal(0) for c in choices if c.outcome is Outcome.WINNER}
    excess = official.excess(awards, fund=call.fund, places=call.places)
    problems = []
    if excess.places:
        wrong = say_many(
            "There is %(num)s winner more than the %(places)s places. More places need a decision of the Board.",
            "There are %(num)s winners more than the %(places)s places. More places need a decision of the Board.",
            excess.places, places=call.places,
        )  # fmt: skip
        problems.append(Problem("places", wrong))
    if excess.fund:
        wrong = say(
            "The amounts come to %(sum)s, which is more than the fund of %(fund)s by %(over)s.",
            sum=Written(money, sum(awards.values())), fund=Written(money, call.fund), over=Written(money, excess.fund),
        )  # fmt: skip
        problems.append(Problem("fund", wrong))
    return problems
