"""Finding the lines behind figures: the groups of the query know how many, a citation needs file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from attrib.analysis.pieces import Piece
from attrib.analysis.run import Run
from attrib.invocations.ids import usable_id
from attrib.records.model import Record
from attrib.sources.lines import Block, iter_blocks
from attrib.sources.open import open_source

SLACK_US: Final = 10_000_000
"""Lines of a log are in order of time but for a few seconds: writers buffer."""


class Wanted(NamedTuple):
    """A counted record whose place is still to be found; `request_id` None: it has no usable one."""

    request_id: str | None
    ts: int | None
    function: str | None


class _Id(msgspec.Struct):
    request_id: Any = None


_IDS: Final = msgspec.json.Decoder(_Id)


def cited(run: Run, pieces: Sequence[Piece], wanted: Sequence[Wanted]) -> Iterator[Record]:
    """The records that are wanted, each once, where their time says that they stand; some may stand elsewhere.

    A record without a usable id is told by its function and time only, so others may come with it.
    """
    parser = run.fresh_parser()
    found: set[tuple[int, int]] = set()
    for want in wanted:
        for piece in pieces:
            for record in _by_time(run, parser.parse, piece, want):
                if (record.file, record.line) not in found:
                    found.add((record.file, record.line))
                    yield record


def cited_anywhere(run: Run, wanted: Sequence[Wanted]) -> Iterator[Record]:
    """The same records from a reading of all sources."""
    found = _everywhere(run, _wanted_test(run, wanted), {want.request_id for want in wanted})
    return (record for record, _ in found)


def recurring(run: Run, ids: set[str | None]) -> Iterator[tuple[Record, bytes]]:
    """(record, line) of every record with one of the ids, in the order of the files; None: with no usable one."""
    words = run.ruleset.words
    nameless = None in ids

    def test(record: Record) -> bool:
        return record.request_id in ids or (nameless and not usable_id(record.request_id, words))

    return _everywhere(run, test, ids)


def _wanted_test(run: Run, missing: Sequence[Wanted]) -> Callable[[Record], bool]:
    ids = {want.request_id for want in missing if want.request_id is not None}
    nameless = {(want.function, want.ts) for want in missing if want.request_id is None}

    def test(record: Record) -> bool:
        if record.request_id in ids:
            return True
        return (record.function, record.ts) in nameless and not usable_id(record.request_id, run.ruleset.words)

    return test


def _by_time(run: Run, parse: Callable[..., Any], piece: Piece, want: Wanted) -> Iterator[Record]:
    """Records of one piece that are what is wanted, in the blocks that may hold its time."""
    piece = piece.origin or piece
    if want.ts is None or not piece.marks or piece.canonical:
        return
    # A record without an id is told by its function: its name stands in the line unless the writer escapes letters.
    text = want.request_id or want.function or ""
    needle = text.encode() if text.isascii() else b""
    test = _wanted_test(run, [want])
    marks = piece.marks
    with Path(piece.path).open("rb", buffering=0) as file:
        for at in piece.blocks_around(want.ts, SLACK_US):
            after = marks[at + 1] if at + 1 < len(marks) else None
            file.seek(marks[at].offset)
            data = file.read(after.offset - marks[at].offset if after else -1)
            if needle and needle not in data:
                continue
            for number, line in enumerate(data.split(b"\n"), marks[at].line):
                if needle in line and number not in piece.removed:
                    record = parse(line, piece.index, number)
                    if isinstance(record, Record) and test(record):
                        yield record


def _everywhere(run: Run, test: Callable[[Record], bool], ids: set[str | None]) -> Iterator[tuple[Record, bytes]]:
    """(record, line) of all sources that pass the test; lines of other ids are not parsed."""
    parser = run.fresh_parser()
    nameless = None in ids
    for index, source in enumerate(run.sources):
        if source.error is not None:
            continue
        with open_source(source) as stream:
            for block in iter_blocks(stream):
                for number, line in candidates(block, ids, nameless):
                    record = parser.parse(line, index, number)
                    if isinstance(record, Record) and test(record):
                        yield record, line


def candidates(block: Block, ids: set[str | None], nameless: bool) -> Iterator[tuple[int, bytes]]:
    """Lines of a block that may carry one of the ids; all of them where the quick look cannot tell."""
    if block.oversize is not None:
        return
    lines = block.data.split(b"\n")[: block.lines]
    found: list[_Id] | None = None
    if not nameless:
        try:
            found = _IDS.decode_lines(block.data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            found = None
    if found is None or len(found) != len(lines):
        yield from enumerate(lines, block.first_line)
        return
    for number, (line, value) in enumerate(zip(lines, found, strict=True), block.first_line):
        request_id = value.request_id
        if request_id in ids if type(request_id) is str else request_id is not None:
            yield number, line
