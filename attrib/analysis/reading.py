"""Reading large inputs: every source becomes pieces whose groups are exact, and every line is accounted for."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from attrib.analysis import cut, pieces
from attrib.analysis.canonical import SHAPE, canonical, small
from attrib.analysis.careful import UNKNOWN_EXACT_LINES
from attrib.analysis.groups import group_record, names_of
from attrib.analysis.pieces import Piece
from attrib.analysis.run import Run
from attrib.analysis.sightings import Sightings
from attrib.analysis.watch import Dirty, begins_clean, whole
from attrib.engines.connect import Engine
from attrib.engines.fast import Unproven, prove, run_groups
from attrib.engines.grouping import Group
from attrib.engines.minutes import Counted
from attrib.engines.scan import Bounds, Shape
from attrib.engines.shape import general
from attrib.rules.ruleset import RuleSet
from attrib.sources.find import Source

SMALL: Final = 512 * 1024
"""Bytes below which a source is parsed into a shared part: a query of its own costs about as much as parsing that."""


@dataclass
class Settled:
    """A piece whose groups are exact."""

    piece: Piece
    table: str
    groups: list[Group]
    counted: list[Counted | None] = field(default_factory=list)
    """What each key of the table counts as (minutes.py)."""
    every: list[Group] = field(init=False)
    """The groups as they were first read, of all lines and times."""

    def __post_init__(self) -> None:
        self.every = self.groups


@dataclass
class Reading:
    """The state of reading all sources."""

    run: Run
    engine: Engine
    bounds: Bounds
    settled: list[Settled] = field(default_factory=list)
    number: int = 0
    text: Future[None] | None = None
    """The survey of the text, where it runs beside the rest."""
    sightings: Sightings | None = None
    """The invocations joined by the reference code; None: no id recurs."""

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


def read_all(reading: Reading) -> None:
    """Every source, each line accounted for; the groups are in `reading.settled`."""
    run = reading.run
    shared: Piece | None = None
    out: BinaryIO | None = None
    for index, source in enumerate(run.sources):
        if source.error is not None:
            continue
        if source.kind == "file" and (source.size or 0) < SMALL:
            if shared is None or out is None:
                shared = Piece(_path(reading, "small"), index, SHAPE, canonical=True)
                out = Path(shared.path).open("wb")  # noqa: SIM115 - closed when full, or below
            small(run, source, index, shared, out)
            if out.tell() >= cut.PART:
                out.close()
                _settle_canonical(reading, shared)
                shared = None
        elif not _whole(reading, source, index):
            _parts(reading, source, index)
    if shared is not None and out is not None:
        out.close()
        _settle_canonical(reading, shared)


def _path(reading: Reading, kind: str) -> str:
    reading.number += 1
    return str(Path(reading.engine.folder, f"{kind}-{reading.number}.jsonl"))


def _whole(reading: Reading, source: Source, index: int) -> bool:
    """Read a plain, clean file in one go: the query and the validator at the same time. False: cut it into parts."""
    compression, shape = pieces.head(source)
    if source.kind != "file" or compression is not None or shape is None or not reading.engine.reads(source.path):
        return False
    if not begins_clean(source.path):
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
    for piece in cut.Cutter(reading.run, source, index, reading.engine.folder).parts(plain=plain):
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
    proven = prove(reading.engine, piece.path, SHAPE, table, (None, None), piece.objects)
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
    parse = reading.run.parser.time
    if any(group.id_time and parse(group.odd_time)[0] is None for group in proven.groups):
        raise Unproven("times that only the request ids hold")
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
        except BaseException as error:  # noqa: BLE001 - raised again by join()
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
