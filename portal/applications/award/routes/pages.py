"""Pages of the decision: the ranking with what may be done about it, and the results once they are announced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.applications.application.models import titles
from portal.applications.application.states import ApplicationState
from portal.applications.award import documents, forms, rules, service
from portal.applications.award.models import Award, Contest, Protocol, announced, contest_of, names_of, result_of
from portal.applications.award.states import Outcome, ProtocolState
from portal.applications.call.models import Call, Criterion, opened
from portal.kit import drafts, paging, versions
from portal.kit.access import door, public
from portal.kit.db import found, records
from portal.kit.documents import answer, size
from portal.kit.errors import NotFound, Problem, refuse
from portal.kit.forms import Typed
from portal.kit.pages import page
from portal.people.person.models import Person
from portal.people.roles import FOUNDATION, Role


async def find(request: Request) -> Call:
    """The call of this address, for those who may know how marks fall together."""
    refuse(rules.why_not_look(request.state.person))
    return await opened(request.path_params["number"])


@door(*FOUNDATION)
async def ranking(request: Request) -> Response:
    return await show(request, await find(request))


async def show(
    request: Request, call: Call, *, typed: Typed | None = None, problems: Sequence[Problem] = (), status: int = 200
) -> Response:
    """The ranking, the recommendation and what this person may do next; `typed` keeps what was sent and refused."""
    person: Person = request.state.person
    contest = await contest_of(call)
    rows = rules.ranking(contest, call)
    basis = rules.basis(rows, call)
    advice = await _advice(call, basis) if basis else None
    part = paging.part(request, len(rows))
    shown = part.of(rows)
    named = await titles(row.contestant.id for row in shown)
    decision = await _decision(call, contest, rows)
    deeds = _deeds(person, call, decision["protocol"], rows, decision["now_sha256"])
    return await page(
        request,
        "award/ranking.html",
        status=status,
        call=call,
        rows=rows,
        part=part,
        lines=forms.lines(shown, contest, call, advice, named),
        line_url=_line_url(part, rows),
        rules=rules,
        advice=advice,
        computing=basis is not None and advice is None,
        typed=typed or Typed([]),
        problems=list(problems),
        approval=forms.APPROVAL,
        **decision,
        **deeds,
        **(await _form(call, rows, decision, typed, problems) if deeds["is_council"] else {}),
    )


async def _advice(call: Call, basis: dict[str, Any]) -> rules.Advice | None:
    """How sure the ranking is as it stands now; None until it is computed."""
    result = await result_of(call, rules.digest(basis))
    return rules.read(result, await names_of(int(one["reviewer"]) for one in result["reviewers"])) if result else None


async def _decision(call: Call, contest: Contest, rows: Sequence[rules.Row]) -> dict[str, Any]:
    """The recommendation or decision as far as there is one, and whether the ranking is still the one it rests on."""
    protocol = next(iter(await records(Protocol, "call_id = $1", call.id)), None)
    found = await records(Award, "protocol_id = $1", protocol.id) if protocol else []
    awards = {award.application_id: award for award in found}
    now = rules.digest(rules.snapshot(contest, rows, call)) if protocol else ""
    decided = forms.decided(rows, call.places, awards)
    return {
        "protocol": protocol,
        "awards": awards,
        "decided": decided,
        "undecided": len(rows) - len(decided),
        "total": sum((award.amount or Decimal(0) for award in found), Decimal(0)),
        "now_sha256": now,
        "changed": protocol is not None and protocol.ranking_sha256 != now,
    }


async def _form(
    call: Call, rows: Sequence[rules.Row], decision: dict[str, Any], typed: Typed | None, problems: Sequence[Problem]
) -> dict[str, Any]:
    """The council's form: as it was sent, as typed last, as the council has recommended, or as the ranking proposes."""
    saved, protocol = await drafts.newest(call, service.RECOMMENDATION), decision["protocol"]
    if typed and "edition" in typed:
        values = typed
    elif saved and (protocol is None or saved.saved_at > protocol.recommended_at):
        values = saved.content
    elif protocol:
        values = forms.recommended(decision["decided"], decision["awards"])
    else:
        values = forms.proposed(rows, call)
    choosing = forms.choosing(rows, values, problems)
    shown = {one.number for one in choosing}
    left = [row.contestant.number for row in rows if row.contestant.number not in shown]
    return {
        "edition": rules.edition(protocol),
        "saved": saved,
        "base": versions.BASE,
        "weighed": forms.weighed(values, call),
        "choosing": choosing,
        "left": len(left),
        "rest": forms.rest(left),
        "outcomes": Outcome,
    }


