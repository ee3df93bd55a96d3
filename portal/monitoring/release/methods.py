"""Primary suppression, `suppression/1 (primary)`: which cell of a release is hidden because few people stand behind it.

A number is small if it is from 1 to threshold - 1, or zero where zeros are protected. Cells of indicators that are not
protected are never hidden. Of a protected one

- a count is hidden if it is small;
- a share (people of people) is hidden whole, with both its parts, if its numerator, its denominator or their difference
  is small: the difference counts those whom the share leaves out;
- a mean is hidden if its numerator or its denominator is small, or if those who contribute are few;
- a ratio of sums (money of money) says nothing by itself of how many stand behind it: it is hidden unless the number of
  contributors is given and is not small.

A size below zero (a correction) is judged by its amount. Only primary suppression: that no hidden cell can be found
from totals and differences is a further step. Source: Handbook on Statistical Disclosure Control, 2nd ed., EU 2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from portal.kit.numbers import exact

VERSION: Final = "suppression/1 (primary)"
THRESHOLD: Final = 5

KINDS = ("count", "share", "ratio", "mean", "context")
Amount = int | Decimal


class Showing(StrEnum):
    """What stands in a published cell; only a shown one carries numbers."""

    SHOWN = "value"
    HIDDEN = "hidden"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Protection:
    """How an indicator is protected: whether at all (not if open in the catalogue), below which size, zeros too."""

    protect: bool
    protect_zero: bool = False
    threshold: int = THRESHOLD

    def __post_init__(self) -> None:
        if self.threshold < 1:
            raise ValueError("the threshold is at least 1")

    def is_small(self, size: Amount) -> bool:
        """Few enough to be recognised; never true where nothing is protected."""
        if size == 0:
            return self.protect and self.protect_zero
        return self.protect and -self.threshold < size < self.threshold


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as it may be published: numbers are there only if `showing` is `SHOWN`."""

    showing: Showing
    numerator: Amount | None = None
    denominator: Amount | None = None
    value: Fraction | None = None


def suppress(
    kind: str,
    numerator: Amount | None,
    denominator: Amount | None = None,
    *,
    protection: Protection,
    contributors: int | None = None,
) -> Shown:
    """The cell as the public may see it; the value of a count is given in `numerator`; a share is a fraction of one.

    Whatever is not shown carries no number at all. A quotient with a part missing is not reported; with a denominator
    of zero it is not applicable, unless zeros are protected. ValueError for an unknown kind and for a count with a
    denominator.
    """
    if kind not in KINDS:
        raise ValueError(f"no such kind of indicator: {kind}")
    if kind == "count" or (kind == "context" and denominator is None):
        return _count(kind, numerator, denominator, protection)
    if numerator is None or denominator is None:
        return Shown(Showing.NOT_REPORTED)
    if _reveals(kind, numerator, denominator, protection, contributors):
        return Shown(Showing.HIDDEN)
    if denominator == 0:
        return Shown(Showing.NOT_APPLICABLE)
    return Shown(Showing.SHOWN, numerator, denominator, exact(numerator) / exact(denominator))


def _count(kind: str, numerator: Amount | None, denominator: Amount | None, protection: Protection) -> Shown:
    if denominator is not None:
        raise ValueError(f"a {kind} has no denominator")
    if numerator is None:
        return Shown(Showing.NOT_REPORTED)
    if protection.is_small(numerator):
        return Shown(Showing.HIDDEN)
    return Shown(Showing.SHOWN, numerator, None, exact(numerator))


def _reveals(
    kind: str, numerator: Amount, denominator: Amount, protection: Protection, contributors: int | None
) -> bool:
    if not protection.protect:
        return False
    if contributors is not None and protection.is_small(contributors):
        return True
    match kind:
        case "ratio":
            return contributors is None
        case "mean":
            return protection.is_small(numerator) or protection.is_small(denominator)
        case _:
            parts = numerator, denominator, denominator - numerator
            return any(protection.is_small(part) for part in parts)
