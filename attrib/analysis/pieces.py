"""Large inputs as plain files that DuckDB can read: the file itself, or parts of 64 MiB cut from it.

A part is made where the file is packed, or is not clean: malformed lines are taken out (and judged by the careful
parser, with their number, offset and reason), their bytes blanked, so that line numbers and offsets stay the file's.
A part that still cannot be proven is parsed line by line and written again in canonical form. So one bad line in ten
thousand costs one line, and one strange part costs one part.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

import msgspec

from attrib.analysis.run import Run
from attrib.engines.scan import Shape
from attrib.engines.shape import shape_of
from attrib.fields import KEYS, RECORD_KEYS, TIME
from attrib.records.parse import LINE_TOO_LONG, Bad, Other, Record
from attrib.records.times import Times
from attrib.records.validate import bad_lines, count_objects, whole_lines
from attrib.sources.accounting import FileAccount, Reject, shown
from attrib.sources.find import Source
from attrib.sources.lines import BLOCK_SIZE, BOM, MAX_LINE, Block, iter_blocks
from attrib.sources.open import open_source

LINE_SAMPLED: Final = 64 * 1024
"""Longer first lines of a block are not looked into: their block has no time and adds no names."""
PART: Final = 64 * 1024 * 1024
"""Bytes of a part: large enough that a query's fixed cost vanishes, small enough to lose one to the careful parser."""


@dataclass
class Mark:
    """Where a block begins in a plain file, and the time of its first line (epoch microseconds, or None)."""

    offset: int
    line: int
    ts: int | None


@dataclass
class Piece:
    """A plain file with whole lines of one source."""

    path: str
    index: int
    """Of the source."""
    shape: Shape
    first_line: int = 1
    offset: int = 0
    """Of the piece's first byte in the (unpacked) source."""
    lines: int = 0
    objects: int = 0
    removed: set[int] = field(default_factory=set)
    """Numbers of the lines taken out; they are accounted for already."""
    rejects: list[Reject] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    """Unknown keys in the lines looked at."""
    sampled: int = 0
    unterminated: bool = False
    canonical: bool = False
    """Written by `canonical`, not the source's own text."""
    _spans: tuple[list[int], list[int]] | None = None
    _sorted: bool | None = None

    def blocks_around(self, ts: int, slack: int) -> range | list[int]:
        """Indexes of the marks whose blocks may hold a line of that time; all times in microseconds.

        A block reaches from its own first time to the next block's. Where times only grow, two bisections find them.
        """
        if self._spans is None:
            known = [mark.ts for mark in self.marks]
            begins = [t if t is not None else -(1 << 62) for t in known]
            ends = [*(t if t is not None else 1 << 62 for t in known[1:]), 1 << 62]
            self._spans = begins, ends
        begins, ends = self._spans
        if self._sorted is None:
            self._sorted = None not in {mark.ts for mark in self.marks} and begins == sorted(begins)
        if self._sorted:
            return range(bisect_left(ends, ts - slack), bisect_right(begins, ts + slack))
        return [
            at
            for at, (begin, end) in enumerate(zip(begins, ends, strict=True))
            if min(begin, end) - slack <= ts <= max(begin, end) + slack
        ]


class Dirty(Exception):  # noqa: N818 - no error: the file is cut into parts instead
    """A malformed line in a file that was to be read whole."""


class Watcher:
    """Looks at blocks as they pass: counts, validates, marks places, samples names."""

    def __init__(self, run: Run) -> None:
        self._times = Times()
        self._labels = frozenset(run.options.labels)
        self._decode = msgspec.json.Decoder().decode

    def whole(self, piece: Piece, data: memoryview, at: int, line: int) -> int | None:
        """As `look`, for bytes that are read in place: the number of lines, or None when something is malformed."""
        sound = whole_lines(data)
        if sound is None:
            return None
        objects, lines = sound
        piece.objects += objects
        piece.lines += lines
        self._sample(piece, data, at, line)
        return lines

    def look(self, piece: Piece, block: Block, at: int) -> bool:
        """Count a block that begins at byte `at` of the piece; False when it is malformed (then nothing is counted)."""
        objects = count_objects(block.data)
        if objects is None:
            return False
        piece.objects += objects
        piece.lines += block.lines
        self._sample(piece, block.data, at, block.first_line)
        return True

    def _sample(self, piece: Piece, data: bytes | memoryview, at: int, line: int) -> None:
        first = bytes(data[:LINE_SAMPLED])
        end = first.find(b"\n")
        ts = None
        try:
            value = self._decode(first[:end] if end >= 0 else first)
        except (msgspec.DecodeError, RecursionError):
            value = None
        if isinstance(value, dict):
            self.count_names(piece, value)
            for key in TIME.keys:
                if value.get(key) not in (None, "", "-"):
                    ts = self._times.parse(value[key])[0]
                    break
        piece.marks.append(Mark(at, line, ts))

    def count_names(self, piece: Piece, value: dict[str, Any]) -> None:
        """Count the unknown keys of one line, if it is a record."""
        if any(key in value for key in RECORD_KEYS):
            piece.sampled += 1
            piece.names.update(key[:200] for key in value if key not in KEYS and key not in self._labels)


