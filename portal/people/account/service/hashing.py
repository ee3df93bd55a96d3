"""Passwords at rest: Argon2id, in threads of its own, so that hashing never starves the rest."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from portal.kit.errors import Refusal
from portal.kit.i18n import say
from portal.people.account import rules
from portal.settings import settings

R = TypeVar("R")

# 19 MiB and two passes: the least that OWASP's Password Storage Cheat Sheet asks of Argon2id.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe(16))
# Two at once and no more than this many waiting.
_threads = ThreadPoolExecutor(2, "passwords")
WAITING = 40
_waiting = 0


async def _in_thread(work: Callable[[], R]) -> R:
    global _waiting
    if _waiting >= WAITING:
        raise Refusal(say("Many people are signing in at this moment. Try again in a minute."), 503)
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work)
    finally:
        _waiting -= 1


def _fits(hashed: str, password: str) -> bool:
    known = password == rules.DEMONSTRATION and not settings().demo
    try:
        return _hasher.verify(hashed, rules.as_typed_once(password)) and not known
    except (Argon2Error, InvalidHashError):
        return False


async def fits(hashed: str, password: str) -> bool:
    """Whether this is the password; it takes as long for an account that has none (`hashed` is empty)."""
    if rules.is_too_long(password):
        return False
    return await _in_thread(lambda: _fits(hashed or _nobody, password)) and bool(hashed)


async def hashed(password: str) -> str:
    """What is stored of a password."""
    return await _in_thread(lambda: _hasher.hash(rules.as_typed_once(password)))
