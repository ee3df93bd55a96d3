"""Where one may go back to: only to a page of our own."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

NOT_BACK = re.compile(r"/(ru|en)/(sign-(in|out)(/code)?|account/confirm)")


def path_back(asked: str, hosts: Collection[str]) -> str | None:
    """The path of our own that `asked` means, or None for everything that could lead elsewhere.

    A whole address is taken too if its host is one of ours: that is what a browser sends as the page it came from.
    """
    if not asked.isascii() or asked.startswith("//") or re.search(r"[\x00-\x20\x7f\\]", asked):
        return None
    try:
        parts = urlsplit(asked)
    except ValueError:
        return None
    if (parts.scheme or parts.netloc) and not (parts.scheme in ("http", "https") and parts.netloc.lower() in hosts):
        return None
    path = parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    if not path.startswith("/") or path.startswith("//") or NOT_BACK.fullmatch(parts.path):
        return None
    return path
