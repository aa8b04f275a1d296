"""What the calls of one invocation show of retries: attempts that follow a failed attempt of the same call.

Grain: one `Try` per call and execution. An invocation may hold several executions: a queue that delivers a message
again, or a client that asks again with the same id, logs the same function's end again. Those are no attempts of one
call, and are told apart by the times of their ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from attrib.invocations.model import Call, Invocation
from attrib.invocations.outcome import record_outcome
from attrib.records.model import Record
from attrib.rules.words import Words
from attrib.survey.traits import ends

_SECOND: Final = 1_000_000
_UNASKED: Final = frozenset({"not_contacted", "short_circuited"})
_FAILED: Final = frozenset({"5xx", "timeout", "no_response"})
TOO_MANY: Final = 429
"""The one 4xx after which the same call is made again; after others (404, then a creation) it is another call."""


class Try(NamedTuple):
    """A call that was retried."""

    upstream: str | None
    attempts: tuple[Record, ...]
    """In order; the upstream was asked in each."""
    failed: tuple[bool, ...]
    """Of each attempt."""

    @property
    def number(self) -> int:
        """Attempts of the call: one, and those that follow a failed one; or the highest number logged, if more."""
        numbers = [record.attempt for record in self.attempts if record.attempt is not None]
        logged = 1 + sum(self.failed[:-1])
        # One number on all of them is no count of attempts (a queue counts its deliveries so).
        return max(logged, *numbers) if len(set(numbers)) > 1 else logged

    @property
    def place(self) -> tuple[int, int]:
        """(file, line) of its first line."""
        return min((record.file, record.line) for record in self.attempts)


def retried(invocation: Invocation, words: Words) -> list[Try]:
    """The calls of an invocation in which a failed attempt was followed by another one."""
    found = []
    if len(invocation.records) > 1:
        for call in invocation.calls:
            for attempts in _executions(call, invocation, words):
                one = _try(call.upstream, attempts, words)
                if any(one.failed[:-1]):
                    found.append(one)
    return found


def attempt_failed(record: Record, words: Words) -> bool:
    """Whether an attempt failed in a way that makes callers try again."""
    outcome, _, code = record_outcome(record.upstream_status, record.upstream_word, record.error_code, words)
    if outcome == "missing":
        return words.claims_upstream_failure(record.error_code)
    return outcome in _FAILED or code == TOO_MANY


def is_end(record: Record, words: Words) -> bool:
    """Whether a record tells the end of an execution: a stage that ends it, and a status of its own."""
    answered = record.status is not None or record.status_word is not None
    return answered and ends(record.stage, words)


def ends_of(records: Iterable[Record], words: Words) -> list[Record]:
    """The ends of the executions among some records: those of the stage that ends most often.

    Records with an attempt number are attempts of one execution, and an exception before a response is the same end.
    """
    ends = [record for record in records if record.attempt is None and is_end(record, words)]
    counts = Counter(record.stage for record in ends)
    stage = min(counts, key=lambda name: (-counts[name], name or ""), default=None)
    return [record for record in ends if record.stage == stage]


def pauses_us(one: Try) -> list[int] | None:
    """The pauses before each retry: the gap of two attempts' ends less the later one's time, in microseconds.

    None where the log cannot tell: an attempt without a time or a duration, times in whole seconds, two alike, or
    attempts that overlap (they were not made because another one failed).
    """
    stamps = [record.ts for record in one.attempts if record.ts is not None]
    if len(set(stamps)) < len(one.attempts) or all(ts % _SECOND == 0 for ts in stamps):
        return None
    pauses = []
    for (before, after), failed in zip(pairwise(one.attempts), one.failed, strict=False):
        if not failed:
            continue
        if before.ts is None or after.ts is None or after.upstream_latency_ms is None:
            return None
        pause = after.ts - before.ts - round(after.upstream_latency_ms * 1000)
        if pause < -_TICK_US:
            return None
        pauses.append(max(0, pause))
    return pauses


_TICK_US: Final = 2_000
"""Two times and a duration, each rounded to a millisecond, may be off by so much together."""


def _try(upstream: str | None, attempts: Sequence[Record], words: Words) -> Try:
    asked = tuple(
        record
        for record in attempts
        if record_outcome(record.upstream_status, record.upstream_word, record.error_code, words).outcome
        not in _UNASKED
    )
    return Try(upstream, asked, tuple(attempt_failed(record, words) for record in asked))


def _executions(call: Call, invocation: Invocation, words: Words) -> list[list[Record]]:
    """The attempts of a call by execution; none where the log does not tell which belongs to which."""
    ends = ends_of(invocation.records, words)
    if len(ends) <= 1:
        return [call.attempts]
    times = sorted(record.ts for record in ends if record.ts is not None)
    timed = [(record.ts, at, record) for at, record in enumerate(call.attempts) if record.ts is not None]
    if len(times) < len(ends) or len(timed) < len(call.attempts):
        return []
    parts: dict[int, list[Record]] = {}
    for ts, _, record in sorted(timed, key=lambda item: item[:2]):
        parts.setdefault(sum(end < ts for end in times), []).append(record)
    return list(parts.values())
