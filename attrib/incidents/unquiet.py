"""What cannot be held against a usual rate: logs without time, without quiet time, or of failures only.

Design section 6, "No quiet time in the log": a grep of errors, or the last minutes of an outage, must not mean "no
incident". Such logs are judged as one window, and the report says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from attrib.incidents.buckets import Count
from attrib.incidents.ranges import Ranges, united
from attrib.incidents.series import CLIENT, Key, SeriesSet, span_of
from attrib.incidents.spans import Settings, Span, UsualRates, most
from attrib.incidents.statistics import binomial_tail, poisson_tail

FALSE_ALARMS: Final = 1e-3
QUIET_NEEDED_MIN: Final = 60
"""A log shorter than this that shows no quiet time is judged as one window (design: "the last 15 minutes of an
outage"); over a longer one, what was always so is usual, up to usual_rate_max."""

MOST_SESSIONS: Final = 100
"""A log that is silent more often than this is simply one of rare calls."""


def timeless(keys: list[Key], found: SeriesSet, settings: Settings) -> Iterable[Span]:
    """One window for all that has no time (design: "Without any time there is one window")."""
    totals = found.totals[keys[0].function]
    counts = {key: found.series[key].timeless.n for key in keys}
    if not totals.ok and keys[0].of == CLIENT:
        return
    yield from _window(counts, totals.timeless, settings, None, None, rated=bool(totals.ok))


def _window(
    counts: dict[Key, int], calls: int, settings: Settings, first: int | None, last: int | None, *, rated: bool = True
) -> Iterable[Span]:
    """Spans over one window: every cause that stands by itself or, where none does, the largest."""
    total = sum(counts.values())
    if total < settings.failures or (rated and total <= settings.rate * calls):
        return
    unknown = sum(n for key, n in counts.items() if key.cause.verdict == "unknown")
    stands = [
        key
        for key, n in sorted(counts.items(), key=lambda item: repr(item[0]))
        if key.cause.verdict != "unknown"
        and n + unknown >= settings.failures
        and (not rated or n + unknown > settings.rate * calls)
        and (n >= settings.failures or n > unknown)
    ]
    if not stands:
        biggest = most(counts)
        mixed = biggest.cause.verdict == "unknown" or counts[biggest] + unknown >= settings.failures
        stands = [biggest if not mixed or not unknown else most({k: n for k, n in counts.items() if _is_unknown(k)})]
    for key in stands:
        yield Span(key.function, key.cause, frozenset({key.of}), first, last, whole=True)


def _is_unknown(key: Key) -> bool:
    return key.cause.verdict == "unknown"


def no_quiet_time(keys: list[Key], found: SeriesSet, usual: UsualRates, settings: Settings) -> Iterable[Span]:
    """The whole of a short log in which nothing is quiet: no usual rate can be taken from it."""
    function, of = keys[0].function, keys[0].of
    calls = found.totals[function].by_minute
    span = span_of(calls)
    if of == CLIENT or span is None or span[1] - span[0] >= QUIET_NEEDED_MIN or usual.known_by_baseline(function):
        return
    quiet = usual.of(function, of, capped=False).rate
    if quiet is None or quiet <= settings.rate:
        return
    yield from whole_log(keys, found, settings)


def whole_log(keys: list[Key], found: SeriesSet, settings: Settings) -> Iterable[Span]:
    """All that has a time, judged as one window; where the whole log is silent for long, each stretch by itself (two
    outages a day apart are two incidents), unless none of them is large enough to say anything."""
    totals = found.totals[keys[0].function]
    whole = span_of(totals.by_minute)
    if whole is None:
        return
    sessions = found.sessions if len(found.sessions) <= MOST_SESSIONS else ()
    parts = [span for session in sessions for span in _stretch(keys, found, settings, session)]
    yield from parts or _stretch(keys, found, settings, whole)


def _stretch(keys: list[Key], found: SeriesSet, settings: Settings, session: tuple[int, int]) -> Iterable[Span]:
    totals = found.totals[keys[0].function]
    calls = {minute: n for minute, n in totals.by_minute.items() if session[0] <= minute <= session[1]}
    symptoms = {m: n for key in keys for m, n in found.series[key].by_minute.items() if m in calls}
    span = span_of(calls if totals.ok else symptoms)
    if span is not None:
        counts = {key: _sum(found.series[key].by_minute, span) for key in keys}
        counts = {key: n for key, n in counts.items() if n}
        yield from _window(counts, sum(calls.values()), settings, *span, rated=bool(totals.ok))


def _sum(points: Mapping[int, Count], span: tuple[int, int]) -> int:
    return sum(count.n for minute, count in points.items() if span[0] <= minute <= span[1])


def never_quiet(
    keys: list[Key], found: SeriesSet, usual: UsualRates, settings: Settings, affected: Ranges, alpha: float
) -> bool:
    """Whether the time outside of what stands out is no quiet time either, or there is none: what it shows is plainly
    above the highest rate that is ever taken as usual (usual_rate_max), so a stretch of it is no better than the rest.
    """
    function, of = keys[0].function, keys[0].of
    if of == CLIENT or usual.known_by_baseline(function):
        return False
    rest = {minute: n for minute, n in found.totals[function].by_minute.items() if minute not in affected}
    if not rest:
        return True
    symptoms = sum(count.n for key in keys for m, count in found.series[key].by_minute.items() if m in rest)
    return binomial_tail(symptoms, sum(rest.values()), settings.usual_max) < alpha


def only_failures(keys: list[Key], found: SeriesSet, settings: Settings) -> Iterable[Span]:
    """A function of which the log holds only failures: bursts by failures per minute, else the whole log.

    4xx alone are background (design section 6).
    """
    minutes: dict[int, int] = {}
    for key in keys:
        for minute, count in found.series[key].by_minute.items():
            minutes[minute] = minutes.get(minute, 0) + count.n
    if keys[0].of == CLIENT or not minutes:
        return
    bursts = _bursts(minutes, settings)
    for burst in bursts:
        for span in _stretch(keys, found, settings, burst):
            yield replace(span, whole=False)
    if not bursts:
        yield from whole_log(keys, found, settings)


def _bursts(minutes: dict[int, int], settings: Settings) -> list[tuple[int, int]]:
    """Stretches with more failures per minute than the quieter half of the minutes."""
    length = max(minutes) - min(minutes) + 1
    if length < 2 * QUIET_NEEDED_MIN:
        return []
    counts = sorted(minutes.values())
    quiet = counts[: max(0, length // 2 - (length - len(counts)))]
    mean = (sum(quiet) + 1) / (length // 2)
    flagged = [
        (minute, minute)
        for minute, n in minutes.items()
        if n >= settings.failures and poisson_tail(n, mean) < FALSE_ALARMS / length
    ]
    return united(flagged, settings.gap_min)
