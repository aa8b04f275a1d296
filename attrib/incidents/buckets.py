"""Buckets: minute x what happened -> integer sums. The only input of detecting and grouping incidents.

Whatever engine read the log, it ends here, and what follows is the same code. Buckets are small on any input: a kind
is a combination of names and codes, never an id, and fine invocations of a function share one kind per upstream
outcome. All sums are integers (microseconds), so merging in any order gives the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from attrib.incidents.histogram import whole_us
from attrib.invocations.model import Invocation
from attrib.verdicts.decide import OK, Verdict

MINUTE_US: Final = 60_000_000


class Cause(NamedTuple):
    """What may lie behind symptoms: a verdict and the component it names (None: not named)."""

    verdict: str
    responsible: str | None


class Kind(NamedTuple):
    """What happened, of one or many invocations alike. Null means not logged."""

    function: str | None
    upstream: str | None
    outcome: str
    """The facet `upstream`."""
    masked: bool
    correlated: bool
    verdict: str = OK
    """A verdict, or `ok`; everything below has its default where it is `ok`."""
    rule: str | None = None
    responsible: str | None = None
    lean: str | None = None
    symptom: str | None = None
    """`failed`, `slow`, `failed+slow`, `unfinished`."""
    status: int | str | None = None
    """The code, or the word as logged."""
    status_class: str = "missing"
    """The facet `status`."""
    code: int | str | None = None
    """What the upstream answered: code or word as logged."""
    phase: str = "none"
    party: str = "unknown"
    """The facet `upstream_party`."""
    share: str = "missing"
    """The facet `upstream_latency`."""
    error_code: str | None = None
    stage: str | None = None
    """Of the record that decided the status."""
    attempts: int = 0
    """At most 10."""
    via: tuple[str, ...] = ()
    """Functions from this one down to the hop that took the blame; empty where there is no chain."""

    @property
    def cause(self) -> Cause:
        """Verdict and responsible component."""
        return Cause(self.verdict, self.responsible)

    @property
    def ok(self) -> bool:
        """No symptom."""
        return self.verdict == OK


MOST_ATTEMPTS: Final = 10


@dataclass(slots=True)
class Count:
    """Sums over the invocations of one bucket. Times: epoch microseconds, UTC; durations: whole microseconds."""

    n: int = 0
    first: int | None = None
    last: int | None = None
    latency_us: int = 0
    timed: int = 0
    """Invocations with a latency."""
    upstream_us: int = 0
    upstream_timed: int = 0
    """Invocations whose upstream time is known."""

    def merge(self, other: Count) -> None:
        """Add another bucket's sums."""
        self.n += other.n
        if other.first is not None and (self.first is None or other.first < self.first):
            self.first = other.first
        if other.last is not None and (self.last is None or other.last > self.last):
            self.last = other.last
        self.latency_us += other.latency_us
        self.timed += other.timed
        self.upstream_us += other.upstream_us
        self.upstream_timed += other.upstream_timed


Minute = int | None
"""Minutes since the epoch; None: the invocation has no time."""


def minute_of(ts: int | None) -> Minute:
    """The minute of a time in epoch microseconds."""
    return None if ts is None else ts // MINUTE_US


def kind_of(invocation: Invocation, verdict: Verdict) -> Kind:
    """What an invocation is counted as."""
    facets = invocation.facets
    ok = Kind(invocation.function, invocation.upstream, facets.upstream, invocation.masked, invocation.correlated)
    if verdict.verdict == OK:
        return ok
    status = invocation.status if invocation.status is not None else invocation.status_word
    code = invocation.upstream_status if invocation.upstream_status is not None else invocation.upstream_word
    return ok._replace(
        verdict=verdict.verdict,
        rule=verdict.rule,
        responsible=verdict.responsible,
        lean=verdict.lean,
        symptom=invocation.symptom,
        status=status,
        status_class=facets.status,
        code=code,
        phase=facets.upstream_phase,
        party=facets.upstream_party,
        share=facets.upstream_latency,
        error_code=invocation.error_code,
        stage=invocation.decisive.stage if invocation.symptom != "unfinished" else invocation.records[-1].stage,
        attempts=min(invocation.attempts, MOST_ATTEMPTS),
        via=verdict.via,
    )


class Buckets:
    """All buckets of one run. Grain of `counts`: one per (minute, kind)."""

    def __init__(self) -> None:
        self.counts: dict[tuple[Minute, Kind], Count] = {}
        self._by_function: dict[str | None, list[tuple[Minute, Kind, Count]]] | None = None

    def add(self, minute: Minute, kind: Kind, count: Count) -> None:
        """Add sums."""
        self._by_function = None
        mine = self.counts.setdefault((minute, kind), Count())
        mine.merge(count)

    def add_invocation(self, invocation: Invocation, kind: Kind) -> None:
        """Add one invocation."""
        ts = invocation.ts
        count = Count(1, ts, ts)
        if invocation.latency_ms is not None:
            count.latency_us, count.timed = whole_us(invocation.latency_ms), 1
        if invocation.upstream_latency_ms is not None:
            count.upstream_us, count.upstream_timed = whole_us(invocation.upstream_latency_ms), 1
        self.add(minute_of(ts), kind, count)

    def merge(self, other: Buckets) -> None:
        """Add all of another run's or part's buckets."""
        for (minute, kind), count in other.counts.items():
            self.add(minute, kind, count)

    def __iter__(self) -> Iterator[tuple[Minute, Kind, Count]]:
        """(minute, kind, count), in no particular order: nothing that follows may depend on it."""
        return ((minute, kind, count) for (minute, kind), count in self.counts.items())

    def of(self, functions: Iterable[str | None]) -> Iterator[tuple[Minute, Kind, Count]]:
        """The same, of some functions only."""
        if self._by_function is None:
            self._by_function = {}
            for cell in self:
                self._by_function.setdefault(cell[1].function, []).append(cell)
        for function in functions:
            yield from self._by_function.get(function, ())

    def functions(self) -> set[str | None]:
        """Every function's name."""
        return {kind.function for _, kind in self.counts}


def total(counts: Iterable[Count]) -> Count:
    """The sum of counts."""
    result = Count()
    for count in counts:
        result.merge(count)
    return result
