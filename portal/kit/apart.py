"""Computing in a process of its own: what it imports and fills ends with it, and pages are answered meanwhile."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from typing import Any

import orjson

from portal.settings import CHECKOUT

SECONDS = 120.0


async def apart(module: str, task: dict[str, Any], *, seconds: float = SECONDS) -> Any:
    """What `python -m module` writes, as JSON, when it is given the task as JSON.

    Raises RuntimeError with the last line of its complaint if it fails, TimeoutError after `seconds`.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        cwd=CHECKOUT,
        # One core: the others are for pages, and a result does not hang on how many there are.
        env={**_environment(), "OPENBLAS_NUM_THREADS": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(seconds):
            told, complaint = await process.communicate(orjson.dumps(task))
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    if process.returncode:
        raise RuntimeError(f"{module}: {complaint.decode(errors='replace').strip().splitlines()[-1:]}")
    return orjson.loads(told)


def _environment() -> dict[str, str]:
    """What reads a stranger's file knows no secret and no database."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "AWS_"))}
