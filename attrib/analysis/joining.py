"""Recurring request ids of a large input: calm ones are joined in the query, hot ones by the reference code.

Requests with an invocation that has not ended wait until all others are counted: whether it ever will is known then.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from attrib.analysis.careful import Seen
from attrib.analysis.groups import Judge
from attrib.analysis.locate import recurring
from attrib.analysis.reading import Reading
from attrib.analysis.run import Run
from attrib.analysis.sightings import Sightings, sighting
from attrib.analysis.silence import is_silent
from attrib.analysis.span import Limits, inside
from attrib.analysis.tally import Tally
from attrib.engines import calm, correlate
from attrib.incidents.buckets import Buckets, Kind, kind_of
from attrib.invocations.model import Invocation
from attrib.records.model import Record

HELD: Final = 200_000
"""Records that wait in memory, about 1 kB each; of more requests the lines are read once more."""


def prepare(reading: Reading) -> list[str]:
    """Make room for the records of recurring ids. Returns the stages, as logged, that end an invocation."""
    correlate.begin(reading.engine)
    terminal = reading.run.ruleset.words.terminal_stages
    stages = {group.stage for settled in reading.settled for group in settled.groups if group.stage}
    return sorted(stage for stage in stages if stage.strip().lower() in terminal)


class Joining:
    """Counts the recurring ids of one input."""

    def __init__(self, reading: Reading, tally: Tally, judged: Judge, limits: Limits) -> None:
        self._reading = reading
        self._tally = tally
        self._judged = judged
        self._limits = limits
        self._calm = limits == (None, None)
        self._seen = Seen(reading.run.ruleset.words)
        self._waiting: list[Record] = []
        self._waiting_ids: list[str] = []
        self._latencies: dict[str | None, array[float]] = {}
        self.buckets = Buckets()
        """Of the hot ones; the calm ones are in the engine's sums."""
        reading.sightings = Sightings(str(Path(reading.engine.folder, "sightings.jsonl")))

    def read(self) -> None:
        """Count what ended; the rest waits."""
        engine = self._reading.engine
        value = self._reading.run.ruleset.parameters.value
        correlate.find_hot(engine, value("reuse_gap_s"), value("reuse_max_terminals"), everything=not self._calm)
        if self._calm:
            self._find_again()
            calm.settle(engine, self._reading.bounds)
            for function, n, ended, slowest in calm.ends(engine):
                see = self._judged.silence.see
                see(function, ended, correlated=True, ended=True, slowest=slowest)
                see(function, n - ended, correlated=True, ended=False, slowest=slowest)
        for records in self._batches(correlate.hot_ids(engine)):
            self._see(records)
            self._count(self._judged.build(self._ready(records)))

    def _find_again(self) -> None:
        """A check run also looks at requests that were fine, but executed twice: the reference code joins those too."""
        survey = self._reading.run.survey
        if survey is not None:
            from attrib.survey.executions import APART_US, MOST

            survey.requests.capped = correlate.find_again(self._reading.engine, APART_US, MOST)

    def finish(self) -> None:
        """Count what waited; all of the log has been seen."""
        if self._calm:
            self._wake()
        self._count(self._judged.build(self._waiting))
        again = Seen(self._reading.run.ruleset.words)
        for start in range(0, len(self._waiting_ids), correlate.HOT_AT_ONCE):
            chosen: set[str | None] = set(self._waiting_ids[start : start + correlate.HOT_AT_ONCE])
            found = recurring(self._reading.run, chosen)
            self._count(self._judged.build(record for record, line in found if not again.again(record, line)))
        if self._calm:
            self._count_calm()

    def latencies(self, function: str | None) -> Iterator[tuple[float, int]]:
        """(latency in ms, invocations) of a function, of recurring ids."""
        if self._calm:
            yield from calm.latencies(self._reading.engine, function)
        for latency in self._latencies.get(function, ()):
            yield latency, 1

    def _batches(self, ids: Sequence[str]) -> Iterator[list[Record]]:
        run = self._reading.run
        for start in range(0, len(ids), correlate.HOT_AT_ONCE):
            chosen: set[str | None] = set(ids[start : start + correlate.HOT_AT_ONCE])
            yield list(fresh(run, recurring(run, chosen), self._seen))

    def _see(self, records: Iterable[Record]) -> None:
        for record in records:
            self._tally.see(record)

    def _ready(self, records: Sequence[Record]) -> Iterator[Record]:
        """The records of requests of which nothing has to wait; what is known of ends is gathered on the way."""
        silent: set[str | None] = set()
        for one in self._judged.build(records):
            self._judged.silence.see(
                one.function, 1, correlated=one.correlated, ended=one.ended, slowest=one.latency_ms
            )
            if one.latency_ms is not None:
                self._latencies.setdefault(one.function, array("d")).append(one.latency_ms)
            if is_silent(one):
                silent.add(one.request_id)
        held = [record for record in records if record.request_id in silent]
        if len(self._waiting) + len(held) <= HELD:
            self._waiting += held
        else:
            self._waiting_ids += sorted(request_id for request_id in silent if request_id is not None)
        return (record for record in records if record.request_id not in silent)

    def _wake(self) -> None:
        """Calm requests with an invocation that never finished are joined after all."""
        functions = calm.silent_functions(self._reading.engine)
        cutoffs = [(name, at) for name in functions if (at := self._judged.silence.cutoff(name)) is not None]
        for records in self._batches(calm.take_late(self._reading.engine, cutoffs) if cutoffs else []):
            self._see(records)
            self._count(self._judged.build(records))

    def _count(self, invocations: Sequence[Invocation]) -> None:
        found = []
        survey = self._reading.run.survey
        if survey is not None:
            survey.see_requests(invocations)
        for invocation, verdict in self._judged.all(invocations):
            if inside(invocation, self._limits):
                self._tally.add(invocation, verdict)
                kind = kind_of(invocation, verdict)
                self.buckets.add_invocation(invocation, kind)
                found.append(sighting(invocation, self._judged.kinds.number(kind)))
        assert self._reading.sightings is not None  # noqa: S101 - made with this object
        self._reading.sightings.write(found)

    def _count_calm(self) -> None:
        engine = self._reading.engine
        numbers = []
        for function, upstream, outcome, n in calm.kinds(engine):
            self._tally.add_ok(function, n)
            kind = Kind(function, upstream, outcome, masked=False, correlated=True)
            numbers.append(self._judged.kinds.number(kind))
        calm.add(engine, numbers)
        for upstream, n in correlate.calm_upstreams(engine):
            self._tally.upstreams[upstream] += n


def fresh(run: Run, found: Iterator[tuple[Record, bytes]], seen: Seen) -> Iterator[Record]:
    """The records of lines that were not there before; copies are counted."""
    for record, line in found:
        if seen.again(record, line):
            run.accounts.files[record.file].duplicates += 1
            if run.survey is not None:
                run.survey.copies.add((record.file, record.line))
        else:
            yield record
