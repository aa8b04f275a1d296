"""The minutes of scenes as plain intervals, by kind, as the engine joins them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrib.analysis.ranges import Span
from attrib.engines.scenes import FIRST, LAST, Stretch
from attrib.incidents.buckets import MINUTE_US, Kind
from attrib.incidents.scene import BEFORE, DURING, Frame, Scene, Zone

ZONES: Final = (DURING, BEFORE)
"""Names of the engine's zones."""


def stretches_of(scenes: Sequence[Scene], kinds: Sequence[Kind]) -> Iterator[Stretch]:
    """Every stretch of minutes of every kind that belongs to a scene: what `Frame.zone_of` says, minute by minute."""
    for number, scene in enumerate(scenes):
        known: dict[tuple[str | None, bool], list[tuple[int, int, int]]] = {}
        for kind, it in enumerate(kinds):
            key = scene.kind(it).function, it.upstream is not None and it.upstream == scene.frame.upstream
            if key not in known:
                known[key] = _zones(scene.frame, *key)
            for zone, first, last in known[key]:
                yield Stretch(number, zone, kind, first, last)


def spans_of(scenes: Iterable[Scene]) -> list[Span] | None:
    """The times that scenes need, in microseconds; None: lines of any time."""
    spans: list[Span] = []
    for scene in scenes:
        frame = scene.frame
        zones = [*frame.during.values(), *(zone for some in frame.before.values() for zone in some)]
        if frame.upstream is not None:
            zones.append(frame.whole)
        for zone in zones:
            if zone.first is None or zone.last is None:
                return None
            spans.append((zone.first * MINUTE_US, (zone.last + 1) * MINUTE_US - 1))
    return [(first, last) for first, last in _merged(spans)]


def _zones(frame: Frame, function: str | None, calls: bool) -> list[tuple[int, int, int]]:
    """(zone, first, last) of one function's minutes; `calls`: of its calls to the frame's upstream."""
    mine = frame.during.get(function)
    if mine is None:
        return [(0, *_bounds(frame.whole))] if calls else []
    during = _bounds(mine)
    found = [(0, *during)]
    for first, last in _merged(_bounds(zone) for zone in frame.before.get(function, ())):
        for start, end in ((first, min(last, during[0] - 1)), (max(first, during[1] + 1), last)):
            if start <= end:
                found.append((1, start, end))
    return found


def _bounds(zone: Zone) -> tuple[int, int]:
    return (FIRST, LAST) if zone.first is None or zone.last is None else (zone.first, zone.last)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same in order, without overlaps."""
    result: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if result and first <= result[-1][1]:
            result[-1] = result[-1][0], max(result[-1][1], last)
        else:
            result.append((first, last))
    return result
