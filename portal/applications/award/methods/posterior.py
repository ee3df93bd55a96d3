"""The posterior of `expected-rank/1`: what marks say of applications and reviewers, by exact algebra and seeded draws.

Given the two standard deviations that are not fixed, `tau` of applications and `sigma` of noise, applications and
reviewers are jointly normal, so that only these two are integrated by grid: the grid closes in on where their posterior
lies. Application effects are eliminated first, which leaves one system of the size of the reviewers for a node.
Source of the model: Heyard, Ott, Salanti, Egger (2022), arXiv 2102.09958. Elimination of an effect: Searle, Casella,
McCulloch, Variance Components (1992), ch. 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST: Final = 10_000
MOST: Final = 20_000
VALUES: Final = 2_000_000
CELLS: Final = 16
ROUNDS: Final = 3
NATS: Final = 12.0
TINY: Final = 1e-6
LENIENCY: Final = 0.1
WIDEST: Final = 0.4
NARROWEST: Final = 0.001


@dataclass(frozen=True, slots=True)
class Readings:
    """Who read what. `application` and `reviewer` are indices, `deviation` is the score less the mean of all; all (n,).

    `width` is that of the scale, in marks.
    """

    application: NDArray[np.int64]
    reviewer: NDArray[np.int64]
    deviation: Floats
    applications: int
    reviewers: int
    width: float


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known after reading: draws of ranks (draws, applications), 1 best, and of leniency (draws, reviewers).

    `leniency` (reviewers,) and `quality` (applications,) are posterior means in marks, `spread` is the standard
    deviation of quality, `noise` the mean variance of one reading around both.
    """

    ranks: NDArray[np.uint16]
    leniencies: Floats
    leniency: Floats
    quality: Floats
    spread: Floats
    noise: float


