"""Lines: numbers, offsets and bounds, whatever the chunks they arrive in."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.sources.find import find
from attrib.sources.lines import HEAD, Line, iter_blocks, iter_lines
from attrib.sources.open import open_source

BOM = b"\xef\xbb\xbf"
texts = st.lists(st.sampled_from([b"\n", b"\r\n", b"a", b"bc" * 9, BOM, b"\xe2\x80\xa8", b"\x0b\x0c\0"])).map(b"".join)


def plainly(data: bytes, max_line: int) -> list[Line]:
    """The same by the simplest means."""
    offset = len(BOM) if data.startswith(BOM) else 0
    parts = data[offset:].split(b"\n")
    found = []
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        if last and not part:
            break
        long = len(part) > max_line
        found.append(Line(number, offset, part[:HEAD] if long else part, last, len(part) if long else None))
        offset += len(part) + 1
    return found


@given(texts, st.integers(1, 40), st.integers(1, 60), st.sampled_from([3, 20, 1000]))
def test_lines_do_not_hang_on_chunks_or_blocks(data: bytes, chunk: int, block: int, max_line: int) -> None:
    chunks = [data[at : at + chunk] for at in range(0, len(data), chunk)]
    assert list(iter_lines(chunks, block, max_line)) == plainly(data, max_line)


def test_only_line_feeds_end_lines() -> None:
    data = "a\rb\u2028c\u2029d\x0be\x0cf\x85g".encode()
    assert [line.data for line in iter_lines([data + b"\nh"])] == [data, b"h"]


@pytest.mark.parametrize(
    ("data", "lines"),
    [(b"", 0), (BOM, 0), (b"\n", 1), (BOM + b"\n", 1), (b"a", 1), (b"\n\n", 2), (b"a\nb", 2), (b"\xef\xbb", 1)],
)
def test_how_many_lines(data: bytes, lines: int) -> None:
    assert len(list(iter_lines([data]))) == lines


def test_blocks_hold_whole_lines() -> None:
    data = b"".join(b"%d\n" % n for n in range(1000)) + b"cut"
    blocks = list(iter_blocks([data], block_size=100))
    assert b"".join(block.data for block in blocks) == data
    assert all(block.data.endswith(b"\n") for block in blocks[:-1])
    assert [block.unterminated for block in blocks] == [False] * (len(blocks) - 1) + [True]
    for block in blocks:
        assert data[block.offset :].startswith(block.data)
        assert data[: block.offset].count(b"\n") == block.first_line - 1


def test_a_line_too_long_is_read_past_in_bounded_memory() -> None:
    import tracemalloc

    size = 400 * 1024 * 1024
    chunk = b"x" * (1 << 18)
    stream = (part for parts in ([b"a\n"], (chunk for _ in range(size // len(chunk))), [b"\nb\n"]) for part in parts)
    tracemalloc.start()
    found = [(line.number, line.offset, len(line.data), line.oversize) for line in iter_lines(stream)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == [(1, 0, 1, None), (2, 2, HEAD, size), (3, size + 3, 1, None)]
    assert peak < 20 * 1024 * 1024


def test_the_limit_is_sixteen_mebibytes() -> None:
    size = 16 * 1024 * 1024
    assert [line.oversize for line in iter_lines([b"x" * size + b"\n", b"x" * (size + 1) + b"\n"])] == [None, size + 1]


@pytest.mark.parametrize("packed", [False, True])
def test_the_unfinished_line_of_a_growing_file_is_not_yet_read(packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    whole = b'{"status": 1}\n' * 40_000
    data = whole + b'{"status": 2'
    path.write_bytes(gzip.compress(data, 0)[:-8] if packed else data)
    for grows in (False, True):
        with open_source(find([str(path)])[0]) as stream:
            lines: list[Line] = []
            for line in iter_lines(stream):
                if not lines and grows:
                    with path.open("ab") as more:
                        more.write(b"}\n")
                lines.append(line)
        assert len(lines) == (40_000 if grows else 40_001)
        assert (stream.error is None) == (grows or not packed)