def _line_url(part: paging.Part, rows: Sequence[rules.Row]) -> str:
    """Where the line of places is drawn: on this part of the ranking or on another."""
    place = next((order for order, row in enumerate(rows) if row.is_last_place), 0)
    there = replace(part, here=1 + place // part.size)
    return "#line" if there == part else f"{there.address}{there.here}#line"


def _deeds(
    person: Person, call: Call, protocol: Protocol | None, rows: Sequence[rules.Row], now: str
) -> dict[str, Any]:
    """For each deed whether it is this person's to do, and the reason where it cannot be done now."""
    state = protocol.state if protocol else None
    return {
        "is_council": Role.COUNCIL in person.roles and state in (None, ProtocolState.RECOMMENDED),
        "is_board": Role.BOARD in person.roles and state in (None, ProtocolState.RECOMMENDED),
        "is_officer": Role.OFFICER in person.roles and state is not ProtocolState.ANNOUNCED,
        "no_recommendation": rules.why_not_recommend(call, protocol, rows),
        "no_approval": rules.why_not_approve_yet(protocol, now),
        "no_announcement": rules.why_not_announce(protocol),
        "pdf_size": size(documents.protocol_name(call)),
    }


@door(*FOUNDATION)
async def protocol_pdf(request: Request) -> Response:
    """The decision as a file, as soon as the council has recommended."""
    call = await find(request)
    protocol = await found(Protocol.filter(call_id=call.id))
    awards = await Award.filter(protocol_id=protocol.id).order_by("place", "id").select_related("application__region")
    criteria = await Criterion.filter(call_id=call.id).order_by("position")
    named = await titles(award.application_id for award in awards)
    return await answer(documents.decision(call, protocol, awards, criteria, named))


@public
async def results(request: Request) -> Response:
    """Winners and the reserve, for everybody; before the announcement there is no such page."""
    protocol = await announced(request.path_params["number"])
    if protocol is None:
        raise NotFound
    awards = [award for award in protocol.awards if award.application.state is not ApplicationState.WITHDRAWN]
    return await page(
        request,
        "award/results.html",
        call=protocol.call,
        protocol=protocol,
        winners=[award for award in awards if award.outcome is Outcome.WINNER],
        reserve=[award for award in awards if award.outcome is Outcome.RESERVE],
        considered=len(awards),
        total=sum((award.amount or Decimal(0) for award in awards), Decimal(0)),
        titles=await titles(award.application_id for award in awards if award.outcome is not Outcome.DECLINED),
        known=_published_certainty(protocol),
        rules=rules,
    )


def _published_certainty(protocol: Protocol) -> Mapping[str, rules.Known]:
    """How sure the places were that the council saw, by application, where the call publishes that."""
    if not protocol.call.publishes_certainty or protocol.certainty is None:
        return {}
    return rules.known_of(protocol.certainty.result)


routes = [
    Route("/calls/{number}/ranking", ranking, methods=["GET"], name="award:ranking"),
    Route("/calls/{number}/protocol/pdf", protocol_pdf, methods=["GET"], name="award:pdf"),
    Route("/calls/{number}/results", results, methods=["GET"], name="award:results"),
]
