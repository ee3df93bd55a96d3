"""What every verb of every room is wrapped in: one transaction, a time limit, a line in the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from tortoise.exceptions import IntegrityError

from portal.kit import journal
from portal.kit.db import reason_of, transaction
from portal.kit.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R")

SECONDS = 20.0


def verb(function: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """All that the function does happens, with its journal, or nothing does.

    A breach of a named database constraint becomes the Refusal that it stands for. A verb that another one calls
    joins its transaction. Raises RuntimeError if it wrote nothing into the journal: no deed goes untold.
    """
    name = journal.name_of(function.__module__, function.__name__)

    @wraps(function)
    async def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        deed = journal.Deed(name)
        token = journal.deed.set(deed)
        try:
            async with asyncio.timeout(SECONDS), transaction():
                result = await function(*args, **kwargs)
                if not deed.lines:
                    raise RuntimeError(f"{name} wrote nothing into the journal")
                return result
        except IntegrityError as error:
            reason = reason_of(error)
            if reason is None:
                raise
            raise Refusal(reason) from error
        finally:
            journal.deed.reset(token)

    return wrapped
