"""Buckets laid out by minute and summed by kind, once per run: each incident then touches its own minutes only."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from attrib.incidents.buckets import Buckets, Count, Kind, Minute
from attrib.incidents.scene import Zone


class Index:
    """Grain of `totals`: one per kind, over the whole log; of `minutes`: one per (minute, kind)."""

    def __init__(self, buckets: Buckets) -> None:
        """`buckets` are complete: what is added later is not seen."""
        self.totals: dict[Kind, Count] = {}
        self.minutes: dict[Minute, list[tuple[Kind, Count]]] = {}
        for minute, kind, count in buckets:
            self.totals.setdefault(kind, Count()).merge(count)
            self.minutes.setdefault(minute, []).append((kind, count))
        self.functions = frozenset(kind.function for kind in self.totals)
        self._sorted = sorted(minute for minute in self.minutes if minute is not None)

    def within(self, zone: Zone) -> list[Minute]:
        """The minutes of a zone that hold invocations, in order; the one without time last, where the zone has it."""
        if zone.first is None or zone.last is None:
            return [*self._sorted, *([None] if None in self.minutes else [])]
        return list(self._sorted[bisect_left(self._sorted, zone.first) : bisect_right(self._sorted, zone.last)])

    def during(self, zone: Zone) -> dict[Kind, Count]:
        """Sums by kind over a zone."""
        if zone.first is None or zone.last is None:
            return self.totals
        found: dict[Kind, Count] = {}
        for minute in self.within(zone):
            for kind, count in self.minutes[minute]:
                found.setdefault(kind, Count()).merge(count)
        return found
