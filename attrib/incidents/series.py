"""Series: one function's symptoms of one cause and class, minute by minute, out of the buckets."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from attrib.incidents.buckets import Buckets, Cause, Count, Kind
from attrib.incidents.ranges import united

SERVER: Final = "server"
"""Failed with 5xx or a timeout."""
CLIENT: Final = "client"
"""Failed with 4xx, or the client went away."""
SLOW: Final = "slow"
UNFINISHED: Final = "unfinished"
UNKNOWN: Final = Cause("unknown", None)
SILENCE_MIN: Final = 60
"""Minutes without one line of any function: what lies before and after is judged apart where there is no quiet time."""


class Key(NamedTuple):
    """What one series counts."""

    function: str | None
    cause: Cause
    of: str
    """SERVER, CLIENT, SLOW or UNFINISHED: each has its own usual rate."""


@dataclass
class Points:
    """Symptoms by minute."""

    by_minute: dict[int, Count] = field(default_factory=dict)
    timeless: Count = field(default_factory=Count)


@dataclass
class Totals:
    """All invocations of one function."""

    by_minute: dict[int, int] = field(default_factory=dict)
    timeless: int = 0
    ok: int = 0

    @property
    def n(self) -> int:
        """All of them."""
        return sum(self.by_minute.values()) + self.timeless


@dataclass
class SeriesSet:
    """Everything that is counted for detection."""

    series: dict[Key, Points]
    totals: dict[str | None, Totals]

    @cached_property
    def by_class(self) -> dict[tuple[str | None, str], list[Key]]:
        """The series of each function and class, in a fixed order; asked when all of them are there."""
        found: dict[tuple[str | None, str], list[Key]] = defaultdict(list)
        for key in sorted(self.series, key=repr):
            found[key.function, key.of].append(key)
        return dict(found)

    @cached_property
    def sessions(self) -> list[tuple[int, int]]:
        """First and last minute of every stretch in which the log is never silent for longer than `SILENCE_MIN`."""
        return united(((minute, minute) for total in self.totals.values() for minute in total.by_minute), SILENCE_MIN)


def class_of(kind: Kind) -> str:
    """The class of a symptomatic kind."""
    if kind.symptom == "unfinished":
        return UNFINISHED
    if kind.symptom == "slow":
        return SLOW
    return CLIENT if kind.status_class in ("4xx", "client_abort") else SERVER


def key_of(kind: Kind) -> Key:
    """The series of a symptomatic kind."""
    return Key(kind.function, kind.cause, class_of(kind))


SHORT_CIRCUITED: Final = "short_circuited"
TRIPS_MIN: Final = 5
"""Minutes after the last failure, or the last answer of the open breaker, in which a breaker's answer still belongs
to the failures that tripped it (design section 6 calls neighbours what is at most 5 minutes apart)."""


def tripped(buckets: Buckets) -> dict[tuple[int, Kind], Cause]:
    """(minute, kind) of open breakers' answers -> the cause of the failures of that function and upstream before."""
    breakers: dict[tuple[str | None, str | None], dict[int, list[Kind]]] = defaultdict(lambda: defaultdict(list))
    if not any(kind.outcome == SHORT_CIRCUITED for _, kind in buckets.counts):
        return {}
    for minute, kind, _ in buckets:
        if kind.outcome == SHORT_CIRCUITED and kind.verdict == "unknown" and minute is not None:
            breakers[kind.function, kind.upstream][minute].append(kind)
    failures: dict[tuple[str | None, str | None], dict[int, dict[Cause, int]]] = defaultdict(lambda: defaultdict(dict))
    for minute, kind, count in buckets:
        pair = (kind.function, kind.upstream)
        if pair in breakers and minute is not None and not kind.ok and kind.verdict != "unknown":
            causes = failures[pair][minute]
            causes[kind.cause] = causes.get(kind.cause, 0) + count.n
    result: dict[tuple[int, Kind], Cause] = {}
    for pair, by_minute in breakers.items():
        cause: Cause | None = None
        until = -1
        for minute in sorted({*by_minute, *failures[pair]}):
            if minute in failures[pair]:
                causes = failures[pair][minute]
                cause, until = min(causes, key=lambda c: (-causes[c], repr(c))), minute + TRIPS_MIN
            if minute in by_minute and cause is not None and minute <= until:
                until = minute + TRIPS_MIN
                result.update(((minute, kind), cause) for kind in by_minute[minute])
    return result


def series_of(buckets: Buckets) -> SeriesSet:
    """All series, from the buckets; what an open breaker answered counts with what tripped it."""
    inherited = tripped(buckets)
    series: dict[Key, Points] = {}
    totals: dict[str | None, Totals] = defaultdict(Totals)
    for minute, kind, count in buckets:
        total = totals[kind.function]
        if minute is None:
            total.timeless += count.n
        else:
            total.by_minute[minute] = total.by_minute.get(minute, 0) + count.n
        if kind.ok:
            total.ok += count.n
            continue
        key = key_of(kind)
        if minute is not None and (minute, kind) in inherited:
            key = key._replace(cause=inherited[minute, kind])
        points = series.setdefault(key, Points())
        if minute is None:
            points.timeless.merge(count)
        else:
            points.by_minute.setdefault(minute, Count()).merge(count)
    return SeriesSet(series, dict(totals))


MOST_FUNCTIONS: Final = 1_000
"""Names beyond which functions are taken together by their form: a name that holds an id is no function's name."""
_ID: Final = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{12,}|[0-9]+|[A-Za-z0-9_-]{20,}")


def template(name: str) -> str:
    """A name with the ids in it as `:id`: /users/123 is /users/:id."""
    return _ID.sub(":id", name)


def folded(buckets: Buckets, *, always: bool = False) -> tuple[Buckets, int]:
    """Buckets in which too many functions are taken together by their form, and how many names there were (0: few).

    `always`: however few there are, to compare with buckets that were folded.
    """
    names = buckets.functions()
    if len(names) <= MOST_FUNCTIONS and not always:
        return buckets, 0
    result = Buckets()
    for minute, kind, count in buckets:
        result.add(minute, fold(kind), count)
    return result, len(names)


def fold(kind: Kind) -> Kind:
    """A kind with the ids in its function's name taken out."""
    function = kind.function and template(kind.function)
    responsible = function if kind.responsible == kind.function else kind.responsible
    return kind._replace(function=function, responsible=responsible, via=())


def span_of(minutes: dict[int, int] | dict[int, Count]) -> tuple[int, int] | None:
    """First and last minute."""
    return (min(minutes), max(minutes)) if minutes else None
