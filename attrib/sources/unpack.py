"""Decompression of gzip, zstd, bz2 and xz, member after member, told by magic bytes and verified to the end.

Each unpacker is fed compressed chunks and yields decompressed ones of at most about OUT_SIZE, whatever the ratio, so
that a small file that unpacks to terabytes costs time and no memory. All bytes before a fault are yielded first; then
`Broken` is raised. Zero bytes after the last member are padding (tar and tape leave them); any other bytes are a fault.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

OUT_SIZE: Final = 256 * 1024
XZ_MEMORY: Final = 256 * 1024 * 1024
"""`xz -9` needs 65 MiB to unpack; a header that asks for more than this is an attack or a mistake."""


class Broken(Exception):
    """Compressed data that is damaged or ends too early."""

    def __init__(self, sentence: str, *, cut: bool = False) -> None:
        super().__init__(sentence)
        self.cut = cut
        """It only ends too early; all there is, is sound."""


class Feed:
    """Compressed bytes, as a queue that can be asked for an exact number."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def some(self) -> bytes:
        """The next bytes, as many as there are at hand; empty at the end."""
        rest, self._rest = self._rest, b""
        return rest or next(self._chunks, b"")

    def exactly(self, size: int) -> bytes:
        """The next `size` bytes; fewer only at the end."""
        if not size:
            return b""
        parts, have = [], 0
        while have < size and (part := self.some()):
            parts.append(part)
            have += len(part)
        data = b"".join(parts)
        self._rest = data[size:]
        return data[:size]

    def back(self, data: bytes) -> None:
        """Puts bytes back in front."""
        self._rest = data + self._rest


