"""Cutting a large input into clean parts.

A part is made where the input is packed, or is not clean: malformed lines are taken out (and judged by the careful
parser, with their number, offset and reason), their bytes blanked, so that line numbers and offsets stay the file's.
A part that still cannot be proven is parsed line by line and written again in canonical form. So one bad line in ten
thousand costs one line, and one strange part costs one part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from attrib.analysis.pieces import UNREAD, Piece
from attrib.analysis.run import Run
from attrib.analysis.watch import PlainFile, Watcher
from attrib.errors import DeliveryError
from attrib.records.model import Record
from attrib.records.parse import LINE_TOO_LONG, Bad
from attrib.records.validate import bad_lines, values_of
from attrib.sources.accounting import Reject, shown
from attrib.sources.find import Source
from attrib.sources.lines import Block, Line, iter_blocks
from attrib.sources.open import open_source

PART: Final = 96 * 1024 * 1024
"""Bytes of a part: large enough that a query's fixed cost vanishes, small enough to lose one to the careful parser."""

Given = tuple[memoryview | bytes | Block, int, int | None]
"""(a block, the offset of its first byte, its number of lines where that is known)."""


class Cutter:
    """Cuts one source; `parts` is iterated once. The account has the lines taken out, and the file's error."""

    def __init__(self, run: Run, source: Source, index: int, folder: str) -> None:
        self._run = run
        self._source = source
        self._index = index
        self._folder = folder
        self._account = run.accounts.files[index]
        self._watcher = Watcher(run)
        # Not the run's: a line that is sound after all is read again, and must count once.
        self._parser = run.fresh_parser()
        self._line = 1
        self._number = 0

    def parts(self, *, plain: bool) -> Iterator[Piece]:
        """The parts in order; a piece without a path carries nothing but rejects."""
        progress = self._run.progress_of(self._source)
        given = self._plain(progress) if plain else self._stream(progress)
        piece: Piece | None = None
        file: BinaryIO | None = None
        try:
            for data, offset, lines in given:
                if isinstance(data, Block):
                    if piece is not None and file is not None:
                        file.close()
                        yield piece
                        piece = file = None
                    yield self._too_long(data)
                    continue
                if piece is None or file is None:
                    path = Path(self._folder, f"part-{self._index}-{self._number}.jsonl")
                    self._number += 1
                    piece = Piece(str(path), self._index, UNREAD, self._line, offset)
                    file = path.open("wb", buffering=0)
                self._add(piece, file, data, offset, lines)
                if file.tell() >= PART:
                    file.close()
                    yield piece
                    piece = file = None
        except OSError as error:
            raise DeliveryError(
                f"no room for temporary parts in {self._folder}: {error.strerror}; set TMPDIR."
            ) from None
        finally:
            if file is not None:
                file.close()
        if piece is not None:
            yield piece

    def _plain(self, progress: Callable[[int], None]) -> Iterator[Given]:
        file = PlainFile(self._source.path)
        for data in file:
            yield data, file.offset, None
            progress(file.read)
        self._account.error = file.error

    def _stream(self, progress: Callable[[int], None]) -> Iterator[Given]:
        with open_source(self._source) as stream:
            for block in iter_blocks(stream):
                yield (block if block.oversize is not None else block.data), block.offset, block.lines
                progress(stream.read)
            self._account.error = stream.error

    def _too_long(self, block: Block) -> Piece:
        """A piece of no bytes that carries the note of an overlong line: parts hold what lies before and behind it."""
        piece = Piece("", self._index, UNREAD, self._line, block.offset)
        self._account.count(LINE_TOO_LONG)
        if self._run.watch is not None:
            self._run.watch(
                Line(self._line, block.offset, block.data, False, block.oversize), LINE_TOO_LONG, self._index
            )
        self._note(piece, self._line, block.offset, LINE_TOO_LONG, block.data)
        self._line += 1
        return piece

    def _add(self, piece: Piece, file: BinaryIO, data: memoryview | bytes, offset: int, lines: int | None) -> None:
        """Write a block into the part, its malformed lines blanked; those are judged, counted and noted here."""
        at = file.tell()
        unterminated = data[-1] != 0x0A
        piece.unterminated = unterminated
        counted = self._look(piece, data, at)
        if counted is not None:
            file.write(data)
            self._line += counted
            return
        block = Block(self._line, offset, bytes(data), lines or _lines(data), unterminated)
        clean = self._blank(piece, block, set(bad_lines(block.data, offset)), block.data)
        if self._look(piece, clean, at) is None:
            # What halving does not see: bytes that are no UTF-8, two values on a line. Each line by itself then.
            wrong = {line.offset for line in block if values_of(line.data) not in (0, 1)}
            clean = self._blank(piece, block, wrong, clean)
            if self._look(piece, clean, at) is None:
                piece.lines += block.lines
                piece.hopeless = True
        file.write(clean)
        self._line += block.lines

    def _look(self, piece: Piece, data: memoryview | bytes, at: int) -> int | None:
        """The number of lines of a block in which every line is one sound value or blank; else None."""
        if not _text(data):
            return None
        before = piece.objects
        lines = self._watcher.look(piece, data, at, self._line)
        values = piece.objects - before
        if lines is not None and values != lines and values != _filled(data):
            piece.objects, piece.lines = before, piece.lines - lines
            piece.marks.pop()
            return None
        return lines

    def _blank(self, piece: Piece, block: Block, wrong: set[int], data: bytes) -> bytes:
        """The block's bytes with the wrong lines blanked, but for those that the careful parser accepts."""
        result = bytearray(data)
        for line in block:
            if line.offset not in wrong or line.number in piece.removed:
                continue
            judged = self._parser.parse(line.data, piece.index, line.number, unterminated=line.unterminated)
            if isinstance(judged, Record):
                piece.hopeless = True  # sound, and nested deeper than the validator goes
                continue
            self._account.count(judged)
            if self._run.watch is not None:
                self._run.watch(line, judged, self._index)
            if isinstance(judged, Bad):
                self._note(piece, line.number, line.offset, judged, line.data)
            start = line.offset - block.offset
            result[start : start + len(line.data)] = b" " * len(line.data)
            piece.removed.add(line.number)
        return bytes(result)

    def _note(self, piece: Piece, number: int, offset: int, bad: Bad, data: bytes) -> None:
        piece.removed.add(number)
        piece.rejects.append(Reject(self._account.path, number, offset, bad.reason, bad.field, shown(data)))


def _text(data: memoryview | bytes) -> bool:
    """Whether bytes are UTF-8."""
    if bytes(data).isascii():
        return True
    try:
        str(data, "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _filled(data: memoryview | bytes) -> int:
    """Lines with anything but white space. Asked only where values and lines differ in number."""
    return sum(1 for line in bytes(data).split(b"\n") if line.strip(b" \t\r"))


def _lines(data: memoryview | bytes) -> int:
    plain = bytes(data)
    return plain.count(b"\n") + (not plain.endswith(b"\n"))
