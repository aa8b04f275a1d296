"""Cuts a byte stream into lines with exact numbers and offsets, in bounded memory.

Contract "Accounting": a line ends at LF only, the last one may lack it; lines are numbered from 1; a UTF-8 BOM at
offset 0 is part of no line. Offsets count decompressed bytes from 0, the BOM included, so that they find the line
again in the decompressed file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from attrib.sources.open import ByteStream

MAX_LINE: Final = 16 * 1024 * 1024
"""Contract "Accounting": a line of more bytes, its LF aside, is read past and quarantined as line_too_long."""
BLOCK_SIZE: Final = 256 * 1024
HEAD: Final = 800
"""Bytes kept of a line that is too long: 200 characters of at most four bytes each, for --rejects."""
BOM: Final = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """One line, its LF aside."""

    number: int
    offset: int
    """Of its first byte."""
    data: bytes
    """Its bytes; of a line that is too long, the first HEAD."""
    unterminated: bool
    """The input ended with it, and no LF did."""
    oversize: int | None
    """Length in bytes of a line over MAX_LINE, else None."""


@dataclass(slots=True)
class Block:
    """Some whole lines, or one that is too long. Never empty."""

    first_line: int
    """Number of its first line."""
    offset: int
    """Of its first byte."""
    data: bytes
    """The lines with their LFs; of a line that is too long, its first HEAD bytes."""
    lines: int
    unterminated: bool = False
    """The last line lacks its LF because the input ended."""
    oversize: int | None = None
    """Length in bytes of the one line, when it is over MAX_LINE."""

    def __iter__(self) -> Iterator[Line]:
        """The lines one by one."""
        if self.oversize is not None:
            yield Line(self.first_line, self.offset, self.data, self.unterminated, self.oversize)
            return
        offset = self.offset
        last = self.first_line + self.lines - 1
        # split leaves one empty piece after the last LF.
        for number, data in enumerate(self.data.split(b"\n"), self.first_line):
            if number > last:
                return
            yield Line(number, offset, data, self.unterminated and number == last, None)
            offset += len(data) + 1


def iter_blocks(stream: Iterable[bytes], block_size: int = BLOCK_SIZE, max_line: int = MAX_LINE) -> Iterator[Block]:
    """Blocks of whole lines of about `block_size` bytes (more where a line is longer), in order.

    The unfinished last line of a file that grew while it was read counts as not yet read (contract "Exit codes"):
    it comes in no block.
    """
    cutter = _Cutter(max_line)
    for piece in _pieces(stream, min(block_size, max_line)):
        yield from cutter.feed(piece)
    if not (isinstance(stream, ByteStream) and stream.grew):
        yield from cutter.end()


def iter_lines(stream: Iterable[bytes], block_size: int = BLOCK_SIZE, max_line: int = MAX_LINE) -> Iterator[Line]:
    """Line after line; see `iter_blocks`."""
    for block in iter_blocks(stream, block_size, max_line):
        yield from block


def _pieces(stream: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The stream without its BOM, in pieces of at most `size` bytes. A first, empty piece stands for the BOM."""
    start: bytes | None = b""
    for chunk in stream:
        if start is not None:
            start += chunk
            if len(start) < len(BOM) and BOM.startswith(start):
                continue
            if start.startswith(BOM):
                yield b""
                start = start[len(BOM) :]
            chunk, start = start, None
        if len(chunk) <= size:
            if chunk:
                yield chunk
        else:
            for at in range(0, len(chunk), size):
                yield chunk[at : at + size]
    if start:
        yield start


class _Cutter:
    """The state between pieces: where the next line begins, and what is there of it."""

    def __init__(self, max_line: int) -> None:
        self._max = max_line
        self._number = 1
        self._offset = 0
        self._parts: list[bytes] = []
        self._length = 0
        """Of the line so far."""
        self._long = False
        """The line is over the limit: only its head is kept, in the first part."""

    def feed(self, piece: bytes) -> Iterator[Block]:
        """The blocks that this piece completes."""
        if not piece:
            self._offset = len(BOM)
            return
        first = piece.find(b"\n")
        if first < 0:
            self._keep(piece)
            return
        if self._length + first > self._max:
            self._keep(piece[:first])
            yield self._oversize(unterminated=False)
            piece = piece[first + 1 :]
            first = piece.find(b"\n")
        if first >= 0:
            end = piece.rfind(b"\n") + 1
            data = b"".join([*self._parts, piece[:end]])
            yield self._block(data, data.count(b"\n"), unterminated=False)
            piece = piece[end:]
        if piece:
            self._keep(piece)

    def end(self) -> Iterator[Block]:
        """The last line, when it lacks its LF."""
        if self._long:
            yield self._oversize(unterminated=True)
        elif self._length:
            yield self._block(b"".join(self._parts), 1, unterminated=True)

    def _keep(self, piece: bytes) -> None:
        self._length += len(piece)
        if self._length <= self._max:
            self._parts.append(piece)
            return
        self._long = True
        head = b""
        for part in (*self._parts, piece):
            head += part[: HEAD - len(head)]
        self._parts = [head]

    def _block(self, data: bytes, lines: int, *, unterminated: bool) -> Block:
        block = Block(self._number, self._offset, data, lines, unterminated)
        self._advance(lines, len(data))
        return block

    def _oversize(self, *, unterminated: bool) -> Block:
        block = Block(self._number, self._offset, self._parts[0], 1, unterminated, self._length)
        self._advance(1, self._length + 1)
        return block

    def _advance(self, lines: int, size: int) -> None:
        self._number += lines
        self._offset += size
        self._parts, self._length, self._long = [], 0, False
