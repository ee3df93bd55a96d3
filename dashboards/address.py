"""The table of the pages: an address in, what it asks for out. Whatever is not understood is refused here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote

HOME: Final = "/dashboards/"
LONGEST: Final = 200
_CODE: Final = "[A-Z]{2}-[0-9]{2}"
_REGION: Final = "RU-[A-Z]{2,3}"
_PATTERNS: Final = {
    "overview": re.compile(r"/dashboards/"),
    "region": re.compile(rf"/dashboards/regions/(?P<region>{_REGION})"),
    "trace": re.compile(
        rf"/dashboards/numbers/(?P<region>{_REGION})/(?P<indicator>{_CODE})/(?P<period>20[0-9]{{2}}Q[1-4])"
    ),
}


@dataclass(frozen=True, slots=True)
class Address:
    """One page and what it is about; the empty text where it is not about such a thing. Usable as a key of a cache."""

    page: str
    region: str = ""
    indicator: str = ""
    period: str = ""


def read(path: str, search: str) -> Address | None:
    """The page that `path` (without its language) and the query string ask for; None for every other text."""
    if len(path) > LONGEST or len(search) > LONGEST:
        return None
    for page, pattern in _PATTERNS.items():
        found = pattern.fullmatch(path)
        if found:
            chosen = dict(parse_qsl(search.removeprefix("?"), keep_blank_values=True)) if page == "overview" else {}
            indicator = chosen.get("indicator", "")
            if indicator and not re.fullmatch(_CODE, indicator):
                return None
            return Address(page, **{"indicator": indicator, **found.groupdict()})
    return None


def overview(language: str, indicator: str = "", fragment: str = "") -> str:
    """The address of the overview, with one indicator chosen for the table of regions."""
    query = f"?indicator={quote(indicator)}" if indicator else ""
    return f"/{language}{HOME}{query}{'#' + fragment if fragment else ''}"


def region(language: str, code: str) -> str:
    """The address of a region's page."""
    return f"/{language}{HOME}regions/{code}"


def trace(language: str, code: str, indicator: str, period: str) -> str:
    """The address of the way of one number."""
    return f"/{language}{HOME}numbers/{code}/{indicator}/{period}"
