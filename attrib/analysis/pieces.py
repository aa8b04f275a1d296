"""Large inputs as plain files that DuckDB can read: the file itself, or a part cut from it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field

from attrib.engines.scan import Shape
from attrib.engines.shape import shape_of
from attrib.sources.accounting import Reject
from attrib.sources.find import Source
from attrib.sources.lines import iter_blocks
from attrib.sources.open import open_source

UNREAD = Shape({}, None, (), plain=False)
"""The shape of a file that nobody has looked at yet."""


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
    size: int = 0
    """Bytes written so far, of a canonical piece."""
    removed: set[int] = field(default_factory=set)
    """Numbers of the lines taken out; they are accounted for already."""
    rejects: list[Reject] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    """Unknown keys in the lines looked at."""
    unterminated: bool = False
    hopeless: bool = False
    """It holds what the validator cannot judge: it goes to the careful parser line by line."""
    canonical: bool = False
    """Written by canonical.py, not the source's own text."""
    origin: Piece | None = None
    """Of a canonical piece that was written from one part: that part."""
    _spans: tuple[list[int], list[int]] | None = None
    _sorted: bool | None = None

    def blocks_around(self, ts: int, slack: int) -> range | list[int]:
        """Indexes of the marks whose blocks may hold a line of that time; all times in microseconds."""
        return self.blocks_within(ts, ts, slack)

    def blocks_within(self, first: int, last: int, slack: int) -> range | list[int]:
        """Indexes of the marks whose blocks may hold a line of these times; all times in microseconds.

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
            return range(bisect_left(ends, first - slack), bisect_right(begins, last + slack))
        return [
            at
            for at, (begin, end) in enumerate(zip(begins, ends, strict=True))
            if min(begin, end) - slack <= last and first <= max(begin, end) + slack
        ]


def head(source: Source) -> tuple[str | None, Shape | None]:
    """(compression, shape of the first lines) of a source; the shape is None where there is no line to look at."""
    with open_source(source) as stream:
        for block in iter_blocks(stream):
            return stream.compression, None if block.oversize is not None else shape_of(block.data)
        return stream.compression, None
