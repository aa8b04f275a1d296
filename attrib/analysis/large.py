"""Large inputs: DuckDB groups what is proven, the reference code judges the groups and joins what must be joined."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from attrib.analysis import pieces
from attrib.analysis.canonical import SHAPE, canonical, small
from attrib.analysis.cut import PART, Cutter
from attrib.analysis.careful import UNKNOWN_EXACT_LINES, Seen
from attrib.analysis.groups import Judge, far_hosts, group_record, names_of
from attrib.analysis.locate import cited, recurring
from attrib.analysis.pieces import Piece
from attrib.analysis.run import Run
from attrib.analysis.span import Limits, inside
from attrib.analysis.tally import Tally
from attrib.analysis.watch import Dirty, whole
from attrib.engines import correlate, scan
from attrib.engines.connect import Engine
from attrib.engines.fast import Unproven, prove, run_groups
from attrib.engines.scan import Bounds, Group, Shape
from attrib.engines.shape import general
from attrib.invocations.join import build
from attrib.parties import Parties
from attrib.records.model import Record
from attrib.rules.ruleset import RuleSet
from attrib.sources.find import Source
from attrib.verdicts.decide import judge

SMALL: Final = 512 * 1024
"""Bytes below which a source is parsed into a shared part: a query of its own costs about as much as parsing that."""


@dataclass
class Settled:
    """A piece whose groups are exact."""

    piece: Piece
    table: str
    groups: list[Group]


@dataclass
class Reading:
    """The state of reading all sources."""

    run: Run
    engine: Engine
    bounds: Bounds
    settled: list[Settled] = field(default_factory=list)
    number: int = 0

    def table(self) -> str:
        """A fresh table name."""
        self.number += 1
        return f"groups_{self.number}"


def bounds_of(ruleset: RuleSet) -> Bounds:
    """The query's bounds from the rule packs."""
    value = ruleset.parameters.value
    return Bounds(
        value("latency_high_ms"),
        tuple(sorted(ruleset.parameters.functions("latency_high_ms").items())),
        value("upstream_latency_low"),
        value("upstream_latency_dominant"),
        tuple(sorted(ruleset.words.placeholder_ids)),
    )


def analyze_large(run: Run) -> tuple[Tally, Parties, Limits]:
    """The tally of a large input. Memory is bounded by --memory, the parts' queries and `HOT_AT_ONCE` ids."""
    paths = [source.path for source in run.sources if source.kind == "file" and source.error is None]
    with Engine(paths, run.options.memory, run.options.threads) as engine:
        reading = Reading(run, engine, bounds_of(run.ruleset))
        read_all(reading)
        return _count(reading)


def read_all(reading: Reading) -> None:
    """Every source, each line accounted for; the groups are in `reading.settled`."""
    run = reading.run
    shared: Piece | None = None
    out: Any = None
    for index, source in enumerate(run.sources):
        if source.error is not None:
            continue
        if source.kind == "file" and (source.size or 0) < SMALL:
            if shared is None:
                shared = Piece(_path(reading, "small"), index, SHAPE, canonical=True)
                out = open(shared.path, "wb")  # noqa: SIM115 - closed when full, or below
            small(run, source, index, shared, out)
            if out.tell() >= PART:
                out.close()
                _settle_canonical(reading, shared)
                shared = None
        elif not _whole(reading, source, index):
            _parts(reading, source, index)
    if shared is not None:
        out.close()
        _settle_canonical(reading, shared)


def _path(reading: Reading, kind: str) -> str:
    reading.number += 1
    return os.path.join(reading.engine.folder, f"{kind}-{reading.number}.jsonl")


def _whole(reading: Reading, source: Source, index: int) -> bool:
    """Read a plain, clean file in one go: the query and the validator at the same time. False: cut it into parts."""
    compression, shape = pieces.head(source)
    if source.kind != "file" or compression is not None or shape is None or not reading.engine.reads(source.path):
        return False
    piece = Piece(source.path, index, shape)
    table = reading.table()
    query = _Query(reading, source.path, shape, table)
    try:
        whole(reading.run, source, piece)
    except Dirty:
        query.stop()
        return False
    except BaseException:
        query.stop()
        raise
    try:
        query.join()
        _settle(reading, piece, table)
    except Unproven:
        return _once_more(reading, piece, table)
    return True


