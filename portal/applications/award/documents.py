"""The decision on a call as PDF: the ranking on which it stands, what the council recommended, what the Board approved.

Nothing in it tells who wrote a review.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from portal.applications.award.methods.official import TieBreak
from portal.applications.award.models import Award, Protocol
from portal.applications.award.rules import tie_words
from portal.applications.award.states import Outcome, ProtocolState
from portal.applications.call.models import Call, Criterion
from portal.kit.bilingual import Bilingual
from portal.kit.documents import Block, Column, Document, Row, Said, facts, hash_of_text, heading, table, words
from portal.kit.i18n import Text, amount, day, instant, money, number, percent, say

OUTCOMES = {
    Outcome.WINNER: say("winner"),
    Outcome.RESERVE: say("on the reserve list"),
    Outcome.DECLINED: say("not supported"),
}


def protocol_name(call: Call) -> str:
    """The name of the file with the decision on the call."""
    return f"protocol-{call.number}"


def decision(
    call: Call,
    protocol: Protocol,
    awards: Sequence[Award],
    criteria: Sequence[Criterion],
    titles: Mapping[int, Bilingual],
) -> Document:
    """The decision as it stands; `awards` by place with their applications and regions, `titles` by application."""
    heading_ = say("Protocol of the decision on the competition")
    if protocol.board_number:
        heading_ = say("Protocol No. %(number)s of the decision on the competition", number=protocol.board_number)
    return Document(
        name=protocol_name(call),
        over=call.name,
        heading=heading_,
        lead=_stands(protocol),
        running=say("Protocol of the competition %(number)s", number=call.number),
        made_at=protocol.announced_at or protocol.approved_at or protocol.recommended_at,
        blocks=[
            *_call(call, len(awards)),
            *_order(call, protocol, criteria),
            *_awards(call, protocol, awards, titles),
            *_decided(protocol),
            *_exact(awards),
            *hash_of_text(protocol.ranking_sha256, say("Fingerprint of the ranking (SHA-256)")),
            words(say("If a single mark of the ranking were changed, this number would be different."), "quiet"),
        ],
        foot=f"SHA-256 {protocol.ranking_sha256}",
    )


def _stands(protocol: Protocol) -> Text:
    match protocol.state:
        case ProtocolState.RECOMMENDED:
            return say("The council recommends. The Board has not decided yet.")
        case ProtocolState.APPROVED:
            return say("Approved, not announced yet")
    return say("Decided and announced")


def _call(call: Call, ranked: int) -> list[Block]:
    return [
        facts([
            (say("Call"), call.number),
            (say("Fund"), money(call.fund)),
            (say("Places"), number(call.places)),
            (say("Limit of one grant"), money(call.grant_limit)),
            (say("Applications ranked"), number(ranked)),
        ])
    ]  # fmt: skip


def _order(call: Call, protocol: Protocol, criteria: Sequence[Criterion]) -> list[Block]:
    named = {one.code: one.name for one in criteria}
    rows = [Row([one.name, percent(one.weight / 100, 0)]) for one in criteria]
    rules = [str(tie_words(TieBreak.parse(rule), named)) for rule in call.tie_breaks]
    return [
        heading(say("How the order is made")),
        words(say("An application's score is the exact mean of its reviews, a review's score the mean of its marks from"
                  " 1 to 6 by the weights of the criteria. Nothing is rounded before it is compared.")),
        table(say("Criteria"), [Column(say("Criterion"), 1), Column(say("Weight"), right=True)], rows),
        facts([(say("If scores are equal"), ", ".join(rules)), (say("Method"), protocol.method)]),
    ]  # fmt: skip


def _awards(call: Call, protocol: Protocol, awards: Sequence[Award], titles: Mapping[int, Bilingual]) -> list[Block]:
    ranked: dict[str, Any] = dict(protocol.ranking)
    asked = {one["number"]: amount(Decimal(one["requested"])) for one in ranked.get("applications", [])}
    rows = []
    for award in awards:
        of = award.application
        name = Said(of.region.name, bold=True, sub=(titles.get(of.id, of.number), of.number))
        grant = Said(say("no grant"), quiet=True) if award.amount is None else amount(award.amount)
        score = number(award.exact_score, 4)
        rows.append(Row([str(award.place), name, score, asked.get(of.number, ""), OUTCOMES[award.outcome], grant]))
        if award.reason:
            rows.append(Row([say("Reason: %(reason)s", reason=award.reason)], "note"))
    total = sum((award.amount or Decimal(0) for award in awards), Decimal(0))
    rows.append(Row(["", say("All winners"), "", "", "", amount(total)], "total"))
    rows.append(Row(["", say("Left of the fund"), "", "", "", amount(call.fund - total)], "total"))
    heads = [
        Column(say("Place"), right=True), Column(say("Application"), 1), Column(say("Score"), right=True),
        Column(say("Asked for, ₽"), right=True), Column(say("Outcome")), Column(say("Grant, ₽"), right=True),
    ]  # fmt: skip
    return [heading(say("Ranking and decision")), table(say("Outcomes and grants"), heads, rows)]


def _decided(protocol: Protocol) -> list[Block]:
    by = say("%(when)s, written down by %(who)s", when=instant(protocol.recommended_at),
             who=protocol.recommended_by_name)  # fmt: skip
    rows: list[tuple[Any, Any]] = [(say("Recommended by the council"), by)]
    if protocol.approved_at and protocol.board_date:
        rows.append((say("Approved by the Board"), say(
            "decision No. %(number)s of %(day)s, written down by %(who)s",
            number=protocol.board_number, day=day(protocol.board_date), who=protocol.approved_by_name,
        )))  # fmt: skip
    if protocol.announced_at:
        rows.append((say("Announced"), instant(protocol.announced_at)))
    blocks = [heading(say("Recommendation and approval")), facts(rows)]
    if protocol.certainty_id:
        told = say("The certainty of places that the council saw is kept with the decision.")
        blocks.append(words(told, "quiet"))
    return blocks


def _exact(awards: Sequence[Award]) -> list[Block]:
    rows = [Row([award.application.number, award.application.region.name, str(award.exact_score)]) for award in awards]
    heads = [Column(say("Application")), Column(say("Region"), 1), Column(say("Exact score"), right=True)]
    return [heading(say("Exact scores as fractions")), table(say("So that anyone can reckon it again"), heads, rows)]
