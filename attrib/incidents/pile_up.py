"""Durations that pile up at one value: the mark of a deadline."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from attrib.incidents.histogram import bin_middle_ms
from attrib.incidents.scene import Sight

PILED: Final = 0.8
"""Share of the durations that must lie together (attrib's own: the rest are other phases, retries, clock skew)."""
NEAR: Final = 0.02
"""How far from the value, as a share of it: one bin either way (design section 6: bins are "2 % wide")."""
NEAR_MS: Final = 2.0
"""And this much more: ticks of a millisecond clock, and the scheduler that wakes us."""
FEWEST: Final = 5
"""Fewer durations are no pile (incident_min_failures)."""


class Pile(NamedTuple):
    """Where durations pile up."""

    ms: float
    """Median of those that lie together, milliseconds, 3 decimals, at most 0.8 % off."""
    n: int
    of: int
    """All durations known."""


def margin(ms: float) -> float:
    """How far from a value still counts as the value, in milliseconds."""
    return NEAR * ms + NEAR_MS


def durations(sights: Iterable[tuple[int, Sight]], measure: str) -> Counter[float]:
    """Milliseconds -> count over (attempts, sight); `measure` is `upstream` or `latency`.

    Upstream time of several attempts is their sum, so it is divided by their number: at least one attempt's deadline.
    """
    found: Counter[float] = Counter()
    for attempts, sight in sights:
        histogram = sight.upstream if measure == "upstream" else sight.latency
        for index, n in histogram.items():
            found[bin_middle_ms(index) / max(attempts, 1)] += n
    return found


def pile_up(found: Mapping[float, int]) -> Pile | None:
    """The value at which at least `PILED` of the durations lie; None where they are spread out, or too few."""
    values = sorted(found)
    sums = [0]
    for value in values:
        sums.append(sums[-1] + found[value])
    total = sums[-1]
    if total < FEWEST:
        return None
    best, low, high = 0, 0, 0
    for value in values:
        start = bisect_left(values, value - margin(value))
        stop = bisect_right(values, value + margin(value))
        if (n := sums[stop] - sums[start]) > best:
            best, low, high = n, start, stop
    if best < PILED * total:
        return None
    rank = sums[low] + (best + 1) // 2
    middle = next(at for at in range(low, high) if sums[at + 1] >= rank)
    return Pile(round(values[middle], 3), best, total)