def whole(run: Run, source: Source, index: int, piece: Piece) -> None:
    """Pass a plain file by the watcher. Raises Dirty at the first malformed or overlong line, or another fault.

    One buffer is read into again and again: bytes that have just been read are still in the processor's cache, and
    this loop, not DuckDB, is what a fast run waits for.
    """
    watcher = Watcher(run)
    progress = run.progress_of(source)
    room = bytearray(MAX_LINE + 2 * BLOCK_SIZE)
    view = memoryview(room)
    with open(source.path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if file.read(len(BOM)) != BOM:
            file.seek(0)
        offset, kept, line = file.tell(), 0, 1
        while offset + kept < size:
            wanted = min(BLOCK_SIZE, size - offset - kept)
            got = file.readinto(view[kept : kept + wanted])
            if got != wanted:
                raise Dirty
            last = offset + kept + got == size
            end = kept + got if last else room.rfind(b"\n", kept, kept + got) + 1
            if end:
                lines = watcher.whole(piece, view[:end], offset, line)
                if lines is None:
                    raise Dirty
                line += lines
            kept += got - end
            if kept > MAX_LINE:
                raise Dirty
            view[:kept] = view[end : end + kept]
            offset += end
            progress(offset)
        now = os.stat(source.path)
        then = os.fstat(file.fileno())
        if then.st_size != size or (now.st_dev, now.st_ino) != (then.st_dev, then.st_ino):
            raise Dirty


def head(source: Source) -> tuple[str | None, Shape | None]:
    """(compression, shape of the first lines) of a source; the shape is None where there is no line to look at."""
    with open_source(source) as stream:
        for block in iter_blocks(stream):
            return stream.compression, None if block.oversize is not None else shape_of(block.data)
        return stream.compression, None


def cut(run: Run, source: Source, index: int, folder: str) -> Iterator[Piece]:
    """The parts of a source, clean but for what only the query can see. The account has the lines taken out."""
    account = run.accounts.files[index]
    watcher = Watcher(run)
    progress = run.progress_of(source)
    piece: Piece | None = None
    file: BinaryIO | None = None
    number = 0
    with open_source(source) as stream:
        try:
            for block in iter_blocks(stream):
                if block.oversize is not None:
                    if file is not None and piece is not None:
                        file.close()
                        yield piece
                    piece = file = None
                    yield _too_long(index, block, account)
                    continue
                if piece is None:
                    path = os.path.join(folder, f"part-{index}-{number}.jsonl")
                    number += 1
                    piece = Piece(path, index, Shape({}, None, (), plain=False), block.first_line, block.offset)
                    file = open(path, "wb")  # noqa: SIM115 - closed when the part is full, or below
                assert file is not None
                file.write(_clean(run, watcher, piece, block, account, file.tell()))
                progress(stream.read)
                if file.tell() >= PART:
                    file.close()
                    yield piece
                    piece = file = None
        finally:
            if file is not None:
                file.close()
        account.error = stream.error
    if piece is not None:
        yield piece


def _too_long(index: int, block: Block, account: FileAccount) -> Piece:
    """A piece of no bytes that carries the note of an overlong line: parts hold what lies before and behind it."""
    piece = Piece("", index, Shape({}, None, (), plain=False), block.first_line, block.offset)
    account.count(LINE_TOO_LONG)
    _note(piece, account, block.first_line, block.offset, LINE_TOO_LONG, block.data)
    return piece


def _clean(run: Run, watcher: Watcher, piece: Piece, block: Block, account: FileAccount, at: int) -> bytes:
    """The block with its malformed lines blanked; those are judged, counted and noted here."""
    piece.unterminated = block.unterminated
    if watcher.look(piece, block, at):
        return block.data
    data = bytearray(block.data)
    wrong = set(bad_lines(block.data, block.offset))
    for line in block:
        if line.offset not in wrong:
            continue
        result = run.parser.parse(line.data, piece.index, line.number, unterminated=line.unterminated)
        if isinstance(result, Record):
            continue  # nested deeper than the validator goes, and sound: the part is parsed line by line
        account.count(result)
        _note(piece, account, line.number, line.offset, result, line.data)
        start = line.offset - block.offset
        data[start : start + len(line.data)] = b" " * len(line.data)
    clean = Block(block.first_line, block.offset, bytes(data), block.lines, block.unterminated)
    if not watcher.look(piece, clean, at):
        piece.lines += block.lines
        piece.objects = -(10**12)  # no reader will ever agree: the part goes to the careful parser
    return clean.data


def _note(piece: Piece, account: FileAccount, number: int, offset: int, result: Bad | Other, data: bytes) -> None:
    piece.removed.add(number)
    if isinstance(result, Bad):
        piece.rejects.append(Reject(account.path, number, offset, result.reason, result.field, shown(data)))
