"""The few statistics that incidents rest on: intervals of shares, and tails that hold for small counts.

Sources: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), for the
interval; the binomial tail is summed exactly, from its largest term on.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Final

Z95: Final = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


def wilson(successes: float, trials: float, z: float = Z95) -> tuple[float, float]:
    """The Wilson interval of a share; (0, 1) of nothing. Counts may be fractions (usual shares taken off)."""
    if trials <= 0:
        return 0.0, 1.0
    p = min(max(successes / trials, 0.0), 1.0)
    z2 = z * z
    middle = (p + z2 / (2 * trials)) / (1 + z2 / trials)
    half = z / (1 + z2 / trials) * math.sqrt(p * (1 - p) / trials + z2 / (4 * trials * trials))
    return max(0.0, middle - half), min(1.0, middle + half)


def binomial_tail(k: int, n: int, p: float) -> float:
    """P(X >= k) of Binomial(n, p)."""
    if k <= 0:
        return 1.0
    if p <= 0.0 or k > n:
        return 0.0
    if p >= 1.0:
        return 1.0
    if k <= n * p:
        return 1.0 - binomial_below(k, n, p)
    return _sum_up(k, n, p)


def tail_bound(k: int, n: int, p: float) -> float:
    """No less than P(X >= k) of Binomial(n, p), for k above the mean (Chernoff): where it is small, no sum is asked."""
    if k >= n:
        return p**n
    q = k / n
    return math.exp(-n * (q * math.log(q / p) + (1 - q) * math.log((1 - q) / (1 - p))))


def binomial_below(k: int, n: int, p: float) -> float:
    """P(X < k), for k at most the mean: 1 - tail, summed downwards."""
    return _sum_up(n - k + 1, n, 1.0 - p)


def _sum_up(k: int, n: int, p: float) -> float:
    """The terms from k upwards, k above the mean: they fall at least geometrically."""
    if k > n:
        return 0.0
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p)
    term = math.exp(log)
    total, odds = term, p / (1.0 - p)
    for i in range(k, n):
        term *= (n - i) / (i + 1) * odds
        total += term
        if term < total * 1e-12:
            break
    return min(total, 1.0)


def poisson_tail(k: int, mean: float) -> float:
    """P(X >= k) of Poisson(mean)."""
    if k <= 0:
        return 1.0
    if mean <= 0.0:
        return 0.0
    below, term = 0.0, math.exp(-mean)
    if term == 0.0:  # a mean beyond 700: the normal tail is exact enough there
        return 0.5 * math.erfc((k - 0.5 - mean) / math.sqrt(2 * mean))
    for i in range(k):
        below += term
        term *= mean / (i + 1)
    if below < 0.999_999:
        return max(0.0, 1.0 - below)
    total = term
    for i in range(k, k + 10_000):
        term *= mean / (i + 1)
        total += term
        if term < total * 1e-12:
            break
    return min(total, 1.0)


RESAMPLES: Final = 1_000
CLUSTERS: Final = 10
"""Clusters (minutes) below which resampling tells less than the Wilson interval."""


def resampled_low(clusters: Sequence[tuple[float, float]], seed: int) -> float | None:
    """Lower 95 % bound of a share by resampling whole clusters of (successes, trials); None of too few of them.

    The seed makes the bound the same on every run; the clusters' order must be fixed by the caller.
    """
    if len(clusters) < CLUSTERS:
        return None
    chance = random.Random(seed)  # noqa: S311 - no secret; it must repeat
    shares = []
    for _ in range(RESAMPLES):
        chosen = chance.choices(clusters, k=len(clusters))
        trials = sum(n for _, n in chosen)
        shares.append(sum(k for k, _ in chosen) / trials if trials else 0.0)
    shares.sort()
    return shares[int(RESAMPLES * 0.025)]


def clustered(clusters: Sequence[tuple[float, float]]) -> bool:
    """Whether the shares of clusters differ by much more than chance: their dispersion is over 2."""
    successes, trials = sum(k for k, _ in clusters), sum(n for _, n in clusters)
    if len(clusters) < CLUSTERS or not 0 < successes < trials:
        return False
    p = successes / trials
    spread = sum((k - n * p) ** 2 / (n * p * (1 - p)) for k, n in clusters if n)
    return spread / (len(clusters) - 1) > 2.0
