"""Byte ranges of large inputs around some minutes, copied together so that one query reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from attrib.analysis.pieces import Piece

SLACK_US: Final = 10_000_000
"""Lines of a log are in order of time but for a few seconds: writers buffer."""

Span = tuple[int, int]
"""(first, last) in epoch microseconds."""


def blocks_of(piece: Piece, spans: Sequence[Span] | None, slack: int = SLACK_US) -> list[int]:
    """The blocks of a piece that may hold a line of these times; None: all blocks."""
    if spans is None or not piece.marks:
        return list(range(len(piece.marks) or 1))
    found: set[int] = set()
    for first, last in spans:
        found.update(piece.blocks_within(first, last, slack))
    return sorted(found)


def size_of(piece: Piece, blocks: Sequence[int]) -> int:
    """Bytes of some blocks."""
    return sum(end - start for start, end in _ranges(piece, blocks))


def _ranges(piece: Piece, blocks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(start, end) of runs of blocks."""
    size = Path(piece.path).stat().st_size
    offsets = [mark.offset for mark in piece.marks] or [0]
    offsets[0] = 0  # a BOM is read as DuckDB reads it
    start: int | None = None
    for at, block in enumerate(blocks):
        if start is None:
            start = offsets[block]
        if at + 1 == len(blocks) or blocks[at + 1] != block + 1:
            yield start, offsets[block + 1] if block + 1 < len(offsets) else size
            start = None


def copied(piece: Piece, blocks: Sequence[int], target: str) -> str:
    """A file of these blocks alone: the piece's own where that is all of it, else a copy under `target`."""
    ranges = list(_ranges(piece, blocks))
    if ranges == [(0, Path(piece.path).stat().st_size)]:
        return piece.path
    with Path(piece.path).open("rb", buffering=0) as source, Path(target).open("wb", buffering=0) as out:
        for start, end in ranges:
            _copy(source.fileno(), out.fileno(), start, end - start)
    return target


def _copy(source: int, target: int, offset: int, size: int) -> None:
    while size > 0:
        try:
            done = os.sendfile(target, source, offset, size)
        except (AttributeError, OSError):  # no such call here, or not between files
            done = os.write(target, os.pread(source, min(size, 1 << 20), offset))
        if not done:
            break
        offset, size = offset + done, size - done


def lines_of(piece: Piece, blocks: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """(number, line) of these blocks; lines that were taken out are left out."""
    marks = piece.marks
    with Path(piece.path).open("rb", buffering=0) as file:
        for block in blocks:
            start, line = (marks[block].offset, marks[block].line) if marks else (0, piece.first_line)
            file.seek(start)
            end = marks[block + 1].offset if block + 1 < len(marks) else None
            data = file.read() if end is None else file.read(end - start)
            for number, text in enumerate(data.split(b"\n"), line):
                if text and number not in piece.removed:
                    yield number, text
