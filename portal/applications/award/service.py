"""Verbs of the decision: the council recommends, the Board approves, all regions learn at one instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from portal.applications.application.models import Application
from portal.applications.application.states import AWARD, DECLINE, HOLD, ApplicationState
from portal.applications.award import rules
from portal.applications.award.methods import official
from portal.applications.award.models import Award, Certainty, Contest, Protocol, contest_of
from portal.applications.award.rules import Choice, Row
from portal.applications.award.states import ANNOUNCE, APPROVE, RECOMMEND, Outcome
from portal.applications.call.models import Call
from portal.applications.call.states import DECIDE
from portal.kit import clock, db, drafts, journal, mail
from portal.kit.drafts import Draft
from portal.kit.errors import Invalid, Refusal, refuse
from portal.kit.forms import Typed
from portal.kit.i18n import Text, Written, day, money, say
from portal.kit.lifecycle import already_moved, take
from portal.kit.verb import verb
from portal.people.person.models import Person

RECOMMENDATION = "recommendation"
STEPS = {Outcome.WINNER: AWARD, Outcome.RESERVE: HOLD, Outcome.DECLINED: DECLINE}

db.constraint(
    "winners_within_places", say("There are more winners than places. More places need a decision of the Board.")
)
db.constraint("winner_has_an_amount", say("A winner has an amount above zero, and nobody else has one."))


@verb
async def write(call: Call, typed: Typed, *, based_on: int, by: Person) -> Draft:
    """What the council types of its recommendation is kept exactly; raises Stale if it was changed meanwhile."""
    locked = await Call.select_for_update().get(id=call.id)
    refuse(rules.why_not_write(locked, await Protocol.get_or_none(call_id=call.id)))
    return await drafts.save(locked, RECOMMENDATION, typed, based_on=based_on, by=by)


@verb
async def restore(call: Call, version: int, *, based_on: int, by: Person) -> Draft:
    """An earlier text stands again above the newest; raises Stale as `write` does, Refusal where it is not kept."""
    again = partial(write, call, based_on=based_on, by=by)
    return await drafts.restore(call, RECOMMENDATION, version, by=by, save=again)


@verb
async def recommend(call: Call, *, choices: Sequence[Mapping[str, Any]], by: Person, based_on: str = "") -> Protocol:
    """The council's recommendation stands, with the ranking on which it rests and its hash.

    Each choice has `application` (number), `outcome`, `amount` in roubles for a winner, and `reason`. `based_on` is
    the edition of the recommendation that the council had before it: of two at once, one is refused. Raises Invalid
    with all that is wrong, to the kopeck.
    """
    locked, contest, protocol = await _locked(call)
    rows = rules.ranking(contest, locked)
    refuse(rules.why_not_recommend(locked, protocol, rows))
    if rules.edition(protocol) != based_on:
        raise Refusal(say("Somebody has written a recommendation in the meantime. Compare it with yours."))
    chosen = [
        Choice(one["application"], Outcome(one["outcome"]), one.get("amount"), (one.get("reason") or "").strip())
        for one in choices
    ]
    problems = rules.problems_with(chosen, rows, locked)
    if problems:
        raise Invalid(problems)
    kept = await _keep(locked, contest, rows, protocol, by=by)
    await Award.filter(protocol_id=kept.id).delete()
    await Award.bulk_create(_awards(kept, rows, chosen))
    winners = [choice.amount for choice in chosen if choice.outcome is Outcome.WINNER]
    detail = {"ranking": kept.ranking_sha256, "winners": len(winners), "sum": sum(filter(None, winners), Decimal(0))}
    if protocol is None:
        await journal.write(kept, by=by, **detail)
    else:
        await take(RECOMMEND, kept, by=by, **detail)
    return kept


@verb
async def approve(call: Call, *, board_number: str, board_date: date | None, by: Person) -> Protocol:
    """The Board's decision is recorded; from now on the reviews that it stands on do not change.

    Refused if marks or applications have changed since the council recommended.
    """
    locked, contest, protocol = await _locked(call)
    now = rules.digest(rules.snapshot(contest, rules.ranking(contest, locked), locked))
    refuse(
        rules.why_not_approve(protocol, now, board_number=board_number, board_date=board_date, today=clock.today())
    )  # fmt: skip
    if protocol is None:
        raise Refusal(already_moved())
    protocol.board_number, protocol.board_date = board_number.strip(), board_date
    protocol.approved_at, protocol.approved_by_name = clock.now(), by.name_ru
    await protocol.save(update_fields=["board_number", "board_date", "approved_at", "approved_by_name"])
    await take(APPROVE, protocol, by=by, number=protocol.board_number, date=board_date, ranking=now)
    return protocol


@verb
async def announce(call: Call, *, by: Person) -> Protocol:
    """At one instant the call is decided, each application has its outcome, and each region has its letter.

    An application withdrawn since the approval stays withdrawn.
    """
    locked, _, protocol = await _locked(call)
    refuse(rules.why_not_announce(protocol))
    if protocol is None:
        raise Refusal(already_moved())
    protocol.announced_at = clock.now()
    await protocol.save(update_fields=["announced_at"])
    await take(ANNOUNCE, protocol, by=by)
    await take(DECIDE, locked, by=by, protocol=protocol.board_number)
    awards = await Award.filter(protocol_id=protocol.id).order_by("place", "id").select_related("application__region")
    told = [award for award in awards if award.application.state is ApplicationState.ELIGIBLE]
    for award in told:
        await take(STEPS[award.outcome], award.application, by=by, amount=award.amount)
    await _tell(locked, protocol, told)
    return protocol


@verb
async def weigh(call: Call, *, basis: Mapping[str, Any], result: Mapping[str, Any]) -> Certainty:
    """How sure the ranking of this basis is stands beside it for good; of the same computed twice, the first stays."""
    digest = rules.digest(basis)
    kept, is_new = await Certainty.get_or_create(
        call_id=call.id,
        basis_sha256=digest,
        defaults={
            "made_at": clock.now(),
            "method": basis["method"],
            "seed": basis["seed"],
            "basis": dict(basis),
            "result": dict(result),
        },
    )
    await journal.write(kept, by=journal.PORTAL, call=call.number, basis=digest, is_new=is_new)
    return kept


async def _locked(call: Call) -> tuple[Call, Contest, Protocol | None]:
    """Everything that the decision reads, locked: the call, then its applications, then the protocol."""
    locked = await Call.select_for_update().get(id=call.id)
    contest = await contest_of(locked, locked=True)
    return locked, contest, await Protocol.select_for_update().get_or_none(call_id=call.id)


async def _keep(
    call: Call, contest: Contest, rows: Sequence[Row], protocol: Protocol | None, *, by: Person
) -> Protocol:
    """The protocol with the ranking as it stands now."""
    ranking = rules.snapshot(contest, rows, call)
    values: dict[str, Any] = {
        "method": official.VERSION,
        "ranking": ranking,
        "ranking_sha256": rules.digest(ranking),
        "recommended_at": clock.now(),
        "recommended_by_name": by.name_ru,
        "certainty_id": await _certainty(call, rows),
    }
    if protocol is None:
        return await Protocol.create(call=call, **values)
    await protocol.update_from_dict(values).save(update_fields=list(values))
    return protocol


async def _certainty(call: Call, rows: Sequence[Row]) -> int | None:
    """What was known of the ranking's certainty when the council decided; None if it was not computed yet."""
    basis = rules.basis(rows, call)
    known = Certainty.filter(call_id=call.id, basis_sha256=rules.digest(basis)) if basis else Certainty.filter(id=0)
    found = await known.first().values_list("id", flat=True)
    return found  # type: ignore[return-value]


