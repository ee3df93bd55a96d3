"""The only clock: the system's, or the one set by a test or by the demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from portal.kit.i18n import MOSCOW

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)
received: ContextVar[datetime | None] = ContextVar("received", default=None)


def now() -> datetime:
    """The instant now, in UTC."""
    return _set.get() or datetime.now(UTC)


def received_at() -> datetime:
    """The instant at which the head of the current request arrived; outside a request, now."""
    return _set.get() or received.get() or now()


def today() -> date:
    """The day now in Moscow, whose days and quarters count."""
    return now().astimezone(MOSCOW).date()


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Inside the block the clock stands at `instant`, which must know its zone."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime has no instant")
    token = _set.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _set.reset(token)
