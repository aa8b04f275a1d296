"""Spans: stretches of time in which one function shows more symptoms of one cause than usual."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from attrib.incidents.buckets import Cause, Count
from attrib.incidents.series import CLIENT, Key, Points, SeriesSet, Totals
from attrib.incidents.usual import Usual, usual_of


@dataclass(frozen=True)
class Settings:
    """Parameters of the packs (design section 4)."""

    failures: int = 5
    rate: float = 0.05
    gap_min: int = 5
    usual_max: float = 0.2


@dataclass(frozen=True)
class Span:
    """Grain: one stretch of time of one function and cause. Minutes are both included; None: no time, or any."""

    function: str | None
    cause: Cause
    classes: frozenset[str]
    first: int | None
    last: int | None
    whole: bool = False
    """Judged without a usual state: there was no unaffected time, or no time at all."""


class UsualRates:
    """Usual rates of the functions of one log: from the baseline where that knows the function, else from the log."""

    def __init__(self, found: SeriesSet, baseline: SeriesSet | None, settings: Settings) -> None:
        self._found, self._baseline, self._settings = found, baseline, settings

    def known_by_baseline(self, function: str | None) -> bool:
        """Whether the baseline shows this function's usual state."""
        return self._baseline is not None and function in self._baseline.totals

    def of(
        self,
        function: str | None,
        of: str,
        causes: frozenset[Cause] | None = None,
        left_out: Container[int] = frozenset(),
        *,
        capped: bool = True,
    ) -> Usual:
        """The usual rate of these causes together (None: all), without the minutes that belong to an incident."""
        source = self._found
        if self._baseline is not None and function in self._baseline.totals:
            source, left_out = self._baseline, frozenset()
        keys = source.by_class.get((function, of), ())
        points = added(source.series[key] for key in keys if causes is None or key.cause in causes)
        cap = None if of == CLIENT or not capped else self._settings.usual_max
        totals = source.totals.get(function, Totals())
        if source is self._baseline and not totals.by_minute:  # one window, as anything without time
            return Usual(points.timeless.n, totals.timeless, cap=cap)
        return usual_of(points.by_minute, totals.by_minute, left_out, cap)


def added(parts: Iterable[Points]) -> Points:
    """Several series as one."""
    result = Points()
    for part in parts:
        result.timeless.merge(part.timeless)
        for minute, count in part.by_minute.items():
            result.by_minute.setdefault(minute, Count()).merge(count)
    return result


def joined(spans: Iterable[Span], gap: int) -> list[Span]:
    """Spans of one function and cause that overlap or almost do, as one; classes are united."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda s: (repr(s.cause), s.first is None, s.first or 0, s.last or 0)):
        last = result[-1] if result else None
        if (
            last is not None
            and last.cause == span.cause
            and (last.first is None) == (span.first is None)
            and (span.first is None or last.last is None or span.first - last.last - 1 <= gap)
        ):
            end = None if span.last is None or last.last is None else max(last.last, span.last)
            result[-1] = replace(last, classes=last.classes | span.classes, last=end, whole=last.whole and span.whole)
        else:
            result.append(span)
    return result


def most(counts: dict[Key, int]) -> Key:
    """The series with most symptoms, unknown ones last where others have any; of equals the first by name."""
    return min(counts, key=lambda key: (counts[key] == 0, key.cause.verdict == "unknown", -counts[key], repr(key)))
