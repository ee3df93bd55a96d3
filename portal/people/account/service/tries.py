"""Tries are counted before anything is looked at, so that parallel ones cannot pass the limit together."""

from __future__ import annotations

from tortoise import connections

from portal.kit import clock, sessions
from portal.kit.db import transaction
from portal.kit.errors import Refusal
from portal.people.account import rules
from portal.people.account.models import RefusedSignIn
from portal.people.account.rules import Limit


def _of_account(limit: Limit, account: str) -> str:
    return sessions.fingerprint(f"{limit.kind}:account:{account}")


async def begin(limit: Limit, *, account: str, network: str) -> RefusedSignIn:
    """The try stands as refused, until `forgive` says otherwise. Raises Refusal (429) where there were too many.

    `account` and `network` are what the try is counted under: only their fingerprints are kept.
    """
    kept_account = _of_account(limit, account)
    kept_network = sessions.fingerprint(f"{limit.kind}:network:{network}")
    now = clock.now()
    async with transaction():
        connection = connections.get("default")
        for key in sorted((kept_account, kept_network)):  # In one order, or two tries wait for each other for ever.
            await connection.execute_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [key])
        recent = RefusedSignIn.filter(at__gt=now - limit.window)
        by_account = await recent.filter(account=kept_account).count()
        by_network = await recent.filter(network=kept_network).count()
        reason = rules.why_not_try(limit, by_account, by_network)
        if reason is not None:
            raise Refusal(reason, 429)
        await RefusedSignIn.filter(at__lt=now - rules.LONGEST).delete()
        return await RefusedSignIn.create(account=kept_account, network=kept_network, at=now)


async def forgive(tried: RefusedSignIn) -> None:
    """It proved right: this account's tries are forgotten, here and from everywhere."""
    await RefusedSignIn.filter(account=tried.account).delete()


async def forget(limit: Limit, *, account: str) -> None:
    """This account's tries of one kind count no more."""
    await RefusedSignIn.filter(account=_of_account(limit, account)).delete()
