"""Reads inputs the careful way, as the pipeline does, for tests. Duplicates are not looked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrib.records.model import Record
from attrib.records.parse import LINE_TOO_LONG, Bad, Parser
from attrib.sources.accounting import FileAccount, InputAccount, Reject, shown
from attrib.sources.find import find
from attrib.sources.lines import BLOCK_SIZE, MAX_LINE, iter_lines
from attrib.sources.open import ByteStream, open_source
from tests.records.handmade import WORDS


class Reading:
    """What came out of some inputs."""

    def __init__(self) -> None:
        self.account = InputAccount()
        self.records: list[Record] = []
        self.rejects: list[Reject] = []

    @property
    def values(self) -> list[tuple[object, ...]]:
        """The records' fields, their places aside."""
        return [
            tuple(getattr(r, name) for name in Record.__slots__ if name not in ("file", "line")) for r in self.records
        ]


def read_stream(
    stream: Iterable[bytes],
    into: Reading | None = None,
    path: str = "test",
    *,
    parser: Parser | None = None,
    block_size: int = BLOCK_SIZE,
    max_line: int = MAX_LINE,
) -> Reading:
    """One input, into a reading."""
    reading, parser = into or Reading(), parser or Parser(WORDS)
    account = FileAccount(path)
    for line in iter_lines(stream, block_size, max_line):
        if line.oversize is not None:
            result: object = LINE_TOO_LONG
        else:
            result = parser.parse(line.data, len(reading.account.files), line.number, unterminated=line.unterminated)
        account.count(result)  # type: ignore[arg-type]
        if isinstance(result, Record):
            reading.records.append(result)
        elif isinstance(result, Bad):
            reading.rejects.append(
                Reject(path, line.number, line.offset, result.reason, result.field, shown(line.data))
            )
    account.add(parser.take_tally())
    if isinstance(stream, ByteStream):
        account.error = stream.error
    account.assert_conserved()
    reading.account.files.append(account)
    return reading


def read(args: Sequence[str], *, block_size: int = BLOCK_SIZE) -> Reading:
    """All inputs that some arguments name."""
    reading, parser = Reading(), Parser(WORDS)
    for source in find(args):
        with open_source(source) as stream:
            read_stream(stream, reading, source.path, parser=parser, block_size=block_size)
    return reading
