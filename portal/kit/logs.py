"""Logs: one JSON object a line, with the request's id; values of variables never, so that no secret is written down."""

from __future__ import annotations

import logging
import sys

import structlog

from portal.kit import journal


def _with_request(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if journal.request_id.get():
        event.setdefault("request_id", journal.request_id.get())
    return event


def configure() -> None:
    """From now on this process writes its log to standard error as lines of JSON; libraries' warnings too."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s", force=True)
    structlog.configure(
        processors=[
            _with_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
