"""The certainty of a ranking as JSON: `python -m` this module reads a basis and writes the advice.

It imports nothing that is large before it is asked: the server knows the method by name only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any, Final

VERSION: Final = "expected-rank/1"


def advise(basis: Mapping[str, Any]) -> dict[str, Any]:
    """What is known by the scores of the basis: `certainty.Certainty` as a mapping.

    A basis has `method`, `scale` (two numbers), `places`, `seed`, `scores` (application, reviewer, exact score as
    "317/72"). Raises ValueError for another method, and Unrankable, which is one, for scores that cannot be ranked.
    """
    from portal.applications.award.methods.certainty import Score, certainty

    if basis["method"] != VERSION:
        raise ValueError(f"unknown method: {basis['method']}")
    low, high = basis["scale"]
    scores = [Score(application, reviewer, float(Fraction(score))) for application, reviewer, score in basis["scores"]]
    return asdict(certainty(scores, scale=(low, high), places=basis["places"], seed=basis["seed"]))


if __name__ == "__main__":
    json.dump(advise(json.load(sys.stdin)), sys.stdout)
