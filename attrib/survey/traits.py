"""What single records show of a log's quality, counted: the same small table whatever engine read the log.

Grain: one count per (file, function, upstream, kind of id, bits, latency bin), with the first line that has them. All
that a check asks of records one by one is answered from here; `engines/traits.py` fills it in a query, `see` line by
line, and tests/engines hold both to the same table. Copies of a line count each time: they are in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntFlag
from typing import NamedTuple

from attrib.incidents.histogram import bin_of, whole_us
from attrib.records.model import Record
from attrib.rules.words import Words, fold
from attrib.survey.id_kinds import id_kind


class Bit(IntFlag):
    """A yes-or-no trait of one record."""

    FAILED = 1
    """Its own status is 400 or more, or a timeout word."""
    SLOW = 2
    """Latency above `latency_high_ms` of its function."""
    ANSWERED = 4
    """It has a status of its own: a code or a timeout word."""
    NO_STAGE = 8
    NO_LATENCY = 16
    """Answered, and no latency_ms."""
    NO_STATUS = 32
    """Its stage ends an invocation, and it has no status."""
    NO_UPSTREAM_STATUS = 64
    """upstream_status is absent or null."""
    ERROR_ON_SUCCESS = 128
    """2xx, and an error_code."""
    FAILURE_WITHOUT_ERROR = 256
    """5xx or a timeout word, and no error_code."""
    UPSTREAM_LONGER = 512
    """upstream_latency_ms exceeds latency_ms by more than a tick (1 ms) and 5 % (design section 3)."""
    UPSTREAM_FAILED = 1024
    """The upstream answered 5xx, timed out or did not answer."""
    LONG_WAIT = 2048
    """latency_ms above the bound of `unbounded-wait`."""
    LONG_UPSTREAM_WAIT = 4096
    """upstream_latency_ms above the bound of `unbounded-wait`."""
    LONG_STORE_WAIT = 8192
    """upstream_latency_ms above the bound of `slow-datastore-wait`; whose it is, is asked later."""
    NO_TIME = 16384
    """No time that could be read."""
    FUTURE = 32768
    """Its time lies after the time of reading by more than the tolerance of `clock`."""
    LONG_QUEUED = 65536
    """queued_ms above the bound of `backlog-age`."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the bits are cut by. Durations in ms, times in epoch microseconds."""

    latency_high_ms: Callable[[str | None], float]
    by_function: tuple[tuple[str, float], ...]
    """The functions that have a threshold of their own, for the query."""
    long_wait_ms: float
    long_store_wait_ms: float
    long_queued_ms: float
    future_us: int
    words: Words


class Trait(NamedTuple):
    """What records are counted by. Null means not logged."""

    file: int
    function: str | None
    upstream: str | None
    id_kind: str
    """`missing`, `placeholder`, or a kind of id_kinds.py."""
    bits: int
    bin: int | None
    """Histogram bin of latency_ms (incidents.histogram)."""


@dataclass(slots=True)
class Seen:
    """How many records, and the first line of them."""

    n: int
    line: int


class Traits:
    """The table."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.rows: dict[Trait, Seen] = {}

    def see(self, record: Record) -> None:
        """Count one record."""
        self.add(trait_of(record, self.bounds), 1, record.line)

    def add(self, trait: Trait, n: int, line: int) -> None:
        """Count `n` records alike, of which the first stands in `line`."""
        seen = self.rows.get(trait)
        if seen is None:
            self.rows[trait] = Seen(n, line)
        else:
            seen.n += n
            seen.line = min(seen.line, line)

    def __iter__(self) -> Iterator[tuple[Trait, Seen]]:
        """(trait, seen), in no particular order: nothing that follows may depend on it."""
        return iter(self.rows.items())


def trait_of(record: Record, bounds: Bounds) -> Trait:
    """What one record is counted by."""
    latency = record.latency_ms
    return Trait(
        record.file,
        record.function,
        record.upstream,
        id_kind(record.request_id, bounds.words),
        _bits(record, bounds),
        None if latency is None else bin_of(whole_us(latency)),
    )


def _bits(record: Record, bounds: Bounds) -> int:
    return int(_outcome_bits(record, bounds) | _time_bits(record, bounds) | _wait_bits(record, bounds))


def _outcome_bits(record: Record, bounds: Bounds) -> int:
    status, word, words = record.status, record.status_word, bounds.words
    bits = 0
    if status is not None or word is not None:
        bits |= Bit.ANSWERED
        bits |= Bit.FAILED if word is not None or (status or 0) >= 400 else 0
        bits |= Bit.NO_LATENCY if record.latency_ms is None else 0
    elif record.stage is not None and record.stage.strip().lower() in words.terminal_stages:
        bits |= Bit.NO_STATUS
    if record.stage is None:
        bits |= Bit.NO_STAGE
    if record.error_code is None:
        bits |= Bit.FAILURE_WITHOUT_ERROR if word is not None or (status or 0) >= 500 else 0
    elif 200 <= (status or 0) < 300:
        bits |= Bit.ERROR_ON_SUCCESS
    if record.upstream_status is None and record.upstream_word is None:
        bits |= Bit.NO_UPSTREAM_STATUS
    elif upstream_failed(record, words):
        bits |= Bit.UPSTREAM_FAILED
    return bits


def _wait_bits(record: Record, bounds: Bounds) -> int:
    latency, upstream = record.latency_ms, record.upstream_latency_ms
    bits = 0
    if latency is not None:
        bits |= Bit.SLOW if latency > bounds.latency_high_ms(record.function) else 0
        bits |= Bit.LONG_WAIT if latency > bounds.long_wait_ms else 0
    if upstream is not None:
        bits |= Bit.LONG_UPSTREAM_WAIT if upstream > bounds.long_wait_ms else 0
        bits |= Bit.LONG_STORE_WAIT if upstream > bounds.long_store_wait_ms else 0
        # The form of each comparison is that of the query (engines/scan.py): the same answer to the last digit.
        if latency is not None and upstream > latency + 1.0 and upstream > latency * 1.05:
            bits |= Bit.UPSTREAM_LONGER
    return bits


def _time_bits(record: Record, bounds: Bounds) -> int:
    if record.ts is None:
        bits = int(Bit.NO_TIME)
    else:
        bits = int(Bit.FUTURE) if record.ts > bounds.future_us else 0
    if record.queued_ms is not None and record.queued_ms > bounds.long_queued_ms:
        bits |= Bit.LONG_QUEUED
    return bits


def upstream_failed(record: Record, words: Words) -> bool:
    """Whether the upstream answered 5xx, timed out or did not answer."""
    if record.upstream_status is not None:
        return record.upstream_status == 0 or 500 <= record.upstream_status <= 599
    if record.upstream_word is None:
        return False
    word = fold(record.upstream_word)
    return word in words.timeout or word in words.no_response
