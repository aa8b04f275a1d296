"""Finding the few lines of a large file that match a pattern, at the speed of polars' regular expressions (Rust's).

The only place that reads lines with polars. Whole blocks of lines are matched first, and only the blocks in which
something is found line by line: a call for each of millions of lines costs more than the matching. Lines end at LF
only, and nothing is decoded but UTF-8, which proven pieces are. Memory: a few chunks of CHUNK bytes, whatever the file.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

BOM: Final = b"\xef\xbb\xbf"
CHUNK: Final = 8 * 1024 * 1024
"""Bytes handed to a thread at once: each call compiles the patterns anew, which costs a millisecond."""
_LF: Final = 0x0A
LAG: Final = 8
"""Chunks until what is enough is heeded, and threads at most."""
LONG: Final = "long"
"""The class of lines that are longer than asked."""
BLOCK: Final = 64 * 1024
"""Bytes matched at once: what is found in one line makes the others of its block be looked at too."""


class Found(NamedTuple):
    """A line that matches."""

    line: int
    """Its number in the file, from 1."""
    text: str
    bits: int
    """Which of the classes it matches, in their order; the one above them: it is longer than `longer`."""


class _Block(NamedTuple):
    first_line: int
    text: str
    long: bool


def matching(
    path: str,
    classes: Mapping[str, str],
    *,
    longer: float | None = None,
    threads: int = 1,
    enough: Collection[str] = (),
) -> Iterator[Found]:
    """The lines that match one of the patterns or have more bytes than `longer`, in their order.

    `enough`: classes (LONG is one) that need no more lines; it may grow while the lines are taken. It is heeded LAG
    chunks later, so that the lines given do not depend on the number of threads.
    """
    waiting: deque[Future[list[Found]]] = deque()
    heeded: deque[frozenset[str]] = deque([frozenset()] * LAG)
    """What is enough after so many chunks were taken, for the chunks LAG further on."""
    threads = max(1, min(threads, LAG))
    with ThreadPoolExecutor(threads) as pool:
        try:
            for blocks in _chunks(path, longer):
                if len(waiting) == threads:
                    yield from waiting.popleft().result()
                    heeded.append(frozenset(enough))
                quiet = heeded.popleft()
                patterns = [None if name in quiet else pattern for name, pattern in classes.items()]
                waiting.append(pool.submit(_match, blocks, patterns, None if LONG in quiet else longer))
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


def _match(blocks: Sequence[_Block], patterns: Sequence[str | None], longer: float | None) -> list[Found]:
    import polars as pl  # 184 ms: small inputs never need it

    texts = pl.Series([block.text for block in blocks], dtype=pl.String)
    # (?m): the edges of a line are edges within the block too.
    together = "|".join(f"(?:{pattern})" for pattern in patterns if pattern is not None)
    hits = texts.str.contains(f"(?m:{together})").to_list() if together else [False] * len(blocks)
    numbers: list[int] = []
    rows: list[str] = []
    for block, hit in zip(blocks, hits, strict=True):
        if hit or (block.long and longer is not None):
            lines = block.text.split("\n")
            numbers += range(block.first_line, block.first_line + len(lines))
            rows += lines
    return _matching_rows(numbers, rows, patterns, longer) if rows else []


def _matching_rows(
    numbers: Sequence[int], rows: Sequence[str], patterns: Sequence[str | None], longer: float | None
) -> list[Found]:
    import polars as pl

    line = pl.col("text")
    bits = [
        line.str.contains(pattern).cast(pl.Int64) * (1 << at)
        for at, pattern in enumerate(patterns)
        if pattern is not None
    ]
    if longer is not None:
        bits.append((line.str.len_bytes() > longer).cast(pl.Int64) * (1 << len(patterns)))
    frame = pl.DataFrame({"line": numbers, "text": rows}, schema={"line": pl.Int64, "text": pl.String})
    found = frame.with_columns(bits=pl.sum_horizontal(bits)).filter(pl.col("bits") != 0)
    return [Found(*row) for row in found.iter_rows()]


def _chunks(path: str, longer: float | None) -> Iterator[list[_Block]]:
    """The file as lists of blocks, each of whole lines without the last LF."""
    number, size = 1, CHUNK
    with Path(path).open("rb") as file:
        if file.read(len(BOM)) != BOM:
            file.seek(0)
        while data := file.read(size):
            end = data.rfind(b"\n") + 1
            if not end and len(data) == size:
                file.seek(-len(data), os.SEEK_CUR)
                size *= 2  # a line longer than a chunk
                continue
            last = len(data) < size
            if not last:
                file.seek(end - len(data), os.SEEK_CUR)
                size = CHUNK
            blocks = []
            view = memoryview(data)
            for first, after in _parts(data, len(data) if last else end):
                stop = after - (data[after - 1] == _LF)
                long = longer is not None and _has_longer(data, first, stop, longer)
                blocks.append(_Block(number, str(view[first:stop], "utf-8"), long))
                number += data.count(b"\n", first, after)
            yield blocks


def _parts(data: bytes, end: int) -> Iterator[tuple[int, int]]:
    """(begin, end) of whole lines of about BLOCK bytes; the last of a file may lack its LF."""
    at = 0
    while at < end:
        after = data.rfind(b"\n", at, at + BLOCK) + 1 or data.find(b"\n", at) + 1 or end
        yield at, after
        at = after


def _has_longer(data: bytes, at: int, end: int, longer: float) -> bool:
    """Whether a line is longer than so many bytes. Steps from LF to LF, as many lines at a time as fit."""
    step = int(longer) + 1
    while end - at >= step:
        found = data.rfind(b"\n", at, at + step)
        if found < 0:
            return True
        at = found + 1
    return False
