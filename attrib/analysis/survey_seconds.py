"""Which minutes are looked at second by second, and the two ways to do so.

A minute of a function is looked at when an upstream failed it often: with the next minute at least as many failures as
a breaker takes, and a fifth of its share of failures (a burst of ten seconds fills a minute only so far).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from attrib.analysis import ranges
from attrib.analysis.pieces import Piece
from attrib.analysis.reading import Reading
from attrib.analysis.span import record_time
from attrib.engines import seconds
from attrib.incidents.buckets import MINUTE_US, Buckets
from attrib.invocations.ids import usable_id
from attrib.records.model import Record
from attrib.survey.seconds import Line, struck
from attrib.survey.survey import Survey

_FAILED: Final = frozenset({"5xx", "timeout", "no_response"})
_PART: Final = 5
"""A minute counts from so small a part of the share."""
_SLACK_US: Final = 60_000_000
_SECOND: Final = 1_000_000

Watched = set[tuple[str | None, int]]
"""(function, minute since the epoch)."""


def watched(buckets: Buckets, failures: float, share: float) -> Watched:
    """The minutes to look at; none in a log in which no upstream failed that often."""
    asked: defaultdict[tuple[str | None, str | None, int], int] = defaultdict(int)
    failed: defaultdict[tuple[str | None, str | None, int], int] = defaultdict(int)
    hit = {(kind.function, kind.upstream) for _, kind, _ in buckets if kind.outcome in _FAILED}
    for minute, kind, count in buckets:
        if minute is not None and (kind.function, kind.upstream) in hit:
            key = (kind.function, kind.upstream, minute)
            asked[key] += count.n
            failed[key] += count.n if kind.outcome in _FAILED else 0
    found: Watched = set()
    for (function, upstream, minute), n in failed.items():
        after = failed.get((function, upstream, minute + 1), 0)
        before = failed.get((function, upstream, minute - 1), 0)
        enough = n + max(after, before) >= failures
        if n and enough and n * _PART >= share * asked[function, upstream, minute]:
            found.add((function, minute))
    return found


def see(records: Iterable[Record], survey: Survey, buckets: Buckets) -> None:
    """Look at the records of a small input, copies left out."""
    minutes = watched(buckets, survey.bounds.breaker_failures, survey.bounds.breaker_share)
    if not minutes:
        return
    seen: set[tuple[str, int, Line, str]] = set()
    for record in records:
        at = record_time(record)
        if at is None or (record.function, at // MINUTE_US) not in minutes:
            continue
        what = struck(record, survey.words)
        if what is None:
            continue
        told = {"asked": not what.refused, "failed": what.failed, "refused": what.refused}
        if record.request_id is not None and usable_id(record.request_id, survey.words):
            for name in [name for name, true in told.items() if true]:
                key = (record.request_id, at, what.line, name)
                told[name] = key not in seen
                seen.add(key)
        survey.seconds.add(what.line, at // _SECOND, told["asked"], told["failed"], told["refused"])


def fill(reading: Reading, survey: Survey, buckets: Buckets) -> None:
    """Look at a large input; one query over the parts of the files that hold these minutes, where there are any."""
    minutes = watched(buckets, survey.bounds.breaker_failures, survey.bounds.breaker_share)
    if not minutes:
        return
    engine, words = reading.engine, survey.words
    seconds.begin(engine, sorted(minutes, key=repr), _odd_times(reading, minutes))
    said = seconds.Said(sorted({*words.timeout, *words.no_response}), sorted(words.short_circuited),
                        sorted(words.not_contacted))  # fmt: skip
    for settled in reading.settled:
        blocks = _blocks(settled.piece, minutes)
        if blocks:
            target = str(Path(engine.folder, "seconds.jsonl"))
            path = ranges.copied(settled.piece, blocks, target)
            seconds.add(engine, path, settled.piece.shape, reading.bounds, said)
            Path(target).unlink(missing_ok=True)
    for function, upstream, answers, second, asked, failed, refused in seconds.read(engine):
        survey.seconds.add(Line(function, upstream, answers), second, asked, failed, refused)


def _blocks(piece: Piece, minutes: Watched) -> list[int]:
    """The blocks to read: all of them unless the times of the blocks only grow, so that none can stand elsewhere."""
    times = [mark.ts for mark in piece.marks if mark.ts is not None]
    if len(times) < len(piece.marks) or times != sorted(times):
        return ranges.blocks_of(piece, None)
    spans = [(minute * MINUTE_US, (minute + 1) * MINUTE_US - 1) for minute in sorted({at for _, at in minutes})]
    return ranges.blocks_of(piece, spans, _SLACK_US)


def _odd_times(reading: Reading, minutes: Watched) -> dict[str, int]:
    """Times that the query cannot read, as logged -> epoch microseconds; only those of these minutes."""
    found: dict[str, int] = {}
    for settled in reading.settled:
        for group in settled.every:
            if group.odd_time is not None:
                ts = reading.run.parser.time(group.odd_time)[0]
                if ts is not None and (group.function, ts // MINUTE_US) in minutes:
                    found[group.odd_time] = ts
    reading.run.parser.take_tally()
    return dict(sorted(found.items()))
