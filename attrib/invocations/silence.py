"""Silence is a symptom too: invocations that began and never ended although the log goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from attrib.invocations.ids import Parameters
from attrib.invocations.model import Invocation

P99_FACTOR: Final = 3.0
"""Multiple of the function's p99 latency to wait (design: "max(60 s, 3 x p99)")."""
NORMALLY: Final = 0.5
"""Share of a function's correlated invocations that must end for it to "normally" log an end: more than half."""


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