def detect(head: bytes) -> str | None:
    """Compression by the first bytes; None for plain text, and for any other kind of file."""
    if head[:3] == b"\x1f\x8b\x08":
        return "gzip"
    if head[:4] == b"\x28\xb5\x2f\xfd" or (head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F):
        return "zstd"
    if head[:3] == b"BZh" and head[4:10] in (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90"):
        return "bz2"
    if head[:6] == b"\xfd7zXZ\x00":
        return "xz"
    return None


def unpack(compression: str | None, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The decompressed bytes; plain ones pass through."""
    if compression is None:
        yield from chunks
        return
    feed, members = Feed(chunks), 0
    while _more(feed, compression, members):
        yield from _MEMBERS[compression](feed)
        members += 1


def _more(feed: Feed, compression: str, members: int) -> bool:
    """Whether another member follows; raises when something else does."""
    while data := feed.some():
        if members:
            data = data.lstrip(b"\0")
        if data:
            feed.back(data)
            head = feed.exactly(16)
            feed.back(head)
            if detect(head) != compression:
                if _begins_like_one(head, compression):
                    raise _cut(compression)
                raise Broken(f"bytes after the last {compression} member that are no member")
            return True
    return False


def _begins_like_one(head: bytes, compression: str) -> bool:
    """Whether what is left, shorter than a magic number, may be the beginning of one."""
    return len(head) < 10 and any(magic.startswith(head) for magic in _MAGICS[compression])


_MAGICS: Final = {
    "gzip": (b"\x1f\x8b\x08",),
    "zstd": (b"\x28\xb5\x2f\xfd",),
    "bz2": tuple(b"BZh%d1AY&SY" % level for level in range(1, 10)),
    "xz": (b"\xfd7zXZ\x00",),
}


def _cut(compression: str) -> Broken:
    return Broken(f"truncated {compression}: it ends in the middle", cut=True)


def _corrupt(compression: str, error: Exception) -> Broken:
    return Broken(f"corrupt {compression}: {error}")


def _gzip(feed: Feed) -> Iterator[bytes]:
    """One gzip member (RFC 1952); zlib verifies its CRC and length."""
    unpacker = zlib.decompressobj(wbits=31)
    while not unpacker.eof:
        data = feed.some()
        if not data:
            if out := unpacker.flush():
                yield out
            raise _cut("gzip")
        while data and not unpacker.eof:
            before = unpacker.copy()
            try:
                out = unpacker.decompress(data, OUT_SIZE)
            except zlib.error as error:
                yield from _until_fault(before, data)
                raise _corrupt("gzip", error) from None
            data = unpacker.unconsumed_tail
            if out:
                yield out
    feed.back(unpacker.unused_data)


def _until_fault(unpacker: Any, data: bytes) -> Iterator[bytes]:
    """What comes out before a fault: zlib drops the output of the call that fails, so the bytes go in one by one."""
    out = bytearray()
    for n in range(len(data)):
        tail = data[n : n + 1]
        try:
            while tail:
                out += unpacker.decompress(tail, OUT_SIZE)
                tail = unpacker.unconsumed_tail
        except zlib.error:
            break
        if len(out) >= OUT_SIZE:
            yield bytes(out)
            out.clear()
    if out:
        yield bytes(out)


class _Unpacker(Protocol):
    """What bz2 and lzma have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def _by_stream(
    compression: str, make: Callable[[], _Unpacker], errors: tuple[type[Exception], ...]
) -> Callable[[Feed], Iterator[bytes]]:
    """One stream of bz2 or xz; both verify their checksums."""

    def member(feed: Feed) -> Iterator[bytes]:
        unpacker = make()
        while not unpacker.eof:
            data = feed.some() if unpacker.needs_input else b""
            if not data and unpacker.needs_input:
                raise _cut(compression)
            try:
                out = unpacker.decompress(data, OUT_SIZE)
            except errors as error:
                raise _corrupt(compression, error) from None
            if out:
                yield out
        feed.back(unpacker.unused_data)

    return member


def _zstd(feed: Feed) -> Iterator[bytes]:
    """One zstd frame (RFC 8878), block by block: a block unpacks to at most 128 KiB, and the walk over the block
    headers tells exactly where the frame ends. The library unpacks and verifies the checksum.
    """
    import zstandard

    magic = _exactly(feed, 4)
    if magic[1:] == b"\x2a\x4d\x18":
        size = _exactly(feed, 4)
        left = int.from_bytes(size, "little")
        while left:
            left -= len(_exactly(feed, min(left, OUT_SIZE)))
        return
    descriptor = _exactly(feed, 1)
    single, checksum = descriptor[0] & 0x20, descriptor[0] & 0x04
    header = (0 if single else 1) + (0, 1, 2, 4)[descriptor[0] & 3] + (1 if single else 0, 2, 4, 8)[descriptor[0] >> 6]
    unpacker = zstandard.ZstdDecompressor().decompressobj()
    part, last = magic + descriptor + _exactly(feed, header), False
    while True:
        try:
            out = unpacker.decompress(part)
        except zstandard.ZstdError as error:
            raise _corrupt("zstd", error) from None
        if out:
            yield out
        if last:
            break
        head = _exactly(feed, 3)
        block = int.from_bytes(head, "little")
        last, kind, size_of = bool(block & 1), (block >> 1) & 3, block >> 3
        part = head + _exactly(feed, 1 if kind == 1 else size_of)
        if last and checksum:
            try:
                yield from filter(None, [unpacker.decompress(part)])
            except zstandard.ZstdError as error:
                raise _corrupt("zstd", error) from None
            part = _exactly(feed, 4)
    if not unpacker.eof:
        raise Broken("corrupt zstd: the frame holds less than its header says")


def _exactly(feed: Feed, size: int) -> bytes:
    data = feed.exactly(size)
    if len(data) < size:
        raise _cut("zstd")
    return data


_MEMBERS: Final[dict[str, Callable[[Feed], Iterator[bytes]]]] = {
    "gzip": _gzip,
    "zstd": _zstd,
    "bz2": _by_stream("bz2", bz2.BZ2Decompressor, (OSError, ValueError, EOFError)),
    "xz": _by_stream(
        "xz", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY), (lzma.LZMAError, EOFError, MemoryError)
    ),
}
