"""Finding the stretches of a series in which symptoms are more than usual: windows of 1, 5 and 30 minutes."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from attrib.incidents.buckets import Count
from attrib.incidents.ranges import united
from attrib.incidents.statistics import binomial_tail
from attrib.incidents.usual import Usual

WIDTHS: Final = (1, 5, 30)
"""Minutes (design section 6: "Where minutes are too thin, buckets widen (5, then 30 minutes)")."""
EDGE: Final = 0.01
"""A minute beside an anomalous stretch belongs to it when its own symptoms are less likely than this."""

LULL: Final = 1e-6
"""A lull splits a stretch when so few symptoms are less likely than this at the stretch's own rate."""


@dataclass(frozen=True)
class Bounds:
    """What makes a window anomalous."""

    failures: int
    rate: float
    alpha: float
    """Chance under the usual rate, already divided by the number of windows tested."""


class Track:
    """One series beside its function's calls, with sums over any range of minutes."""

    def __init__(self, points: Mapping[int, Count], totals: Mapping[int, int]) -> None:
        self.minutes = sorted(totals)
        self.calls = [totals[minute] for minute in self.minutes]
        self.symptoms = [points[minute].n if minute in points else 0 for minute in self.minutes]
        self.at = [minute for minute, k in zip(self.minutes, self.symptoms, strict=True) if k]
        self._calls = [0, *accumulate(self.calls)]
        self._symptoms = [0, *accumulate(self.symptoms)]

    def sums(self, first: int, last: int) -> tuple[int, int]:
        """(symptoms, calls) from minute to minute, both included."""
        a, b = bisect_left(self.minutes, first), bisect_right(self.minutes, last)
        return self._symptoms[b] - self._symptoms[a], self._calls[b] - self._calls[a]

    def candidates(self, bounds: Bounds, widths: Sequence[int] = WIDTHS) -> Iterator[tuple[int, int]]:
        """Windows with enough symptoms and a high enough rate, whatever is usual."""
        for width in widths:
            for first in self.at:
                k, n = self.sums(first, first + width - 1)
                if k >= bounds.failures and k > bounds.rate * n:
                    yield first, first + width - 1

    def stretch(self, first: int, last: int, usual: Usual) -> tuple[int, int]:
        """The part of a window that stands out most from the usual rate: the best score over all ranges of minutes.

        The score of a minute is the logarithm of the likelihood ratio of the window's rate to the usual one.
        """
        for _ in range(2):
            k, n = self.sums(first, last)
            q, p = min(k / n, 0.999), max(usual.rate or 0.0, 1e-4)
            if q <= p:
                return first, last
            hit, miss = math.log(q / p), math.log((1 - q) / (1 - p))
            best, run, start, found = 0.0, 0.0, None, (first, last)
            for i in range(bisect_left(self.minutes, first), bisect_right(self.minutes, last)):
                score = self.symptoms[i] * hit + (self.calls[i] - self.symptoms[i]) * miss
                if run <= 0:
                    run, start = 0.0, self.minutes[i]
                run += score
                if run > best and start is not None:
                    best, found = run, (start, self.minutes[i])
            first, last = found
        return first, last

    def parts(self, first: int, last: int, usual: Usual, gap: int) -> list[tuple[int, int]]:
        """A stretch without the lulls in it: a wide window may bridge two outages.

        A lull is more than `gap` minutes between unusual ones with so few symptoms that the stretch's own rate does
        not explain them: in thin traffic, no failure for ten minutes says nothing.
        """
        k, n = self.sums(first, last)
        if last - first <= gap or not n:
            return [(first, last)]
        rate, begin, result = k / n, first, []
        unusual = [at for at in self.at if first <= at <= last and usual.unlikely(*self.sums(at, at), EDGE)]
        for one, other in pairwise(unusual):
            lull_k, lull_n = self.sums(one + 1, other - 1)
            if other - one - 1 > gap and 1.0 - binomial_tail(lull_k + 1, lull_n, rate) < LULL:
                result.append((begin, one))
                begin = other
        return [*result, (begin, last)]

    def widened(self, first: int, last: int, usual: Usual) -> tuple[int, int]:
        """A stretch with the minutes beside it that are unlikely to be usual: few incidents begin on the minute."""
        for step in (-1, 1):
            while True:
                minute = (first if step < 0 else last) + step
                k, n = self.sums(minute, minute)
                if not k or not usual.unlikely(k, n, EDGE):
                    break
                first, last = (minute, last) if step < 0 else (first, minute)
        return first, last


def anomalous(
    track: Track, usual: Usual, bounds: Bounds, gap: int, known: Sequence[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """Stretches (first, last minute) that are not usual, those at most `gap` minutes apart as one.

    Windows that begin and end inside one of the `known` stretches, which must be in order and apart, are not asked.
    """
    found: list[tuple[int, int]] = []
    knows = [first for first, _ in known]
    for width in WIDTHS:
        begins = [first for first, _ in found]
        more: set[tuple[int, int]] = set()
        for first, last in track.candidates(bounds, (width,)):
            at = bisect_right(begins, first) - 1
            if at >= 0 and last <= found[at][1]:
                continue  # a narrower window told it already
            at = bisect_right(knows, first) - 1
            if at >= 0 and last <= known[at][1]:
                continue
            if usual.unlikely(*track.sums(first, last), bounds.alpha):
                more.add(track.stretch(first, last, usual))
        found = united([*found, *more], gap)
    parts = [part for first, last in found for part in track.parts(first, last, usual, gap)]
    return united([track.widened(first, last, usual) for first, last in parts], gap)
