"""Passing the bytes of a large input by the strict validator: counting, marking places, sampling names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any, Final

import msgspec

from attrib.analysis.pieces import Mark, Piece
from attrib.analysis.run import Run
from attrib.fields import KEYS, RECORD_KEYS, TIME
from attrib.records.validate import whole_lines
from attrib.sources.find import Source
from attrib.sources.lines import BLOCK_SIZE, BOM, HEAD, MAX_LINE, Block

LINE_SAMPLED: Final = 64 * 1024
"""Longer first lines of a block are not looked into: their block has no time and adds no names."""


PROBE: Final = 4 * 1024 * 1024
"""Read before a file is taken for clean: 2 ms; a log with one bad line in ten thousand shows one there."""


class Dirty(Exception):
    """A malformed line in a file that was to be read whole; no error, the file is cut into parts instead."""


class Watcher:
    """Looks at blocks as they pass; one per source."""

    def __init__(self, run: Run) -> None:
        self._time = run.fresh_parser().time
        self._labels = frozenset(run.options.labels)
        self._decode = msgspec.json.Decoder().decode

    def look(self, piece: Piece, data: bytes | memoryview, at: int, line: int) -> int | None:
        """Count a block that begins at byte `at` of the piece, with line `line`: its number of lines.

        None, and nothing counted, when something in it is malformed.
        """
        sound = whole_lines(data)
        if sound is None:
            return None
        objects, lines = sound
        piece.objects += objects
        piece.lines += lines
        self._sample(piece, data, at, line)
        return lines

    def _sample(self, piece: Piece, data: bytes | memoryview, at: int, line: int) -> None:
        first = bytes(data[:LINE_SAMPLED])
        end = first.find(b"\n")
        ts = None
        try:
            value = self._decode(first[:end] if end >= 0 else first)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            value = None
        if isinstance(value, dict):
            self._count_names(piece, value)
            for key in TIME.keys:
                if value.get(key) not in (None, "", "-"):
                    ts = self._time(value[key])[0]
                    break
        piece.marks.append(Mark(at, line, ts))

    def _count_names(self, piece: Piece, value: dict[str, Any]) -> None:
        if any(key in value for key in RECORD_KEYS):
            piece.names.update(key[:200] for key in value if key not in KEYS and key not in self._labels)


class PlainFile:
    """Blocks of whole lines of a plain file, in a buffer that is read into again and again.

    Bytes that have just been read are still in the processor's cache, and this loop, not DuckDB, is what a fast run
    waits for. Line numbers are not counted here. As for every input, a file is read to its size at opening.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.error: str | None = None
        self.grew = False
        self.offset = 0
        """Of the block last given out."""
        self.read = 0

    def __iter__(self) -> Iterator[memoryview | Block]:
        """Each block as a view that holds until the next is asked for; a line that is too long as a Block."""
        room = bytearray(MAX_LINE + 2 * BLOCK_SIZE)
        view = memoryview(room)
        with Path(self.path).open("rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            if file.read(len(BOM)) != BOM:
                file.seek(0)
            offset, kept = file.tell(), 0
            while offset + kept < size:
                got = file.readinto(view[kept : kept + min(BLOCK_SIZE, size - offset - kept)])
                if not got:
                    self.error = "shrunk while read"
                    break
                self.read = offset + kept + got
                end = room.rfind(b"\n", kept, kept + got) + 1
                first = room.find(b"\n", kept, kept + got) if end > MAX_LINE else 0
                if first > MAX_LINE:  # it ends in the same read in which it grew too long
                    self.offset = offset
                    yield Block(0, offset, bytes(view[:HEAD]), 1, oversize=first)
                    offset, kept = offset + first + 1, 0
                    file.seek(offset)
                    continue
                if end:
                    self.offset = offset
                    yield view[:end]
                kept += got - end
                offset += end
                if kept > MAX_LINE:
                    self.offset = offset
                    length = kept + self._skip(file, size - offset - kept)
                    yield Block(0, offset, bytes(view[:HEAD]), 1, oversize=length)
                    offset, kept = offset + length + 1, 0
                else:
                    view[:kept] = view[end : end + kept]
            then = os.fstat(file.fileno())
            self.grew = then.st_size > size
            if self.error is None and Path(self.path).exists():
                now = Path(self.path).stat()
                if (now.st_dev, now.st_ino) != (then.st_dev, then.st_ino):
                    self.error = "replaced while read"
            if kept and not (self.grew and room[kept - 1] != 0x0A):
                self.offset = offset
                yield view[:kept]

    def _skip(self, file: FileIO, left: int) -> int:
        """Bytes up to the end of an overlong line, its LF aside; the file stands behind the LF then."""
        skipped = 0
        while left > 0:
            chunk = file.read(min(BLOCK_SIZE, left))
            if not chunk:
                break
            end = chunk.find(b"\n")
            if end >= 0:
                file.seek(end + 1 - len(chunk), os.SEEK_CUR)
                return skipped + end
            skipped += len(chunk)
            left -= len(chunk)
        return skipped


def begins_clean(path: str) -> bool:
    """Whether the first `PROBE` bytes of a plain file are sound: a query that is sure to be stopped need not start."""
    file = PlainFile(path)
    for data in file:
        if isinstance(data, Block) or whole_lines(data) is None:
            return False
        if file.read >= PROBE:
            break
    return True


def whole(run: Run, source: Source, piece: Piece) -> None:
    """Pass a plain file by the watcher. Raises Dirty at the first malformed or overlong line, or another fault."""
    watcher = Watcher(run)
    progress = run.progress_of(source)
    file = PlainFile(source.path)
    line = 1
    for data in file:
        lines = None if isinstance(data, Block) else watcher.look(piece, data, file.offset, line)
        if lines is None:
            raise Dirty
        line += lines
        progress(file.read)
    if file.error is not None or file.grew:
        raise Dirty
