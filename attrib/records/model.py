"""One record: one observation in canonical fields, with the place it was read from (design: "The record")."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Record:
    """One observation, grain: one per accepted M1 line.

    Null (None) always means "not logged": absent, JSON null, "" or "-" (which request_id, function and stage keep, as
    the contract makes no null of it there). Times are UTC, latencies milliseconds.
    """

    file: int
    """Index of the file in the run's list of files."""
    line: int
    """Line number in the decompressed file, from 1."""
    request_id: str | None = None
    """As logged (an integer as its digits). Placeholders such as "null" are kept here; `ids.usable_id` judges them."""
    function: str | None = None
    stage: str | None = None
    status: int | None = None
    """The function's own status, 0..999."""
    status_word: str | None = None
    """A timeout word logged as status, as written; then `status` is None."""
    latency_ms: float | None = None
    error_code: str | None = None
    upstream_status: int | None = None
    """0..999 as logged; 0 means tried and nothing answered."""
    upstream_word: str | None = None
    """A word logged as upstream_status, as written, known or not; then `upstream_status` is None."""
    upstream_latency_ms: float | None = None
    ts: int | None = None
    """Epoch microseconds, UTC; the end of a record that has a latency. None: no time, or an unreadable one."""
    upstream: str | None = None
    service: str | None = None
    attempt: int | None = None
    trace_id: str | None = None
    span_id: str | None = None
    parent_span_id: str | None = None
    caller_latency_ms: float | None = None
    level: str | None = None
    queued_ms: float | None = None
    labels: dict[str, str] | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    """Comparison fields under their canonical names (`service.version`, `host.name`, ...); hashed where the design
    says so; and the fields named with --label, under `label.NAME`."""
