"""Counting the groups of a large input's pieces: judged once each, counted by minute in the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrib.analysis import ranges
from attrib.analysis.groups import Judge, Silent
from attrib.analysis.joining import Joining
from attrib.analysis.reading import Reading, Settled
from attrib.analysis.silence import newest_plausible
from attrib.analysis.span import Limits
from attrib.analysis.tally import Tally
from attrib.engines import correlate, cutoffs, minutes, scan
from attrib.incidents.buckets import MINUTE_US

Waiting = dict[int, Silent]
"""Key -> a group that has not ended."""


def newest(reading: Reading) -> int | None:
    """The newest time of all records that is no stray clock."""
    found: dict[int, tuple[int, int, int]] = {}

    def add(minute: int, n: int, first: int, last: int) -> None:
        known = found.get(minute, (0, first, last))
        found[minute] = known[0] + n, min(known[1], first), max(known[2], last)

    for settled in reading.settled:
        for row in minutes.times(reading.engine, settled.table, settled.piece.shape):
            add(*row)
        for group in settled.groups:
            if group.odd_time is not None:
                at, _ = reading.run.parser.time(group.odd_time)
                if at is not None:
                    add(at // MINUTE_US, group.n, at, at)
    return newest_plausible(found.values())


def judge_groups(tally: Tally, judged: Judge, settled: Settled, limits: Limits) -> Waiting:
    """Judge every group of a piece; those that have not ended wait."""
    waiting: Waiting = {}
    settled.counted = [None] * max((group.key for group in settled.groups), default=0)
    for group in settled.groups:
        found = judged.add(tally, group, limits)
        if isinstance(found, Silent):
            waiting[group.key] = found
        else:
            settled.counted[group.key - 1] = found
    return waiting


def count_groups(
    reading: Reading, tally: Tally, judged: Judge, settled: Settled, waiting: Waiting, limits: Limits
) -> None:
    """Put a piece's groups into the sums; all of the log has been seen."""
    for key, silent in waiting.items():
        settled.counted[key - 1] = judged.settle(tally, silent)
    engine, filtered = reading.engine, limits != (None, None)
    minutes.add(engine, settled.table, settled.piece.shape, filtered, settled.counted)
    divided = {key: one for key in waiting if (one := settled.counted[key - 1]) is not None and one.late is not None}
    if not divided:
        return
    spans = cutoffs.choose(engine, settled.table, settled.piece.shape, filtered, divided)
    if spans and not _divide(reading, settled, spans, limits):
        _divide(reading, settled, None, limits)
    late = cutoffs.late(engine)
    for key in divided:
        judged.tell(tally, waiting[key], late.get(key, 0))


def _divide(reading: Reading, settled: Settled, spans: list[ranges.Span] | None, limits: Limits) -> bool:
    piece, engine = settled.piece, reading.engine
    path = ranges.copied(piece, ranges.blocks_of(piece, spans), str(Path(engine.folder, "divided.jsonl")))
    rows = scan.rows_sql(path, piece.shape, reading.bounds, limits)
    where = correlate.FRESH if reading.sightings is not None else "true"
    return cutoffs.divide(engine, rows, where, piece.shape, limits != (None, None))


def latencies(reading: Reading, joining: Joining | None, function: str | None) -> Iterator[tuple[float, int]]:
    """(latency in ms, invocations) of all of a function."""
    where = correlate.FRESH if joining is not None else "true"
    for settled in reading.settled:
        rows = scan.rows_sql(settled.piece.path, settled.piece.shape, reading.bounds, (None, None))
        yield from scan.latencies(reading.engine, rows, function, where)
    if joining is not None:
        yield from joining.latencies(function)
