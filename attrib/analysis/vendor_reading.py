"""The invocations that called one upstream, out of a large input: read again by the reference code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrib.analysis.careful import Seen
from attrib.analysis.large import Large
from attrib.analysis.locate import recurring
from attrib.analysis.span import Limits, moment
from attrib.engines import callers
from attrib.engines.correlate import HOT_AT_ONCE
from attrib.invocations.model import Invocation
from attrib.records.model import Record

SLACK_US: Final = 3_600_000_000
"""A record of a call may stand this long before or after the time asked for: the others of its request name the
upstream, and it does not."""


def invocations_calling(large: Large, upstream: str | None, limits: Limits) -> Iterator[Invocation]:
    """Every invocation of the requests that name the upstream around that time; some more may be among them.

    Memory: the records of about `HOT_AT_ONCE` requests at a time. `limits`: epoch microseconds, None is open.
    """
    since, until = limits
    reading = large.reading
    callers.begin(reading.engine)
    for settled in reading.settled:
        callers.add(
            reading.engine,
            settled.piece.path,
            settled.piece.shape,
            reading.bounds,
            upstream,
            None if since is None else since - SLACK_US,
            None if until is None else until + SLACK_US,
        )
    found, nameless = callers.count(reading.engine)
    parts = -(-found // HOT_AT_ONCE)
    for number in range(parts):
        yield from _built(large, set(callers.part(reading.engine, number, parts)))
    if nameless:
        yield from _built(large, {None})


def _built(large: Large, ids: set[str | None]) -> Iterator[Invocation]:
    again = Seen(large.run.ruleset.words)
    for invocation in large.judged.build(_records(large, ids, again)):
        moment(invocation)
        yield invocation


def _records(large: Large, ids: set[str | None], again: Seen) -> Iterator[Record]:
    """The records, copies of a line left out: they are counted in the accounts already."""
    for record, line in recurring(large.run, ids):
        if not again.again(record, line):
            yield record
