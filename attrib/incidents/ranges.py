"""Ranges of minutes, of whatever length: a clock of 1970 in a log of today must not cost a loop over every minute."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


def united(stretches: Iterable[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    """Stretches with at most `gap` minutes between them as one."""
    result: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if result and first - result[-1][1] - 1 <= gap:
            result[-1] = result[-1][0], max(result[-1][1], last)
        else:
            result.append((first, last))
    return result


class Ranges:
    """Minutes in any of several ranges (first, last; both included)."""

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        self._ranges = united(ranges, 0)
        self._firsts = [first for first, _ in self._ranges]

    def __contains__(self, minute: object) -> bool:
        """Whether a minute lies in one of them; no time is in none."""
        if not isinstance(minute, int):
            return False
        at = bisect_right(self._firsts, minute) - 1
        return at >= 0 and minute <= self._ranges[at][1]