def _awards(protocol: Protocol, rows: Sequence[Row], chosen: list[Choice]) -> list[Award]:
    choices = {choice.application: choice for choice in chosen}
    return [
        Award(
            protocol=protocol,
            application_id=row.contestant.id,
            place=row.place,
            score=str(row.score),
            outcome=choice.outcome,
            amount=choice.amount if choice.outcome is Outcome.WINNER else None,
            reason=choice.reason,
        )
        for row in rows
        for choice in [choices[row.contestant.number]]
    ]


async def _tell(call: Call, protocol: Protocol, awards: list[Award]) -> None:
    """One letter to each person of each region, of the same shape for all."""
    people = await Person.speaking_for(*(award.application.region_id for award in awards))
    for award in awards:
        readers = [person for person in people if person.region_id == award.application.region_id]
        await mail.write(readers, *_letter(call, protocol, award), hold=mail.HOLD)


def _letter(call: Call, protocol: Protocol, award: Award) -> tuple[Text, list[Text]]:
    application: Application = award.application
    decision = {
        Outcome.WINNER: say("winner, a grant of %(amount)s", amount=Written(money, award.amount or 0)),
        Outcome.RESERVE: say("on the reserve list, no grant for now"),
        Outcome.DECLINED: say("not supported, no grant"),
    }[award.outcome]
    return say("Results of the competition: %(call)s", call=call.name), [
        say("Application %(number)s, %(region)s.", number=application.number, region=application.region.name),
        say("Decision: %(decision)s.", decision=decision),
        say(
            "It was approved by the Foundation's Board, decision No. %(number)s of %(day)s.",
            number=protocol.board_number, day=Written(day, protocol.board_date),
        ),
        say("All results: %(link)s", link=mail.link(f"calls/{call.number}/results")),
    ]  # fmt: skip
