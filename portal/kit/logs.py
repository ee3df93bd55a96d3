"""Logs: one JSON object a line, with the request's id; values of variables never, so that no secret is written down."""

from __future__ import annotations

import logging
import sys
import traceback

import structlog

from portal.kit import journal


def _with_request(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if journal.request_id.get():
        event.setdefault("request_id", journal.request_id.get())
    return event


def places(fault: BaseException | None) -> str:
    """What kind of fault it was and where, with its causes; no message, because messages quote what people typed."""
    told: list[str] = []
    while fault is not None:
        broken = getattr(fault, "constraint_name", None)  # The database's own word for what was refused.
        head = type(fault).__name__ + (f" ({broken})" if broken else "")
        told.insert(0, "".join([*traceback.format_tb(fault.__traceback__), head]))
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return "\n".join(told)


def _with_places(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if event.pop("exc_info", None):
        event["exception"] = places(sys.exc_info()[1])
    return event


class WithoutMessages(logging.Formatter):
    """Libraries' warnings, their faults told by kind and place."""

    def formatException(self, ei: object) -> str:  # noqa: N802
        """Kind and place of the fault that is being told."""
        return places(ei[1] if isinstance(ei, tuple) else None)


def configure() -> None:
    """From now on this process writes its log to standard error as lines of JSON; libraries' warnings too."""
    told = logging.StreamHandler(sys.stderr)
    told.setFormatter(WithoutMessages("%(message)s"))
    logging.basicConfig(handlers=[told], level=logging.WARNING, force=True)
    structlog.configure(
        processors=[
            _with_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _with_places,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
