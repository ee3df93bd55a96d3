"""What a page reads before it is drawn: the release that was asked for, who is in it and what was promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from dashboards.address import Address
from portal.kit.bilingual import Bilingual
from portal.monitoring import published
from portal.monitoring.published import Indicator, Programme, Release, Series, Total

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """One release as one address asks for it. A filter only chooses which rows are shown: sums are of all regions."""

    asked: Address
    release: Release
    releases: tuple[Release, ...]
    programmes: dict[str, Programme]
    indicators: dict[str, Indicator]
    totals: dict[str, Total]
    series: tuple[Series, ...]
    demo: bool

    def of(self, indicator: Indicator) -> list[Series]:
        """The rows of one indicator in the district that was asked for."""
        return [one for one in self.series if one.indicator_code == indicator.code and self.has(one.region_code)]

    def has(self, region: str) -> bool:
        """Whether the region is in the district that was asked for."""
        programme = self.programmes.get(region)
        return not self.asked.district or (programme is not None and programme.district_code == self.asked.district)

    def name(self, region: str) -> str:
        """The region's short name in the reader's language."""
        return str(self.programmes[region].region_short) if region in self.programmes else region

    def districts(self) -> dict[str, Bilingual]:
        """The federal districts that have a programme, by code."""
        return {one.district_code: one.district for one in self.programmes.values()}

    def here(self, **changed: str) -> Address:
        """The same address with something else chosen."""
        return replace(self.asked, **changed)


async def read(asked: Address, *, demo: bool) -> Reading | None:
    """What the address asks for; None where there is no such release, district or indicator in it."""
    releases = await published.releases()
    release = next((one for one in releases if asked.release in ("", str(one.number))), None)
    if release is None:
        return None
    number = release.number
    found = Reading(
        asked,
        release,
        tuple(releases),
        _by("region_code", await published.programmes(number)),
        _by("code", await published.indicators(number)),
        _by("indicator_code", await published.totals(number)),
        tuple(await published.series(number)),
        demo,
    )
    known = not asked.indicator or asked.indicator in found.indicators
    return found if known and (not asked.district or asked.district in found.districts()) else None


def _by(name: str, rows: Iterable[T]) -> dict[str, T]:
    return {getattr(row, name): row for row in rows}
