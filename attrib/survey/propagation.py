"""Which request ids reach the next hop, where that is in the logs too.

Grain: one row per (function, upstream) whose upstream bears the name of a function or service in these logs. A call is
a request id of the function with an answered call to that upstream, in a minute in which the upstream's own records
exist, or in the minute before or after: where they cover other times only, nothing can be said. It reached the next hop
where the upstream has a record with that id, at any time.

Memory: ids are held for such pairs only, by `fill` while it runs; here they are taken from records that are all in
memory anyway, the engine holds hashes (engines/propagation.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from attrib.invocations.ids import usable_id
from attrib.invocations.names import met, names_of
from attrib.records.model import Record
from attrib.records.times import id_time
from attrib.rules.words import Words
from attrib.survey.names import MOST_NAMES
from attrib.survey.places import Spot

MINUTE_US: Final = 60_000_000
ACCEPTED: Final = 202
"""RFC 9110: to be worked on later, so its record may lie beyond the end of the log."""
EXAMPLES: Final = 3
EXAMPLES_FROM: Final = 0.01
"""Share of lost calls above which examples are looked for: a few are the log's edges."""


class Pair(NamedTuple):
    """A function, and an upstream that it calls, as logged."""

    function: str
    upstream: str


@dataclass
class Hop:
    """What became of the ids of one pair."""

    calls: int
    """Request ids that called, at times that the upstream's records cover."""
    reached: int
    """Those of them that some record of the upstream bears."""
    strangers: int
    """Requests of the upstream in those minutes whose id no call to it bears: its distinct ids, each in its first
    minute, and its answered records without one. Fewer than the lost calls: then its records are not all here."""
    untimed: bool
    """Some call has no time: it was compared with the upstream's records without one."""
    linked: bool
    """Both sides carry trace or span ids, by which they are joined whatever the request id."""
    examples: list[Spot] = field(default_factory=list)
    """Calls whose id never arrived, the earliest first; looked for above `EXAMPLES_FROM`."""

    @property
    def wants_examples(self) -> bool:
        """Whether so many calls were lost that examples are looked for."""
        return not self.linked and self.calls - self.reached > EXAMPLES_FROM * self.calls


class Plan:
    """The pairs that matter, and whose records are their upstreams'."""

    def __init__(self, calls: Iterable[tuple[str | None, str | None]], components: Collection[str]) -> None:
        """`calls`: (function, upstream) of all records; `components`: all names of functions and services, as logged.

        Where either are too many, there are no pairs: names are identifiers then, and say nothing.
        """
        named = sorted({Pair(a, b) for a, b in calls if a is not None and b is not None})
        upstreams = {pair.upstream for pair in named}
        known: frozenset[str] = frozenset()
        if len(components) <= MOST_NAMES and len(upstreams) <= MOST_NAMES:
            known = met(upstreams, components)
        numbers: dict[frozenset[str], int] = {}
        self.target: dict[Pair, int] = {}
        """Pair -> number of its target: the names that its upstream goes by."""
        for pair in named:
            names = names_of(pair.upstream) & known
            if names and _fold(pair.function) not in names:
                self.target[pair] = numbers.setdefault(names, len(numbers))
        self.targets: dict[str, tuple[int, ...]] = {}
        """Name of a function or service, as logged -> the targets that its records belong to."""
        for name in sorted(components):
            found = tuple(number for names, number in numbers.items() if _fold(name) in names)
            if found:
                self.targets[name] = found

    def __bool__(self) -> bool:
        """Whether there is any pair."""
        return bool(self.target)

    def of(self, record: Record) -> set[int]:
        """The targets that a record belongs to."""
        return {target for name in (record.function, record.service) for target in self.targets.get(name or "", ())}


