"""Upstream time of an invocation with several records: attempts, overlaps and retry waits.

Times are whole microseconds inside, so that sums are the same in any order. Where the log does not tell the exact
figure, both bounds are kept, and the facet is only believed where it is the same at both.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from attrib.invocations.model import Call
from attrib.invocations.outcome import WELL, Share, overruns, upstream_share
from attrib.records.model import Record

_SECOND: Final = 1_000_000
_UNASKED: Final = frozenset({"not_contacted", "short_circuited"})


class Spent(NamedTuple):
    """Upstream time in microseconds, retry waits included."""

    least: int
    likely: int
    most: int | None
    """None: the log does not bound it (waits between attempts without times)."""
    wait: int | None
    """Retry waits alone; None where the log does not tell."""


class _Wait(NamedTuple):
    least: int
    likely: int | None
    most: int | None


def _us(record: Record) -> int:
    return round((record.upstream_latency_ms or 0.0) * 1000)


def spent(calls: Sequence[Call], outcomes: Sequence[Sequence[str]], echoes: Sequence[Record]) -> Spent | None:
    """Upstream time of all calls; None where an attempt's time is not logged.

    `outcomes` holds the outcome of every attempt of every call. Attempts of a call follow one another: their times
    add up. Calls may overlap: where every attempt has a finer time than whole seconds, the union is taken, else the
    sum, with the longest call as the lower bound. The wait between a failed attempt and the next belongs to the
    upstream (design: "retry wait"). What a terminal record says again is a total: upstream time is no less.
    """
    echo = max((_us(record) for record in echoes), default=0)
    attempts = [record for call in calls for record in call.attempts]
    kinds_of_all = [kind for kinds in outcomes for kind in kinds]
    if any(not r.upstream_latency_ms and kind not in _UNASKED for r, kind in zip(attempts, kinds_of_all, strict=True)):
        lone = len(attempts) <= 1
        return Spent(echo, echo, echo if lone else None, 0 if lone else None) if echo else None
    fine = _fine(calls)
    least, likely, most, wait = 0, 0, 0, 0
    told = bounded = True
    for call, kinds in zip(calls, outcomes, strict=True):
        times = sum(_us(record) for record in call.attempts)
        failed = [pair for pair, kind in zip(pairwise(call.attempts), kinds, strict=False) if kind not in WELL]
        waits = [_wait(before, after, fine) for before, after in failed]
        least = max(least, times + sum(w.least for w in waits))
        likely += times + sum(w.likely or 0 for w in waits)
        most += times + sum(w.most or 0 for w in waits)
        wait += sum(w.likely or 0 for w in waits)
        told = told and all(w.likely is not None for w in waits)
        bounded = bounded and all(w.most is not None for w in waits)
    if fine:
        least = likely = most = _union(calls, outcomes)
    upper = max(most, echo) if bounded else None
    return Spent(max(least, echo), max(likely, echo), upper, wait if told else None)


def share(spending: Spent, latency: float | None, low: float, dominant: float) -> Share:
    """`outcome.upstream_share` over the bounds: a facet only where both bounds give the same one."""
    likely = spending.likely / 1000
    if latency is None or latency <= 0:
        return upstream_share(likely if spending.likely == spending.most else None, latency, low, dominant)
    if overruns(spending.least / 1000, latency):
        return Share("missing", None, None, True)
    most = latency if spending.most is None else min(spending.most / 1000, latency)
    least = upstream_share(spending.least / 1000, latency, low, dominant)
    if upstream_share(most, latency, low, dominant).facet != least.facet:
        return Share("missing", None, None, False)
    return upstream_share(min(likely, latency), latency, low, dominant)


def _fine(calls: Sequence[Call]) -> bool:
    """True where times can show what overlaps: all there, not whole seconds, and no two alike within a call.

    A logger that stamps all attempts when the request ends gives them one time; read as intervals they would overlap.
    """
    stamps = [[record.ts for record in call.attempts] for call in calls]
    flat = [ts for call in stamps for ts in call]
    if any(ts is None for ts in flat) or all(ts is not None and ts % _SECOND == 0 for ts in flat):
        return False
    return all(len(set(call)) == len(call) for call in stamps)


def _wait(failed: Record, following: Record, fine: bool) -> _Wait:
    """Time between a failed attempt and the next one's start: the gap of their ends less the next one's time."""
    if failed.ts is None or following.ts is None or (failed.ts == following.ts and failed.ts % _SECOND):
        return _Wait(0, None, None)  # no times, or one stamp for both: they say nothing about the time between
    gap = following.ts - failed.ts - _us(following)
    if fine:
        return _Wait(max(0, gap), max(0, gap), max(0, gap))
    # Whole seconds: the true gap may be up to a second off either way.
    return _Wait(max(0, gap - _SECOND), max(0, gap), max(0, gap + _SECOND))


def _union(calls: Sequence[Call], outcomes: Sequence[Sequence[str]]) -> int:
    """Length of the union of all attempts and retry waits, from the records' ends and times."""
    spans: list[tuple[int, int]] = []
    for call, kinds in zip(calls, outcomes, strict=True):
        previous: int | None = None
        for record, kind in zip(call.attempts, kinds, strict=True):
            end = record.ts or 0
            start = end - _us(record)
            # From the failed attempt's end: the wait is time that only the retry explains.
            spans.append((start if previous is None else min(start, previous), end))
            previous = None if kind in WELL else end
    spans.sort()
    total, reached = 0, spans[0][0] if spans else 0
    for start, end in spans:
        reached = max(reached, start)
        if end > reached:
            total += end - reached
            reached = end
    return total
