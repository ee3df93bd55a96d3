"""How far readers agree: the intraclass correlation and Krippendorff's alpha, one value for a call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Units = Sequence[Sequence[float]]


def intraclass_correlation(units: Iterable[Sequence[float]]) -> float | None:
    """The share of variance that lies between units, ICC(1,1), from one-way analysis of variance; None where undefined.

    A unit is the scores of one application, by any readers and of any number. Below zero where readers differ more
    within than between. Source: Shrout, Fleiss, Psychological Bulletin 86 (1979); unequal numbers by Donner (1986).
    """
    read = [unit for unit in units if unit]
    total = sum(map(len, read))
    if len(read) < 2 or total <= len(read):
        return None
    mean = sum(map(sum, read)) / total
    means = [sum(unit) / len(unit) for unit in read]
    between = sum(len(unit) * (own - mean) ** 2 for unit, own in zip(read, means, strict=True)) / (len(read) - 1)
    within = sum((one - own) ** 2 for unit, own in zip(read, means, strict=True) for one in unit) / (total - len(read))
    size = (total - sum(len(unit) ** 2 for unit in read) / total) / (len(read) - 1)
    spread = between + (size - 1) * within
    return (between - within) / spread if spread > 0 else None


def krippendorff_alpha(units: Iterable[Sequence[float]]) -> float | None:
    """Agreement beyond chance for interval data: 1 - observed / expected disagreement; None where nothing differs.

    Only units with two readings or more are paired. Source: Krippendorff, Content Analysis, 4th ed. (2019), ch. 12.
    """
    paired = [unit for unit in units if len(unit) > 1]
    values = [one for unit in paired for one in unit]
    expected = _squared_differences(values) / (len(values) - 1) if values else 0.0
    if expected <= 0:
        return None
    return 1 - sum(_squared_differences(unit) / (len(unit) - 1) for unit in paired) / expected


def _squared_differences(values: Sequence[float]) -> float:
    """The sum over all ordered pairs, without making them."""
    mean = sum(values) / len(values)
    return 2 * len(values) * sum((value - mean) ** 2 for value in values)
