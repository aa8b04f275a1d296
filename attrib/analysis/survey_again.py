"""Reading lines of a proven piece again, one by one, for what a query cannot tell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrib.analysis.pieces import Piece
from attrib.analysis.run import Run
from attrib.analysis.time_faults import TimeFaults
from attrib.records.model import Record
from attrib.sources.find import Source
from attrib.sources.lines import iter_blocks
from attrib.sources.open import open_source

TAIL: Final = 64 * 1024
"""Bytes at the end that are looked at first."""


def records_of(run: Run, piece: Piece) -> Iterator[tuple[Record, int]]:
    """(record, what was wrong with its time: bits of survey.traits) of all of a piece, in order.

    Nothing is counted in the accounts: they have these lines already.
    """
    parser = run.fresh_parser()
    faults = TimeFaults(parser)
    shift = piece.first_line - 1
    with open_source(Source(piece.path)) as stream:
        for block in iter_blocks(stream):
            for line in block:
                if line.number + shift not in piece.removed:
                    record = parser.parse(line.data, piece.index, line.number + shift)
                    if isinstance(record, Record):
                        yield record, faults.bits()


def first_timed(run: Run, piece: Piece) -> tuple[int, int] | None:
    """(line, time) of the first record that has a time of its own; None: none has."""
    return next(((record.line, record.ts) for record, _ in records_of(run, piece) if record.ts is not None), None)


def last_time(run: Run, piece: Piece) -> int | None:
    """The time of the last record that has one of its own."""
    parse = run.fresh_parser().parse
    with Path(piece.path).open("rb") as file:
        size = end = file.seek(0, 2)
        length = TAIL
        while end:
            start = max(size - length, 0)
            file.seek(start)
            data = file.read(size - start)
            lines = data.split(b"\n")
            for line in reversed(lines if start == 0 else lines[1:]):
                record = parse(line)
                if isinstance(record, Record) and record.ts is not None:
                    return record.ts
            end, length = start, length * 4
    return None
