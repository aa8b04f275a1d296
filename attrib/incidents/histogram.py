"""Latency histograms: fixed bins of integer counts, so that merging in any order and on any engine gives the same.

Grain: one count per bin of whole microseconds. Bins are exact below 64 us; above, every power of two is cut into 64
equal bins, each at most 1/64 = 1.6 % wide (design section 6: "2 % wide"). All arithmetic is on integers: logarithms
differ in their last digit between libraries, shifts do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final

SUB_BITS: Final = 6
MOST_US: Final = 1 << 45
"""Longer times count as this one (a year); below it log2 of a double is exact enough to find the power of two."""


def whole_us(ms: float) -> int:
    """Milliseconds as whole microseconds, halves up: the same double operations as in the query."""
    us = ms * 1000.0 + 0.5
    return int(us) if us < MOST_US else MOST_US


def bin_of(us: int) -> int:
    """The bin of a duration in whole microseconds >= 0."""
    shift = us.bit_length() - 1 - SUB_BITS
    return us if shift < 0 else (shift << SUB_BITS) + (us >> shift)


def bin_floor_us(index: int) -> int:
    """The smallest duration of a bin, in microseconds."""
    if index < 1 << SUB_BITS:
        return index
    shift = (index >> SUB_BITS) - 1
    return (index - (shift << SUB_BITS)) << shift


@cache
def bin_middle_ms(index: int) -> float:
    """The duration a bin stands for, in milliseconds: its middle, at most 0.8 % off."""
    floor = bin_floor_us(index)
    return (floor + (bin_floor_us(index + 1) - 1 - floor) / 2) / 1000


def quantile_ms(counts: Mapping[int, int], q: float) -> float | None:
    """The q-quantile (0..1; nearest rank) in milliseconds; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    rank = max(1, -int(-q * total // 1))
    for index in sorted(counts):
        rank -= counts[index]
        if rank <= 0:
            return round(bin_middle_ms(index), 3)
    return None


Histogram = Counter[int]
"""Bin -> number of durations in it."""
