"""What single records show of a log's quality, counted: the same small table whatever engine read the log.

Grain: one count per (file, function, upstream, kind of id, bits, latency bin), with the first line that has them. All
that a check asks of records one by one is answered from here; `engines/traits.py` fills it in a query, `see` line by
line, and tests/engines hold both to the same table. Copies of a line count each time: they are in the file.

Bounded: at most 1,000 functions and as many upstreams are told apart (survey/names.py says how more are counted); bins
and bits are few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from attrib.incidents.histogram import bin_of, whole_us
from attrib.records.model import Record
from attrib.rules.words import Words, fold
from attrib.survey.id_kinds import id_kind
from attrib.survey.names import Names, at_level


class Bit(IntEnum):
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
    """2xx, and an error_code that means one (NO_ERRORS)."""
    FAILURE_WITHOUT_ERROR = 256
    """5xx or a timeout word, and no error_code, or one that means none."""
    UPSTREAM_LONGER = 512
    """upstream_latency_ms exceeds latency_ms by more than a tick (1 ms) and 5 %; neither is 0 (design section 3)."""
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
    UNREADABLE_TIME = 131072
    """It has a time, and that could not be read."""
    ZONE_LESS_TIME = 262144
    """Its time names no zone."""
    CLAIM_DENIED = 524288
    """Its error_code claims an upstream failure, and its upstream_status is 2xx."""


NO_ERRORS: Final = frozenset({"0", "ok", "none", "null", "nil", "success", "no_error", "noerror", "false"})
"""error_codes, in lower case, that say that there was none: the zero values of usual loggers and of gRPC (OK)."""


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
    backwards_us: int = 60_000_000
    """A step back in time from one record of a file to the next that is longer is counted (`clock`)."""
    payload_chars: float = 1024
    """Characters from which a text may be a document (`payload-in-log`)."""
    skew_us: int = 1_000_000
    """A callee may begin before its caller or end after it by so much (`clock`)."""
    breaker_failures: float = 5
    """Failures of one upstream that a breaker opens at (`no-circuit-breaker`): minutes with less are not looked at."""
    breaker_share: float = 0.5
    """The share of calls that have to fail for it."""


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
        self.functions = Names()
        self.upstreams = Names()

    def see(self, record: Record, more: int = 0) -> None:
        """Count one record. `more`: bits that its fields do not tell (UNREADABLE_TIME, ZONE_LESS_TIME)."""
        trait = trait_of(record, self.bounds)
        self.add(trait._replace(bits=trait.bits | more) if more else trait, 1, record.line)

    def see_names(self, functions: Iterable[str | None], upstreams: Iterable[str | None]) -> None:
        """Take note of names; where they have become too many, what is counted so far is folded."""
        # Both are asked: neither may go unseen because the other folds.
        if self.functions.see(functions) | self.upstreams.see(upstreams):
            self._fold()

    def fold(self, functions: int, upstreams: int) -> None:
        """Count names at these levels at least (survey/names.py)."""
        self.functions.level = max(self.functions.level, functions)
        self.upstreams.level = max(self.upstreams.level, upstreams)
        self._fold()

    def _fold(self) -> None:
        rows, self.rows = self.rows, {}
        for trait, seen in rows.items():
            self._count(self._folded(trait), seen.n, seen.line)

    def _folded(self, trait: Trait) -> Trait:
        return trait._replace(
            function=at_level(trait.function, self.functions.level),
            upstream=at_level(trait.upstream, self.upstreams.level),
        )

    def add(self, trait: Trait, n: int, line: int) -> None:
        """Count `n` records alike, of which the first stands in `line`."""
        if trait in self.rows:
            self._count(trait, n, line)
            return
        self.see_names((trait.function,), (trait.upstream,))
        folds = self.functions.level or self.upstreams.level
        self._count(self._folded(trait) if folds else trait, n, line)

    def _count(self, trait: Trait, n: int, line: int) -> None:
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
    return int(outcome_bits(record, bounds) | _time_bits(record, bounds) | _wait_bits(record, bounds))


def outcome_bits(record: Record, bounds: Bounds) -> int:
    """The bits of a record's statuses, stage and error code."""
    status, word, words = record.status, record.status_word, bounds.words
    bits = 0
    if status is not None or word is not None:
        bits |= Bit.ANSWERED
        bits |= Bit.FAILED if word is not None or (status or 0) >= 400 else 0
        bits |= Bit.NO_LATENCY if record.latency_ms is None else 0
    elif ends(record.stage, words):
        bits |= Bit.NO_STATUS
    if record.stage is None:
        bits |= Bit.NO_STAGE
    if record.error_code is None or record.error_code.lower() in NO_ERRORS:
        bits |= Bit.FAILURE_WITHOUT_ERROR if word is not None or (status or 0) >= 500 else 0
    elif 200 <= (status or 0) < 300:
        bits |= Bit.ERROR_ON_SUCCESS
    if record.upstream_status is None and record.upstream_word is None:
        bits |= Bit.NO_UPSTREAM_STATUS
    elif upstream_failed(record, words):
        bits |= Bit.UPSTREAM_FAILED
    elif 200 <= (record.upstream_status or 0) < 300 and words.claims_upstream_failure(record.error_code):
        bits |= Bit.CLAIM_DENIED
    return bits


def ends(stage: str | None, words: Words) -> bool:
    """Whether a stage ends an invocation."""
    return stage is not None and stage.strip().lower() in words.terminal_stages


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
        if latency and upstream > latency + 1.0 and upstream > latency * 1.05:
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
