"""The posterior of the ranking's certainty by slow ways of its own: dense quadrature, and a plain Gibbs sampler."""

import random
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from math import exp, log, sqrt
from statistics import NormalDist, fmean

Reading = tuple[int, int, float]


class Quadrature:
    """The posterior by plain summation over tau, s1, s2 and the dense covariance of all marks; nothing is sampled."""

    STEPS = 14

    def __init__(self, readings: Sequence[Reading], *, width: float) -> None:
        self.readings, self.width = readings, width
        self.applications = 1 + max(a for a, _, _ in readings)
        self.reviewers = 1 + max(r for _, r, _ in readings)
        mean = fmean(score for _, _, score in readings)
        self.deviations = [score - mean for _, _, score in readings]
        self.nodes = []
        middles = [0.4 * width * (step + 0.5) / self.STEPS for step in range(self.STEPS)]
        for tau, s1, s2 in product(middles, middles, middles):
            factor = cholesky(self.covariance(tau, s1 * s1 + s2 * s2))
            halfway = forward(factor, self.deviations)
            weight = -sum(log(factor[i][i]) for i in range(len(factor))) - sum(x * x for x in halfway) / 2
            self.nodes.append((weight, tau, factor, halfway))
        top = max(node[0] for node in self.nodes)
        self.total = sum(exp(node[0] - top) for node in self.nodes)
        self.nodes = [(exp(node[0] - top) / self.total, *node[1:]) for node in self.nodes]

    def covariance(self, tau: float, noise: float) -> list[list[float]]:
        lenient = (self.width / 10) ** 2
        return [
            [tau * tau * (a == b) + lenient * (r == q) + noise * (i == j) for j, (b, q, _) in enumerate(self.readings)]
            for i, (a, r, _) in enumerate(self.readings)
        ]

    def expected_rank(self, application: int) -> float:
        """One more than the chances of all others to be better."""
        rank = 1.0
        for other in range(self.applications):
            if other != application:
                for weight, tau, factor, halfway in self.nodes:
                    shared = [tau * tau * ((b == other) - (b == application)) for b, _, _ in self.readings]
                    against = forward(factor, shared)
                    mean = sum(x * y for x, y in zip(against, halfway, strict=True))
                    spread = sqrt(2 * tau * tau - sum(x * x for x in against))
                    rank += weight * NormalDist().cdf(mean / spread)
        return rank

    def leniency(self, reviewer: int) -> float:
        mean = 0.0
        for weight, _, factor, halfway in self.nodes:
            shared = [(self.width / 10) ** 2 * (q == reviewer) for _, q, _ in self.readings]
            mean += weight * sum(x * y for x, y in zip(forward(factor, shared), halfway, strict=True))
        return mean


def cholesky(matrix: list[list[float]]) -> list[list[float]]:
    factor = [[0.0] * len(matrix) for _ in matrix]
    for i in range(len(matrix)):
        for j in range(i + 1):
            left = matrix[i][j] - sum(factor[i][k] * factor[j][k] for k in range(j))
            factor[i][j] = sqrt(left) if i == j else left / factor[j][j]
    return factor


def forward(factor: list[list[float]], right: Sequence[float]) -> list[float]:
    found: list[float] = []
    for i, row in enumerate(factor):
        found.append((right[i] - sum(row[k] * found[k] for k in range(i))) / row[i])
    return found


def gibbs(readings: Sequence[Reading], *, width: float, places: int, sweeps: int) -> tuple[list[float], list[float]]:
    """Expected ranks and chances to be within, by a Gibbs sampler as one would first write it down."""
    chance, most = random.Random(7), 0.4 * width
    count, seats = 1 + max(a for a, _, _ in readings), 1 + max(r for _, r, _ in readings)
    mean = fmean(score for _, _, score in readings)
    theta, nu, tau, s1, s2 = [0.0] * count, [0.0] * seats, most / 2, most / 2, most / 2
    ranks, within = [0] * count, [0] * count
    for sweep in range(-sweeps // 10, sweeps):
        noise = s1 * s1 + s2 * s2
        for effects, which, prior in ((theta, 0, tau * tau), (nu, 1, (width / 10) ** 2)):
            sums, times = [0.0] * len(effects), [0] * len(effects)
            for reading in readings:
                other = nu[reading[1]] if which == 0 else theta[reading[0]]
                sums[reading[which]] += reading[2] - mean - other
                times[reading[which]] += 1
            for i in range(len(effects)):
                precision = times[i] / noise + 1 / prior
                effects[i] = chance.gauss(sums[i] / noise / precision, precision**-0.5)
        tau = slice_step(tau, most, lambda s: -count * log(s) - sum(t * t for t in theta) / (2 * s * s), chance)
        left = sum((score - mean - theta[a] - nu[r]) ** 2 for a, r, score in readings)

        height = noise_height(len(readings), left)
        s1 = slice_step(s1, most, partial(height, s2), chance)
        s2 = slice_step(s2, most, partial(height, s1), chance)
        if sweep >= 0:
            for i in range(count):
                rank = 1 + sum(other > theta[i] for other in theta)
                ranks[i] += rank
                within[i] += rank <= places
    return [rank / sweeps for rank in ranks], [times / sweeps for times in within]


def noise_height(count: int, left: float) -> Callable[[float, float], float]:
    """The log density of one part of the noise given the other, with the squares that are left."""

    def height(other: float, part: float) -> float:
        variance = part * part + other * other
        return -count / 2 * log(variance) - left / (2 * variance)

    return height


def slice_step(now: float, most: float, height: Callable[[float], float], chance: random.Random) -> float:
    """One step of slice sampling on (0, most), the slice shrunk towards where it stands (Neal 2003)."""
    level = height(now) - chance.expovariate(1)
    low, high = 0.0, most
    while True:
        tried = chance.uniform(low, high)
        if tried > 0 and height(tried) >= level:
            return tried
        low, high = (tried, high) if tried < now else (low, tried)
