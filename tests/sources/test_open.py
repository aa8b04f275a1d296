"""Opening and unpacking: whole, damaged, and changing under our hands."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import sys
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from attrib.sources.find import Source, find
from attrib.sources.open import open_source
from attrib.sources.unpack import Broken, detect, unpack


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstd,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}
IDS = [random.Random(n).getrandbits(64) for n in range(9000)]
DATA = b"".join(b'{"status": %d, "request_id": "%x"}\n' % (n % 600, number) for n, number in enumerate(IDS))
FEW = DATA[:10_000]


def read(path: Path | str) -> tuple[bytes, str | None, str | None]:
    """(bytes, error, compression) of one input."""
    with open_source(find([str(path)])[0]) as stream:
        data = b"".join(stream)
    return data, stream.error, stream.compression


def unpacked(data: bytes, size: int = 1 << 18) -> tuple[bytes, str | None]:
    """(bytes, fault) of packed bytes that arrive in chunks of a size."""
    out = b""
    chunks = (data[at : at + size] for at in range(0, len(data), size))
    try:
        for part in unpack(detect(data), chunks):
            out += part
    except Broken as broken:
        return out, str(broken)
    return out, None


@pytest.mark.parametrize("name", PACKERS)
def test_packed_files_are_told_by_their_bytes(name: str, tmp_path: Path) -> None:
    path = tmp_path / "misnamed.jsonl"
    path.write_bytes(PACKERS[name](DATA))
    assert read(path) == (DATA, None, name)


def test_plain_files_with_a_packed_name(tmp_path: Path) -> None:
    for name in ("a.gz", "b.zst"):
        (tmp_path / name).write_bytes(DATA)
        assert read(tmp_path / name) == (DATA, None, None)
    for text in (b"BZh9 is no bzip2", b"(\xb5", b"\x1f\x8b", b""):
        (tmp_path / "c").write_bytes(text)
        assert read(tmp_path / "c") == (text, None, None)


@pytest.mark.parametrize("name", PACKERS)
@settings(max_examples=30)
@given(
    cuts=st.lists(st.integers(0, len(FEW)), max_size=3),
    padding=st.sampled_from([0, 1, 4, 512]),
    size=st.sampled_from([50, 4096, 10**9]),
)
def test_members_one_after_the_other(name: str, cuts: list[int], padding: int, size: int) -> None:
    edges = [0, *sorted(cuts), len(FEW)]
    packed = b"".join(PACKERS[name](FEW[a:b]) for a, b in pairwise(edges)) + b"\0" * padding
    assert unpacked(packed, size) == (FEW, None)


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("size", [1, 7, 100])
def test_chunks_of_any_size(name: str, size: int) -> None:
    packed = PACKERS[name](DATA[:5000]) * 2 + b"\0\0\0"
    assert unpacked(packed, size) == (DATA[:5000] * 2, None)


@pytest.mark.parametrize("name", PACKERS)
def test_rubbish_after_the_last_member(name: str) -> None:
    for rubbish in (b"rubbish and more of it", b"\0\0x", b"\n"):
        data, error = unpacked(PACKERS[name](DATA) + rubbish)
        assert data == DATA
        assert error == f"bytes after the last {name} member that are no member"


@pytest.mark.parametrize("name", PACKERS)
def test_truncated_anywhere(name: str) -> None:
    packed = PACKERS[name](DATA)
    for size in {20, len(packed) // 3, len(packed) // 2, len(packed) - 5, len(packed) - 1}:
        data, error = unpacked(packed[:size])
        assert DATA.startswith(data)
        assert error == f"truncated {name}: it ends in the middle"
    data, error = unpacked(packed + packed[:3])
    assert (data, error) == (DATA, f"truncated {name}: it ends in the middle")


@pytest.mark.parametrize("name", PACKERS)
@settings(max_examples=60)
@given(at=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_a_flipped_bit_never_passes_unseen(name: str, at: float, bit: int) -> None:
    packed = bytearray(PACKERS[name](DATA[:20_000]))
    packed[int(at * len(packed))] ^= 1 << bit
    data, error = unpacked(bytes(packed))
    # Either a fault is named, or the bit was of no consequence (a gzip header's time), or it is no such file any more.
    assert error is not None or data in (DATA[:20_000], bytes(packed))


def test_what_lies_before_a_gzip_fault_is_delivered_whatever_the_chunks() -> None:
    packed = bytearray(gzip.compress(DATA, mtime=0))
    packed[-6] ^= 1  # the CRC: all data is there
    assert unpacked(bytes(packed))[0] == DATA
    packed[len(packed) // 2] ^= 0xFF
    found = {unpacked(bytes(packed), size) for size in (10, 1000, 10**9)}
    assert len(found) == 1
    assert len(found.pop()[0]) > len(DATA) // 3


def test_a_bomb_comes_out_in_small_pieces() -> None:
    zeros = bytes(30_000_000)
    for name, pack in PACKERS.items():
        packed = pack(zeros)
        assert len(packed) < 40_000
        total = 0
        for part in unpack(name, iter([packed])):
            assert 0 < len(part) <= 300_000
            total += len(part)
        assert total == len(zeros)


def test_skippable_zstd_frames_and_frames_without_sizes() -> None:
    skippable = b"\x52\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"12345"
    out = io.BytesIO()
    with zstandard.ZstdCompressor().stream_writer(out, closefd=False) as writer:
        writer.write(DATA)
    assert unpacked(skippable + out.getvalue() + skippable + zstd(DATA)) == (DATA * 2, None)
    assert unpacked(skippable[:-2])[1] == "truncated zstd: it ends in the middle"


def test_a_file_is_read_to_its_size_at_opening(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(DATA)
    with open_source(find([str(path)])[0]) as stream:
        chunks = iter(stream)
        data = next(chunks)
        with path.open("ab") as more:
            more.write(b"later\n")
        data += b"".join(chunks)
    assert (data, stream.error, stream.grew) == (DATA, None, True)


def test_a_packed_file_that_is_still_written_is_no_fault(tmp_path: Path) -> None:
    path, packed = tmp_path / "a.gz", gzip.compress(DATA)
    path.write_bytes(packed[:-100])
    with open_source(find([str(path)])[0]) as stream:
        chunks = iter(stream)
        data = next(chunks)
        with path.open("ab") as more:
            more.write(packed[-100:])
        data += b"".join(chunks)
    assert DATA.startswith(data)
    assert (stream.error, stream.grew) == (None, True)


@pytest.mark.parametrize(("change", "error"), [("shrink", "shrunk while read"), ("replace", "replaced while read")])
def test_shrunk_or_replaced(change: str, error: str, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(DATA * 4)
    with open_source(find([str(path)])[0]) as stream:
        chunks = iter(stream)
        data = next(chunks)
        if change == "shrink":
            os.truncate(path, len(data) // 2)
        else:
            path.rename(tmp_path / "a.log.1")
            path.write_bytes(b"new\n")
        data += b"".join(chunks)
    assert (DATA * 4).startswith(data)
    assert data
    assert stream.error == error


def test_deleted_after_opening_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(DATA)
    with open_source(find([str(path)])[0]) as stream:
        chunks = iter(stream)
        data = next(chunks)
        path.unlink()
        data += b"".join(chunks)
    assert (data, stream.error) == (DATA, None)


def test_what_cannot_be_opened_says_so_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.log"
    path.touch()
    source = find([str(path)])[0]
    path.unlink()
    with open_source(source) as stream:
        assert list(stream) == []
    assert stream.error == "no such file"
    with open_source(Source(str(tmp_path))) as stream:
        assert list(stream) == []
    assert stream.error == "a folder, not a file"

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Tests may run as root, whom no permission stops.
    monkeypatch.setattr("builtins.open", refuse)
    with open_source(Source(str(path))) as stream:
        assert list(stream) == []
    assert stream.error == "no permission to read it"


def test_pipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fifo = tmp_path / "p"
    os.mkfifo(fifo)
    monkeypatch.setattr("attrib.sources.open.WRITER_MS", 50)
    assert read(fifo)[:2] == (b"", "a pipe that gave nothing: no program writes to it")
    holder = os.open(fifo, os.O_RDWR)  # so that neither end waits for the other

    def write() -> None:
        fifo.write_bytes(gzip.compress(DATA))
        os.close(holder)

    writer = threading.Thread(target=write)
    writer.start()
    assert read(fifo) == (DATA, None, "gzip")
    writer.join()
    assert read(os.devnull) == (b"", None, None)


def test_a_writer_may_come_after_the_reader(tmp_path: Path) -> None:
    fifo = tmp_path / "p"
    os.mkfifo(fifo)
    writer = threading.Timer(0.2, fifo.write_bytes, [DATA])
    writer.daemon = True
    writer.start()
    assert read(fifo) == (DATA, None, None)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.TextIOWrapper(io.BytesIO(zstd(DATA)))
    monkeypatch.setattr(sys, "stdin", packed)
    assert read("-") == (DATA, None, "zstd")
    assert not packed.closed
    monkeypatch.setattr(sys, "stdin", None)
    assert read("-")[:2] == (b"", "cannot be read: standard input is closed")
