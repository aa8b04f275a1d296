"""Detection: which functions had more symptoms of a cause than usual, and when (design section 6, points 2 and 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from attrib.incidents.buckets import Cause
from attrib.incidents.ranges import Ranges, united
from attrib.incidents.series import UNKNOWN, Key, SeriesSet
from attrib.incidents.spans import Settings, Span, UsualRates, added, joined, most
from attrib.incidents.unquiet import never_quiet, no_quiet_time, only_failures, timeless, whole_log
from attrib.incidents.windows import WIDTHS, Bounds, Track, anomalous

FALSE_ALARMS: Final = 1e-3
"""Chance of one false anomaly in a whole log, over all windows that are tested."""
OWN_CHANCE: Final = 0.01
"""Beside unknowns of the same minutes, a cause of its own must be less likely than this to be as usual."""
CLASSES: Final = 4


def detect(found: SeriesSet, usual: UsualRates, settings: Settings) -> list[Span]:
    """All spans, in a fixed order."""
    windows = sum(len(total.by_minute) for total in found.totals.values()) * len(WIDTHS) * CLASSES
    bounds = Bounds(settings.failures, settings.rate, FALSE_ALARMS / max(1, windows))
    spans: dict[str | None, list[Span]] = {}
    for (function, _), keys in sorted(found.by_class.items(), key=lambda item: repr(item[0])):
        spans.setdefault(function, []).extend(_of_class(keys, found, usual, settings, bounds))
    return [span for function in spans for span in _beside(joined(spans[function], settings.gap_min), settings.gap_min)]


def _beside(spans: list[Span], gap: int) -> list[Span]:
    """Without the unknowns, of whatever class, that lie in the minutes of a known cause: they join it."""
    known = [span for span in spans if span.cause != UNKNOWN]
    return [span for span in spans if span.cause != UNKNOWN or not any(_inside(span, other, gap) for other in known)]


def _inside(span: Span, other: Span, gap: int) -> bool:
    if span.first is None or span.last is None or other.first is None or other.last is None:
        return span.first is None and other.first is None
    return other.first - gap <= span.first and span.last <= other.last + gap


def _of_class(
    keys: list[Key], found: SeriesSet, usual: UsualRates, settings: Settings, bounds: Bounds
) -> Iterable[Span]:
    """Spans of one function and class of symptoms."""
    totals = found.totals[keys[0].function]
    yield from timeless(keys, found, settings)
    if not totals.ok:
        yield from only_failures(keys, found, settings)
        return
    every = added(found.series[key] for key in keys)
    if next(Track(every.by_minute, totals.by_minute).candidates(bounds), None) is None:
        return
    search = _Search(keys, found, usual, settings, bounds)
    # Two rounds: what the first finds is left out of the usual rates of the second, where that leaves any.
    spans = search.spans(Ranges())
    affected = [(span.first or 0, span.last or 0) for span in spans]
    if never_quiet(keys, found, usual, settings, Ranges(affected), bounds.alpha):
        yield from whole_log(keys, found, settings)
        return
    if spans:
        spans = search.spans(Ranges((first - settings.gap_min, last) for first, last in affected)) or spans
    yield from spans or no_quiet_time(keys, found, usual, settings)


class _Search:
    """The windows of one function and class that are not usual."""

    def __init__(
        self, keys: list[Key], found: SeriesSet, usual: UsualRates, settings: Settings, bounds: Bounds
    ) -> None:
        self.function, self.of = keys[0].function, keys[0].of
        self.series = {key.cause: found.series[key] for key in keys}
        self.calls = found.totals[self.function].by_minute
        self.usual, self.settings, self.bounds = usual, settings, bounds

    def spans(self, left_out: Ranges) -> list[Span]:
        """Of each cause with the unknowns beside it; then of unknowns, and of all together, where no cause stands."""
        result: list[Span] = []
        for cause in sorted(self.series, key=repr):
            if cause != UNKNOWN:
                result += self._beside_unknown(cause, left_out)
        for causes in (frozenset({UNKNOWN}), frozenset(self.series)):
            for first, last in self._stretches(causes, left_out, self._told(result)):
                if not self._covered(result, first, last):
                    counts = {Key(self.function, c, self.of): self._count({c}, first, last) for c in causes}
                    result.append(Span(self.function, most(counts).cause, frozenset({self.of}), first, last))
        return result

    def _beside_unknown(self, cause: Cause, left_out: Ranges) -> Iterable[Span]:
        causes = frozenset(c for c in self.series if c in (cause, UNKNOWN))
        own = frozenset(c for c in causes if c == cause)
        stretches = self._stretches(causes, left_out)
        if not stretches:
            return
        track = Track(self.series[next(iter(own))].by_minute, self.calls)
        usual = self.usual.of(self.function, self.of, own, left_out)
        for first, last in stretches:
            k, n = track.sums(first, last)
            if k and usual.chance(k, n) < OWN_CHANCE:
                yield Span(self.function, next(iter(own)), frozenset({self.of}), first, last)

    def _told(self, spans: list[Span]) -> list[tuple[int, int]]:
        gap = self.settings.gap_min
        return united([((s.first or 0) - gap, (s.last or 0) + gap) for s in spans], gap)

    def _stretches(
        self, causes: frozenset[Cause], left_out: Ranges, known: Sequence[tuple[int, int]] = ()
    ) -> list[tuple[int, int]]:
        points = added(self.series[cause] for cause in self.series if cause in causes)
        track = Track(points.by_minute, self.calls)
        if next(track.candidates(self.bounds), None) is None:
            return []
        chosen = frozenset(cause for cause in self.series if cause in causes)
        usual = self.usual.of(self.function, self.of, chosen, left_out)
        return anomalous(track, usual, self.bounds, self.settings.gap_min, known)

    def _count(self, causes: set[Cause], first: int, last: int) -> int:
        points = added(self.series[cause] for cause in self.series if cause in causes)
        return Track(points.by_minute, self.calls).sums(first, last)[0]

    def _covered(self, spans: list[Span], first: int, last: int) -> bool:
        gap = self.settings.gap_min
        return any((s.first or 0) - gap <= last and first <= (s.last or 0) + gap for s in spans)
