"""Retries by function and upstream: how often, how many attempts, how long the pauses, and at how many hops.

Grain: one `Retried` per (function, upstream), one `Stacked` per pair of hops. Bounded by names, latency bins and five
minutes of the log, as buckets are; never by requests. Only calls with a failed attempt count: such requests are never
calm (engines/correlate.py), so every engine hands all of them in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from attrib.incidents.histogram import bin_of
from attrib.invocations.model import Invocation
from attrib.invocations.names import Names, names_of
from attrib.records.times import id_time
from attrib.rules.words import Words
from attrib.survey.places import Examples, Spot, Worst
from attrib.survey.tries import Try, attempt_failed, ends_of, pauses_us, retried

WINDOW_MIN: Final = 5
"""Minutes in which retries are taken together: as wide as an incident's gap (design section 6)."""
_MINUTE_US: Final = 60_000_000

Window = int | None
"""Number of `WINDOW_MIN` minutes since the epoch; None: no time."""


def window_of(minute: int | None) -> Window:
    """The window of a minute since the epoch."""
    return None if minute is None else minute // WINDOW_MIN


class Hop(NamedTuple):
    """A function and what it calls. Null means not logged."""

    function: str | None
    upstream: str | None


@dataclass(slots=True)
class Retried:
    """The retried calls of one function to one upstream."""

    calls: Counter[Window] = field(default_factory=Counter)
    extra: Counter[Window] = field(default_factory=Counter)
    """Attempts after the first."""
    attempts: Counter[int] = field(default_factory=Counter)
    """Attempts -> calls with so many."""
    among_others: bool = False
    """Some were made by invocations that are counted under another upstream: they call several."""
    first_pauses: Counter[int] = field(default_factory=Counter)
    """Histogram bin -> calls whose first pause was so long; only calls whose pauses the log tells."""
    last_pauses: Counter[int] = field(default_factory=Counter)
    """The same of the last pause, of calls with two pauses or more."""
    early_pauses: Counter[int] = field(default_factory=Counter)
    """First pauses of those calls."""
    examples: Examples = field(default_factory=Examples)
    most: Worst = field(default_factory=Worst)
    """By attempts."""
    hasty: Worst = field(default_factory=Worst)
    """By attempts, of the calls whose pauses the log tells."""


@dataclass(slots=True)
class Stacked:
    """Requests that were retried at two hops."""

    requests: int = 0
    examples: Examples = field(default_factory=Examples)
    most: Worst = field(default_factory=Worst)
    """By attempts at the lower hop."""


class Retries:
    """All retried calls."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.calls: dict[Hop, Retried] = {}
        self.stacked: dict[tuple[Hop, Hop], Stacked] = {}

    def see(self, invocations: Sequence[Invocation]) -> None:
        """The invocations of one request whose id joins them."""
        found = [(one, retried(one, self._words)) for one in invocations]
        for one, tries in found:
            for a_try in tries:
                self._count(one, a_try)
        if len(found) > 1:
            for one, tries in found:
                for a_try in tries:
                    self._stack(one, a_try, invocations)

    def _count(self, one: Invocation, a_try: Try) -> None:
        entry = self.calls.setdefault(Hop(one.function, a_try.upstream), Retried())
        ts = one.ts
        if ts is None and one.request_id is not None:
            ts = id_time(one.request_id)
        window = window_of(None if ts is None else ts // _MINUTE_US)
        number = a_try.number
        entry.calls[window] += 1
        entry.extra[window] += number - 1
        entry.attempts[number] += 1
        entry.among_others |= one.upstream != a_try.upstream
        entry.examples.add(a_try.place)
        entry.most.add(number, a_try.place)
        if pauses := pauses_us(a_try):
            entry.hasty.add(number, a_try.place)
            entry.first_pauses[bin_of(pauses[0])] += 1
            if len(pauses) > 1:
                entry.early_pauses[bin_of(pauses[0])] += 1
                entry.last_pauses[bin_of(pauses[-1])] += 1

    def _stack(self, caller: Invocation, a_try: Try, invocations: Sequence[Invocation]) -> None:
        """Count a request whose callee retried its own call within a retried call."""
        if a_try.upstream is None:
            return
        names = names_of(a_try.upstream)
        callees = [one for one in invocations if one.function != caller.function and _bears(one, names)]
        for upstream, attempts, place in self._below(callees, len(a_try.attempts)):
            lower = Hop(min((one.function for one in callees), key=lambda name: name or ""), upstream)
            entry = self.stacked.setdefault((Hop(caller.function, a_try.upstream), lower), Stacked())
            entry.requests += 1
            entry.examples.add(a_try.place)
            entry.most.add(attempts, place)

    def _below(self, callees: Sequence[Invocation], asked: int) -> Iterator[tuple[str | None, int, Spot]]:
        """(upstream, attempts, place) of each upstream that a callee retried, when it was asked `asked` times.

        Where the log tells the callee's executions apart, one of them holds the retry. Where it does not, more failed
        attempts than executions prove that one of them tried again.
        """
        told = sum(max(1, len(ends_of(one.records, self._words))) for one in callees) >= asked
        again = {a_try.upstream for one in callees for a_try in retried(one, self._words)} if told else set()
        failed: Counter[str | None] = Counter()
        attempts: Counter[str | None] = Counter()
        places: dict[str | None, Spot] = {}
        for one in callees:
            for call in one.calls:
                failed[call.upstream] += sum(attempt_failed(record, self._words) for record in call.attempts)
                attempts[call.upstream] += len(call.attempts)
                place = min((record.file, record.line) for record in call.attempts)
                places[call.upstream] = min(places.get(call.upstream, place), place)
        for upstream, place in places.items():
            if upstream in again or failed[upstream] > asked:
                yield upstream, attempts[upstream], place


def _bears(one: Invocation, names: frozenset[str]) -> bool:
    """Whether an invocation goes by one of these names."""
    return Names((one.function, *(record.service for record in one.records))).known(names)
