"""The order of an invocation's records: attempt, then ts, then worst status. Line order decides nothing.

Where these tie, the records' own content decides, so that any order of lines and any split over files gives the same
answer; file and line come last and can only choose between records that say exactly the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from attrib.invocations.context import Context
from attrib.records.model import Record

_WORST: Final = {"missing": 0, "1xx": 1, "2xx": 2, "3xx": 3, "4xx": 4, "client_abort": 5, "5xx": 6, "timeout": 7}
_WORST_UPSTREAM: Final = {
    "not_contacted": 0, "2xx": 1, "3xx": 2, "1xx": 3, "missing": 4, "4xx": 5, "short_circuited": 6, "no_response": 7,
    "timeout": 8, "5xx": 9,
}  # fmt: skip
_NO_TIME: Final = -(1 << 63)
_LAST: Final = 1 << 62


def ordered(records: Sequence[Record], context: Context) -> list[Record]:
    """All records of one invocation, in order.

    A record without an attempt number comes first, a terminal one last; terminal records go by number only where
    each of them has one. A record without a time comes before those with one.
    """
    terminal = [context.terminal(r.stage) for r in records]
    numbered = all(r.attempt is not None for r, last in zip(records, terminal, strict=True) if last)

    def key(pair: tuple[Record, bool]) -> tuple[Any, ...]:
        record, last = pair
        if last and not numbered:
            return (_LAST, *place(record, context))
        return (-1 if record.attempt is None else record.attempt, *place(record, context))

    return [record for record, _ in sorted(zip(records, terminal, strict=True), key=key)]


def attempts_in_order(records: Sequence[Record], context: Context) -> list[Record]:
    """The attempts of one call: by attempt number where each has one, else by time."""
    if all(r.attempt is not None for r in records):
        return sorted(records, key=lambda r: (r.attempt, *place(r, context)))
    return sorted(records, key=lambda r: place(r, context))


def place(record: Record, context: Context) -> tuple[Any, ...]:
    """Sort key after the attempt number: ts, worst status, worst upstream, content, and at last file and line."""
    status = context.status(record.status, record.status_word)
    upstream = context.outcome(record.upstream_status, record.upstream_word, record.error_code)
    return (
        _NO_TIME if record.ts is None else record.ts,
        _WORST[status],
        -1 if record.status is None else record.status,
        worst_upstream(upstream.outcome, upstream.code),
        _Content(record),
        record.file,
        record.line,
    )


def worst_upstream(outcome: str, code: int | None) -> tuple[int, int]:
    """Rank of an upstream outcome, the worst highest: what failed below us outranks what it refused."""
    return _WORST_UPSTREAM[outcome], -1 if code is None else code


class _Content:
    """A record's content as a sort key, built only when all before it ties: it costs more than the rest together."""

    __slots__ = ("record",)

    def __init__(self, record: Record) -> None:
        self.record = record

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and content(self.record) == content(other.record)

    def __lt__(self, other: _Content) -> bool:
        return content(self.record) < content(other.record)

    def __hash__(self) -> int:
        return hash(content(self.record))


def content(record: Record) -> str:
    """All that a record says, as one comparable text, without where it was read."""
    parts = (
        record.stage, record.upstream, record.error_code, record.latency_ms, record.upstream_latency_ms,
        record.status_word, record.upstream_status, record.upstream_word, record.attempt, record.service,
        record.trace_id, record.span_id, record.parent_span_id, record.caller_latency_ms, record.level,
        record.queued_ms, sorted((record.labels or {}).items()), sorted(record.extra.items(), key=str),
    )  # fmt: skip
    return repr(parts)