class _Design:
    """Sums over the readings, by how often an application was read: all that the likelihood needs."""

    def __init__(self, readings: Readings) -> None:
        app, who, size = readings.application, readings.reviewer, (readings.applications, readings.reviewers)
        self.read = np.zeros(size)
        self.read[app, who] = 1
        self.times = np.bincount(app, minlength=size[0])
        self.sums = np.bincount(app, readings.deviation, size[0])
        self.loads = np.bincount(who, minlength=size[1])
        self.given = np.bincount(who, readings.deviation, size[1])
        self.total = float(readings.deviation @ readings.deviation)
        self.leniency_precision = 1 / (LENIENCY * readings.width) ** 2
        self.readings = len(app)
        self.counts = np.unique(self.times)
        parts = [self.times == count for count in self.counts]
        self.members = np.array([part.sum() for part in parts])
        self.grams = np.stack([self.read[part].T @ self.read[part] for part in parts])
        self.crosses = np.stack([self.read[part].T @ self.sums[part] for part in parts])
        self.squares = np.array([self.sums[part] @ self.sums[part] for part in parts])

    def system(self, tau: float, sigma: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """For each sigma: 1/sigma² (s,), precisions by count (s, counts), the reviewers' matrix and right side."""
        noise = sigma**-2
        precisions = noise[:, None] * self.counts + tau**-2
        shares = noise[:, None] ** 2 / precisions
        matrix = -np.einsum("sk,kij->sij", shares, self.grams)
        diagonal = np.arange(len(self.loads))
        matrix[:, diagonal, diagonal] += noise[:, None] * self.loads + self.leniency_precision
        return noise, precisions, matrix, noise[:, None] * self.given - shares @ self.crosses

    def log_likelihood(self, tau: float, sigma: Floats) -> Floats:
        """Of all readings, up to a constant, for each sigma."""
        noise, precisions, matrix, right = self.system(tau, sigma)
        size = len(self.loads)
        bordered = np.empty((len(sigma), size + 1, size + 1))
        bordered[:, :size, :size], bordered[:, size, :size] = matrix, right
        # The square of the last pivot is what readers and applications together leave unexplained, never quite zero.
        bordered[:, size, size] = noise * self.total - (noise[:, None] ** 2 / precisions) @ self.squares + TINY
        pivots = np.diagonal(np.linalg.cholesky(bordered), axis1=1, axis2=2)
        volume = (
            2 * len(self.times) * np.log(tau)
            - self.readings * np.log(noise)
            + np.log(precisions) @ self.members
            + 2 * np.log(pivots[:, :size]).sum(axis=1)
        )
        return np.asarray(-(volume + pivots[:, size] ** 2) / 2)


def posterior(readings: Readings, *, seed: int) -> Posterior:
    """The posterior, by fewer draws where there are more applications; the same readings and seed give the same bytes.

    Where all readings agree the posterior of both deviations is not proper: neither is taken below a thousandth of the
    scale's width.
    """
    design, rng = _Design(readings), np.random.default_rng(seed)
    draws = min(MOST, max(FEWEST, VALUES // readings.applications))
    nodes, weights = _grid(design, readings.width)
    ends = np.floor(np.cumsum(weights) / weights.sum() * draws + rng.random()).astype(int)
    ends[-1] = draws
    chosen = np.diff(ends, prepend=0)
    apps, reviewers = readings.applications, readings.reviewers
    ranks, leniencies = np.empty((draws, apps), np.uint16), np.empty((draws, reviewers))
    leniency, sums, squares = np.zeros(reviewers), np.zeros(apps), np.zeros(apps)
    start = 0
    for node in np.flatnonzero(chosen):
        drawn = slice(start, start := start + int(chosen[node]))
        tau, sigma = nodes[node]
        mean, nu, theta = _draw(design, tau, sigma, int(chosen[node]), rng)
        leniencies[drawn], ranks[drawn] = nu, _ranks(theta)
        leniency += mean * chosen[node] / draws
        sums += theta.sum(axis=0)
        squares += (theta**2).sum(axis=0)
    quality = sums / draws
    noise = float(chosen @ nodes[:, 1] ** 2 / draws)
    return Posterior(ranks, leniencies, leniency, quality, np.sqrt(squares / draws - quality**2), noise)


def _grid(design: _Design, width: float) -> tuple[Floats, Floats]:
    """Pairs of tau and sigma (nodes, 2) where their posterior lies, and its weights (nodes,)."""
    low = np.full(2, NARROWEST * width)
    high = np.array([WIDEST, WIDEST * np.sqrt(2)]) * width
    for _ in range(ROUNDS):
        step = (high - low) / CELLS
        tau, sigma = (low + step * (np.arange(CELLS) + 0.5)[:, None]).T
        prior = np.log(noise_prior(sigma, WIDEST * width))
        height = np.stack([design.log_likelihood(one, sigma) for one in tau]) + prior
        height -= height.max()
        lying = np.argwhere(height > -NATS)
        first, last = np.maximum(lying.min(axis=0) - 1, 0), np.minimum(lying.max(axis=0) + 2, CELLS)
        low, high = low + step * first, low + step * last
    return np.stack(np.meshgrid(tau, sigma, indexing="ij"), axis=-1).reshape(-1, 2), np.exp(height).ravel()


def noise_prior(sigma: Floats, widest: float) -> Floats:
    """The density of sqrt(s1² + s2²) up to a constant, s1 and s2 uniform up to `widest`: an arc inside a square."""
    return np.asarray(sigma * (np.pi / 2 - 2 * np.arccos(np.minimum(widest / sigma, 1))))


def _draw(
    design: _Design, tau: float, sigma: float, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Given both deviations: the mean leniency (reviewers,), draws of leniency and of quality, one a row."""
    noise, precisions, matrix, right = (part[0] for part in design.system(tau, np.array([sigma])))
    mean = np.linalg.solve(matrix, right)
    deviates = _deviates((draws, len(mean)), rng)
    nu = mean + np.linalg.solve(np.linalg.cholesky(matrix).T, deviates.T).T
    precision = precisions[np.searchsorted(design.counts, design.times)]
    centre = noise * (design.sums - nu @ design.read.T) / precision
    return mean, nu, centre + _deviates(centre.shape, rng) / np.sqrt(precision)


def _deviates(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Standard normal deviates, each row with its opposite: what they are averaged to depends less on chance."""
    drawn = rng.standard_normal(((shape[0] + 1) // 2, *shape[1:]))
    return np.concatenate([drawn, -drawn])[: shape[0]]


def _ranks(values: Floats) -> NDArray[np.uint16]:
    """The place of each value in its row, the largest 1."""
    ranks = np.empty(values.shape, np.uint16)
    places = np.arange(1, values.shape[1] + 1, dtype=np.uint16)
    np.put_along_axis(ranks, np.argsort(-values, axis=1), places[None, :], axis=1)
    return ranks
