"""By what the status of an indicator is judged: the numbers of `pace-bayes/1` that a call may set for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities and shares are from 0 to 1; without a word they are the method's own.

    `near`: the share of the target that is nearly reached. `on_track`, `at_risk`: the chances of that from which, and
    below which, the status is said; `off_track`: the chance of failing. To fail is to stay below `failed_count` of a
    count's plan, `failed_change` of the change promised in a share or a mean. `achieved`: the chance of a share or mean
    to be at its target at the end. With fewer accepted periods or people than `fewest_…` nothing is judged.
    """

    near: float = 0.95
    failed_count: float = 0.80
    failed_change: float = 0.60
    achieved: float = 0.90
    on_track: float = 0.50
    off_track: float = 0.75
    at_risk: float = 0.20
    fewest_periods: int = 3
    fewest_people: int = 20


DEFAULT: Final = Thresholds()