def _once_more(reading: Reading, piece: Piece, table: str) -> bool:
    """Query a file or part again, assuming nothing: its sample misled. False: it cannot be proven as it is."""
    piece.shape = general(piece.shape)
    try:
        run_groups(reading.engine, piece.path, piece.shape, table, reading.bounds, (None, None))
        _settle(reading, piece, table)
    except Unproven:
        return False
    return True


def _parts(reading: Reading, source: Source, index: int) -> None:
    """Cut a source into parts; each part is grouped while the next one is cut."""
    before: tuple[_Query, Piece, str] | None = None
    plain = source.kind == "file" and pieces.head(source)[0] is None
    for piece in Cutter(reading.run, source, index, reading.engine.folder).parts(plain=plain):
        if before is not None:
            _finish_part(reading, *before)
        if not piece.path:
            before = None
            _flush(reading.run, piece)
            continue
        _, shape = pieces.head(Source(piece.path))
        piece.shape = shape or piece.shape
        table = reading.table()
        before = _Query(reading, piece.path, piece.shape, table), piece, table
    if before is not None:
        _finish_part(reading, *before)


def _finish_part(reading: Reading, query: _Query, piece: Piece, table: str) -> None:
    try:
        query.join()
        _settle(reading, piece, table)
    except Unproven:
        if not piece.hopeless and _once_more(reading, piece, table):
            _flush(reading.run, piece)
            return
        again = canonical(reading.run, piece, _path(reading, "canonical"))
        _settle_canonical(reading, again)
    _flush(reading.run, piece)


def _flush(run: Run, piece: Piece) -> None:
    for reject in piece.rejects:
        run.reject(reject)


def _settle_canonical(reading: Reading, piece: Piece) -> None:
    """Group a file this program wrote itself; its lines are accounted for already."""
    table = reading.table()
    if not piece.objects:
        return
    run_groups(reading.engine, piece.path, SHAPE, table, reading.bounds, (None, None))
    proven = prove(
        reading.engine, piece.path, SHAPE, table, (None, None), piece.objects, ours=True
    )
    reading.settled.append(Settled(piece, table, proven.groups))


def _settle(reading: Reading, piece: Piece, table: str) -> None:
    """Check a grouped piece and account for its lines. Raises Unproven, with nothing counted."""
    if piece.hopeless:
        raise Unproven("lines that only the careful parser can judge")
    lines = piece.lines - len(piece.removed)
    proven = prove(reading.engine, piece.path, piece.shape, table, (None, None), piece.objects)
    records = [group_record(reading.run.parser, group) for group in proven.groups]
    if any(record is None for record in records):
        raise Unproven("values that are no record's")
    account = reading.run.accounts.files[piece.index]
    account.lines_read += lines
    account.blank += lines - piece.objects
    account.skipped += proven.skipped
    account.reasons["not_m1"] += proven.skipped
    account.accepted += piece.objects - proven.skipped
    account.records += piece.objects - proven.skipped
    for group in proven.groups:
        if group.odd_time is not None:
            ts, zone_less = reading.run.parser.time(group.odd_time)
            account.unreadable_time += group.n if ts is None else 0
            account.zone_less_time += group.n if ts is not None and zone_less else 0
    reading.run.parser.take_tally()
    exact = piece.lines <= UNKNOWN_EXACT_LINES
    account.unknown_fields_sampled |= not exact
    account.unknown_fields.update(names_of(reading.run, piece) if exact else piece.names)
    reading.settled.append(Settled(piece, table, proven.groups))


class _Query:
    """The grouping query of one file, running beside the reader."""

    def __init__(self, reading: Reading, path: str, shape: Shape, table: str) -> None:
        self._engine = reading.engine
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(reading, path, shape, table), daemon=True)
        self._thread.start()

    def _run(self, reading: Reading, path: str, shape: Shape, table: str) -> None:
        try:
            run_groups(reading.engine, path, shape, table, reading.bounds, (None, None))
        except BaseException as error:
            self._error = error

    def join(self) -> None:
        """Wait for the end; raises what the query raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Interrupt the query and wait until it has stopped."""
        while self._thread.is_alive():
            self._engine.interrupt()
            self._thread.join(0.05)


