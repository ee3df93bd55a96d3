"""What the ranking says and whether a decision may stand on it: places, the fund, reasons, the Board's approval."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.applications.award.methods import official
from portal.applications.award.methods.official import TieBreak, TieRule
from portal.applications.award.models import Contest, Contestant, Protocol
from portal.applications.award.states import Outcome, ProtocolState
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.kit.errors import Problem
from portal.kit.i18n import Text, Written, money, number, say, say_many
from portal.kit.numbers import exact
from portal.people.person.models import Person
from portal.people.roles import Role

REASON_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One application in the ranking; `running` is the sum asked for by it and all before it."""

    contestant: Contestant
    place: int | None
    score: Fraction | None
    running: Decimal
    parted_by: tuple[TieBreak, ...]
    tied_with: tuple[str, ...]
    is_last_place: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What is proposed for one application, by number."""

    application: str
    outcome: Outcome
    amount: Decimal | None = None
    reason: str = ""


def ranking(contest: Contest, call: Call) -> list[Row]:
    """All contestants, best first, by the call's criteria and tie-break rules."""
    by_number = {contestant.number: contestant for contestant in contest.contestants}
    ranked = _ranked(contest, call)
    line = official.draw_line(ranked, call.places)
    last = (line.within + line.contested)[-1:] if line.outside else ()
    rows, running = [], Decimal(0)
    for one in ranked:
        contestant = by_number[one.key]
        running += contestant.requested
        rows.append(
            Row(contestant, one.place, one.score, running, one.parted_by, one.tied_with, one.key in last)
        )  # fmt: skip
    return rows


def _ranked(contest: Contest, call: Call) -> list[official.Ranked]:
    return official.rank(
        [
            official.Entry(
                contestant.number,
                [official.Review(review, marks) for review, marks in contestant.marks.items()],
                cofinancing=1 - exact(contestant.requested) / exact(contestant.total) if contestant.total else None,
                submitted=contestant.submitted_at,
            )
            for contestant in contest.contestants
        ],
        [official.Criterion(criterion.code, criterion.weight) for criterion in contest.criteria],
        [TieBreak.parse(rule) for rule in call.tie_breaks],
    )


def snapshot(contest: Contest, rows: Sequence[Row], call: Call) -> dict[str, Any]:
    """All that the ranking was made of and what it says, as JSON can hold it: enough to reckon it again anywhere."""
    return {
        "method": official.VERSION,
        "call": call.number,
        "tie_breaks": list(call.tie_breaks),
        "criteria": {criterion.code: str(exact(criterion.weight)) for criterion in contest.criteria},
        "applications": [
            {
                "number": row.contestant.number,
                "region": row.contestant.region_code,
                "version": row.contestant.version_sha256,
                "submitted_at": row.contestant.submitted_at.isoformat(),
                "requested": f"{row.contestant.requested:.2f}",
                "total": f"{row.contestant.total:.2f}",
                "reviews": row.contestant.marks,
                "place": row.place,
                "score": None if row.score is None else str(row.score),
            }
            for row in rows
        ],
    }


def digest(ranking: Mapping[str, Any]) -> str:
    """The SHA-256 of a snapshot: of its JSON with sorted keys, without spaces, in UTF-8."""
    text = json.dumps(ranking, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def edition(protocol: Protocol | None) -> str:
    """Which recommendation a page was made from; empty where there was none."""
    return protocol.recommended_at.isoformat() if protocol else ""


def finding(rows: Sequence[Row], places: int) -> Text:
    """The ranking in a sentence: how far apart the last place and the next one are."""
    scored = [row for row in rows if row.score is not None]
    if not scored:
        return say("There are no scores yet")
    if len(scored) <= places:
        return say("There are places for all applications that have a score")
    within, beyond = scored[places - 1], scored[places]
    if within.place == beyond.place:
        return say("The line runs through equal applications: the council votes")
    if within.score == beyond.score:
        return say(
            "Places %(last)s and %(next)s have equal scores and are told apart by a rule", last=places, next=places + 1
        )
    gap = (within.score or Fraction(0)) - (beyond.score or Fraction(0))
    return say(
        "Places %(last)s and %(next)s are %(gap)s apart", last=places, next=places + 1, gap=Written(number, gap, 4)
    )


def explanation(row: Row, contest: Contest) -> Text | None:
    """Why the row stands where it does among others of the same score; None where there are none."""
    if row.tied_with:
        others = ", ".join(row.tied_with)
        return say(
            "Equal to %(others)s by the score and by every rule: the place is shared, the council votes.", others=others
        )
    if not row.parted_by:
        return None
    named = {criterion.code: criterion.name for criterion in contest.criteria}
    words = {
        TieRule.COFINANCING: say("by the share of co-financing"),
        TieRule.SUBMITTED: say("by the instant of submission"),
        TieRule.VOTE: say("by the council's vote"),
    }
    told = [
        say("by the score on “%(criterion)s”", criterion=named[rule.criterion]) if rule.criterion else words[rule.rule]
        for rule in row.parted_by
    ]
    return say("There are equal scores; the place was decided %(rules)s.", rules=Written(_joined, *told))


def _joined(*texts: Text) -> str:
    return ", ".join(str(text) for text in texts)


def why_not_look(person: Person) -> Text | None:
    """Why she does not see the ranking: who gives marks must not know how they fall together."""
    return say("Reviewers do not see the ranking.") if Role.REVIEWER in person.roles else None


def why_not_recommend(call: Call, protocol: Protocol | None, rows: Sequence[Row]) -> Text | None:
    """Why the council cannot write its recommendation now."""
    if protocol and protocol.state is not ProtocolState.RECOMMENDED:
        return say("The Board has approved the decision, so the recommendation no longer changes.")
    if call.state is not CallState.CLOSED:
        return say("The council recommends after applications are closed.")
    unread = [row.contestant.number for row in rows if row.score is None]
    if not rows:
        return say("No application has been admitted yet.")
    if unread:
        return say("There is no submitted review yet of: %(numbers)s.", numbers=", ".join(unread))
    return None


def why_not_approve(
    protocol: Protocol | None, now: str, *, board_number: str, board_date: date | None, today: date
) -> Text | None:
    """Why the Board's decision cannot be recorded; `now` is the digest of the ranking as it stands now."""
    if reason := why_not_approve_yet(protocol, now):
        return reason
    if not board_number.strip():
        return say("Write the number of the Board's decision.")
    if board_date is None or board_date > today:
        return say("Write the day of the Board's decision: today or earlier.")
    return None


def why_not_approve_yet(protocol: Protocol | None, now: str) -> Text | None:
    """Why there is nothing that the Board could approve; asked by the page before a number is typed."""
    if protocol is None:
        return say("The Board approves after the council has recommended.")
    if protocol.state is not ProtocolState.RECOMMENDED:
        return say("The Board's approval is already recorded.")
    if protocol.ranking_sha256 != now:
        return say(
            "Reviews or applications have changed since the council recommended. The council must recommend again."
        )
    return None


def why_not_announce(protocol: Protocol | None) -> Text | None:
    """Why the results cannot be announced."""
    if protocol is None or protocol.state is ProtocolState.RECOMMENDED:
        return say("Results are announced after the Board has approved them.")
    if protocol.state is ProtocolState.ANNOUNCED:
        return say("The results have been announced.")
    return None


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
    return [*_beyond(choices, call), *problems]


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


def _beyond(choices: Sequence[Choice], call: Call) -> list[Problem]:
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
