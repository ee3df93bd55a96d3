"""The table of the pages: an address in, what it asks for out. Whatever is not understood is refused here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

HOME: Final = "/dashboards/"
LONGEST: Final = 200
_CODE: Final = "[A-Z]{2}-[0-9]{2}"
_REGION: Final = "RU-[A-Z]{2,3}"
_FILE: Final = r"(?:\.(?P<file>csv|xlsx))?"
_PATTERNS: Final = {
    "overview": re.compile(r"/dashboards/"),
    "map": re.compile(r"/dashboards/map"),
    "indicator": re.compile(rf"/dashboards/indicators/(?P<indicator>{_CODE}){_FILE}"),
    "region": re.compile(rf"/dashboards/regions/(?P<region>{_REGION}){_FILE}"),
    "trace": re.compile(
        rf"/dashboards/numbers/(?P<region>{_REGION})/(?P<indicator>{_CODE})/(?P<period>20[0-9]{{2}}Q[1-4])"
    ),
    "method": re.compile(r"/dashboards/method"),
    "poverty": re.compile(r"/dashboards/poverty\.(?P<file>csv|xlsx)"),
}
_PICTURE: Final = re.compile(r"(?P<page>/dashboards/(?:\S+/)?)pictures/(?P<figure>[a-z0-9-]{1,24})\.png")
_FILTERS: Final = {"indicator": re.compile(_CODE), "release": re.compile("[1-9][0-9]{0,3}"),
                   "district": re.compile("[A-Z]{2,5}"), "region": re.compile(_REGION)}  # fmt: skip
_FILTERED: Final = {
    "overview": ("indicator", "release", "district"),
    "map": ("indicator", "release", "district"),
    "indicator": ("release", "district"),
    "region": ("indicator", "release"),
    "trace": ("release",),
    "poverty": ("region",),
}


@dataclass(frozen=True, slots=True)
class Address:
    """One page and what it is about; the empty text where it is not about such a thing. Usable as a key of a cache.

    An empty `release` is the newest; `file` is csv or xlsx where the page's figures are asked for as a file, and png
    where `figure` is the name of one of its charts.
    """

    page: str
    region: str = ""
    indicator: str = ""
    period: str = ""
    release: str = ""
    district: str = ""
    file: str = ""
    figure: str = ""


def read(path: str, search: str) -> Address | None:
    """The page that `path` (without its language) and the query string ask for; None for every other text."""
    if len(path) > LONGEST or len(search) > LONGEST:
        return None
    if picture := _PICTURE.fullmatch(path):
        page = picture["page"]
        of = read(page if page == HOME else page.removesuffix("/"), search)
        return replace(of, file="png", figure=picture["figure"]) if of and not of.file else None
    for page, pattern in _PATTERNS.items():
        found = pattern.fullmatch(path)
        if found:
            asked = dict(parse_qsl(search.removeprefix("?"), keep_blank_values=True))
            chosen = {name: asked[name] for name in _FILTERED.get(page, ()) if asked.get(name)}
            if not all(_FILTERS[name].fullmatch(value) for name, value in chosen.items()):
                return None
            return Address(page, **chosen, **{name: value for name, value in found.groupdict().items() if value})
    return None


def overview(language: str, *, indicator: str = "", release: str = "", district: str = "", fragment: str = "") -> str:
    """The address of the overview, filtered."""
    query = _query(indicator=indicator, release=release, district=district)
    return f"/{language}{HOME}{query}{'#' + fragment if fragment else ''}"


def map_(language: str, *, indicator: str = "", release: str = "", district: str = "") -> str:
    """The address of the map of one indicator."""
    return f"/{language}{HOME}map{_query(indicator=indicator, release=release, district=district)}"


def indicator(language: str, code: str, *, release: str = "", district: str = "", file: str = "") -> str:
    """The address of one indicator over all regions, or of its figures as a file."""
    return f"/{language}{HOME}indicators/{code}{_ending(file)}{_query(release=release, district=district)}"


def region(language: str, code: str, *, indicator: str = "", release: str = "", file: str = "") -> str:
    """The address of a region's page, or of its figures (of one indicator, if named) as a file."""
    return f"/{language}{HOME}regions/{code}{_ending(file)}{_query(indicator=indicator, release=release)}"


def trace(language: str, code: str, indicator: str, period: str, *, release: str = "") -> str:
    """The address of the way of one number."""
    return f"/{language}{HOME}numbers/{code}/{indicator}/{period}{_query(release=release)}"


def method(language: str, fragment: str = "") -> str:
    """The address of the page on method."""
    return f"/{language}{HOME}method{'#' + fragment if fragment else ''}"


def poverty(language: str, file: str, *, region: str = "") -> str:
    """The address of the country's poverty rate as a file, or of a region's beside it."""
    return f"/{language}{HOME}poverty{_ending(file)}{_query(region=region)}"


def picture(language: str, of: Address, figure: str) -> str:
    """The address of one of a page's charts as PNG, with the page's own filters."""
    pages = {"map": "map/", "indicator": f"indicators/{of.indicator}/", "region": f"regions/{of.region}/"}
    filters = {name: getattr(of, name) for name in _FILTERED.get(of.page, ())}
    return f"/{language}{HOME}{pages.get(of.page, '')}pictures/{figure}.png{_query(**filters)}"


def _ending(file: str) -> str:
    return f".{file}" if file else ""


def _query(**chosen: str) -> str:
    given = {name: value for name, value in chosen.items() if value}
    return f"?{urlencode(given)}" if given else ""
