"""One invocation: one execution of one function for one request, with the facets the rules read."""

from __future__ import annotations

from dataclasses import dataclass, field

from attrib.records.model import Record
from attrib.rules.facets import Facets


@dataclass(slots=True, frozen=True)
class Contradiction:
    """Records of one invocation, or fields of one record, that cannot both be true. Decided before any rule."""

    statement: str
    """One sentence with the figures; log text in it is raw (made safe where it is shown)."""
    records: tuple[Record, ...]


@dataclass(slots=True)
class Call:
    """One call to one upstream: its attempts in order. Grain: one per (invocation, upstream or stage)."""

    upstream: str | None
    stage: str | None
    attempts: list[Record]
    outcome: str
    """Outcome of the last attempt, a value of the facet `upstream`."""
    recovered: bool
    """A later attempt of this call answered well after an earlier one failed."""


@dataclass(slots=True)
class Invocation:
    """Grain: all records that share (request_id, function) and span; uncorrelated records stand alone.

    Null means not logged or not known; times UTC epoch microseconds, latencies milliseconds.
    """

    request_id: str | None
    function: str | None
    records: list[Record]
    """In order: attempt, then ts, then worst status; never line order. Duplicates are already dropped."""
    decisive: Record
    """The record that decided the status (its file and line are the invocation's place)."""
    correlated: bool
    facets: Facets
    symptom: str | None
    """`failed`, `slow`, `failed+slow`, `unfinished`, or None: ok."""
    ts: int | None = None
    status: int | None = None
    status_word: str | None = None
    latency_ms: float | None = None
    upstream: str | None = None
    upstream_status: int | None = None
    upstream_word: str | None = None
    upstream_latency_ms: float | None = None
    """Upstream time, retry waits included; None when missing or contradicted."""
    retry_wait_ms: float | None = None
    """The part of it that was waiting between attempts; None where there was none or the log does not tell."""
    own_ms: float | None = None
    """latency less upstream time; None where either is."""
    error_code: str | None = None
    attempts: int = 0
    """Attempts of the call the facets come from: as many as logged, or the highest attempt number if that is more."""
    masked: bool = False
    """An upstream failed, yet the function answered well."""
    synthetic: bool = False
    contradiction: Contradiction | None = None
    several_calls: bool = False
    """Two or more unrecovered calls, or the function went on past the failed one, or (slow) no single one of several
    upstreams took the dominant share: `unknown`, all cited. The facets are then the worst call's, for display."""
    calls: list[Call] = field(default_factory=list)
    """In the order of their last attempts; empty where no record shows an attempt."""
    time_contradiction: Contradiction | None = None
    """Upstream time exceeds the latency by more than rounding: reported, and `upstream_latency` is missing; unlike
    `contradiction` it decides no verdict."""
    ended: bool = True
    """A terminal record or a status of the function's own is logged."""
