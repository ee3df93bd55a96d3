"""A budget fitted to the awarded amount, `largest-remainder/1`: in proportion, to the kopeck, the total exact.

Source: the method of largest remainders (Hamilton), as used for apportionment; every line is within a kopeck of its
exact share.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

VERSION: Final = "largest-remainder/1"

KOPECK = Decimal("0.01")


def fit(amounts: Sequence[Decimal], total: Decimal) -> tuple[Decimal, ...]:
    """Roubles for each line, in the lines' order, that add up to `total` exactly and stay in proportion to `amounts`.

    Each share is cut down to a whole kopeck; the kopecks left go one each to the largest remainders, of equal ones to
    the larger line, then to the earlier. No line is negative, a line of zero stays zero, and the same total gives the
    same lines back. ValueError for an amount that is negative, not finite or finer than a kopeck, and for a total above
    zero with nothing to share it by.
    """
    parts, whole = [_kopecks(amount) for amount in amounts], _kopecks(total)
    base = sum(parts)
    if base == 0:
        if whole:
            raise ValueError("there is no line that could take the amount")
        return tuple(_roubles(0) for _ in parts)
    shares = [divmod(part * whole, base) for part in parts]
    left = whole - sum(share for share, _ in shares)
    order = sorted(range(len(parts)), key=lambda line: (-shares[line][1], -parts[line], line))
    extra = set(order[:left])
    return tuple(_roubles(share + (line in extra)) for line, (share, _) in enumerate(shares))


def _kopecks(amount: Decimal) -> int:
    if not isinstance(amount, Decimal) or not amount.is_finite() or amount < 0:
        raise ValueError(f"not an amount of money: {amount!r}")
    kopecks = amount.scaleb(2)
    if kopecks != kopecks.to_integral_value():
        raise ValueError(f"finer than a kopeck: {amount}")
    return int(kopecks)


def _roubles(kopecks: int) -> Decimal:
    return Decimal(kopecks).scaleb(-2).quantize(KOPECK)
