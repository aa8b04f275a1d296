"""The usual rate of a series: what a function shows on a day without incidents, found inside the log itself.

Robust by searching forward: the quietest quarter of the calls is believed first, then every stretch that does not
differ from what is believed, until nothing changes. A long incident therefore never becomes its own excuse, and a
steady 12 % of 404 is usual.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from attrib.incidents.buckets import Count
from attrib.incidents.statistics import binomial_tail, tail_bound, wilson

QUIETEST: Final = 0.25
"""Share of the calls that is believed first."""
DIFFERS: Final = 1e-4
"""A stretch less likely than this under the believed rate is no part of the usual state."""
ROUNDS: Final = 10
WIDTHS: Final = (1, 5, 30)
"""Minutes of a stretch."""
ENOUGH_CALLS: Final = 50
"""Calls that a stretch should hold on average."""
EXPECTED: Final = 2.0
"""Symptoms that a stretch must lead to expect before its deviation says anything."""
MOST_DISPERSION: Final = 4.0
"""More than this is no chance any more but something that happened."""


@dataclass(frozen=True)
class Usual:
    """A usual rate and how well it is known. Counts may be fractions where several logs are weighed."""

    symptoms: float
    trials: float
    dispersion: float = 1.0
    """How much more than chance the usual stretches differ: 1 = no more. Counts are divided by it before a test."""
    cap: float | None = None
    """The rate is never taken above this (usual_rate_max)."""

    @property
    def rate(self) -> float | None:
        """Share of symptoms; None where no calls are left to take it from."""
        if not self.trials:
            return None
        rate = self.symptoms / self.trials
        return rate if self.cap is None else min(rate, self.cap)

    @cached_property
    def high(self) -> float:
        """The highest rate that still agrees with what was seen (upper Wilson bound)."""
        high = wilson(self.symptoms / self.dispersion, self.trials / self.dispersion)[1]
        return high if self.cap is None else min(high, self.cap)

    def chance(self, symptoms: int, trials: int) -> float:
        """How likely so many symptoms or more are among so many calls if all is as usual."""
        if not self.trials or symptoms <= self.high * trials:
            return 1.0
        return binomial_tail(*self._scaled(symptoms, trials))

    def unlikely(self, symptoms: int, trials: int, below: float) -> bool:
        """Whether `chance` is less than `below` (less than 1); mostly without working it out."""
        if not self.trials or symptoms <= self.high * trials:
            return False
        k, n, p = self._scaled(symptoms, trials)
        return (k > n * p and tail_bound(k, n, p) < below) or binomial_tail(k, n, p) < below

    def _scaled(self, symptoms: int, trials: int) -> tuple[int, int, float]:
        calls = max(1, round(trials / self.dispersion))
        return min(round(symptoms / self.dispersion), calls), calls, min(max(self.high, 1e-9), 1 - 1e-9)


def usual_of(
    points: Mapping[int, Count], totals: Mapping[int, int], left_out: Container[int], cap: float | None
) -> Usual:
    """The usual rate of one series, without the minutes that are left out."""
    kept = {minute: n for minute, n in totals.items() if minute not in left_out}
    if not kept:
        return Usual(0, 0, cap=cap)
    stretches: dict[int, list[int]] = {}
    width = _width(kept)
    for minute, n in kept.items():
        stretch = stretches.setdefault(minute // width, [0, 0])
        stretch[0] += points[minute].n if minute in points else 0
        stretch[1] += n
    ranked = sorted((k / n, at, k, n) for at, (k, n) in stretches.items() if n)
    believed, calls, enough = 0, 0, QUIETEST * sum(n for *_, n in ranked)
    for *_, n in ranked:
        believed += 1
        calls += n
        if calls >= enough:
            break
    usual = _pooled(ranked[:believed], cap)
    for _ in range(ROUNDS):
        again = _pooled([row for row in ranked if not usual.unlikely(row[2], row[3], DIFFERS)], cap)
        if again == usual:
            break
        usual = again
    return usual


def _width(totals: Mapping[int, int]) -> int:
    """Minutes per stretch: enough for a stretch to say something, few enough to tell stretches apart."""
    span = max(totals) - min(totals) + 1
    for width in WIDTHS:
        if sum(totals.values()) * width >= ENOUGH_CALLS * len(totals) or span < 4 * width:
            return width
    return WIDTHS[-1]


def _pooled(rows: list[tuple[float, int, int, int]], cap: float | None) -> Usual:
    """Stretches as one, those with the highest rate left out while they differ by more than any chance."""
    while True:
        symptoms, trials = sum(k for *_, k, _ in rows), sum(n for *_, n in rows)
        dispersion = _dispersion(rows, symptoms / trials) if trials else 1.0
        if dispersion <= MOST_DISPERSION or len(rows) < 2:
            return Usual(symptoms, trials, min(dispersion, MOST_DISPERSION), cap)
        rows = rows[:-1]


def _dispersion(rows: list[tuple[float, int, int, int]], p: float) -> float:
    """Pearson's dispersion over stretches of time that expect `EXPECTED` symptoms each: rarer ones tell nothing."""
    if not 0 < p < 1:
        return 1.0
    total, groups, k_sum, n_sum = 0.0, 0, 0, 0
    for _, _, k, n in sorted(rows, key=lambda row: row[1]):
        k_sum, n_sum = k_sum + k, n_sum + n
        if n_sum * p >= EXPECTED:
            total += (k_sum - n_sum * p) ** 2 / (n_sum * p * (1 - p))
            groups, k_sum, n_sum = groups + 1, 0, 0
    return max(1.0, round(total / (groups - 1), 6)) if groups > 3 else 1.0
