"""Silence is a symptom too: invocations that began and never ended although the log goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from attrib.invocations.ids import Parameters
from attrib.invocations.model import Invocation

P99_FACTOR: Final = 3.0
"""Multiple of the function's p99 latency to wait (design: "max(60 s, 3 x p99)")."""
NORMALLY: Final = 0.5
"""Share of a function's correlated invocations that must end for it to "normally" log an end: more than half."""

_DAY: Final = 86_400 * 1_000_000
_STRAYS: Final = 5


def unfinished(
    invocation: Invocation,
    newest_ts: int | None,
    p99_ms: float | None,
    parameters: Parameters,
    normally_ends: bool = True,
) -> bool:
    """True when no end followed the start for max(`unfinished_after_s`, 3 x p99) although the log goes on.

    `newest_ts` is the newest plausible time of the log (UTC epoch microseconds), `p99_ms` the function's p99 latency
    (None: not known). `normally_ends` is whether the function is among `functions_that_end`. Never true without a
    usable id or without a time: nobody can tell what would have ended it.
    """
    if invocation.ended or not invocation.correlated or not normally_ends or newest_ts is None:
        return False
    started = min((record.ts for record in invocation.records if record.ts is not None), default=None)
    if started is None:
        return False
    patience_ms = max(parameters.value("unfinished_after_s", invocation.function) * 1000, P99_FACTOR * (p99_ms or 0.0))
    return (newest_ts - started) / 1000 > patience_ms


def functions_that_end(invocations: Iterable[Invocation]) -> frozenset[str | None]:
    """Functions of whose correlated invocations more than half log an end or a status of their own."""
    counts: dict[str | None, list[int]] = {}
    for invocation in invocations:
        if invocation.correlated:
            count = counts.setdefault(invocation.function, [0, 0])
            count[0] += invocation.ended
            count[1] += 1
    return frozenset(function for function, (ended, of) in counts.items() if ended > NORMALLY * of)


def mark_unfinished(invocations: Sequence[Invocation], parameters: Parameters, newest_ts: int | None = None) -> int:
    """Give the symptom `unfinished` to every invocation that is; returns how many. All of a run must be there.

    `newest_ts` as in `unfinished`; without it, `newest_plausible` of the invocations' records. One that has a symptom
    already (slow so far) keeps it: its evidence is worth more than its silence.
    """
    silent = [one for one in invocations if not one.ended and one.correlated and one.symptom is None]
    if not silent:
        return 0
    if newest_ts is None:
        newest_ts = newest_plausible(r.ts for one in invocations for r in one.records if r.ts is not None)
    names = {one.function for one in silent}
    latencies: dict[str | None, list[float]] = {}
    for one in invocations:
        if one.latency_ms is not None and one.function in names:
            latencies.setdefault(one.function, []).append(one.latency_ms)
    slowest = {function: p99(times) for function, times in latencies.items()}
    ending = functions_that_end(one for one in invocations if one.function in names)
    found = [
        one
        for one in silent
        if unfinished(one, newest_ts, slowest.get(one.function), parameters, one.function in ending)
    ]
    for one in found:
        one.symptom = "unfinished"
    return len(found)


def newest_plausible(times: Iterable[int]) -> int | None:
    """The newest of all record times (UTC epoch microseconds) that is no stray clock; None of nothing.

    A few records more than a day ahead of all others (fewer than five, or than one in a hundred) are strays: they do
    not show that the log went on.
    """
    ordered = sorted(times)
    few = max(_STRAYS, len(ordered) // 100)
    for above in range(1, min(few, len(ordered))):
        if ordered[-above] - ordered[-above - 1] > _DAY:
            return newest_plausible(ordered[:-above])
    return ordered[-1] if ordered else None


def p99(latencies: Iterable[float]) -> float | None:
    """The 99th percentile by nearest rank, in the unit given; None of nothing."""
    ordered = sorted(latencies)
    return ordered[max(0, -(-99 * len(ordered) // 100) - 1)] if ordered else None
