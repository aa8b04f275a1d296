"""Which request ids may join records at all (design: "From records to an invocation").

Joining unrelated lines is the worst thing this program could do: in doubt an id joins nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from attrib.records.model import Record
from attrib.rules.words import Words

REUSE_BREAKS: Final = 2
"""Gaps before an id counts as reused: "again and again" is read as at least twice, three clusters in time. One gap
alone is a request that slept, was queued or was delivered a second time."""


class Parameters(Protocol):
    """The packs' parameters, as this room needs them."""

    def value(self, name: str, function: str | None = None) -> float:
        """The value of a parameter, the function's own where the pack or the user gave one."""
        ...


def usable_id(request_id: str | None, words: Words) -> bool:
    """False for a missing id and for placeholders: a word of the pack's list ("-", "null", ...) or zeros only.

    Zeros count with or without hyphens ("0", "00000000-0000-0000-0000-000000000000"). Such records stand alone.
    """
    if request_id is None:
        return False
    folded = request_id.strip().lower()
    return folded not in words.placeholder_ids and folded.strip("0-") != ""


def plainly_reused(records: Iterable[Record], parameters: Parameters, words: Words) -> bool:
    """True when one request id spans unrelated executions; `records` are all records that carry that id.

    Either is enough: the records fall apart in time by more than `reuse_gap_s` seconds plus their latency at least
    `REUSE_BREAKS` times, or one function logs more than `reuse_max_terminals` terminal records. Records with a span
    are told apart by it, so each span is judged by itself (a trace of a hundred spans is not a reused id), and all
    records without one together. Records without ts take no part in the first test.
    """
    pools: dict[str | None, list[Record]] = {}
    for record in records:
        pools.setdefault(record.span_id, []).append(record)
    gap = round(parameters.value("reuse_gap_s") * 1_000_000)
    most = parameters.value("reuse_max_terminals")
    return any(_breaks(pool, gap) >= REUSE_BREAKS or _terminals(pool, words) > most for pool in pools.values())


def _breaks(records: Sequence[Record], gap: int) -> int:
    """How often time runs on for more than `gap` microseconds between the end of all before and the next start."""
    if len(records) <= REUSE_BREAKS:
        return 0
    # A record's ts is its end: a response with a latency of three minutes bridges the progress lines before it.
    spans = sorted((r.ts - round((r.latency_ms or 0.0) * 1000), r.ts) for r in records if r.ts is not None)
    breaks = 0
    reached: int | None = None
    for start, end in spans:
        if reached is not None and start - reached > gap:
            breaks += 1
        reached = end if reached is None else max(reached, end)
    return breaks


def _terminals(records: Iterable[Record], words: Words) -> int:
    """The most terminal records that any one function logs."""
    counts: dict[str | None, int] = {}
    for record in records:
        if record.stage is not None and record.stage.strip().lower() in words.terminal_stages:
            counts[record.function] = counts.get(record.function, 0) + 1
    return max(counts.values(), default=0)
