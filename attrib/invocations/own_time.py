"""Where the time of an invocation with linked callees went: its own, and that of those below it.

Whole microseconds inside, as in `times`, and like there both bounds are kept where the log does not tell exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from attrib.invocations.model import Invocation
from attrib.invocations.outcome import OVER, TICK_MS

_SECOND: Final = 1_000_000


class Below(NamedTuple):
    """Time that callees took within their caller's, microseconds."""

    least: int
    likely: int
    """The union of the callees' intervals, clipped to the caller's; their sum, at most the latency, where times are
    missing or whole seconds."""
    most: int


def below(caller: Invocation, callees: Sequence[Invocation]) -> Below | None:
    """The time below a caller; None where its own or a callee's latency is not logged.

    Where an interval sticks out of the caller's, clocks differ or the callee outlived its caller; then `most` is the
    sum: time that clipping cut off may have been spent inside.
    """
    if not caller.latency_ms or not callees:
        return None
    lengths = [seen_us(callee) for callee in callees]
    if any(length is None for length in lengths):
        return None
    whole = round(caller.latency_ms * 1000)
    known = [length for length in lengths if length is not None]
    total = min(sum(known), whole)
    stamps = [one.ts for one in (caller, *callees)]
    if caller.ts is None or None in stamps or all(ts is not None and ts % _SECOND == 0 for ts in stamps):
        return Below(min(max(known), whole), total, total)
    begin, end = caller.ts - whole, caller.ts
    spans = [((one.ts or 0) - length, one.ts or 0) for one, length in zip(callees, known, strict=True)]
    slack = max(round(TICK_MS * 1000), round(whole * (OVER - 1)))
    inside = all(start >= begin - slack and stop <= end + slack for start, stop in spans)
    clipped = _union([(max(start, begin), min(stop, end)) for start, stop in spans])
    return Below(clipped, clipped, max(clipped, clipped if inside else total))


def seen_us(callee: Invocation) -> int | None:
    """How long a callee took as its caller saw it: `caller_latency_ms` where logged and longer, else its latency."""
    times = [record.caller_latency_ms for record in callee.records if record.caller_latency_ms is not None]
    if callee.latency_ms is not None:
        times.append(callee.latency_ms)
    return round(max(times) * 1000) if times else None


def between_ms(callee: Invocation, caller_saw_ms: float | None = None) -> float | None:
    """Time that the caller saw and the callee did not: the link, or the callee's host. None: not known.

    `caller_saw_ms` is the caller's own time for this one call; without it the callee's `caller_latency_ms` serves.
    """
    if callee.latency_ms is None:
        return None
    seen = seen_us(callee) if caller_saw_ms is None else round(caller_saw_ms * 1000)
    if seen is None or (caller_saw_ms is None and all(r.caller_latency_ms is None for r in callee.records)):
        return None
    return max(0, seen - round(callee.latency_ms * 1000)) / 1000


def own_ms(caller: Invocation, callees: Sequence[Invocation]) -> float | None:
    """A caller's latency less the time below it, milliseconds; what it logged itself as upstream time counts too.

    Without callees, or where their time is not known, the invocation's own figure.
    """
    found = below(caller, callees)
    if found is None or caller.latency_ms is None:
        return caller.own_ms
    waited = max(found.likely, round((caller.upstream_latency_ms or 0.0) * 1000))
    return max(0, round(caller.latency_ms * 1000) - waited) / 1000


def _union(spans: Sequence[tuple[int, int]]) -> int:
    total = 0
    reached: int | None = None
    for start, end in sorted(spans):
        start = start if reached is None else max(start, reached)
        if end > start:
            total += end - start
        reached = end if reached is None else max(reached, end)
    return total