class Propagation:
    """Pair -> what became of its ids."""

    def __init__(self) -> None:
        self.hops: dict[Pair, Hop] = {}

    def fill(self, records: Sequence[Record], words: Words) -> None:
        """From all records of a log, in any order."""
        plan = Plan(
            {(record.function, record.upstream) for record in records},
            {name for record in records for name in (record.function, record.service) if name is not None},
        )
        if not plan:
            return
        sides: dict[int, _Side] = {target: _Side() for target in plan.target.values()}
        calls: dict[Pair, list[_Call]] = {pair: [] for pair in plan.target}
        for record in records:
            usable = record.request_id if usable_id(record.request_id, words) else None
            targets = plan.of(record)
            for target in targets:
                sides[target].see(record, usable)
            pair = Pair(record.function or "", record.upstream or "")
            if usable is not None and pair in calls and answered(record) and plan.target[pair] not in targets:
                calls[pair].append(_Call(usable, record))
                sides[plan.target[pair]].called.add(usable)
        for pair, made in calls.items():
            if (hop := _hop(made, sides[plan.target[pair]])) is not None:
                self.hops[pair] = hop


def time_of(record: Record) -> int | None:
    """When a record was written, epoch microseconds: its time, else the one within its id."""
    if record.ts is None and record.request_id is not None:
        return id_time(record.request_id)
    return record.ts


def answered(record: Record) -> bool:
    """Whether the upstream answered with a status of its own; not one that says that it will work later."""
    return (
        record.upstream_status is not None
        and 100 <= record.upstream_status <= 599
        and record.upstream_status != ACCEPTED
    )


def linked(record: Record) -> bool:
    """Whether a record carries trace or span ids."""
    return record.trace_id is not None or record.span_id is not None or record.parent_span_id is not None


def _fold(name: str) -> str:
    return name.strip().casefold()


def _minute(record: Record) -> int | None:
    time = time_of(record)
    return None if time is None else time // MINUTE_US


def around(minute: int | None) -> Iterator[int | None]:
    """A minute and its neighbours; what has no time is near to what has none."""
    yield minute
    if minute is not None:
        yield minute - 1
        yield minute + 1


class _Call:
    """A record with an answered call."""

    __slots__ = ("linked", "minute", "request_id", "spot", "time")

    def __init__(self, request_id: str, record: Record) -> None:
        self.request_id = request_id
        self.time = time_of(record)
        self.minute = _minute(record)
        self.spot = record.file, record.line
        self.linked = linked(record)

    @property
    def order(self) -> tuple[bool, int, str, Spot]:
        """The earliest first."""
        return self.time is None, self.time or 0, self.request_id, self.spot


class _Side:
    """The records of one target."""

    def __init__(self) -> None:
        self.ids: dict[str, int | None] = {}
        """Id -> first minute of its records; None where none has a time."""
        self.nameless: dict[int | None, int] = {}
        """Minute -> answered records without a usable id."""
        self.minutes: set[int | None] = set()
        self.called: set[str] = set()
        """Ids of all calls to it."""
        self.linked = False

    def see(self, record: Record, request_id: str | None) -> None:
        minute = _minute(record)
        self.minutes.add(minute)
        self.linked |= linked(record)
        if request_id is not None:
            before = self.ids.get(request_id)
            self.ids[request_id] = minute if before is None else before if minute is None else min(before, minute)
        elif record.status is not None or record.status_word is not None:
            self.nameless[minute] = self.nameless.get(minute, 0) + 1

    def strangers(self, minutes: Collection[int | None]) -> int:
        named = sum(minute in minutes for one, minute in self.ids.items() if one not in self.called)
        return named + sum(n for minute, n in self.nameless.items() if minute in minutes)


def _hop(made: Sequence[_Call], side: _Side) -> Hop | None:
    """What became of the calls of one pair; None where none can be compared."""
    compared = [call for call in made if any(minute in side.minutes for minute in around(call.minute))]
    if not compared:
        return None
    ids = {call.request_id for call in compared}
    lost = ids - side.ids.keys()
    minutes = {minute for call in compared for minute in around(call.minute)}
    hop = Hop(
        len(ids),
        len(ids) - len(lost),
        side.strangers(minutes),
        any(call.minute is None for call in compared),
        side.linked and any(call.linked for call in made),
    )
    if hop.wants_examples:
        first: dict[str, Spot] = {}
        for call in sorted(made, key=lambda call: call.order):
            if call.request_id in lost:
                first.setdefault(call.request_id, call.spot)
            if len(first) == EXAMPLES:
                break
        hop.examples = list(first.values())
    return hop
