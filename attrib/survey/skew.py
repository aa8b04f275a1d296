"""Callees that begin before their callers: the two clocks differ, for nothing is answered before it was asked.

Grain: one `Skew` per (caller's function, callee's). Looked at are requests in which something failed or was slow (a
large input joins no others), and of these the links that leave no doubt: one callee of a call, one caller of a callee,
and one record with a latency of each, so that its beginning is known. A callee that ends after its caller proves
nothing: the caller may have given up, or not have waited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from attrib.invocations.hops import Hops
from attrib.invocations.ids import usable_id
from attrib.invocations.model import Invocation
from attrib.survey.places import Examples, Worst
from attrib.survey.traits import Bounds

_GAP_S = 3600.0
"""Links by name reach so far: clocks may differ by more than requests take."""
_MOST_PAIRS = 10_000
"""Pairs of functions kept; a log of more functions is told about by those met in its first requests by id."""
_MOST_CALLS = 50
"""Invocations of one request beyond which nothing tells who called whom."""

Pair = tuple[str | None, str | None]


@dataclass(slots=True)
class Skew:
    """What the calls of one function by another showed."""

    calls: int = 0
    """Links that could be judged."""
    early: int = 0
    """Of these, callees that began too early."""
    examples: Examples = field(default_factory=Examples)
    worst: Worst = field(default_factory=Worst)
    """By how much it began too early, us."""


class Skews:
    """The table."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._rows: dict[Pair, Skew] = {}

    def see(self, invocations: Sequence[Invocation]) -> None:
        """All invocations of some requests, each request once."""
        requests: dict[str, list[Invocation]] = {}
        for one in invocations:
            if one.correlated and one.request_id is not None and usable_id(one.request_id, self._bounds.words):
                requests.setdefault(one.request_id, []).append(one)
        for some in requests.values():
            if 1 < len(some) <= _MOST_CALLS and any(self._symptomatic(one) for one in some):
                self._see(some)

    def _symptomatic(self, invocation: Invocation) -> bool:
        high = self._bounds.latency_high_ms(invocation.function)
        return any(
            (record.status or 0) >= 400 or record.status_word is not None or (record.latency_ms or 0.0) > high
            for record in invocation.records
        )

    def _see(self, some: Sequence[Invocation]) -> None:
        hops = Hops(some, self._bounds.words, _GAP_S)
        if not hops:
            return
        links = [(caller, link) for caller in range(len(some)) for link in hops.links(caller)]
        callers = Counter(link.callee for _, link in links)
        calls = Counter((caller, link.upstream) for caller, link in links)
        for caller, link in links:
            if callers[link.callee] == 1 and calls[caller, link.upstream] == 1:
                self._judge(some[caller], some[link.callee])

    def _judge(self, caller: Invocation, callee: Invocation) -> None:
        begun, asked = _begin(callee), _begin(caller)
        if begun is None or asked is None:
            return
        pair = caller.function, callee.function
        if pair not in self._rows and len(self._rows) >= _MOST_PAIRS:
            return
        skew = self._rows.setdefault(pair, Skew())
        skew.calls += 1
        if asked - begun > self._bounds.skew_us:
            skew.early += 1
            at = callee.decisive
            skew.examples.add((at.file, at.line))
            skew.worst.add(asked - begun, (at.file, at.line))

    def __iter__(self) -> Iterator[tuple[Pair, Skew]]:
        """((caller, callee), what was seen), in order of names."""
        return iter(sorted(self._rows.items(), key=lambda item: (item[0][0] or "", item[0][1] or "")))


def _begin(invocation: Invocation) -> int | None:
    """When an invocation began, epoch us; None where its records do not tell for sure."""
    timed = [record for record in invocation.records if record.latency_ms is not None and record.ts is not None]
    if len(timed) != 1 or invocation.attempts > 1:
        return None
    (record,) = timed
    assert record.ts is not None and record.latency_ms is not None  # noqa: S101, PT018 - see above
    return record.ts - round(record.latency_ms * 1000)