def _count(reading: Reading) -> tuple[Tally, Parties, Limits]:
    run, engine = reading.run, reading.engine
    _see_times(reading)
    limits = run.limits()
    parties = _parties(reading)
    tally = Tally()
    judged = Judge(run, parties, _hosts(reading))
    again = correlate.find_recurring(engine, [(s.table, s.piece.shape) for s in reading.settled])
    filtered = limits != (None, None)
    where = correlate.FRESH if again else "true"
    if again:
        correlate.begin(engine)
    for settled in reading.settled:
        if again or filtered:
            settled.groups = _regroup(reading, settled, limits, where)
        if again:
            correlate.add(engine, settled.piece.path, settled.piece.shape, reading.bounds)
        for group in settled.groups:
            judged.add(tally, group, limits)
    if again:
        _join(reading, tally, parties, judged, limits)
    _cite(reading, tally, parties, judged, limits)
    return tally, parties, limits


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
    reading.engine.execute(scan.group_sql(settled.table, rows, piece.shape, filtered, where))
    groups = scan.read_groups(reading.engine, settled.table, piece.shape, filtered)
    return [group for group in groups if not (group.function is None and group.status is None and group.upstream_status is None)]


def _hosts(reading: Reading) -> Callable[[str | None], bool]:
    """Whether several of our hosts saw an upstream's dns or tls failures; looked up only where there are such."""
    return far_hosts(reading.run, reading.engine, [(s.piece, s.groups) for s in reading.settled])


def _join(reading: Reading, tally: Tally, parties: Parties, judged: Judge, limits: Limits) -> None:
    """Recurring ids: calm ones are counted, hot ones read again and joined by the reference code."""
    run, engine = reading.run, reading.engine
    value = run.ruleset.parameters.value
    everything = limits != (None, None)
    hot = correlate.find_hot(engine, value("reuse_gap_s"), value("reuse_max_terminals"), everything=everything)
    for function, n in correlate.calm_invocations(engine):
        tally.add_ok(function or None, n)
    for upstream, n in correlate.calm_upstreams(engine):
        tally.upstreams[upstream if upstream not in ("", "-") else None] += n
    seen = Seen(run.ruleset.words)
    for start in range(0, len(hot), correlate.HOT_AT_ONCE):
        chosen: set[str | None] = set(hot[start : start + correlate.HOT_AT_ONCE])
        records = _fresh(run, recurring(run, chosen), seen)
        _judge_all(run, tally, judged, list(records), limits)


def _fresh(run: Run, found: Iterator[tuple[Record, bytes]], seen: Seen) -> Iterator[Record]:
    for record, line in found:
        if seen.again(record, line):
            run.accounts.files[record.file].duplicates += 1
        else:
            yield record


def _judge_all(run: Run, tally: Tally, judged: Judge, records: list[Record], limits: Limits) -> None:
    words, parameters = run.ruleset.words, run.ruleset.parameters
    for record in records:
        tally.see(record)
    for invocation in build(records, words, parameters, judged.party, judged.several):
        if inside(invocation, limits):
            tally.add(invocation, judge(invocation, run.ruleset))


def _cite(reading: Reading, tally: Tally, parties: Parties, judged: Judge, limits: Limits) -> None:
    """Find the lines of the isolated failures among the groups."""
    run = reading.run
    few = {pair: wanted for pair, wanted in tally.pending.items() if wanted}
    if not few:
        return
    wanted = [want for wants in few.values() for want in wants]
    words, parameters = run.ruleset.words, run.ruleset.parameters
    records = list(cited(run, [s.piece for s in reading.settled], wanted))
    for invocation in build(records, words, parameters, judged.party, judged.several):
        verdict = judge(invocation, run.ruleset)
        if inside(invocation, limits) and (invocation.function, verdict.verdict) in few:
            tally.place(invocation, verdict)


def records_of(
    run: Run, request_id: str | None = None
) -> tuple[list[Record], Parties, Callable[[str | None], bool]]:
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
        records = list(_fresh(run, recurring(run, ids), Seen(run.ruleset.words)))
        return records, _parties(reading), _hosts(reading)
