"""The time asked for with --since, --until and --window, against the times in the log."""

from __future__ import annotations

from attrib.invocations.model import Invocation
from attrib.records.model import Record
from attrib.records.times import id_time

Limits = tuple[int | None, int | None]
"""(first, after last) in epoch microseconds; None: open."""


def moment(invocation: Invocation) -> int | None:
    """When an invocation ended; without a logged time, the time inside a UUIDv7 or ULID request id; else None."""
    if invocation.ts is None and invocation.correlated and invocation.request_id is not None:
        invocation.ts = id_time(invocation.request_id)
    return invocation.ts


def inside(invocation: Invocation, limits: Limits) -> bool:
    """Whether an invocation falls into the time asked for; one without any time does only when no time is asked for."""
    since, until = limits
    if since is None and until is None:
        moment(invocation)
        return True
    at = moment(invocation)
    return at is not None and (since is None or at >= since) and (until is None or at < until)


def record_time(record: Record) -> int | None:
    """When a record was written; without a logged time, the time inside its request id; else None."""
    if record.ts is None and record.request_id is not None:
        return id_time(record.request_id)
    return record.ts
