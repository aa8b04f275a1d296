"""Intervals of differences: of two shares, and of two quantiles of a latency.

Sources: R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
methods", Statistics in Medicine 17 (1998), method 10 (hybrid score, from two Wilson intervals). G. Y. Zou and A.
Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27 (2008): the same (MOVER)
for any two figures that have limits of their own, such as quantiles, whose limits are order statistics.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import NormalDist
from typing import Final, NamedTuple

from attrib.incidents.histogram import bin_middle_ms
from attrib.incidents.statistics import CLUSTERS, wilson

_STEPS: Final = 40
"""Halvings when the smallest difference is looked for: twelve digits."""


class Estimate(NamedTuple):
    """A figure with its limits."""

    value: float
    low: float
    high: float


def z_of(level: float, comparisons: int) -> float:
    """The normal quantile at which `comparisons` intervals hold together with at least `level` (Bonferroni)."""
    return NormalDist().inv_cdf(1 - (1 - level) / (2 * max(comparisons, 1)))


def share(count: float, of: float, z: float, dispersion: float = 1.0) -> Estimate:
    """A share with its Wilson limits; a dispersion over 1 takes as many observations off."""
    low, high = wilson(count / dispersion, of / dispersion, z)
    value = count / of
    return Estimate(value, min(low, value), max(high, value))


def difference(before: Estimate, after: Estimate) -> Estimate:
    """after - before, with limits from the limits of the two (Newcombe's method 10, MOVER)."""
    value = after.value - before.value
    down = math.hypot(after.value - after.low, before.high - before.value)
    up = math.hypot(after.high - after.value, before.value - before.low)
    return Estimate(value, value - down, value + up)


def smallest_share(
    count: float, of_before: float, of_after: float, z: float, dispersions: tuple[float, float]
) -> float | None:
    """The smallest rise of a share that these numbers of observations could have shown; None: not even the largest.

    `count`: of both sides together. The rise may have been in either direction: the larger of the two is given. A share
    above one half is looked at from the other end: it has more room to fall.
    """
    p = count / (of_before + of_after)
    p = min(p, 1 - p)
    sides = ((of_before, dispersions[0]), (of_after, dispersions[1]))
    found = []
    for (one, spread), (other, spread_other) in (sides, sides[::-1]):
        base = share(p * one, one, z, spread)

        def seen(rise: float, base: Estimate = base, of: float = other, spread: float = spread_other) -> bool:
            return difference(base, share((p + rise) * of, of, z, spread)).low > 0

        if not seen(1 - p):
            return None
        low, high = 0.0, 1 - p
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if seen(middle) else (middle, high)
        found.append(high)
    return max(found)


def quantile(bins: Mapping[int, int], q: float, z: float) -> Estimate | None:
    """A quantile of a latency histogram in ms, with limits by order statistics; None where there are too few.

    The limits are the observations at the Wilson limits of the share q. Too few: the upper one would lie beyond the
    largest observation, or the lower one before the smallest.
    """
    total = sum(bins.values())
    if not total:
        return None
    low, high = wilson(q * total, total, z)
    ranks = (math.floor(low * total), max(1, math.ceil(q * total)), math.ceil(high * total) + 1)
    if ranks[0] < 1 or ranks[2] > total:
        return None
    values: list[float] = []
    seen = 0
    for index in sorted(bins):
        seen += bins[index]
        while len(values) < 3 and sorted(ranks)[len(values)] <= seen:
            values.append(round(bin_middle_ms(index), 3))
    return Estimate(values[1], values[0], values[2])


def dispersion(clusters: Iterable[tuple[float, float]]) -> float:
    """How much more the shares of clusters (minutes: successes, trials) differ than by chance: 1 or more.

    Pearson's chi-square by its degrees of freedom. Failures come in bursts: as many observations less are then worth
    the same. 1 where there are too few clusters to tell.
    """
    cells = [(k, n) for k, n in clusters if n]
    successes, trials = sum(k for k, _ in cells), sum(n for _, n in cells)
    if len(cells) < CLUSTERS or not 0 < successes < trials:
        return 1.0
    p = successes / trials
    return max(1.0, sum((k - n * p) ** 2 / (n * p * (1 - p)) for k, n in cells) / (len(cells) - 1))
