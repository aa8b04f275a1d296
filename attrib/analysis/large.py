"""Large inputs: DuckDB groups what is proven, the reference code judges the groups and joins what must be joined."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from attrib.analysis import surveying
from attrib.analysis.careful import Seen
from attrib.analysis.counting import Waiting, count_groups, judge_groups, latencies, newest
from attrib.analysis.groups import Judge, far_hosts
from attrib.analysis.incidents import Look
from attrib.analysis.joining import Joining, fresh, prepare
from attrib.analysis.leftover import Leftover
from attrib.analysis.locate import recurring
from attrib.analysis.place import Places
from attrib.analysis.reading import Reading, Settled, bounds_of, read_all
from attrib.analysis.run import Run
from attrib.analysis.scenes import Scenes
from attrib.analysis.span import Limits
from attrib.analysis.tally import Tally
from attrib.engines import correlate, grouping, minutes, scan
from attrib.engines.connect import Engine
from attrib.engines.grouping import Group
from attrib.incidents.buckets import Buckets, Kind, Minute
from attrib.incidents.scene import Example, Scene
from attrib.incidents.series import fold
from attrib.invocations.model import Invocation
from attrib.parties import Parties
from attrib.records.model import Record
from attrib.verdicts.decide import Verdict


@dataclass
class Large:
    """What a large input came to; good while the engine is open."""

    tally: Tally
    parties: Parties
    limits: Limits
    buckets: Buckets
    reading: Reading
    judged: Judge

    def fill(self, scenes: Sequence[Scene]) -> None:
        """Fill scenes as incidents.scene.fill does; where their examples stand is for `place` to say."""
        Scenes(self.reading, self.judged, self.run.detected(self.limits)).fill(scenes)

    def place(self, examples: Iterable[Example]) -> dict[Example, Example]:
        """The same examples with file and line; those that have them already are left out."""
        return Places(self.reading, self.judged, self.run.detected(self.limits)).place(examples)

    def invocations(self, cells: Container[tuple[Minute, Kind]]) -> list[tuple[Invocation, Verdict, Kind]]:
        """All invocations of a few cells (minute, kind with a symptom)."""
        places = Places(self.reading, self.judged, self.run.detected(self.limits))
        return places.invocations(cells, self.buckets)

    @property
    def look(self) -> Look:
        """The second look that judging incidents asks for."""
        return Look(self.fill, self.place, lambda leftover: leftover.singles(self.invocations(_Few(leftover))))

    @property
    def run(self) -> Run:
        """The run."""
        return self.reading.run


class _Few:
    """The cells of which each invocation is shown."""

    def __init__(self, leftover: Leftover) -> None:
        self._cells = {cell for cell in leftover.cells if leftover.isolated(*cell)}

    def __contains__(self, cell: object) -> bool:
        """Whether a bucket may be one of them: names may have been taken together by their form."""
        if not isinstance(cell, tuple):
            return False
        minute, kind = cell
        return (minute, kind) in self._cells or (minute, fold(kind)) in self._cells


@contextmanager
def opened(run: Run) -> Iterator[Large]:
    """Read and judge a large input. Memory is bounded by --memory, the parts' queries and `HOT_AT_ONCE` ids."""
    paths = [source.path for source in run.sources if source.kind == "file" and source.error is None]
    with Engine(paths, run.options.memory, run.options.threads) as engine:
        reading = Reading(run, engine, bounds_of(run.ruleset))
        read_all(reading)
        with surveying.text_beside(reading):
            yield _count(reading)


def _count(reading: Reading) -> Large:
    run, engine = reading.run, reading.engine
    _see_times(reading)
    asked = run.limits()
    limits = run.detected(asked)
    parties = _parties(reading)
    tally, buckets = Tally(), Buckets()
    judged = Judge(run, parties, _hosts(reading))
    judged.silence.newest = newest(reading)
    again = correlate.find_recurring(engine, [(s.table, s.piece.shape) for s in reading.settled])
    filtered = limits != (None, None)
    minutes.begin(engine)
    ends = prepare(reading) if again else []
    silent: list[Waiting] = []
    for settled in reading.settled:
        if again or filtered:
            settled.groups = _regroup(reading, settled, limits, correlate.FRESH if again else "true")
        if again:
            correlate.add(engine, settled.piece.path, settled.piece.shape, reading.bounds, ends)
        silent.append(judge_groups(tally, judged, settled, limits))
    joining = Joining(reading, tally, judged, limits) if again else None
    if joining is not None:
        joining.read()
    judged.silence.latencies = lambda function: latencies(reading, joining, function)
    for settled, waiting in zip(reading.settled, silent, strict=True):
        count_groups(reading, tally, judged, settled, waiting, limits)
    if joining is not None:
        joining.finish()
    judged.kinds.fill(buckets, minutes.read(engine))
    if joining is not None:
        buckets.merge(joining.buckets)
    return Large(tally, parties, asked, buckets, reading, judged)


def _see_times(reading: Reading) -> None:
    for settled in reading.settled:
        for group in settled.groups:
            reading.run.times.add(group.first)
            reading.run.times.add(group.last)
            if group.odd_time is not None:
                reading.run.times.add(reading.run.parser.time(group.odd_time)[0])


def _parties(reading: Reading) -> Parties:
    groups = [group for settled in reading.settled for group in settled.groups]
    names = {name for group in groups for name in (group.function, group.service) if name}
    return Parties(reading.run.options.vendors, reading.run.options.own, names)


def _regroup(reading: Reading, settled: Settled, limits: Limits, where: str) -> list[Group]:
    piece = settled.piece
    rows = scan.rows_sql(piece.path, piece.shape, reading.bounds, limits)
    filtered = limits != (None, None)
    reading.engine.execute(grouping.group_sql(settled.table, rows, piece.shape, filtered, where))
    groups = grouping.read_groups(reading.engine, settled.table, piece.shape, filtered)
    return [group for group in groups if piece.shape.ours or not group.skipped]


def _hosts(reading: Reading) -> Callable[[str | None], bool]:
    """Whether several of our hosts saw an upstream's dns or tls failures; looked up only where there are such."""
    return far_hosts(reading.run, reading.engine, [(s.piece, s.groups) for s in reading.settled])


def records_of(run: Run, request_id: str | None = None) -> tuple[list[Record], Parties, Callable[[str | None], bool]]:
    """The records that a list of single invocations needs, whose the upstreams are, what is known of hosts.

    All records of one request; or, without one named, those of all requests that may have a symptom and all
    uncorrelated ones. Memory: about 1 kB for each of these records.
    """
    paths = [source.path for source in run.sources if source.kind == "file" and source.error is None]
    with Engine(paths, run.options.memory, run.options.threads) as engine:
        reading = Reading(run, engine, bounds_of(run.ruleset))
        read_all(reading)
        _see_times(reading)
        ids: set[str | None] = {request_id}
        if request_id is None:
            ids.clear()
            for settled in reading.settled:
                ids.update(correlate.noisy_ids(engine, settled.piece.path, settled.piece.shape, reading.bounds))
                if any(not group.usable for group in settled.groups):
                    ids.add(None)
        records = list(fresh(run, recurring(run, ids), Seen(run.ruleset.words)))
        return records, _parties(reading), _hosts(reading)
