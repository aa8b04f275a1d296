"""Opens an input as a stream of decompressed bytes, in bounded memory, and says whether it was read whole.

A fault does not raise: the bytes before it are delivered and `ByteStream.error` holds the sentence afterwards. A file
is read to its size at opening (contract "Exit codes"): that it grows is no fault, that it shrinks or is replaced is.
"""

from __future__ import annotations

import os
import select
import stat
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Final, Self

from attrib.sources.find import Source, reason
from attrib.sources.unpack import Broken, detect, unpack

READ_SIZE: Final = 256 * 1024
"""Bytes asked for at once."""
WRITER_MS: Final = 5000
"""How long a named pipe may stay without a writer before it counts as one that nobody writes to."""


class ByteStream:
    """The decompressed bytes of one input; iterate once, then look at `error` and `grew`."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.error: str | None = source.error
        """Why the input could not be read whole; final once the iteration has ended."""
        self.compression: str | None = None
        """`gzip`, `zstd`, `bz2`, `xz`, or None for plain; known once the iteration has begun."""
        self.read = 0
        """Bytes read so far, as they lie in the file."""
        self.grew = False
        """The file is longer now than at opening: its last line may be unfinished. Known once the iteration ended."""
        self._file: BinaryIO | None = None
        self._owned = True
        self._size: int | None = None
        self._fifo = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; standard input stays open."""
        if self._file is not None and self._owned:
            self._file.close()
        self._file = None

    def __iter__(self) -> Iterator[bytes]:
        """Chunks of decompressed bytes, never empty, each at most about 1 MiB."""
        if self.error is not None:
            return
        try:
            self._open()
        except (OSError, ValueError) as error:
            self.error = reason(error)
            return
        raw = self._raw()
        head = b"".join(_first(raw))
        self.compression = detect(head)
        try:
            yield from unpack(self.compression, _chain(head, raw))
            broken = None
        except Broken as found:
            broken = found
        self._end(broken)

    def _open(self) -> None:
        source = self.source
        if source.kind == "stdin":
            if sys.stdin is None:
                raise ValueError("standard input is closed")
            self._file, self._owned = sys.stdin.buffer, False
            return
        if source.kind == "pipe":
            # Without O_NONBLOCK, a pipe that nobody writes to would hang here for ever.
            descriptor = os.open(source.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            _await_writer(descriptor)
            os.set_blocking(descriptor, True)
            self._file = os.fdopen(descriptor, "rb", buffering=0)
            self._fifo = stat.S_ISFIFO(os.fstat(descriptor).st_mode)
            return
        self._file = open(source.path, "rb", buffering=0)  # noqa: SIM115, PTH123 (closed by close)
        self._size = os.fstat(self._file.fileno()).st_size

    def _raw(self) -> Iterator[bytes]:
        """The bytes as they lie in the file, up to its size at opening."""
        file = self._file
        while file is not None and (self._size is None or self.read < self._size):
            wanted = READ_SIZE if self._size is None else min(READ_SIZE, self._size - self.read)
            try:
                chunk = file.read(wanted)
            except (OSError, ValueError) as error:
                self.error = reason(error)
                return
            if not chunk:
                if self._size is not None:
                    self.error = "shrunk while read"
                return
            self.read += len(chunk)
            yield chunk

    def _end(self, broken: Broken | None) -> None:
        """After the last byte. What the file system says explains more than what the unpacker made of it."""
        self._look_again()
        # A packed file that is still being written ends in the middle of its last block: that is growth.
        if broken is not None and self.error is None and not (broken.cut and self.grew):
            self.error = str(broken)

    def _look_again(self) -> None:
        """Whether the file is still the one that was opened."""
        if self.error is not None or self._file is None:
            return
        if self._size is None:
            if self._fifo and not self.read:
                self.error = "a pipe that gave nothing: no program writes to it"
            return
        opened = os.fstat(self._file.fileno())
        self.grew = opened.st_size > self._size
        if opened.st_size < self._size:
            self.error = "shrunk while read"
            return
        try:
            now = os.stat(self.source.path)  # noqa: PTH116 (with os.fstat, whose numbers it is compared with)
        except OSError:
            return  # deleted after opening: all its bytes were still there
        if (now.st_dev, now.st_ino) != (opened.st_dev, opened.st_ino):
            self.error = "replaced while read"


def _await_writer(descriptor: int) -> None:
    """Give the other end of a pipe a moment to open it: until then a read looks like the end of the input."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        poll.poll(WRITER_MS)


def open_source(source: Source) -> ByteStream:
    """The byte stream of an input; use it in a `with`. Never raises for a fault of the input."""
    return ByteStream(source)


def _first(raw: Iterator[bytes], wanted: int = 16) -> Iterator[bytes]:
    """Chunks until the magic bytes are there: a pipe may hand out single bytes."""
    have = 0
    for chunk in raw:
        yield chunk
        have += len(chunk)
        if have >= wanted:
            return


def _chain(head: bytes, raw: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from raw
