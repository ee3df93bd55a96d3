"""What is computed for a decision away from the pages: how sure the ranking is."""

from __future__ import annotations

from typing import Any

from portal.applications.award import rules, service
from portal.applications.award.methods import advice
from portal.applications.award.models import Certainty, contest_of
from portal.applications.call.models import Call
from portal.applications.call.states import CallState
from portal.kit import jobs
from portal.kit.apart import apart


@jobs.handler("rank_call", at_once=1)
async def rank_call(task: dict[str, Any]) -> None:
    """The certainty of the call's ranking as it stands is stored; nothing is done where it is there already.

    What changes while it is computed makes another basis, which is computed next.
    """
    while basis := await _wanted(task["call"]):
        result = await apart(advice.__name__, basis)
        await service.weigh(await Call.get(id=task["call"]), basis=basis, result=result)


@jobs.scheduled("rank_calls", "*/10 * * * *")
async def rank_calls() -> None:
    """Every closed call has the certainty of its ranking, whatever it was that changed."""
    for key in await Call.filter(state=CallState.CLOSED).values_list("id", flat=True):
        if await _wanted(key):  # type: ignore[arg-type]
            await jobs.enqueue("rank_call", {"call": key}, once=f"rank_call {key}")


async def _wanted(key: int) -> dict[str, Any] | None:
    """The basis of the call's ranking now, if nothing has been computed on it yet."""
    call = await Call.get(id=key)
    basis = rules.basis(rules.ranking(await contest_of(call), call), call)
    if basis is None or await Certainty.exists(call_id=key, basis_sha256=rules.digest(basis)):
        return None
    return basis
